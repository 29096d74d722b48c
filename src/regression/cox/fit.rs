//! A fitted Cox model.

#![expect(
    clippy::indexing_slicing,
    reason = "a column is one of those of the fit, a row one of the data"
)]

use ndarray::{Array2, ArrayView2};
use std::cell::LazyCell;
use std::fmt;

use super::engine::{Maximum, Ordered, Point, Ties};
use super::global_tests::GlobalTests;
use super::model::CoxPh;
use super::penalty_fit::PenaltyFit;
use super::problem::Problem;
use crate::data::{Coding, Design, Rows, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::linalg::Ldl;
use crate::statistic::TestResult;

/// Whether a coefficient has a finite estimate, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum CoefficientStatus {
    /// Estimated.
    Finite,
    /// The likelihood rises for ever as the coefficient grows.
    PlusInfinity,
    /// The likelihood rises for ever as the coefficient falls.
    MinusInfinity,
    /// The column is a combination of earlier columns, or constant within every risk set (or within
    /// what an infinite coefficient leaves of them); its coefficient is held fixed.
    Aliased {
        /// The earlier columns; none when the column is constant.
        of: Vec<String>,
    },
}

impl CoefficientStatus {
    pub(crate) fn is_aliased(&self) -> bool {
        matches!(self, Self::Aliased { .. })
    }
}

impl fmt::Display for CoefficientStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Finite => "finite",
            Self::PlusInfinity => "+infinity",
            Self::MinusInfinity => "-infinity",
            Self::Aliased { .. } => "aliased",
        })
    }
}

/// One coefficient, in a [`CoxFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Coefficient {
    /// Name of its column.
    pub name: String,
    /// Whether it has a finite estimate.
    pub status: CoefficientStatus,
    /// The estimate, a log hazard ratio for one unit; `None` unless the status is `Finite`.
    pub estimate: Option<f64>,
    /// Its standard error, by the variance of the fit; `None` unless the status is `Finite`, and where
    /// rounding has left nothing above 0 of a robust variance.
    pub std_error: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Coefficient { std_error: not_negative });

/// How the maximum was reached, in a [`CoxFit`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Convergence {
    /// Steps taken over all rows, Newton's or, in a fit of many rows, those that lead next to the maximum
    /// with scores alone.
    pub iterations: usize,
    /// Half the squared Newton decrement at the estimate: what the log-likelihood is still below
    /// its maximum, nearly.
    pub decrement: f64,
    /// Condition number (1-norm) of the information in scaled columns, over the finite
    /// coefficients; `None` without any.
    pub condition: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Convergence { decrement: not_negative, condition: not_negative });

/// A fitted Cox model: coefficients, variance, likelihood, global tests. Keeps no rows.
///
/// What it estimates, and after whom: [`CoxPh`](crate::regression::cox::CoxPh).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CoxFit {
    model: CoxPh,
    coding: Coding,
    coefficients: Vec<Coefficient>,
    /// Where the likelihood was evaluated: an aliased coefficient is 0, an infinite one far out.
    position: Vec<f64>,
    vcov: Array2<f64>,
    vcov_model: Array2<f64>,
    robust: bool,
    n: f64,
    n_events: f64,
    log_likelihood: f64,
    log_likelihood_null: f64,
    tests: GlobalTests,
    convergence: Convergence,
    penalty: Option<PenaltyFit>,
    warnings: Vec<Warning>,
}

/// The middle of the sandwich variance at a point, in the scaled columns.
pub(crate) type Meat<'a> = &'a dyn Fn(&Point) -> Result<Array2<f64>>;

