//! Tests of all coefficients of a fit at once.

use ndarray::Array2;

use super::engine::{Maximum, Penalty};
use super::problem::Problem;
use crate::error::{Error, Result};
use crate::linalg::Ldl;
use crate::statistic::{TestKind, TestResult};

/// The likelihood-ratio, Wald, score and robust score test that all coefficients are 0, where there are
/// any. Degrees of freedom are the columns that are not aliased.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct GlobalTests {
    pub(super) likelihood_ratio: Option<TestResult>,
    pub(super) wald: Option<TestResult>,
    pub(super) score: Option<TestResult>,
    pub(super) robust_score: Option<TestResult>,
}

impl GlobalTests {
    /// From the covariance matrix in the scaled columns and, where the fit is robust, the middle of the
    /// sandwich at 0.
    pub(super) fn new(
        problem: &Problem,
        maximum: &Maximum,
        scaled_vcov: &Array2<f64>,
        null_meat: Option<&Array2<f64>>,
    ) -> Result<Self> {
        let Problem { null, control, .. } = problem;
        let Maximum { point, live, infinite, .. } = maximum;
        let rank = live.iter().filter(|&&live| live).count();
        // Under ridge the estimate is not that of a likelihood.
        let defined = rank > 0 && !matches!(control.penalty, Penalty::Ridge(_));
        let finite = infinite.iter().all(|&sign| sign == 0);
        // A sandwich of fewer clusters than coefficients is singular: there is no test by it.
        let form = |matrix: &Array2<f64>, vector: &[f64]| {
            let ldl = Ldl::among(matrix, live);
            (ldl.rank() == rank).then(|| ldl.quadratic_form(vector))
        };
        let test = |kind, statistic: Option<f64>| match statistic.filter(|_| defined) {
            Some(statistic) if !statistic.is_finite() => {
                Err(Error::NotFinite { at: "the estimate" })
            }
            statistic => Ok(statistic.map(|value| TestResult::chi_square(kind, value, rank))),
        };
        let ratio = 2.0 * (point.objective() - null.objective());
        let wald = if finite { form(scaled_vcov, &point.beta) } else { None };
        let information = Ldl::against(&null.diagonal(), &null.information, live);
        let score = information.quadratic_form(&null.score);
        let robust_score = null_meat.and_then(|meat| form(meat, &null.score));
        Ok(Self {
            likelihood_ratio: test(TestKind::LikelihoodRatio, Some(ratio))?,
            wald: test(TestKind::Wald, wald)?,
            score: test(TestKind::Score, Some(score))?,
            robust_score: test(TestKind::RobustScore, robust_score)?,
        })
    }
}
