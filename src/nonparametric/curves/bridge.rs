//! How far a Brownian bridge strays: the distribution behind Hall and Wellner's band.

use crate::numerics::normal::normal_sf;
use crate::numerics::whole::whole_signed;
use std::f64::consts::PI;

/// Panels of the quadrature.
const PANELS: usize = 50;

/// Images of the starting point on either side at the most.
const IMAGES: i32 = 60;

/// Beyond this many standard deviations a normal density counts for nothing.
const FAR: f64 = 9.0;

/// ∫ of an even function over [−x, x]: Gauss–Legendre of three points on panels that are much
/// denser at the ends, where a boundary is felt only from nearby when time is short:
/// y = x (15t − 10t³ + 3t⁵)/8.
fn integrate(x: f64, value: impl Fn(f64) -> f64) -> f64 {
    let width = 1.0 / PANELS as f64;
    let offset = (0.6_f64).sqrt() * width / 2.0;
    let at = |t: f64| {
        let square = t * t;
        let y = x * t * (15.0 - 10.0 * square + 3.0 * square * square) / 8.0;
        15.0 / 8.0 * x * (1.0 - square).powi(2) * value(y)
    };
    let panel = |k: usize| {
        let middle = (k as f64 + 0.5) * width;
        (5.0 * (at(middle - offset) + at(middle + offset)) + 8.0 * at(middle)) / 18.0
    };
    (0..PANELS).map(panel).sum::<f64>() * 2.0 * width
}

/// The normal density of variance `v`.
fn density(y: f64, v: f64) -> f64 {
    (-y * y / (2.0 * v)).exp() / (2.0 * PI * v).sqrt()
}

/// P(sup |W⁰(u)| ≤ h for a ≤ u ≤ b) for the Brownian bridge W⁰.
///
/// From W⁰(a) = y on, the density of the paths that stay is that of a free motion from y and its
/// images 2mh + (−1)ᵐ y in ±h, with alternating signs, that has to be at 0 at time 1. Of each image
/// the part that is within ±h at b is a difference of normal probabilities. What is left is an
/// integral over y.
pub(super) fn stays_within(h: f64, a: f64, b: f64) -> f64 {
    let reach = FAR * (1.0 - a).sqrt();
    let images = whole_signed((0.5 + reach / (2.0 * h)).ceil().min(f64::from(IMAGES)));
    let spread = ((b - a) * (1.0 - b) / (1.0 - a)).sqrt();
    let stays = |y: f64| {
        let image = |m: i32| {
            let sign = if m % 2 == 0 { 1.0 } else { -1.0 };
            let start = 2.0 * f64::from(m) * h + sign * y;
            let mean = start * (1.0 - b) / (1.0 - a);
            if start.abs() > reach || mean.abs() > h + FAR * spread {
                return 0.0;
            }
            let inside = normal_sf((-h - mean) / spread) - normal_sf((h - mean) / spread);
            sign * density(start, 1.0 - a) * inside
        };
        (-images..=images).map(image).sum::<f64>() / density(0.0, 1.0)
    };
    if a > 0.0 {
        integrate(h.min(FAR * a.sqrt()), |y| density(y, a) * stays(y))
    } else {
        stays(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kolmogorov's distribution, P(sup |W⁰| ≤ h) = 1 − 2 Σ (−1)^(k−1) exp(−2k²h²).
    #[test]
    fn the_whole_bridge_is_kolmogorovs() {
        for h in [0.3, 0.6, 0.8, 1.0, 1.358_098_7, 2.0] {
            let sign = |k: i32| if k % 2 == 1 { 1.0 } else { -1.0 };
            let tail = |k: i32| sign(k) * (-2.0 * f64::from(k * k) * h * h).exp();
            let expected = 1.0 - 2.0 * (1..40).map(tail).sum::<f64>();
            approx::assert_abs_diff_eq!(stays_within(h, 0.0, 1.0), expected, epsilon = 1e-12);
        }
    }

    /// Nothing is reached before a time so short that the boundary lies a thousand standard deviations away.
    #[test]
    fn what_begins_a_little_later_is_the_whole() {
        for h in [0.6, 1.0, 1.358_098_7, 2.0] {
            let whole = stays_within(h, 0.0, 1.0);
            approx::assert_abs_diff_eq!(stays_within(h, h * h / 1e6, 1.0), whole, epsilon = 1e-11);
        }
    }

    /// At a single moment it is a normal probability; over a short time τ the boundary takes
    /// 2 φ √(2τ/π) of it, φ being the density there.
    #[test]
    fn a_moment_is_normal_and_a_short_time_nearly_so() {
        for (h, a) in [(0.98, 0.5), (0.3, 0.1), (1.0, 0.4)] {
            let v: f64 = a * (1.0 - a);
            let moment = 1.0 - 2.0 * normal_sf(h / v.sqrt());
            approx::assert_abs_diff_eq!(stays_within(h, a, a), moment, epsilon = 1e-11);
            for time in [1e-6_f64, 1e-5] {
                let lost = 2.0 * density(h, v) * (2.0 * time / PI).sqrt();
                let ours = moment - stays_within(h, a, a + time);
                approx::assert_relative_eq!(ours, lost, max_relative = 3.0 * time.sqrt());
            }
        }
    }
}