impl CoxFit {
    /// The variance is the sandwich where there is something to put in its middle.
    pub(crate) fn new(
        model: &CoxPh,
        rows: &Rows,
        design: &Design,
        problem: &Problem,
        maximum: &Maximum,
        meat: Option<Meat<'_>>,
    ) -> Result<Self> {
        let Problem { ordered, null, control } = problem;
        let Maximum { point, ldl, .. } = maximum;
        let curvature = point.curvature();
        let inverse = control.backend.inverse(ldl, &curvature)?;
        let scaled_vcov = match meat {
            Some(meat) => sandwich(&inverse, &meat(point)?),
            None => inverse.clone(),
        };
        let unscale = |matrix: &Array2<f64>| unscaled(matrix, &ordered.scale, &maximum.infinite);
        let (vcov, vcov_model) = (unscale(&scaled_vcov), unscale(&inverse));
        if !vcov.iter().chain(&vcov_model).all(|value| value.is_finite()) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        let coding = model.coding(design.coding())?;
        let coefficients = coefficients(coding.columns(), ordered, null, maximum, &vcov);
        let null_meat = meat.map(|meat| meat(null)).transpose()?;
        let tests = GlobalTests::new(problem, maximum, &scaled_vcov, null_meat.as_ref())?;
        let (n, n_events) = counts(rows);
        Ok(Self {
            model: model.clone(),
            coding: coding.into_owned(),
            position: point.beta.iter().zip(&ordered.scale).map(|(b, s)| b / s).collect(),
            warnings: warnings(rows, &coefficients),
            coefficients,
            vcov,
            vcov_model,
            robust: meat.is_some(),
            n,
            n_events,
            log_likelihood: point.log_likelihood(),
            log_likelihood_null: null.log_likelihood(),
            tests,
            convergence: Convergence {
                iterations: maximum.iterations,
                decrement: maximum.decrement,
                condition: condition(&curvature, &inverse, ldl),
            },
            penalty: PenaltyFit::new(problem, maximum, &inverse, unscale),
        })
    }

    /// The coefficients, one for each column of the design, then one for each product with a function
    /// of time.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.coefficients
    }

    /// Covariance matrix of the coefficients, p × p, robust where the fit is. A coefficient that is
    /// aliased or infinite is held fixed: its row and column are 0. A robust variance that rounding takes
    /// below 0 is 0.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.vcov.view()
    }

    /// The inverse of the information, whatever the variance of the fit; under [`Ridge`](super::Ridge)
    /// that of the information and the penalty's second derivative together.
    #[must_use]
    pub fn vcov_model_based(&self) -> ArrayView2<'_, f64> {
        self.vcov_model.view()
    }

    /// Whether [`vcov`](Self::vcov) is the robust sandwich.
    #[must_use]
    pub fn is_robust(&self) -> bool {
        self.robust
    }

    /// How ties were treated.
    #[must_use]
    pub fn ties(&self) -> Ties {
        self.model.control().ties
    }

    /// The model as it was asked for.
    #[must_use]
    pub fn model(&self) -> &CoxPh {
        &self.model
    }

    /// The coefficients at which the likelihood was evaluated: an aliased one is 0, an infinite one
    /// so far out that the likelihood is within exp(−36) of its limit.
    pub(crate) fn position(&self) -> &[f64] {
        &self.position
    }

    /// Terms and columns.
    #[must_use]
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// Number of rows, or the sum of frequencies.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.n
    }

    /// Number of events, or the sum of their frequencies.
    #[must_use]
    pub fn n_events(&self) -> f64 {
        self.n_events
    }

    /// Log partial likelihood at the estimate; its limit where a coefficient is infinite. Without
    /// penalty: [`penalty`](Self::penalty) has that.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Log partial likelihood with all coefficients 0.
    #[must_use]
    pub fn log_likelihood_null(&self) -> f64 {
        self.log_likelihood_null
    }

    /// Likelihood-ratio test of all coefficients, under Firth that of the penalised likelihood;
    /// `None` in a model without any and under ridge, where the ratio has no known distribution.
    #[must_use]
    pub fn likelihood_ratio(&self) -> Option<&TestResult> {
        self.tests.likelihood_ratio.as_ref()
    }

    /// Wald test of all coefficients, by the variance of the fit; `None` in a model without any, where
    /// one is infinite, since Wald's statistic means nothing there, where a robust variance is singular
    /// because there are fewer clusters than coefficients, and under ridge.
    #[must_use]
    pub fn wald(&self) -> Option<&TestResult> {
        self.tests.wald.as_ref()
    }

    /// Score test of all coefficients at 0; `None` in a model without any and under ridge. Of groups it is
    /// the log-rank test when no events are tied, and under [`Ties::ExactPartial`] also when some are; under
    /// other ties it then differs a little.
    #[must_use]
    pub fn score(&self) -> Option<&TestResult> {
        self.tests.score.as_ref()
    }

    /// Score test with the sandwich variance; `None` unless the fit is robust, and where that variance is
    /// singular. It keeps the offset, which R's forgets.
    #[must_use]
    pub fn robust_score(&self) -> Option<&TestResult> {
        self.tests.robust_score.as_ref()
    }

    /// What the penalty of the model did; `None` where it has none.
    #[must_use]
    pub fn penalty(&self) -> Option<&PenaltyFit> {
        self.penalty.as_ref()
    }

    /// How the maximum was reached.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

