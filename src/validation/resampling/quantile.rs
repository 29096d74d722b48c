//! Limits read off replicates.

use crate::numerics::normal::{normal_quantile, normal_sf};
use crate::numerics::whole::whole;
use crate::statistic::Interval;

/// A number, unless it is none: values at the end of the range have differences and sums beyond it.
pub(super) fn held(number: f64) -> Option<f64> {
    number.is_finite().then_some(number)
}

/// The order statistic at place (B + 1) p, interpolated; `None` where that lies outside 1 to B, or no number
/// holds it.
#[expect(clippy::indexing_slicing, reason = "places from 1 to B have a value")]
fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let place = (ascending.len() as f64 + 1.0) * p;
    if !(place >= 1.0 && place <= ascending.len() as f64) {
        return None;
    }
    let below = place.floor();
    let at = |k: f64| ascending[whole(k - 1.0)];
    let part = place - below;
    held(if part == 0.0 { at(below) } else { at(below) + part * (at(below + 1.0) - at(below)) })
}

/// The shares of replicates below the two percentile limits.
pub(super) fn tails(level: f64) -> [f64; 2] {
    [(1.0 - level) / 2.0, (1.0 + level) / 2.0]
}

/// Limits at given shares.
pub(super) fn limits(ascending: &[f64], shares: [Option<f64>; 2], level: f64) -> Interval {
    let [lower, upper] = shares.map(|share| quantile(ascending, share?));
    Interval { lower, upper, level }
}

/// The shares at which the bias-corrected and accelerated limits lie, of `below` of the replicates being
/// below the estimate; `None` where all or none are, or the acceleration is too strong.
pub(super) fn corrected(below: f64, acceleration: f64, level: f64) -> [Option<f64>; 2] {
    if !(below > 0.0 && below < 1.0) {
        return [None; 2];
    }
    let bias = normal_quantile(below);
    tails(level).map(|share| {
        let from = bias + normal_quantile(share);
        let stretch = 1.0 - acceleration * from;
        (stretch > 0.0).then(|| normal_sf(-(bias + from / stretch)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    #[test]
    fn order_statistics_interpolate() {
        let values = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&values, 0.2), Some(1.0));
        assert_eq!(quantile(&values, 0.5), Some(3.0));
        assert_eq!(quantile(&values, 0.7), Some(6.0));
        assert_eq!(quantile(&values, 0.8), Some(8.0));
        assert_eq!(quantile(&values, 0.81), None);
        assert_eq!(quantile(&values, 0.19), None);
        assert_eq!(quantile(&[], 0.5), None);
    }

    /// `z0 <- qnorm(0.6); z <- z0 + qnorm(c(.025, .975)); pnorm(z0 + z / (1 - 0.05 * z))` in R.
    #[test]
    fn corrected_shares_are_those_of_r() {
        let [lower, upper] = corrected(0.6, 0.05, 0.95);
        assert_close(lower.unwrap(), LOWER, 1e-13);
        assert_close(upper.unwrap(), UPPER, 1e-13);
        let [lower, upper] = corrected(0.5, 0.0, 0.9);
        assert_close(lower.unwrap(), 0.05, 1e-13);
        assert_close(upper.unwrap(), 0.95, 1e-13);
        assert_eq!(corrected(0.0, 0.0, 0.9), [None; 2]);
        assert_eq!(corrected(0.5, 1.0, 0.9)[1], None);
    }

    const LOWER: f64 = 0.093_569_144_440_044_04;
    const UPPER: f64 = 0.996_947_376_285_070_6;
}
