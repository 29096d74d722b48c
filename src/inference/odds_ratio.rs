//! Odds ratios of matched sets.

use std::fmt;

use super::hazard_ratio::{HazardRatio, IntervalMethod};
use crate::error::Result;
use crate::regression::ConditionalLogisticFit;
use crate::regression::cox::CoefficientStatus;
use crate::statistic::{Interval, TestResult};

/// One odds ratio: exp of a coefficient of a conditional logistic model, from
/// [`ConditionalLogisticFit::odds_ratios`].
///
/// Numbers are `None` where the status is not `Finite`. A ratio or limit that no `f64` can hold is
/// `None`, too.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct OddsRatio {
    /// The column.
    pub name: String,
    /// Whether there is a finite estimate.
    pub status: CoefficientStatus,
    /// exp(β), above 0.
    pub estimate: Option<f64>,
    /// Standard error of ln(estimate).
    pub std_error_ln: Option<f64>,
    /// exp(β ± z σ).
    pub interval: Option<Interval>,
    /// Two-sided Wald test of a ratio of 1; the statistic is z = β/σ.
    pub test: Option<TestResult>,
}

#[cfg(feature = "serde")]
crate::checked::check!(OddsRatio { estimate: not_negative, std_error_ln: not_negative });

impl From<HazardRatio> for OddsRatio {
    fn from(ratio: HazardRatio) -> Self {
        let HazardRatio { name, status, estimate, std_error_ln, interval, test, .. } = ratio;
        Self { name, status, estimate, std_error_ln, interval, test }
    }
}

impl ConditionalLogisticFit {
    /// The odds ratio of every coefficient, with Wald limits at `level`. There is an example in
    /// [`ConditionalLogistic`](crate::regression::ConditionalLogistic).
    ///
    /// *In R* `exp(confint(clogit(..)))`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) for a level outside (0, 1).
    pub fn odds_ratios(&self, level: f64) -> Result<Vec<OddsRatio>> {
        let ratios = self.cox().hazard_ratios(level)?;
        Ok(ratios.into_iter().map(OddsRatio::from).collect())
    }
}

/// One line: `induced  4.09 (2.02–8.30)  p<0.001`.
impl fmt::Display for OddsRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, status, estimate, std_error_ln, interval, test } = self.clone();
        let method = IntervalMethod::Wald;
        HazardRatio { name, status, estimate, std_error_ln, interval, test, method }.fmt(f)
    }
}