pub(super) fn coefficients(
    names: &[String],
    ordered: &Ordered,
    null: &Point,
    maximum: &Maximum,
    vcov: &Array2<f64>,
) -> Vec<Coefficient> {
    // Nearly always nobody asks.
    let rank = LazyCell::new(|| null.rank());
    let aliased = |of: Vec<usize>| CoefficientStatus::Aliased {
        of: of.into_iter().map(|k| names[k].clone()).collect(),
    };
    let status = |j: usize| match maximum.infinite[j] {
        _ if !maximum.live[j] => aliased(rank.combination(j)),
        0 if maximum.ldl.has(j) => CoefficientStatus::Finite,
        // What an infinite coefficient leaves of the risk sets does not inform this column.
        0 => aliased(Vec::new()),
        1.. => CoefficientStatus::PlusInfinity,
        _ => CoefficientStatus::MinusInfinity,
    };
    (names.iter().enumerate())
        .map(|(j, name)| {
            let status = status(j);
            let finite = status == CoefficientStatus::Finite;
            let estimate = maximum.point.beta[j] / ordered.scale[j];
            Coefficient {
                name: name.clone(),
                status,
                estimate: finite.then_some(estimate),
                std_error: Some(vcov[[j, j]])
                    .filter(|&variance| finite && variance > 0.0)
                    .map(f64::sqrt),
            }
        })
        .collect()
}

/// V M V. Rounding can take what is next to no variance below 0; it becomes 0, which has no standard error.
fn sandwich(inverse: &Array2<f64>, meat: &Array2<f64>) -> Array2<f64> {
    let mut product = inverse.dot(meat).dot(inverse);
    product.diag_mut().iter_mut().filter(|variance| **variance < 0.0).for_each(|v| *v = 0.0);
    product
}

/// A covariance of the columns as given, 0 where a coefficient is infinite.
pub(super) fn unscaled(matrix: &Array2<f64>, scale: &[f64], infinite: &[i8]) -> Array2<f64> {
    Array2::from_shape_fn(matrix.dim(), |(i, j)| match infinite[i] | infinite[j] {
        0 => matrix[[i, j]] / scale[i] / scale[j],
        _ => 0.0,
    })
}

/// Number of rows and of events, or the sums of their frequencies.
pub(super) fn counts(rows: &Rows) -> (f64, f64) {
    if rows.weight_kind() != Some(WeightKind::Frequency) {
        let events = rows.event.iter().filter(|event| **event).count();
        return (rows.len() as f64, events as f64);
    }
    let events = (0..rows.len()).filter(|&row| rows.event[row]);
    let count = |row: usize| rows.weight(row);
    ((0..rows.len()).map(count).sum(), events.map(count).sum())
}

