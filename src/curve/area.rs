//! The area under a survival curve.

use super::survival_curve::SurvivalCurve;
use crate::numerics::sum::Sum;

/// ∫₀^τ S with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    /// The integral, in the unit of time.
    pub(crate) value: f64,
    /// Its standard error; `None` where the curve has none although S is above 0.
    pub(crate) std_error: Option<f64>,
}

impl SurvivalCurve {
    /// The area from 0 to τ, finite and above 0. Past its last time the curve continues flat.
    ///
    /// With A(t) = ∫_t^τ S and V(t) the variance of ln S, the variance Σ A(tᵢ)² ΔV(tᵢ) is summed by
    /// parts as Σ V(tᵢ) (A(tᵢ)² − A(tᵢ₊₁)²): no term is negative, and one with S = 0 vanishes. The
    /// unit of time is τ meanwhile, so that nothing overflows.
    #[expect(clippy::indexing_slicing, reason = "a curve has a value at each of its times")]
    pub(crate) fn area(&self, tau: f64) -> Area {
        let (time, survival) = (self.time(), self.survival());
        let (mut area, mut variance) = (Sum::default(), Some(Sum::default()));
        let mut right = tau;
        for k in (0..time.partition_point(|&known| known < tau)).rev() {
            let before = k.checked_sub(1).map_or(1.0, |before| survival[before]);
            if survival[k] == before {
                continue;
            }
            let (piece, rest) = (survival[k] * ((right - time[k]) / tau), area.value());
            area.add(piece);
            if piece > 0.0 {
                variance = variance.zip(self.std_error_ln().get(k)).map(|(mut sum, sigma)| {
                    sum.add(sigma * sigma * piece * (2.0 * rest + piece));
                    sum
                });
            }
            right = time[k];
        }
        area.add(right / tau);
        let std_error = variance.map(|variance| tau * variance.value().sqrt());
        Area { value: tau * area.value(), std_error }
    }
}
