//! The sentences about methods, from the results themselves.

use std::fmt;

use super::baseline::{BaselineSummary, BaselineTable, BaselineTestKind};
use super::forest::{ForestData, ForestRowKind};
use super::hazard_ratios::{HazardRatioTable, Selection, TermTestKind};
use super::survival::SurvivalTable;
use crate::data::{CompleteCases, WeightKind};
use crate::error::Result;
use crate::inference::ProportionalityFit;
use crate::nonparametric::{LogRankFit, TestWeight};
use crate::regression::cox::{CoxFit, Ties};
use crate::statistic::{Adjust, IntervalTransform, normal_multiplier, percent};

/// The statistical-methods paragraph of a paper, made of the results that the paper shows, so that it says
/// what was done.
///
/// Each result adds its sentences, in the order given; `Display` and [`paragraph`](Self::paragraph) write
/// them, with the software and its version last.
///
/// ```
/// use riskset::study::{HazardRatios, Methods};
/// # use riskset::{Design, RightCensored};
/// # let time: Vec<f64> = (1..=80).map(f64::from).collect();
/// # let event: Vec<bool> = (0..80).map(|row| row % 4 != 0).collect();
/// # let arm: Vec<&str> = (0..80).map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
/// # let data = RightCensored::new(&time, &event)?;
/// let design = Design::builder().factor("arm", &arm, "old").build()?;
/// let table = HazardRatios::new().fit(&data, &design)?;
/// let text = Methods::new().hazard_ratios(&table).paragraph();
/// assert!(text.starts_with("Hazard ratios with 95% confidence intervals (Wald) were estimated by"));
/// assert!(text.contains("Efron's method for ties"));
/// assert!(text.ends_with(&format!("riskset {} (Rust).", env!("CARGO_PKG_VERSION"))));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// What it cannot know it leaves to the author: design, eligibility, endpoints, and why these covariates.
/// (STROBE: von Elm et al. 2007, doi:10.1016/S0140-6736(07)61602-X.)
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Methods {
    sentences: Vec<String>,
}

