//! Univariable and multivariable models, as a request.

use super::selection::{Selection, TermTestKind};
use super::table::{
    HazardRatioRow, HazardRatioRowKind, HazardRatioTable, HazardRatioTerm, coefficients,
};
use crate::data::{Design, SurvivalData, Term, TermKind};
use crate::error::{Error, Result, Warning};
use crate::inference::HazardRatio;
use crate::regression::cox::{CoxFit, CoxPh, Ties};
use crate::statistic::{TestResult, normal_multiplier};
use crate::study::counts::counts;
use crate::study::levels::level_codes;
use crate::study::ratio::whole_ratio;

/// Below this many events for each coefficient the table warns.
const FEW_EVENTS: f64 = 10.0;

/// Hazard ratios of each term alone and beside the others.
///
/// # Definition
/// Univariable is a Cox model of one term, multivariable that of all terms selected. Ratios and limits are
/// exp(β ± z σ), σ by the variance of the model; a term has one test of all its columns.
///
/// All models are fitted to the same rows, those of the design, whose columns have no missing values, with
/// its offset and the strata of the data. An interaction has no univariable model.
///
/// A level without an event has a ratio of 0: its coefficient is −∞, and the other coefficients are those
/// of the model without its rows, which then count nowhere. Wald's limits do not exist; the table gives
/// the upper limit and the test of the profile likelihood, and a warning names the level.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`model`](Self::model) | Efron's ties | ties and variance |
/// | [`confidence`](Self::confidence) | 0.95 | in (0, 1) |
/// | [`selection`](Self::selection) | all terms | [`Selection`] |
/// | [`term_test`](Self::term_test) | likelihood ratio | [`TermTestKind`] |
///
/// # Example
/// ```
/// use riskset::{Design, RightCensored};
/// use riskset::study::{HazardRatios, Selection};
///
/// # let time: Vec<f64> = (1..=80).map(f64::from).collect();
/// # let event: Vec<bool> = (0..80).map(|row| row % 4 != 0).collect();
/// # let arm: Vec<&str> = (0..80).map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
/// # let age: Vec<f64> = (0..80).map(|row| f64::from((row * 17) % 41 + 30)).collect();
/// # let data = RightCensored::new(&time, &event)?;
/// let design = Design::builder().factor("arm", &arm, "old").numeric("age", &age).build()?;
/// let table = HazardRatios::new().fit(&data, &design)?;
/// let arm = table.term("arm")?;
/// let labels: Vec<&str> = arm.rows.iter().map(|row| row.label.as_str()).collect();
/// assert_eq!(labels, ["old", "new"]); // the reference first
/// assert!(arm.rows[0].univariable.is_none() && arm.rows[1].univariable.is_some());
/// assert_eq!(table.selected(), ["arm", "age"]);
/// assert_eq!(table.events_per_coefficient(), Some(30.0));
///
/// let rule = Selection::PValue { threshold: 1e-9, forced: vec!["arm".to_owned()] };
/// let table = HazardRatios::new().selection(rule).fit(&data, &design)?;
/// assert_eq!(table.selected(), ["arm"]);
/// assert!(table.warnings[0].to_string().contains("chosen by their univariable p-values"));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `gtsummary::tbl_uvregression` beside `gtsummary::tbl_regression`; `finalfit`.
///
/// # References
/// Against choosing terms by their univariable p-values: Sun, Shook & Kay 1996,
/// doi:10.1016/0895-4356(96)00025-X.
#[derive(Debug, Clone, PartialEq)]
pub struct HazardRatios {
    model: CoxPh,
    confidence: f64,
    selection: Selection,
    term_test: TermTestKind,
}

impl Default for HazardRatios {
    fn default() -> Self {
        Self {
            model: CoxPh::new(),
            confidence: 0.95,
            selection: Selection::default(),
            term_test: TermTestKind::default(),
        }
    }
}

