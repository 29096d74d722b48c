//! How far a Brownian bridge strays: the distributions behind simultaneous bands.

use ndarray::Array2;
use std::f64::consts::PI;

use crate::linalg::symmetric_eigen;

/// Terms of the sine series at the most.
const TERMS: usize = 60;

/// ∫ over [−x, x] of a smooth function that swings `k` times half a period: Gauss–Legendre of eight
/// points on so many panels that a panel holds at most one of them.
fn integrate(x: f64, k: f64, value: impl Fn(f64) -> f64) -> f64 {
    let panels = 8 + k as usize;
    let half = x / panels as f64;
    let panel = |place: usize| {
        let middle = (2 * place + 1) as f64 * half - x;
        let pair = |(node, weight): &(f64, f64)| {
            weight * (value(middle - node * half) + value(middle + node * half))
        };
        GAUSS_8.iter().map(pair).sum::<f64>()
    };
    (0..panels).map(panel).sum::<f64>() * half
}

/// Nodes above 0 and weights of the Gauss–Legendre rule with eight points on [−1, 1].
const GAUSS_8: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_27),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
];

/// The normal density of variance `v`.
fn density(y: f64, v: f64) -> f64 {
    (-y * y / (2.0 * v)).exp() / (2.0 * PI * v).sqrt()
}

/// P(sup |W⁰(u)| ≤ h for a ≤ u ≤ b) for the Brownian bridge W⁰.
///
/// Given its values at a and b the bridge is a bridge between them, and a Brownian motion that is
/// stopped at ±h has the density (1/h) Σ sin sin exp(−k²π²(b−a)/8h²), k odd by symmetry. What is left
/// are integrals over the values at a and at b.
pub(super) fn stays_within(h: f64, a: f64, b: f64) -> f64 {
    let sine = |k: f64, y: f64| (k * PI * (y + h) / (2.0 * h)).sin();
    // ∫ φ_v(y) sin_k(y) dy over [−h, h], with the normal density of variance v; narrow ones by their
    // own scale.
    let overlap = |k: f64, v: f64| {
        let reach = h.min(9.0 * v.sqrt());
        integrate(reach, k * reach / h, |y| density(y, v) * sine(k, y))
    };
    let start = |k: f64| if a > 0.0 { overlap(k, a) } else { sine(k, 0.0) };
    let end = |k: f64| if b < 1.0 { overlap(k, 1.0 - b) } else { sine(k, 0.0) };
    let term = |j: usize| {
        let k = (2 * j + 1) as f64;
        let decay = (-(k * PI / h).powi(2) * (b - a) / 8.0).exp();
        if decay < 1e-18 { 0.0 } else { decay * start(k) * end(k) }
    };
    (0..TERMS).map(term).sum::<f64>() / h / density(0.0, 1.0)
}

/// P(sup |W⁰(u)| / √(u(1−u)) ≤ x for a ≤ u ≤ b).
///
/// In the time s = ½ ln(u/(1−u)) the standardised bridge is a stationary Ornstein–Uhlenbeck process.
/// Its density stopped at ±x follows from the eigenfunctions of −d²/dy² + y²/4 − ½ on [−x, x], here
/// in a sine basis.
pub(super) fn stays_within_scaled(x: f64, a: f64, b: f64) -> f64 {
    let logit = |u: f64| (u / (1.0 - u)).ln();
    let length = (logit(b) - logit(a)) / 2.0;
    // Beyond this frequency the density has decayed below 1e-16; some more for the potential.
    let highest = 2.0 * x / PI * (37.0 / length).sqrt();
    let half = (highest / 2.0).ceil().min(TERMS as f64) as usize + 10;
    let basis = |j: usize, y: f64| ((2 * j + 1) as f64 * PI * (y + x) / (2.0 * x)).sin() / x.sqrt();
    // ∫ z² cos(qπz) dz over [−1, 1].
    let moment = |q: usize| match q {
        0 => 2.0 / 3.0,
        q => (if q % 2 == 0 { 4.0 } else { -4.0 }) / (q as f64 * PI).powi(2),
    };
    let operator = Array2::from_shape_fn((half, half), |(i, j)| {
        let sign = if (i + j) % 2 == 0 { 1.0 } else { -1.0 };
        let square = sign * (moment(i.abs_diff(j)) + moment(i + j + 1)) / 2.0;
        let kinetic = ((2 * i + 1) as f64 * PI / (2.0 * x)).powi(2) - 0.5;
        x * x / 4.0 * square + if i == j { kinetic } else { 0.0 }
    });
    let root: Vec<f64> = (0..half)
        .map(|j| integrate(x, 2.0 * j as f64, |y| basis(j, y) * density(y, 1.0).sqrt()))
        .collect();
    let (values, vectors) = symmetric_eigen(operator);
    let part = |k: usize| {
        let along: f64 = (0..half).map(|j| vectors[[j, k]] * root[j]).sum();
        along * along * (-values[k] * length).exp()
    };
    (0..half).map(part).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kolmogorov's distribution, P(sup |W⁰| ≤ h) = 1 − 2 Σ (−1)^(k−1) exp(−2k²h²).
    #[test]
    fn the_whole_bridge_is_kolmogorovs() {
        for h in [0.6_f64, 0.8, 1.0, 1.358_098_7, 2.0] {
            let sign = |k: i32| if k % 2 == 1 { 1.0 } else { -1.0 };
            let tail = |k: i32| sign(k) * (-2.0 * f64::from(k * k) * h * h).exp();
            let expected = 1.0 - 2.0 * (1..40).map(tail).sum::<f64>();
            approx::assert_abs_diff_eq!(stays_within(h, 0.0, 1.0), expected, epsilon = 1e-12);
        }
    }

    /// Over a single moment both are normal probabilities.
    #[test]
    fn over_a_short_time_it_is_nearly_normal() {
        let p = stays_within_scaled(1.96, 0.5, 0.5 + 1e-9);
        assert!((p - 0.95).abs() < 0.01, "{p}");
        let p = stays_within(1.96 * 0.5, 0.49, 0.51);
        assert!(p < 0.95 && p > 0.9, "{p}");
    }

    /// Miller & Siegmund 1982 (*Biometrics* 38:1011): for large x the tail is nearly
    /// 4φ(x)/x + φ(x) (x − 1/x) ln[b(1−a)/(a(1−b))].
    #[test]
    fn far_out_the_scaled_tail_is_miller_and_siegmunds() {
        for (x, a, b, error) in
            [(3.0, 0.1, 0.9, 0.015), (4.0, 0.1, 0.9, 0.005), (5.0, 0.02, 0.7, 0.002)]
        {
            let phi = density(x, 1.0);
            let odds = f64::ln(b * (1.0 - a) / (a * (1.0 - b)));
            let tail = 4.0 * phi / x + phi * (x - 1.0 / x) * odds;
            let exact = 1.0 - stays_within_scaled(x, a, b);
            assert!((exact / tail - 1.0).abs() < error, "{exact} {tail}");
        }
    }
}