impl Methods {
    /// No sentence yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn say(mut self, sentence: impl Into<String>) -> Self {
        self.sentences.push(sentence.into());
        self
    }

    /// A sentence of the author's own.
    #[must_use]
    pub fn sentence(self, text: &str) -> Self {
        self.say(text)
    }

    /// Which rows were left out because a value was missing.
    #[must_use]
    pub fn complete_cases(self, complete: &CompleteCases) -> Self {
        let n = complete.mask().len();
        let left = complete.mask().iter().filter(|complete| !**complete).count();
        if left == 0 {
            return self.say(format!("None of the {n} rows had a missing value."));
        }
        let missing: Vec<String> = (complete.missing().iter())
            .filter(|(_, count)| *count > 0)
            .map(|(name, count)| format!("{name} {count}"))
            .collect();
        self.say(format!(
            "Complete cases were analysed: {left} of {n} rows were left out for missing values ({}).",
            missing.join(", ")
        ))
    }

    /// How characteristics were described and compared.
    #[must_use]
    pub fn baseline(self, table: &BaselineTable) -> Self {
        let number = |row: &super::baseline::BaselineRow| {
            matches!(row.summary, BaselineSummary::Number { .. })
        };
        let mut parts = Vec::new();
        if table.rows.iter().any(number) {
            parts.push("mean (standard deviation) and median [quartiles]");
        }
        if table.rows.iter().any(|row| !number(row)) {
            parts.push("numbers (per cent of those known)");
        }
        let mut text = format!("Characteristics are given as {}", parts.join(", or as "));
        let mut kinds: Vec<BaselineTestKind> = Vec::new();
        for kind in table.rows.iter().filter_map(|row| Some(row.test?.kind)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if !kinds.is_empty() {
            let names: Vec<String> = kinds.iter().map(ToString::to_string).collect();
            text += &format!(" and were compared by {}", names.join(", "));
        }
        if kinds.contains(&BaselineTestKind::PearsonByPermutation) {
            let n = table.permutations;
            text += &format!(" ({n} permutations where an expected count was below 5)");
        }
        let mut methods = self.say(text + ".");
        if table.rows.iter().any(|row| row.differences.is_some()) {
            methods = methods.say(
                "Balance between groups is given as the largest pairwise standardised difference.",
            );
        }
        if table.weighted {
            methods = methods.say("Rows were weighted.");
        }
        methods
    }

    /// How survival was estimated.
    #[must_use]
    pub fn survival(self, table: &SurvivalTable) -> Self {
        let level = percent(table.level);
        let scale = match table.transform {
            IntervalTransform::Plain => "untransformed",
            IntervalTransform::Log => "log",
            IntervalTransform::LogLog => "log-log",
            IntervalTransform::Logit => "logit",
            IntervalTransform::Arcsin => "arcsine square-root",
        };
        let mut text = format!(
            "Survival was estimated by the Kaplan–Meier method with pointwise {level} confidence \
             intervals ({scale} scale); intervals of medians are those of Brookmeyer and Crowley on the \
             same scale. Follow-up is the median by reverse Kaplan–Meier"
        );
        if let Some(months) = table.overall.follow_up {
            text += &format!(" ({months:.1})");
        }
        let mut methods = self.say(text + ".");
        if let Some(tau) = table.tau {
            methods = methods.say(format!("Mean survival was restricted to a time of {tau}."));
        }
        methods
    }

    /// How curves were compared.
    #[must_use]
    pub fn log_rank(self, fit: &LogRankFit) -> Self {
        let groups = fit.groups().len();
        let name = match fit.weight() {
            TestWeight::LogRank => "the log-rank test".to_owned(),
            weight => format!("the weighted log-rank test ({weight})"),
        };
        let strata = fit.by_stratum().len();
        let strata =
            if strata > 1 { format!(", stratified ({strata} strata)") } else { String::new() };
        self.say(format!("Curves of {groups} groups were compared by {name}{strata}."))
    }

    /// How the p-values of several tests were adjusted.
    #[must_use]
    pub fn adjusted(self, adjust: Adjust, tests: usize) -> Self {
        let method = match adjust {
            Adjust::None => {
                return self.say(format!("The p-values of {tests} tests are not adjusted."));
            }
            Adjust::Bonferroni => "Bonferroni's",
            Adjust::Holm => "Holm's",
            Adjust::Hochberg => "Hochberg's",
            Adjust::BenjaminiHochberg => "Benjamini and Hochberg's",
            Adjust::BenjaminiYekutieli => "Benjamini and Yekutieli's",
        };
        self.say(format!("The p-values of {tests} tests were adjusted by {method} method."))
    }

    /// How hazard ratios were estimated, and how the terms of the model were chosen.
    #[must_use]
    pub fn hazard_ratios(self, table: &HazardRatioTable) -> Self {
        let model =
            cox_sentence(table.level, table.ties, table.robust, table.weights, table.stratified);
        let test = match table.term_test {
            TermTestKind::LikelihoodRatio if !table.robust => "likelihood-ratio",
            _ => "Wald",
        };
        let mut methods = self.say(model).say(format!(
            "All models used the same {} rows with {} events; terms were tested by {test} tests.",
            table.n, table.n_events
        ));
        methods = match &table.selection {
            Selection::PValue { threshold, forced } => {
                let mut text = format!(
                    "Terms with a univariable p-value below {threshold} entered the multivariable model"
                );
                if !forced.is_empty() {
                    text += &format!(", {} in any case", forced.join(", "));
                }
                methods.say(text + "; such a rule overstates the effects that it keeps.")
            }
            _ => methods.say("The terms of the multivariable model were specified in advance."),
        };
        if let Some(each) = table.events_per_coefficient() {
            let terms = table.selected().join(", ");
            methods = methods.say(format!(
                "The multivariable model has {terms}, with {each:.1} events for each coefficient."
            ));
        }
        let infinite = (table.terms.iter().flat_map(|term| &term.rows))
            .flat_map(|row| row.univariable.iter().chain(&row.multivariable))
            .any(|ratio| ratio.estimate.is_none() && ratio.interval.is_some());
        match infinite {
            true => methods.say(
                "Where a hazard ratio was 0 or infinite its limit and its p-value are those of the \
                 profile likelihood.",
            ),
            false => methods,
        }
    }

    /// How one Cox model was fitted, with intervals of the level given. The fit keeps no rows, so the author
    /// says what they were.
    ///
    /// # Errors
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) for a level that is not between 0 and 1.
    pub fn cox(self, fit: &CoxFit, level: f64) -> Result<Self> {
        normal_multiplier(level)?;
        let sentence = cox_sentence(level, fit.ties(), fit.is_robust(), None, false);
        Ok(self.say(sentence).say(format!("{} rows had {} events.", fit.n(), fit.n_events())))
    }

    /// How proportional hazards were looked into, and what came out.
    #[must_use]
    pub fn proportionality(self, fit: &ProportionalityFit) -> Self {
        let style = super::export::Style::default();
        let outcome = fit.global().map_or(String::new(), |test| {
            format!("; global test {}", style.p_statement(test.p_value))
        });
        let transform = fit.transform();
        self.say(format!(
            "Proportional hazards were tested by the score test of Grambsch and Therneau (time \
             transform: {transform}){outcome}."
        ))
    }

    /// Which subgroups were looked into.
    #[must_use]
    pub fn subgroups(self, forest: &ForestData) -> Self {
        let headings = forest.rows.iter().filter(|row| row.kind == ForestRowKind::Heading);
        let names: Vec<&str> = headings.map(|row| row.label.as_str()).collect();
        self.say(format!(
            "The hazard ratio of {} was estimated within the levels of {}, with a test of interaction for \
             each; these p-values are not adjusted for the number of variables.",
            forest.title,
            names.join(", ")
        ))
    }

    /// The sentences, with the software last.
    #[must_use]
    pub fn paragraph(&self) -> String {
        let software =
            format!("Analyses were done with riskset {} (Rust).", env!("CARGO_PKG_VERSION"));
        let all = self.sentences.iter().map(String::as_str).chain([software.as_str()]);
        all.collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.paragraph())
    }
}

fn cox_sentence(
    level: f64,
    ties: Ties,
    robust: bool,
    weights: Option<WeightKind>,
    stratified: bool,
) -> String {
    let level = percent(level);
    let ties = match ties {
        Ties::Efron => "Efron's method for ties",
        Ties::Breslow => "Breslow's method for ties",
        Ties::ExactPartial => "the exact partial likelihood for ties",
    };
    let strata = if stratified { "stratified " } else { "" };
    let weights = match weights {
        None => "",
        Some(WeightKind::Frequency) => ", frequency weights",
        Some(WeightKind::Sampling) => ", inverse-probability weights",
        Some(WeightKind::Case) => ", case weights",
    };
    let variance = if robust { " and a robust (sandwich) variance" } else { "" };
    format!(
        "Hazard ratios with {level} confidence intervals (Wald) were estimated by {strata}Cox proportional \
         hazards models with {ties}{weights}{variance}."
    )
}