pub(super) fn warnings(rows: &Rows, coefficients: &[Coefficient]) -> Vec<Warning> {
    let of = |coefficient: &Coefficient| {
        let column = || coefficient.name.clone();
        match coefficient.status {
            CoefficientStatus::Finite => None,
            CoefficientStatus::Aliased { .. } => Some(Warning::AliasedColumn { column: column() }),
            _ => Some(Warning::InfiniteCoefficient { column: column() }),
        }
    };
    rows.warnings().into_iter().chain(coefficients.iter().filter_map(of)).collect()
}

/// ‖A‖₁ ‖A⁻¹‖₁ over the columns with a pivot.
fn condition(matrix: &Array2<f64>, inverse: &Array2<f64>, ldl: &Ldl) -> Option<f64> {
    let live: Vec<usize> = (0..matrix.nrows()).filter(|&j| ldl.has(j)).collect();
    let norm = |matrix: &Array2<f64>| {
        let column = |&j: &usize| live.iter().map(|&i| matrix[[i, j]].abs()).sum::<f64>();
        live.iter().map(column).fold(0.0, f64::max)
    };
    (!live.is_empty()).then(|| norm(matrix) * norm(inverse))
}

#[cfg(feature = "serde")]
impl CoxFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            vcov: covariance,
            vcov_model: covariance,
            n: not_negative,
            n_events: not_negative,
        })?;
        self.coding.check()?;
        crate::checked::same_lengths(
            self.coding.columns().len(),
            &[
                ("coefficients", self.coefficients.len()),
                ("position", self.position.len()),
                ("vcov", self.vcov.nrows()),
                ("vcov", self.vcov.ncols()),
                ("vcov_model", self.vcov_model.nrows()),
                ("vcov_model", self.vcov_model.ncols()),
            ],
        )?;
        if !self.coding.columns().ends_with(&self.model.products(&self.coding)?) {
            return Err(Error::Inconsistent { what: "columns with functions of time" });
        }
        self.penalty.as_ref().map_or(Ok(()), |penalty| {
            crate::checked::same_lengths(
                self.coding.columns().len(),
                &[
                    ("vcov_sampling", penalty.vcov_sampling.nrows()),
                    ("vcov_sampling", penalty.vcov_sampling.ncols()),
                ],
            )?;
            crate::checked::covariance("vcov_sampling", &penalty.vcov_sampling)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// Influences that the inverse takes to 0 in one column: its variance is what rounding leaves.
    #[test]
    fn no_variance_is_below_zero() {
        let inverse = array![[3.4, -0.2], [-0.2, 6.1]];
        let mut below = 0;
        for k in 1..200 {
            let influence = array![[f64::from(k) * -0.1], [f64::from(k) * -1.7]];
            let meat = influence.dot(&influence.t());
            below += i32::from(inverse.dot(&meat).dot(&inverse)[[0, 0]] < 0.0);
            let vcov = sandwich(&inverse, &meat);
            assert!(vcov[[0, 0]] >= 0.0 && vcov[[0, 0]] < 1e-10, "{vcov}");
            approx::assert_relative_eq!(
                vcov[[1, 1]],
                (10.35 * f64::from(k)).powi(2),
                max_relative = 1e-12
            );
        }
        assert!(below > 0);
    }

    /// A coefficient that is infinite is held, whatever the information says about it.
    #[test]
    fn what_is_infinite_has_no_covariance() {
        let matrix = array![[1.0, 2.0, 3.0], [2.0, 8.0, 6.0], [3.0, 6.0, 18.0]];
        let expected = array![[0.0, 0.0, 0.0], [0.0, 2.0, 1.0], [0.0, 1.0, 2.0]];
        for sign in [1, -1] {
            assert_eq!(unscaled(&matrix, &[1.0, 2.0, 3.0], &[sign, 0, 0]), expected);
        }
    }
}
