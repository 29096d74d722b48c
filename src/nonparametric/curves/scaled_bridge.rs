//! How far a Brownian bridge strays in its own standard deviations: the distribution behind the
//! equal-precision band.

#![expect(
    clippy::indexing_slicing,
    reason = "k and i are terms before the next, a power is below its length, a point is on the grid"
)]

use ndarray::Array2;
use std::f64::consts::PI;

use crate::linalg::exponential;
use crate::numerics::normal::{normal_density, normal_sf};

/// Intervals of the grid, an even number.
const GRID: usize = 48;

/// Terms of the series for short times.
const TERMS: usize = 24;

/// P(sup |W⁰(u)| / √(u(1−u)) ≤ x for a ≤ u ≤ b).
///
/// In the time s = ½ ln(u/(1−u)) the standardised bridge is a stationary Ornstein–Uhlenbeck process
/// with the generator ∂² − y ∂. Over a short time it feels one of the boundaries ±x at the most.
pub(super) fn stays_within_scaled(x: f64, a: f64, b: f64) -> f64 {
    let logit = |u: f64| (u / (1.0 - u)).ln();
    let length = ((logit(b) - logit(a)) / 2.0).max(0.0);
    if length < 0.1 && x * x > 36.0 * length {
        stays_shortly(x, length)
    } else {
        stays_for_long(x, length)
    }
}

/// The series in √length.
///
/// With u the distance from a boundary and m = x − u the drift away from it, the probability v(u, t)
/// of staying has the Laplace transform (1 − h(u)/h(0))/s, where h'' + m h' = s h. Then ρ = −h'/h
/// solves ρ² + dρ/dm − mρ = s, so that ρ = √s + Σ c_k s^(−k/2) with
/// ```text
/// c_0 = m/2      2 c_{k+1} = m c_k − dc_k/dm − Σ_i c_i c_{k−i}
/// ```
/// The stationary density times ∂v/∂u at the boundary is what is lost there in a unit of time:
/// ```text
/// P = P(|Z| ≤ x) − 2 φ(x) (2 √(t/π) + Σ c_k(x) t^(1 + k/2)/Γ(2 + k/2))
/// ```
fn stays_shortly(x: f64, length: f64) -> f64 {
    // Polynomials in m, by ascending powers.
    let mut c: Vec<Vec<f64>> = vec![vec![0.0, 0.5]];
    for k in 0..TERMS {
        let mut next = vec![0.0; k + 3];
        for (power, value) in c[k].iter().enumerate() {
            next[power + 1] += value;
            if power > 0 {
                next[power - 1] -= power as f64 * value;
            }
        }
        for i in 0..=k {
            for (p, left) in c[i].iter().enumerate() {
                for (q, right) in c[k - i].iter().enumerate() {
                    next[p + q] -= left * right;
                }
            }
        }
        c.push(next.into_iter().map(|value| value / 2.0).collect());
    }
    let lost = (c.iter().enumerate()).map(|(k, c)| {
        let half = k as f64 / 2.0;
        let value = c.iter().rev().fold(0.0, |sum, value| sum * x + value);
        value * length.powf(1.0 + half) / libm::tgamma(2.0 + half)
    });
    let lost = 2.0 * (length / PI).sqrt() + lost.sum::<f64>();
    1.0 - 2.0 * normal_sf(x) - 2.0 * normal_density(x) * lost
}

