//! Whether hazards are proportional, and what is said where they are not: the ratio before and after two
//! years, and means up to five.

use riskset::inference::{Proportionality, ProportionalityFit};
use riskset::nonparametric::RestrictedMean;
use riskset::regression::cox::TimeFunction;
use riskset::statistic::{Difference, Interval, TestResult};
use riskset::study::{Cell, Table};
use riskset::{CoxPh, Groups, KaplanMeier, RightCensored};

use super::super::report::Section;
use super::effects::Model;
use super::endpoint::Analysis;
use super::{TAU, p_value};

/// Where time is cut, in years, and a time on each side.
const CUT: f64 = 2.0;
const SIDES: [f64; 2] = [1.0, 3.0];

const LEVEL: f64 = 0.05;

pub(super) fn section(
    analysis: &Analysis,
    data: &RightCensored,
    arms: &Groups,
    model: &Model,
) -> riskset::Result<(Section, ProportionalityFit)> {
    let tests = Proportionality::new().fit(&model.fit, &model.data, &model.design)?;
    let below = |test: &Option<TestResult>| test.is_some_and(|test| test.p_value < LEVEL);
    let violated: Vec<&str> = (tests.terms().iter())
        .filter(|term| below(&term.test))
        .map(|term| term.name.as_str())
        .collect();
    let mut section = Section::new(&format!("{}: proportional hazards", analysis.title))
        .table(&analysis.file("proportionality"), table(&tests))
        .words(consequences(&violated));
    if !violated.is_empty() {
        section = section.table(&analysis.file("piecewise"), piecewise(model, &violated)?);
    }
    section = section.table(&analysis.file("restricted_means"), restricted_means(data, arms)?);
    Ok((section, tests))
}

fn table(tests: &ProportionalityFit) -> Table {
    let line = |table: Table, (name, test): (&str, Option<&TestResult>)| {
        let cells = match test {
            Some(test) => vec![
                Cell::Number { value: test.statistic, decimals: 2 },
                Cell::Count(test.df.unwrap_or_default() as f64),
                p_value(test.p_value),
            ],
            None => vec![Cell::Text("not tested".to_owned())],
        };
        table.row(name, cells)
    };
    let terms = tests.terms().iter().map(|term| (term.name.as_str(), term.test.as_ref()));
    let title = "Tests of proportional hazards, multivariable model";
    let empty = Table::new(title, &["", "chi-square", "df", "p"]);
    terms
        .chain([("all terms", tests.global())])
        .fold(empty, line)
        .footnote("Score tests of Grambsch and Therneau along one minus the Kaplan–Meier estimate.")
}

fn consequences(violated: &[&str]) -> String {
    let means = format!(
        "Restricted means up to {TAU} years compare the arms without any assumption on hazards."
    );
    if violated.is_empty() {
        return format!("No term speaks against proportional hazards (p ≥ {LEVEL}). {means}");
    }
    let arms = match violated.contains(&"arm") {
        true => {
            "The ratios of the arms are among them: those of the model are averages over the follow-up."
        }
        false => "The ratios of the arms are not among them.",
    };
    format!(
        "The hazard ratio changes with time (p < {LEVEL}) of: {}. Their ratios in the model above are \
         averages over the follow-up, which other follow-up would change; a second model gives them \
         before and after {CUT} years. {arms} {means}",
        violated.join(", ")
    )
}

/// The hazard ratios of some terms before and after the cut, all others constant.
fn piecewise(model: &Model, terms: &[&str]) -> riskset::Result<Table> {
    let start = CoxPh::new();
    let cut = |cox: CoxPh, term: &&str| cox.time_varying(term, TimeFunction::step(&[CUT]));
    let fit = terms.iter().fold(start, cut).fit(&model.data, &model.design)?;
    let header = ["", &format!("HR up to {CUT} years (95% CI)"), "HR later (95% CI)"];
    let mut table = Table::new("Hazard ratios before and after two years", &header);
    for term in terms {
        for column in fit.coding().term(term)?.columns.clone() {
            let name = fit.coding().columns()[column].clone();
            let at = fit.coefficient_at(&name, &SIDES, 0.95)?;
            let ratio = at.iter().map(|at| Cell::Ratio {
                value: Some(at.estimate.exp()),
                instead: String::new(),
                interval: exp(at.interval),
            });
            table = table.row(&name, ratio.collect());
        }
    }
    Ok(table.footnote("Adjusted for the other terms, whose ratios are constant."))
}

/// The limits of a ratio; a coefficient that follows time has both.
fn exp(interval: Interval) -> Option<Interval> {
    Interval::new(interval.lower?.exp(), interval.upper?.exp(), interval.level).ok()
}

/// The mean years up to τ of each arm, and their differences.
fn restricted_means(data: &RightCensored, arms: &Groups) -> riskset::Result<Table> {
    let curves = KaplanMeier::new().fit_by(data, arms)?;
    let means = RestrictedMean::new(TAU).compare(&curves)?;
    let number = |value: f64| Cell::Number { value, decimals: 2 };
    let limits = |interval: &Interval| {
        [interval.lower, interval.upper].map(|x| x.map_or(Cell::Empty, number))
    };
    let header = ["", "years", "lower 95% limit", "upper", "p"];
    let mut table = Table::new(&format!("Restricted means up to {TAU} years"), &header);
    for (arm, fit) in means.groups.iter() {
        let [lower, upper] = limits(&fit.interval);
        table = table.row(arm, vec![number(fit.mean), lower, upper]);
    }
    for contrast in &means.contrasts {
        let Difference { estimate, interval, test, .. } = &contrast.difference;
        let [lower, upper] = limits(interval);
        let p = test.map_or(Cell::Empty, |test| p_value(test.p_value));
        let name = format!("{} less {}", contrast.group, contrast.reference);
        table = table.row(&name, vec![number(*estimate), lower, upper, p]);
    }
    Ok(table)
}
