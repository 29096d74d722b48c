//! The standard normal distribution: tails, their logarithms and quantiles.
//!
//! Every tail is computed as a tail, never as one minus the other side.
//! Transcendental functions come from `libm`, so results do not depend on the
//! platform.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, SQRT_2};

/// 1/√(2π).
const INV_SQRT_2PI: f64 = 0.398_942_280_401_432_7;
/// ln √(2π).
const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_7;
/// √(2π).
const SQRT_2PI: f64 = 2.506_628_274_631_000_5;
/// √2 minus its nearest `f64`.
const SQRT_2_LOW: f64 = -9.667_293_313_452_913e-17;
/// From here on the continued fraction replaces the error function.
const FAR: f64 = 5.0;
/// Levels of the continued fraction that give full precision for z ≥ [`FAR`].
const MILLS_LEVELS: u32 = 24;

/// Upper tail of the standard normal distribution, Q(z) = P(Z > z).
///
/// Q(z) = ½ erfc(z/√2) below z = 5 and φ(z)·R(z) beyond, with the Mills
/// ratio R.
///
/// Domain: every z, including ±∞; relative accuracy holds while Q(z) is a
/// normal `f64` (z < 37.5).
///
/// Source: DLMF 7.2.2; Abramowitz & Stegun 26.2.14.
pub(crate) fn normal_sf(z: f64) -> f64 {
    if z >= FAR {
        return normal_density(z) * mills_ratio(z);
    }
    let t = z * FRAC_1_SQRT_2;
    let tail = 0.5 * libm::erfc(t);
    if z <= 0.0 {
        return tail;
    }
    // √2·t differs from z by rounding; the first Taylor term takes it back.
    let shift = (-SQRT_2).mul_add(t, z) - SQRT_2_LOW * t;
    tail - shift * normal_density(z)
}

/// Natural logarithm of the upper tail, ln Q(z).
///
/// ln Q(z) = −z²/2 − ln √(2π) + ln R(z) for z ≥ 5, with the Mills ratio R.
///
/// Domain: every z; −∞ where z²/2 exceeds the range of `f64`.
///
/// Source: Abramowitz & Stegun 26.2.14.
pub(crate) fn normal_ln_sf(z: f64) -> f64 {
    if z >= FAR {
        libm::log(mills_ratio(z)) - LN_SQRT_2PI - 0.5 * z * z
    } else if z < -1.0 {
        libm::log1p(-normal_sf(-z))
    } else {
        libm::log(normal_sf(z))
    }
}

/// Two-sided p-value of a standard normal statistic and its logarithm,
/// p = 2·Q(|z|) and ln p.
///
/// The logarithm keeps its accuracy where p underflows to zero.
///
/// Domain: every z, including ±∞.
///
/// Source: Abramowitz & Stegun 26.2.14, DLMF 7.2.1.
pub(crate) fn normal_two_sided(z: f64) -> (f64, f64) {
    let z = z.abs();
    let ln_p =
        if z < 1.0 { libm::log1p(-libm::erf(z * FRAC_1_SQRT_2)) } else { LN_2 + normal_ln_sf(z) };
    (2.0 * normal_sf(z), ln_p)
}

/// Quantile of the standard normal, the z with Φ(z) = p.
///
/// Newton's method on Φ(z) − ½ in the centre, on ln Q(z) in the tails.
///
/// Domain: 0 < p < 1 (checked by the caller), down to the smallest subnormal.
///
/// Source: start in the tails Abramowitz & Stegun 26.2.23; Newton, DLMF 3.8(ii).
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let from_centre = p - 0.5;
    if from_centre.abs() < 0.3 {
        central_quantile(from_centre)
    } else if from_centre < 0.0 {
        -tail_quantile(p)
    } else {
        tail_quantile(1.0 - p)
    }
}

/// Upper tail at a square root, Q(√s), free of the rounding of √s.
///
/// Q(√s) ≈ Q(z)·(1 − (s − z²)/2) with z the rounded root.
///
/// Domain: 0 ≤ s ≤ ∞.
///
/// Source: first Taylor term, Q′(z) = −φ(z) (Abramowitz & Stegun 26.2.3).
pub(crate) fn normal_sf_of_root(s: f64) -> f64 {
    let z = s.sqrt();
    let tail = normal_sf(z);
    if tail == 0.0 {
        return 0.0;
    }
    let rounding = (-z).mul_add(z, s);
    tail * (1.0 - 0.5 * rounding)
}

/// Hazard of the standard normal, φ(z)/Q(z), the inverse of the Mills ratio.
///
/// Domain: every z.
///
/// Source: Abramowitz & Stegun 26.2.14.
pub(crate) fn normal_hazard(z: f64) -> f64 {
    if z >= FAR { 1.0 / mills_ratio(z) } else { normal_density(z) / normal_sf(z) }
}

/// Density φ(z) = exp(−z²/2)/√(2π), with the rounding of z² taken back.
pub(crate) fn normal_density(z: f64) -> f64 {
    if z.abs() > 40.0 {
        return 0.0;
    }
    let square = z * z;
    let rounding = z.mul_add(z, -square);
    INV_SQRT_2PI * libm::exp(-0.5 * square) * (1.0 - 0.5 * rounding)
}

/// Mills ratio Q(z)/φ(z) = 1/(z + 1/(z + 2/(z + 3/(z + …)))), for z ≥ [`FAR`].
fn mills_ratio(z: f64) -> f64 {
    let denominator = (1..=MILLS_LEVELS).rev().fold(z, |below, level| z + f64::from(level) / below);
    1.0 / denominator
}

