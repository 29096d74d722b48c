//! Terms added one after the other.

use std::fmt;

use super::term_test::NoTest;
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, Split};
use crate::statistic::{Table, TestResult, p_value, significant};

/// One term added to those before it, in [`SequentialTests`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SequentialStep {
    /// The term.
    pub term: String,
    /// Degrees of freedom: the rank that it adds to the terms before it.
    pub df: usize,
    /// Log partial likelihood at the maximum with this term and those before it.
    pub log_likelihood: f64,
    /// Its likelihood-ratio test against the model of the terms before it.
    pub likelihood_ratio: Result<TestResult, NoTest>,
}

/// The terms of a Cox model, added one after the other in the order of the design, from
/// [`CoxFit::sequential_tests`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SequentialTests {
    /// Log partial likelihood with all coefficients 0.
    pub log_likelihood_null: f64,
    /// One for each term.
    pub steps: Vec<SequentialStep>,
}

impl CoxFit {
    /// Adds the terms one after the other, in the order of the design, and tests each by its likelihood
    /// ratio against the model of those before it.
    ///
    /// The chi-squares sum to that of [`likelihood_ratio`](Self::likelihood_ratio). The test of a term
    /// depends on where it stands: whether a term is needed is answered by
    /// [`term_tests`](Self::term_tests).
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
    /// # let age = [50., 60., 55., 65., 45., 70., 52., 61.];
    /// # let stage = ["I", "II", "III", "I", "II", "III", "I", "II"];
    /// let design = Design::builder().numeric("age", &age).factor("stage", &stage, "I").build()?;
    /// let tests = CoxPh::new().fit(&data, &design)?.sequential_tests(&data, &design)?;
    /// let chi_square = |k: usize| tests.steps[k].likelihood_ratio.unwrap().statistic;
    /// assert!((chi_square(0) - 0.92345).abs() < 1e-5); // age
    /// assert!((chi_square(1) - 0.53307).abs() < 1e-5); // stage, given age
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `anova(fit)`, which puts interactions last.
    ///
    /// # Errors
    /// As [`term_tests`](Self::term_tests), and [`Error::Unsupported`] for a robust variance.
    pub fn sequential_tests(
        &self,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<SequentialTests> {
        if self.is_robust() {
            return Err(robust("sequential_tests"));
        }
        let mut models = self.submodels(data.rows(), design)?;
        let n = self.coding().columns().len();
        let step = |term: &crate::data::Term| {
            let columns = &term.columns;
            let split = Split::new(n, columns.clone().collect(), (columns.end..n).collect());
            let dropped: Vec<bool> = (0..n).map(|j| j >= columns.end).collect();
            Ok(SequentialStep {
                term: term.name.clone(),
                df: models.rank(&split),
                log_likelihood: models.log_likelihood(&dropped)?,
                likelihood_ratio: models.likelihood_ratio(&split)?.map_err(NoTest::from),
            })
        };
        let steps = self.coding().terms().iter().map(step).collect::<Result<_>>()?;
        Ok(SequentialTests { log_likelihood_null: self.log_likelihood_null(), steps })
    }
}

/// The refusal of a likelihood ratio.
pub(super) fn robust(estimator: &'static str) -> Error {
    let what = "a likelihood ratio under a robust variance";
    Error::Unsupported { estimator, what, instead: "use Wald's test or the score test" }
}

/// As R prints `anova`.
impl fmt::Display for SequentialTests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_null = |null: &str, text: &dyn Fn(&SequentialStep) -> String| {
            std::iter::once(null.to_owned()).chain(self.steps.iter().map(text)).collect::<Vec<_>>()
        };
        let test = |step: &SequentialStep| step.likelihood_ratio.ok();
        let log_likelihoods: Vec<Option<f64>> = std::iter::once(self.log_likelihood_null)
            .chain(self.steps.iter().map(|step| step.log_likelihood))
            .map(Some)
            .collect();
        let statistics: Vec<Option<f64>> = std::iter::once(None)
            .chain(self.steps.iter().map(|step| test(step).map(|test| test.statistic)))
            .collect();
        let p = |step: &SequentialStep| {
            test(step).map_or_else(|| "NA".to_owned(), |test| p_value::text(test.p_value))
        };
        let table = Table::default()
            .column("", with_null("NULL", &|step| step.term.clone()))
            .column("loglik", significant(&log_likelihoods, 6, "NA"))
            .column("Chisq", significant(&statistics, 5, ""))
            .column("Df", with_null("", &|step| step.df.to_string()))
            .column("p", with_null("", &p));
        writeln!(f, "Terms added in order")?;
        write!(f, "{table}")
    }
}
