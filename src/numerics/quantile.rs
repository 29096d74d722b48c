//! Quantiles of a sample.

use super::whole::whole;

/// The quantile of type 7 of Hyndman & Fan 1996 (doi:10.1080/00031305.1996.10473566), R's default:
/// at the place (n − 1) p of the ascending values, counted from 0, interpolated. `None` without values.
pub(crate) fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let n = ascending.len();
    let place = p * n.checked_sub(1)? as f64;
    // Rounding must not push a place that is whole below itself.
    let below = (place + 4.0 * f64::EPSILON * n as f64).floor();
    let (part, below) = ((place - below).max(0.0), whole(below));
    let low = *ascending.get(below)?;
    let high = ascending.get(below + 1).copied().unwrap_or(low);
    Some(between(low, high, part))
}

/// The number a part of the way from one to another, also where they are further apart than numbers go.
fn between(low: f64, high: f64, part: f64) -> f64 {
    let distance = high - low;
    if distance.is_finite() { low + part * distance } else { low * (1.0 - part) + high * part }
}

/// The smallest value with a share p of the weight at or below it; where the share is met exactly, the
/// middle between it and the next. `None` without values.
pub(crate) fn weighted_quantile(ascending: &[f64], weights: &[f64], p: f64) -> Option<f64> {
    let target = p * weights.iter().sum::<f64>();
    let allowance = 4.0 * f64::EPSILON * ascending.len() as f64 * target;
    let mut below = 0.0;
    for (place, (&value, weight)) in ascending.iter().zip(weights).enumerate() {
        below += weight;
        if below > target + allowance {
            return Some(value);
        }
        if below >= target - allowance {
            let next = ascending.get(place + 1).copied().unwrap_or(value);
            return Some(between(value, next, 0.5));
        }
    }
    ascending.last().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_neighbours() {
        let values = [1.0, 2.0, 4.0, 8.0];
        let found = [0.0, 0.25, 0.5, 0.75, 1.0].map(|p| quantile(&values, p).unwrap());
        assert_eq!(found, [1.0, 1.75, 3.0, 5.0, 8.0]);
        assert_eq!(quantile(&[3.0], 0.3), Some(3.0));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn weights_are_met_or_passed() {
        let values = [1.0, 2.0, 4.0];
        let of = |weights: [f64; 3], p| weighted_quantile(&values, &weights, p).unwrap();
        assert_eq!(of([1.0, 2.0, 1.0], 0.5), 2.0);
        assert_eq!(of([1.0, 2.0, 1.0], 0.25), 1.5);
        assert_eq!(of([0.1, 0.2, 0.3], 0.5), 3.0);
        assert_eq!(of([1.0, 1.0, 8.0], 0.75), 4.0);
        assert_eq!(weighted_quantile(&[], &[], 0.5), None);
    }
}
