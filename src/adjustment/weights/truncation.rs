//! Weights cut at quantiles.

use crate::error::{Error, Result};
use crate::numerics::whole::whole;

/// What truncation did to weights, by
/// [`BalancingWeights::truncated`](crate::adjustment::BalancingWeights::truncated).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Truncation {
    /// The shares of weights asked to lie below the two cuts.
    pub quantiles: [f64; 2],
    /// No weight is below this.
    pub lower: f64,
    /// No weight is above this.
    pub upper: f64,
    /// Weights that were raised to `lower`.
    pub n_raised: usize,
    /// Weights that were lowered to `upper`.
    pub n_lowered: usize,
    /// The largest weight before.
    pub largest_before: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(Truncation {
    quantiles: probability,
    largest_before: not_negative,
} lower <= upper);

impl Truncation {
    /// Cuts weights, of which there is at least one.
    pub(super) fn of(values: &mut [f64], quantiles: [f64; 2]) -> Result<Self> {
        let [below, above] = quantiles;
        let rule = "must be 0 ≤ lower < upper ≤ 1";
        let bad = |value| Err(Error::InvalidOption { option: "truncated", value, rule });
        if !(below >= 0.0 && below < above) {
            return bad(below);
        }
        if !(above <= 1.0) {
            return bad(above);
        }
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let (lower, upper) = (quantile(&sorted, below), quantile(&sorted, above));
        let largest_before = sorted.last().copied().unwrap_or(upper);
        let (mut n_raised, mut n_lowered) = (0, 0);
        for value in values {
            n_raised += usize::from(*value < lower);
            n_lowered += usize::from(*value > upper);
            *value = value.clamp(lower, upper);
        }
        Ok(Self { quantiles, lower, upper, n_raised, n_lowered, largest_before })
    }
}

/// R's type 7.
#[expect(clippy::indexing_slicing, reason = "both places are at most the last")]
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let last = sorted.len() - 1;
    let place = p * last as f64;
    // Rounding must not push a place that is whole below itself.
    let below = (place + 4.0 * f64::EPSILON * last as f64).floor();
    let (part, below) = ((place - below).max(0.0), whole(below).min(last));
    sorted[below] + part * (sorted[(below + 1).min(last)] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_type_7() {
        let sorted = [1.0, 2.0, 4.0, 8.0, 16.0];
        assert_eq!(quantile(&sorted, 0.0), 1.0);
        assert_eq!(quantile(&sorted, 0.25), 2.0);
        assert_eq!(quantile(&sorted, 0.6), 4.0 + 0.4 * 4.0);
        assert_eq!(quantile(&sorted, 1.0), 16.0);
        assert_eq!(quantile(&[3.0], 0.99), 3.0);
    }

    #[test]
    fn what_was_cut_is_counted() {
        let mut values = [8.0, 1.0, 2.0, 16.0, 4.0];
        let cut = Truncation::of(&mut values, [0.25, 0.75]).unwrap();
        assert_eq!(values, [8.0, 2.0, 2.0, 8.0, 4.0]);
        assert_eq!((cut.lower, cut.upper, cut.n_raised, cut.n_lowered), (2.0, 8.0, 1, 1));
        assert_eq!(cut.largest_before, 16.0);
        for bad in [[0.5, 0.5], [-0.1, 0.9], [0.1, 1.1], [f64::NAN, 0.9], [0.1, f64::NAN]] {
            assert!(Truncation::of(&mut values, bad).is_err());
        }
    }
}
