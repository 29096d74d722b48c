//! One endpoint: curves and their comparison, then the models of `effects` and `hazards`.

use riskset::nonparametric::{LogRankFit, PairTest, Pairwise};
use riskset::plot::{CurvePlot, Drawing};
use riskset::statistic::Adjust;
use riskset::study::{Cell, Methods, SurvivalSummary, Table};
use riskset::{Groups, KaplanMeier, LogRank, RightCensored};

use super::super::report::Section;
use super::super::trial::Row;
use super::{YEARS, arms, column, effects, hazards, observed, p_value};

/// The analysis of one endpoint.
pub(super) struct Analysis {
    pub(super) title: &'static str,
    /// What the names of its files begin with.
    pub(super) name: &'static str,
    pub(super) events: &'static str,
    pub(super) free: &'static str,
    pub(super) rows: Vec<Row>,
}

impl Analysis {
    /// Its sections, and what is to be said of its methods.
    pub(super) fn sections(&self) -> riskset::Result<(Vec<Section>, Methods)> {
        let rows = &self.rows;
        let data = observed(rows)?.with_ids(&column(rows, |row| row.id.clone()))?;
        let arms = arms(rows)?;
        let log_rank = LogRank::new().fit(&data, &arms)?;
        let pairs = Pairwise::new().adjust(Adjust::Holm).fit(&data, &arms)?;
        let summary = SurvivalSummary::new().times(&YEARS).by(&data, &arms)?;
        let (effects, model) = effects::section(self)?;
        let (hazards, proportionality) = hazards::section(self, &data, &arms, &model)?;
        let said = Methods::new().sentence(&format!("{}:", self.title)).survival(&summary);
        let said = said.log_rank(&log_rank).adjusted(Adjust::Holm, pairs.len());
        let said = model.said(said).proportionality(&proportionality);
        let mut survival = Table::from(&summary);
        survival.title = format!("{} by arm, years since registration", self.free);
        let legend = format!(
            "{} by arm, Kaplan–Meier. Shaded: pointwise 95% confidence limits; ticks: censorings; \
             below: patients at risk.",
            self.free
        );
        let curves = Section::new(&format!("{}: curves", self.title))
            .words(self.censoring())
            .table(&self.file("survival"), survival)
            .figure(&self.file("curves"), self.figure(&data, &arms, &log_rank)?, &legend)
            .table(&self.file("log_rank"), tests(&log_rank, &pairs));
        Ok((vec![curves, effects, hazards], said))
    }

    /// The name of one of its files.
    pub(super) fn file(&self, what: &str) -> String {
        format!("{}_{what}", self.name)
    }

    fn censoring(&self) -> &'static str {
        match self.name {
            "recurrence" => {
                "A death without recurrence is a censoring here: the curves speak of recurrence as if \
                 nobody died before it. The section on recurrence and death takes it for what it is."
            }
            _ => "Death from any cause.",
        }
    }

    fn figure(
        &self,
        data: &RightCensored,
        arms: &Groups,
        log_rank: &LogRankFit,
    ) -> riskset::Result<Drawing> {
        CurvePlot::survival(&KaplanMeier::new().fit_by(data, arms)?)
            .title(self.free)
            .time_label("Years since registration")
            .time_limit(8.0)
            .tick_step(1.0)
            .test(log_rank.test())
            .draw()
    }
}

/// The log-rank test of all arms, and those of the pairs.
fn tests(all: &LogRankFit, pairs: &[PairTest]) -> Table {
    let chi_square = |value: f64| Cell::Number { value, decimals: 2 };
    let df = |df: Option<usize>| Cell::Count(df.unwrap_or_default() as f64);
    let test = all.test();
    let header = ["", "chi-square", "df", "p", "adjusted p"];
    let first = vec![chi_square(test.statistic), df(test.df), p_value(test.p_value), Cell::Empty];
    let table = Table::new("Log-rank tests", &header).row("all arms", first);
    let line = |table: Table, PairTest { a, b, test, adjusted, .. }: &PairTest| {
        let cells = vec![
            chi_square(test.statistic),
            df(test.df),
            p_value(test.p_value),
            p_value(*adjusted),
        ];
        table.row(&format!("{b} against {a}"), cells)
    };
    pairs.iter().fold(table, line).footnote("Pairs: p-values adjusted by Holm's method.")
}