/// The z with Φ(z) − ½ = q, for |q| < 0.3.
fn central_quantile(q: f64) -> f64 {
    let linear = SQRT_2PI * q;
    let mut z = linear + linear.powi(3) / 6.0;
    for _ in 0..4 {
        let excess = 0.5 * libm::erf(z * FRAC_1_SQRT_2) - q;
        z -= excess / normal_density(z);
    }
    z
}

/// The z with Q(z) = p, for 0 < p ≤ 0.2.
fn tail_quantile(p: f64) -> f64 {
    let ln_p = libm::log(p);
    let t = (-2.0 * ln_p).sqrt();
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328);
    let denominator = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308));
    let mut z = t - numerator / denominator;
    for _ in 0..3 {
        z += (normal_ln_sf(z) - ln_p) / normal_hazard(z);
    }
    z
}

#[cfg(test)]
#[allow(
    clippy::approx_constant,
    clippy::excessive_precision,
    clippy::float_cmp,
    reason = "reference values have 20 digits"
)]
mod tests {
    use super::*;
    use crate::numerics::assert_close;

    // Reference values: mpmath, 50 digits (`special_functions.py` beside the goldens).

    #[test]
    fn normal_sf_matches_mpmath() {
        let reference = [
            (-8.0, 0.9999999999999993779),
            (-1.5, 0.933192798731141934),
            (0.0, 0.5),
            (0.001, 0.49960105778608893741),
            (0.5, 0.30853753872598689636),
            (1.96, 0.024997895148220436213),
            (3.0, 0.0013498980316300945267),
            (4.999, 2.8814201414641366029e-7),
            (5.0, 2.8665157187919391167e-7),
            (8.0, 6.2209605742717841235e-16),
            (12.3, 4.5287069561587846514e-35),
            (20.0, 2.7536241186062336951e-89),
            (30.1, 2.4226672179857587657e-199),
            (37.4, 1.953681561648992248e-306),
        ];
        for (z, expected) in reference {
            assert_close(normal_sf(z), expected, 1e-15);
        }
    }

    #[test]
    fn normal_ln_sf_matches_mpmath() {
        let reference = [
            (-30.0, -4.9067139271481870595e-198),
            (-8.0, -6.2209605742717860585e-16),
            (-1.5, -0.069143455612233982993),
            (0.0, -0.69314718055994530942),
            (1.0, -1.8410216450092635058),
            (4.99, -15.01318171768932103),
            (5.0, -15.064998393988725736),
            (10.0, -53.231285150512470578),
            (38.0, -726.5572160188201301),
            (100.0, -5005.5242086942050886),
            (1234.5, -762003.16236049816101),
            (100000.0, -5000000012.4318639983),
        ];
        for (z, expected) in reference {
            assert_close(normal_ln_sf(z), expected, 2e-15);
        }
    }

    #[test]
    fn two_sided_matches_mpmath() {
        let reference = [
            (-1.96, 0.049995790296440872426),
            (0.0, 1.0),
            (0.3, 0.76417715562209473386),
            (6.5, 8.0320011677182356167e-11),
            (-25.0, 6.1133934127651218328e-138),
            (37.0, 1.1451142445049153645e-299),
        ];
        for (z, expected) in reference {
            assert_close(normal_two_sided(z).0, expected, 2e-15);
        }
    }

    #[test]
    fn two_sided_ln_matches_mpmath() {
        let reference = [
            (1e-09, -7.9788456112117529179e-10),
            (0.1, -0.083007412170328016156),
            (-0.999, -1.1463497296048325967),
            (1.0, -1.1478744644493181964),
            (6.5, -23.245002314601893245),
            (-60.0, -1804.3204135000071934),
            (100000.0, -5000000011.7387168177),
        ];
        for (z, expected) in reference {
            assert_close(normal_two_sided(z).1, expected, 2e-15);
        }
    }

    #[test]
    fn normal_quantile_matches_mpmath() {
        let reference = [
            (5e-324, -38.467405617144346251),
            (1e-300, -37.047096299361199237),
            (1e-100, -21.273453560965324294),
            (1e-20, -9.2623400897984075796),
            (1e-05, -4.2648907939228246102),
            (0.025, -1.9599639845400542118),
            (0.2, -0.84162123357291416552),
            (0.21, -0.80642124701824023545),
            (0.4, -0.25334710313579974132),
            (0.4999999, -2.5066282747031065135e-7),
            (0.6, 0.25334710313579974132),
            (0.79, 0.80642124701824033176),
            (0.81, 0.87789629505122879176),
            (0.975, 1.9599639845400538556),
            (0.999999, 4.7534243088170877657),
            (0.9999999999999999, 8.2095361516013868556),
        ];
        for (p, expected) in reference {
            assert_close(normal_quantile(p), expected, 2e-15);
        }
    }

    #[test]
    fn limits_are_exact() {
        assert_eq!(normal_sf(f64::INFINITY), 0.0);
        assert_eq!(normal_sf(f64::NEG_INFINITY), 1.0);
        assert_eq!(normal_ln_sf(f64::INFINITY), f64::NEG_INFINITY);
        assert_eq!(normal_ln_sf(f64::NEG_INFINITY), 0.0);
        let beyond = normal_two_sided(f64::NEG_INFINITY);
        assert_eq!(beyond, (0.0, f64::NEG_INFINITY));
        assert_eq!(normal_two_sided(0.0), (1.0, 0.0));
        assert_eq!(normal_quantile(0.5), 0.0);
        assert!(normal_sf(f64::NAN).is_nan());
    }
}
