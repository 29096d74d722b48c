//! Two models, one of which contains the other.

use ndarray::{Axis, concatenate};
use std::fmt;

use super::sequential::robust;
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, Problem};
use crate::statistic::{TestKind, TestResult};

/// The likelihood-ratio test of two nested models, from [`CoxFit::compare_nested`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct NestedTest {
    /// Log partial likelihood of the smaller model.
    pub log_likelihood_smaller: f64,
    /// Log partial likelihood of the larger model.
    pub log_likelihood_larger: f64,
    /// The test that the larger is not needed, on the difference of the two ranks.
    pub test: TestResult,
}

impl CoxFit {
    /// Compares the fit with that of a smaller model of the same rows, by the likelihood ratio.
    ///
    /// Nested means that every column of the smaller model is a combination of those of the larger one
    /// within risk sets, whatever the terms are called: a factor contains its own codes taken as a number, a
    /// spline contains the line, and another reference level changes nothing.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
    /// # let stage = [1., 2., 3., 1., 2., 3., 1., 2.];
    /// # let levels = ["1", "2", "3", "1", "2", "3", "1", "2"];
    /// let trend = Design::builder().numeric("stage", &stage).build()?;
    /// let free = Design::builder().factor("stage", &levels, "1").build()?;
    /// let (smaller, larger) = (CoxPh::new().fit(&data, &trend)?, CoxPh::new().fit(&data, &free)?);
    /// let departure = larger.compare_nested(&data, &free, &smaller, &trend)?;
    /// assert_eq!(departure.test.df, Some(1));
    /// assert!(larger.compare_nested(&data, &free, &larger, &free).is_err());
    /// assert!(smaller.compare_nested(&data, &trend, &larger, &free).is_err());
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `anova(smaller, larger)`, which asks only for equal numbers of rows and not for nesting.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::OtherData`] unless both fits are of these rows;
    /// [`Error::NotNested`]; [`Error::Unsupported`] for a robust variance, for different treatments of ties
    /// or offsets, and for two models of the same rank.
    pub fn compare_nested(
        &self,
        data: &impl SurvivalData,
        design: &Design,
        smaller: &Self,
        smaller_design: &Design,
    ) -> Result<NestedTest> {
        const NAME: &str = "compare_nested";
        let refuse = |what, instead| Err(Error::Unsupported { estimator: NAME, what, instead });
        if self.is_robust() || smaller.is_robust() {
            return Err(robust(NAME));
        }
        if self.ties() != smaller.ties() {
            return refuse("a comparison of two treatments of ties", "use the same for both");
        }
        if design.offset() != smaller_design.offset() {
            return refuse("a comparison of two offsets", "use the same for both");
        }
        self.evaluate(data.rows(), design)?;
        smaller.evaluate(data.rows(), smaller_design)?;
        let n = design.columns().len();
        let both = concatenate(Axis(1), &[design.matrix(), smaller_design.matrix()])
            .map_err(|_| Error::OtherData { what: "the number of rows" })?;
        let names: Vec<String> = (0..both.ncols()).map(|column| column.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let both = Design::from_matrix(&both, &names)?;
        let rank = Problem::new(self.model(), data.rows(), &both)?.null.rank();
        let mut of_smaller = (n..).zip(smaller_design.columns());
        if let Some((_, column)) = of_smaller.find(|(place, _)| rank.has(*place)) {
            return Err(Error::NotNested { column: column.clone() });
        }
        if self.rank() <= smaller.rank() {
            return refuse("a comparison of two models of the same rank", "they are one model");
        }
        let (larger, smaller, df) =
            (self.log_likelihood(), smaller.log_likelihood(), self.rank() - smaller.rank());
        Ok(NestedTest {
            log_likelihood_smaller: smaller,
            log_likelihood_larger: larger,
            test: TestResult::chi_square(TestKind::LikelihoodRatio, 2.0 * (larger - smaller), df),
        })
    }
}

/// One line.
impl fmt::Display for NestedTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { log_likelihood_smaller, log_likelihood_larger, test } = self;
        write!(
            f,
            "log-likelihood {log_likelihood_smaller:.4} and {log_likelihood_larger:.4}: {test}"
        )
    }
}
