//! The effect of a treatment within subgroups.

use super::data::{ForestData, ForestRow, ForestRowKind};
use crate::data::{Design, Groups, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::CoxPh;
use crate::statistic::{TestResult, normal_multiplier};
use crate::study::counts::{counts, of_rows};
use crate::study::ratio::whole_ratio;

/// The hazard ratio of two treatments within every level of some variables, with the test of each
/// interaction.
///
/// # Definition
/// Only the rows of the two treatments enter. Within a level the hazard ratio comes from a Cox model of
/// those rows alone, with the treatment as its only covariate and a baseline of its own. The test of a
/// variable is the likelihood ratio of treatment × variable against treatment + variable, over all
/// levels that have rows; where the variance is robust, and so without a likelihood, it is Wald's.
///
/// The variables are those that the caller lists, all of them reported. Within a level there is no test:
/// that one subgroup is significant and another is not is no evidence that they differ. With k
/// variables and no interaction at all, one in twenty tests falls below 0.05.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`variable`](Self::variable) | none | levels to look into |
/// | [`model`](Self::model) | Efron's ties | ties and variance |
/// | [`confidence`](Self::confidence) | 0.95 | in (0, 1) |
/// | [`min_events`](Self::min_events) | 10 | a level with fewer gets no ratio, and a note |
///
/// # Example
/// ```
/// use riskset::{Groups, RightCensored, study::Subgroups};
///
/// # let time: Vec<f64> = (1..=80).map(f64::from).collect();
/// # let event: Vec<bool> = (0..80).map(|row| row % 4 != 0).collect();
/// # let arm: Vec<&str> = (0..80).map(|row| if row % 3 == 0 { "new" } else { "old" }).collect();
/// # let sex: Vec<&str> = (0..80).map(|row| if row % 7 < 4 { "female" } else { "male" }).collect();
/// # let data = RightCensored::new(&time, &event)?;
/// let forest = Subgroups::new(&Groups::new(&arm)?, "new", "old")
///     .variable("sex", &Groups::new(&sex)?)
///     .fit(&data)?;
/// let labels: Vec<&str> = forest.rows.iter().map(|row| row.label.as_str()).collect();
/// assert_eq!(labels, ["all", "sex", "female", "male"]);
/// assert_eq!(forest.rows[0].n, Some(80.0));
/// assert!(forest.rows[1].test.is_some()); // of the interaction
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `coxph` with `subset` for each level, `anova` of two models for each variable; `Publish::subgroupAnalysis`.
///
/// # References
/// Wang et al. 2007, doi:10.1056/NEJMsr077003.
#[derive(Debug, Clone, PartialEq)]
pub struct Subgroups {
    treatment: Groups,
    level: String,
    reference: String,
    variables: Vec<(String, Groups)>,
    model: CoxPh,
    confidence: f64,
    min_events: f64,
}

/// Names of the columns that carry treatment and variable.
const TREATMENT: &str = "treatment";
const VARIABLE: &str = "variable";

impl Subgroups {
    /// The comparison of `level` with `reference` of the treatment; rows of other levels stay out.
    #[must_use]
    pub fn new(treatment: &Groups, level: &str, reference: &str) -> Self {
        Self {
            treatment: treatment.clone(),
            level: level.to_owned(),
            reference: reference.to_owned(),
            variables: Vec::new(),
            model: CoxPh::new(),
            confidence: 0.95,
            min_events: 10.0,
        }
    }

    /// Adds a variable whose levels are the subgroups. A missing value is a level of its own, or its
    /// row is left out of the data.
    #[must_use]
    pub fn variable(mut self, name: &str, levels: &Groups) -> Self {
        self.variables.push((name.to_owned(), levels.clone()));
        self
    }

    /// Ties and variance of the models.
    #[must_use]
    pub fn model(self, model: CoxPh) -> Self {
        Self { model, ..self }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The fewest events of a level that gets a hazard ratio.
    #[must_use]
    pub fn min_events(self, events: usize) -> Self {
        Self { min_events: events as f64, ..self }
    }

    /// Fits all rows, each level, and each interaction.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the confidence level; [`Error::LengthMismatch`];
    /// [`Error::UnknownLevel`] for a treatment that no row has; those of [`CoxPh::fit`].
    pub fn fit<D: SurvivalData>(&self, data: &D) -> Result<ForestData> {
        normal_multiplier(self.confidence)?;
        let treated = self.treated(data)?;
        let chosen = treated.iter().enumerate().filter(|(_, treated)| treated.is_some());
        let chosen: Vec<usize> = chosen.map(|(row, _)| row).collect();
        let mut rows =
            vec![self.ratio(data, &treated, &chosen, "", "all", ForestRowKind::Overall)?];
        for (name, levels) in &self.variables {
            data.rows().same_length(name, levels.len())?;
            rows.extend(self.of_variable(data, &treated, &chosen, name, levels)?);
        }
        let omitted = rows.iter().any(|row| row.kind == ForestRowKind::Omitted);
        let mut notes = vec![match self.variables.len() {
            1 => "One variable was looked into.".to_owned(),
            n => {
                format!("{n} variables were looked into; their p-values are not adjusted for that.")
            }
        }];
        if omitted {
            let fewest = self.min_events;
            notes.push(format!("No hazard ratio for a level with fewer than {fewest} events."));
        }
        let title = format!("{} against {}", self.level, self.reference);
        Ok(ForestData { title, level: self.confidence, rows, notes })
    }

    /// 1 in rows of the treatment, 0 in those of the reference.
    fn treated(&self, data: &impl SurvivalData) -> Result<Vec<Option<f64>>> {
        data.rows().same_length("treatment", self.treatment.len())?;
        let code = |level: &String| {
            let known = self.treatment.names();
            known.iter().position(|name| name == level).ok_or_else(|| Error::UnknownLevel {
                column: TREATMENT.to_owned(),
                level: level.clone(),
                known: known.to_vec(),
            })
        };
        let (level, reference) = (code(&self.level)?, code(&self.reference)?);
        let value = |&code: &u32| match code as usize {
            code if code == level => Some(1.0),
            code if code == reference => Some(0.0),
            _ => None,
        };
        Ok(self.treatment.codes().iter().map(value).collect())
    }

    /// Heading, then the levels.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn of_variable<D: SurvivalData>(
        &self,
        data: &D,
        treated: &[Option<f64>],
        chosen: &[usize],
        name: &str,
        levels: &Groups,
    ) -> Result<Vec<ForestRow>> {
        let mut heading = ForestRow::new(name, name, ForestRowKind::Heading);
        match self.interaction(data, treated, chosen, levels) {
            Ok(test) => heading.test = test,
            Err(Error::SingleLevel { .. }) => {
                heading.note = Some("all rows are of one level".to_owned());
            }
            Err(error) => return Err(error),
        }
        let mut rows = vec![heading];
        for (code, label) in levels.names().iter().enumerate() {
            let inside = |row: &usize| levels.codes()[*row] as usize == code;
            let members: Vec<usize> = chosen.iter().copied().filter(inside).collect();
            rows.push(self.ratio(data, treated, &members, name, label, ForestRowKind::Ratio)?);
        }
        Ok(rows)
    }

    /// The hazard ratio of some rows.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn ratio<D: SurvivalData>(
        &self,
        data: &D,
        treated: &[Option<f64>],
        members: &[usize],
        variable: &str,
        label: &str,
        kind: ForestRowKind,
    ) -> Result<ForestRow> {
        let counted = counts(data.rows(), members.iter().copied());
        let omitted = |note: &str| {
            let note = Some(note.to_owned());
            let row = ForestRow::new(variable, label, ForestRowKind::Omitted).counted(counted);
            Ok(ForestRow { note, ..row })
        };
        let arms: Vec<f64> = members.iter().filter_map(|&row| treated[row]).collect();
        if members.is_empty() {
            return omitted("no rows");
        }
        if arms.iter().all(|arm| Some(arm) == arms.first()) {
            return omitted("one treatment only");
        }
        if counted[1] < self.min_events {
            return omitted("too few events");
        }
        let part = of_rows(data, members);
        let design = Design::builder().numeric(TREATMENT, &arms).build()?;
        let fit = self.model.fit(&part, &design)?;
        let ratio = whole_ratio(&fit, &part, &design, 0, self.confidence)?;
        let row = ForestRow::new(variable, label, kind).counted(counted).ratio(&ratio);
        // No test within a level.
        let test = row.test.filter(|_| kind == ForestRowKind::Overall);
        Ok(ForestRow { test, ..row })
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn interaction<D: SurvivalData>(
        &self,
        data: &D,
        treated: &[Option<f64>],
        chosen: &[usize],
        levels: &Groups,
    ) -> Result<Option<TestResult>> {
        let arms: Vec<f64> = chosen.iter().filter_map(|&row| treated[row]).collect();
        let labels: Vec<u32> = chosen.iter().map(|&row| levels.codes()[row]).collect();
        let Some(first) = labels.first() else { return Ok(None) };
        let design = Design::builder()
            .numeric(TREATMENT, &arms)
            .factor(VARIABLE, &labels, &first.to_string())
            .interaction(TREATMENT, VARIABLE)
            .build()?;
        let part = of_rows(data, chosen);
        let tests = self.model.fit(&part, &design)?.term_tests(&part, &design)?;
        Ok(tests.tests.last().and_then(|test| test.preferred().copied()))
    }
}