impl HazardRatios {
    /// The table with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ties and variance of all models.
    #[must_use]
    pub fn model(self, model: CoxPh) -> Self {
        Self { model, ..self }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Which terms enter the multivariable model.
    #[must_use]
    pub fn selection(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// Which test a term gets.
    #[must_use]
    pub fn term_test(self, kind: TermTestKind) -> Self {
        Self { term_test: kind, ..self }
    }

    /// Fits a model for each term, and one for those selected.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level or the threshold; [`Error::UnknownName`] for a term that the
    /// design does not have; [`Error::Unsupported`] for a model with a penalty or with coefficients that
    /// follow time; those of [`CoxPh::fit`].
    #[expect(clippy::indexing_slicing, reason = "the terms are those of the design")]
    pub fn fit<D: SurvivalData>(&self, data: &D, design: &Design) -> Result<HazardRatioTable> {
        normal_multiplier(self.confidence)?;
        if let Selection::PValue { threshold, .. } = self.selection
            && !(threshold > 0.0 && threshold <= 1.0)
        {
            let rule = "must be above 0 and at most 1";
            return Err(Error::InvalidOption { option: "threshold", value: threshold, rule });
        }
        let coding = design.coding();
        // What is too large in the end is refused before the work on each term.
        let certain = self.selection.choose(coding, &vec![None; coding.terms().len()])?;
        if !certain.is_empty() {
            self.model.check(data.rows(), &design.of_terms(&certain))?;
        }
        let mut terms: Vec<HazardRatioTerm> =
            coding.terms().iter().map(|term| blank(term, data, design)).collect();
        let mut models = Vec::new();
        for (place, term) in coding.terms().iter().enumerate() {
            if !matches!(term.kind, TermKind::Interaction { .. }) {
                let alone = design.of_terms(&[place]);
                let fit = self.fitted(data, &alone)?;
                let entry = &mut terms[place];
                entry.univariable = self.tests(&fit, data, &alone)?.pop().flatten();
                let ratios = self.ratios(&fit, data, &alone, 0)?;
                fill(entry, ratios, |row| &mut row.univariable);
                models.push(fit);
            }
        }
        let p_values: Vec<Option<f64>> =
            terms.iter().map(|term| term.univariable.map(|test| test.p_value)).collect();
        let chosen = self.selection.choose(coding, &p_values)?;
        let mut together = None;
        if !chosen.is_empty() {
            let part = design.of_terms(&chosen);
            let fit = self.fitted(data, &part)?;
            let tests = self.tests(&fit, data, &part)?;
            for (index, (&place, test)) in chosen.iter().zip(tests).enumerate() {
                terms[place].multivariable = test;
                let ratios = self.ratios(&fit, data, &part, index)?;
                fill(&mut terms[place], ratios, |row| &mut row.multivariable);
            }
            together = Some(fit);
        }
        let any = together.as_ref().or(models.first());
        let (ties, robust) =
            any.map_or((Ties::default(), false), |fit| (fit.ties(), fit.is_robust()));
        Ok(HazardRatioTable { ties, robust, ..self.table(data, terms, together) })
    }

    fn fitted<D: SurvivalData>(&self, data: &D, design: &Design) -> Result<CoxFit> {
        let fit = self.model.fit(data, design)?;
        let refused =
            |what, instead| Err(Error::Unsupported { estimator: "HazardRatios", what, instead });
        if fit.coding().columns().len() != design.columns().len() {
            return refused("a coefficient that follows time", "fit that model by itself");
        }
        if fit.penalty().is_some() {
            return refused("a penalised model", "fit it by itself");
        }
        Ok(fit)
    }

    /// The test of each term.
    fn tests<D: SurvivalData>(
        &self,
        fit: &CoxFit,
        data: &D,
        design: &Design,
    ) -> Result<Vec<Option<TestResult>>> {
        let refits = self.term_test == TermTestKind::LikelihoodRatio;
        fit.preferred_tests(data, design, refits)
    }

    /// The ratio of each column of a term.
    #[expect(clippy::indexing_slicing, reason = "the term is one of the design")]
    fn ratios<D: SurvivalData>(
        &self,
        fit: &CoxFit,
        data: &D,
        design: &Design,
        term: usize,
    ) -> Result<Vec<HazardRatio>> {
        let columns = design.terms()[term].columns.clone();
        columns.map(|column| whole_ratio(fit, data, design, column, self.confidence)).collect()
    }

    fn table<D: SurvivalData>(
        &self,
        data: &D,
        terms: Vec<HazardRatioTerm>,
        model: Option<CoxFit>,
    ) -> HazardRatioTable {
        let rows = data.rows();
        let [n, n_events] = counts(rows, 0..rows.len());
        let mut warnings = Vec::new();
        if let Selection::PValue { threshold, .. } = self.selection {
            warnings.push(Warning::TermsChosenByPValue { threshold });
        }
        for term in &terms {
            let empty = term.rows.iter().filter(|row| row.n > 0.0 && row.n_events == 0.0);
            warnings.extend(empty.map(|row| Warning::LevelWithoutEvents {
                term: term.name.clone(),
                level: row.label.clone(),
            }));
        }
        if let Some(fit) = &model {
            let coefficients = coefficients(fit);
            if n_events < FEW_EVENTS * coefficients as f64 {
                warnings.push(Warning::FewEventsPerCoefficient { events: n_events, coefficients });
            }
            warnings.extend(fit.warnings().iter().cloned());
        }
        HazardRatioTable {
            level: self.confidence,
            selection: self.selection.clone(),
            term_test: self.term_test,
            ties: Ties::default(),
            robust: false,
            weights: rows.weight_kind(),
            stratified: rows.strata.is_some(),
            n,
            n_events,
            terms,
            model,
            warnings,
        }
    }
}

/// A term with its rows and their counts.
#[expect(clippy::indexing_slicing, reason = "a row and a column are those of the design")]
fn blank<D: SurvivalData>(term: &Term, data: &D, design: &Design) -> HazardRatioTerm {
    let rows = data.rows();
    let all = 0..rows.len().min(design.n_rows());
    let row = |label: &str, kind, counted: [f64; 2]| HazardRatioRow {
        label: label.to_owned(),
        kind,
        n: counted[0],
        n_events: counted[1],
        univariable: None,
        multivariable: None,
    };
    let found = match &term.kind {
        TermKind::Factor { levels } => {
            let codes = level_codes(design, term);
            let of = |(place, level): (usize, &String)| {
                let kind = match place {
                    0 => HazardRatioRowKind::Reference,
                    _ => HazardRatioRowKind::Coefficient,
                };
                row(level, kind, counts(rows, all.clone().filter(|&row| codes[row] == place)))
            };
            levels.iter().enumerate().map(of).collect()
        }
        kind => {
            let product = matches!(kind, TermKind::Interaction { .. });
            let matrix = design.matrix();
            let of = |column: usize| {
                let inside = |row: &usize| !product || matrix[[*row, column]] != 0.0;
                let label = &design.columns()[column];
                let counted = counts(rows, all.clone().filter(inside));
                row(label, HazardRatioRowKind::Coefficient, counted)
            };
            term.columns.clone().map(of).collect()
        }
    };
    HazardRatioTerm { name: term.name.clone(), univariable: None, multivariable: None, rows: found }
}

/// Puts one ratio into each row of a coefficient.
fn fill(
    term: &mut HazardRatioTerm,
    ratios: Vec<HazardRatio>,
    place: impl Fn(&mut HazardRatioRow) -> &mut Option<HazardRatio>,
) {
    let rows = term.rows.iter_mut().filter(|row| row.kind == HazardRatioRowKind::Coefficient);
    rows.zip(ratios).for_each(|(row, ratio)| *place(row) = Some(ratio));
}
