//! What a penalty did to a fit.

use ndarray::Array2;

use super::engine::{Maximum, Ordered, Penalty, Point};
use super::problem::Problem;

/// What a penalty did to a fit of [`CoxPh`](crate::CoxPh).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PenaltyFit {
    /// What it adds to the log-likelihood at the estimate: −½ n λ Σ s² β² under ridge, ½ ln|I|
    /// under Firth.
    pub value: f64,
    /// The same with all coefficients 0.
    pub value_null: f64,
    /// Effective degrees of freedom, tr(I (I + P)⁻¹) with P the second derivative of ridge's penalty;
    /// under Firth the number of coefficients.
    pub effective_df: f64,
    /// (I + P)⁻¹ I (I + P)⁻¹, p × p, R's `var2`; under Firth the inverse of the information, as
    /// [`vcov`](super::CoxFit::vcov).
    pub vcov_sampling: Array2<f64>,
}

impl PenaltyFit {
    /// `inverse` is that of the curvature, `unscale` turns a matrix back to the columns as given.
    pub(super) fn new(
        problem: &Problem,
        maximum: &Maximum,
        inverse: &Array2<f64>,
        unscale: impl Fn(&Array2<f64>) -> Array2<f64>,
    ) -> Option<Self> {
        let Problem { ordered, null, control } = problem;
        let value = |point: &Point| point.pull.value + units(&control.penalty, ordered);
        let sampling = match control.penalty {
            Penalty::None => return None,
            // Where a small penalty is all there is, rounding of the information would be all that is left.
            Penalty::Ridge(_) => maximum.point.own_factors().between(inverse),
            Penalty::Firth(_) => inverse.clone(),
        };
        let share = inverse.dot(&maximum.point.information);
        Some(Self {
            value: value(&maximum.point),
            value_null: value(null),
            effective_df: share.diag().sum(),
            vcov_sampling: unscale(&sampling),
        })
    }
}

/// What the scale of the columns adds to the penalty.
fn units(penalty: &Penalty, ordered: &Ordered) -> f64 {
    match penalty {
        Penalty::Firth(columns) => {
            let scales = columns.iter().zip(&ordered.scale).filter(|(live, _)| **live);
            scales.map(|(_, scale)| scale.ln()).sum()
        }
        _ => 0.0,
    }
}