/// By collocation: the probability of staying from y, an even function, solves ∂v/∂t = v'' − y v'
/// with v = 0 at ±x; it is taken at Chebyshev's points x cos(πi/N), 0 < i ≤ N/2.
///
/// Source: Trefethen, *Spectral Methods in MATLAB*, programs 11 (derivative) and 30 (quadrature).
fn stays_for_long(x: f64, length: f64) -> f64 {
    let (n, half) = (GRID, GRID / 2);
    let angle = |i: usize| i as f64 * PI / n as f64;
    let point = |i: usize| angle(i).cos();
    let edge = |i: usize| if i == 0 || i == n { 2.0 } else { 1.0 };
    let mut derivative = Array2::from_shape_fn((n + 1, n + 1), |(i, j)| {
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        if i == j { 0.0 } else { edge(i) / edge(j) * sign / (point(i) - point(j)) }
    });
    for i in 0..=n {
        derivative[[i, i]] = -derivative.row(i).sum();
    }
    let second = derivative.dot(&derivative);
    let generator =
        |i: usize, j: usize| length * (second[[i, j]] / (x * x) - point(i) * derivative[[i, j]]);
    let folded = Array2::from_shape_fn((half, half), |(i, j)| {
        let (i, j) = (i + 1, j + 1);
        generator(i, j) + if j < half { generator(i, n - j) } else { 0.0 }
    });
    let stays = exponential(&folded).sum_axis(ndarray::Axis(1));
    // Clenshaw and Curtis' weights, without the 2/N.
    let weight = |i: usize| {
        let term = |k: usize| {
            let twice = if k == half { 1.0 } else { 2.0 };
            twice * (2.0 * k as f64 * angle(i)).cos() / (4 * k * k - 1) as f64
        };
        1.0 - (1..=half).map(term).sum::<f64>()
    };
    let part = |i: usize| {
        let sides = if i == half { 1.0 } else { 2.0 };
        sides * weight(i) * normal_density(x * point(i)) * stays[i - 1]
    };
    (1..=half).map(part).sum::<f64>() * x * 2.0 / n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_normal() {
        for x in [0.5, 1.96, 3.0] {
            let moment = 1.0 - 2.0 * normal_sf(x);
            approx::assert_abs_diff_eq!(stays_within_scaled(x, 0.4, 0.4), moment, epsilon = 1e-15);
        }
    }

    /// The two ways know nothing of each other.
    #[test]
    fn series_and_collocation_agree() {
        for x in [2.0, 2.5, 3.0, 3.5, 5.0] {
            for length in [0.02, 0.05, 0.1] {
                let (short, long) = (stays_shortly(x, length), stays_for_long(x, length));
                approx::assert_abs_diff_eq!(short, long, epsilon = 1e-10);
            }
        }
    }

    /// Miller & Siegmund 1982 (*Biometrics* 38:1011): for large x the tail is nearly
    /// 4φ(x)/x + φ(x) (x − 1/x) ln[b(1−a)/(a(1−b))].
    #[test]
    fn far_out_the_tail_is_miller_and_siegmunds() {
        for (x, a, b, error) in
            [(3.0, 0.1, 0.9, 0.015), (4.0, 0.1, 0.9, 0.005), (5.0, 0.02, 0.7, 0.002)]
        {
            let phi = normal_density(x);
            let odds = f64::ln(b * (1.0 - a) / (a * (1.0 - b)));
            let tail = 4.0 * phi / x + phi * (x - 1.0 / x) * odds;
            let exact = 1.0 - stays_within_scaled(x, a, b);
            assert!((exact / tail - 1.0).abs() < error, "{exact} {tail}");
        }
    }

    /// Over a short time t, which only the series can resolve, the boundaries take 2 φ(x) 2√(t/π).
    #[test]
    fn a_short_time_takes_little() {
        for x in [1.0_f64, 1.96, 3.0] {
            for time in [1e-7_f64, 1e-5] {
                let moment = 1.0 - 2.0 * normal_sf(x);
                let lost = 4.0 * normal_density(x) * (time / PI).sqrt();
                let ours = moment - stays_within_scaled(x, 0.5, 1.0 / (1.0 + (-2.0 * time).exp()));
                approx::assert_relative_eq!(ours, lost, max_relative = x * time.sqrt());
            }
        }
    }

    /// In a narrow strip there is no drift to speak of: a free motion from anywhere in (−x, x) stays with
    /// the probability Σ 8/(πk)² exp(−(πk/2x)² t), k odd. Both boundaries are felt at once.
    #[test]
    fn a_narrow_strip_is_that_of_a_free_motion() {
        for x in [0.01_f64, 0.03] {
            let time = x * x;
            let term = |k: f64| 8.0 / (PI * k).powi(2) * (-(PI * k).powi(2) / 4.0).exp();
            let stays: f64 = [1.0, 3.0, 5.0].map(term).iter().sum();
            let ours = stays_within_scaled(x, 0.5, 1.0 / (1.0 + (-2.0 * time).exp()));
            let expected = 2.0 * x * normal_density(0.0) * stays;
            approx::assert_relative_eq!(ours, expected, max_relative = x * x);
        }
    }
}
