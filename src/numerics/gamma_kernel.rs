//! The factor x^a·e^(−x)/Γ(a) shared by the incomplete gamma functions.
//!
//! It is split as a^a·e^(−a)/Γ(a) times e^(−D) with the deviance
//! D = x − a − a·ln(x/a). D is carried in twice the working precision: an
//! exponent of 700 rounded to an `f64` would cost three digits.

use std::f64::consts::{SQRT_2, TAU};

/// From here on Stirling's series for Γ has full precision.
const STIRLING_FROM: f64 = 10.0;
/// ln 2 to 32 bits, so that small multiples are exact, and the remainder.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Logarithm of x^a·e^(−x)/Γ(a), the derivative of P in ln x.
///
/// Domain: a > 0, 0 < x < ∞.
///
/// Source: DLMF 8.8.13.
pub(crate) fn ln_kernel(a: f64, x: f64) -> f64 {
    let (high, low) = deviance(a, x);
    libm::log(a * peak(a)) - low - high
}

/// x^a·e^(−x)/Γ(a), free of cancellation at large a.
pub(crate) fn kernel(a: f64, x: f64) -> f64 {
    let (high, low) = deviance(a, x);
    a * peak(a) * libm::exp(-high) * (1.0 - low)
}

/// a^a·e^(−a)/Γ(a + 1), by Stirling's series (DLMF 5.11.1) at large a.
fn peak(a: f64) -> f64 {
    if a < STIRLING_FROM {
        return libm::pow(a, a) * libm::exp(-a) / libm::tgamma(a + 1.0);
    }
    libm::exp(-stirling_series(a)) / (TAU * a).sqrt()
}

/// What ln Γ(a) is above Stirling's formula (a − ½) ln a − a + ½ ln 2π, to 1e-15 absolutely.
///
/// Domain: a > 0.
///
/// Source: DLMF 5.11.1.
pub(crate) fn stirling_remainder(a: f64) -> f64 {
    if a < STIRLING_FROM {
        return libm::lgamma(a) - (a - 0.5) * libm::log(a) + a - 0.5 * TAU.ln();
    }
    stirling_series(a)
}

/// The remainder of Stirling's formula at large a.
fn stirling_series(a: f64) -> f64 {
    const COEFFICIENTS: [f64; 7] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
    ];
    polynomial(&COEFFICIENTS, 1.0 / (a * a)) / a
}

/// x − a − a·ln(x/a) ≥ 0 as an unevaluated sum of two numbers.
///
/// With x/a = 2^k·y/b and y/b within [1/√2, √2],
/// ln(x/a) = k·ln 2 + 2·artanh v, v = (y − b)/(y + b) (DLMF 4.6.4), and only
/// the small terms beyond 2v are left to ordinary rounding.
pub(crate) fn deviance(a: f64, x: f64) -> (f64, f64) {
    let (mantissa, exponent_x) = libm::frexp(x);
    let (b, exponent_a) = libm::frexp(a);
    let halvings = libm::ilogb(SQRT_2 * mantissa / b);
    let y = libm::scalbn(mantissa, -halvings);
    let k = f64::from(exponent_x - exponent_a + halvings);

    let difference = y - b;
    let (total, total_low) = two_sum(y, b);
    let v = difference / total;
    let v_low = ((-v).mul_add(total, difference) - v * total_low) / total;
    let w = v * v;
    let beyond = (1..=12).rev().fold(0.0, |sum, j| sum * w + 1.0 / f64::from(2 * j + 1));

    let (excess, excess_low) = two_sum(x, -a);
    let (powers, powers_low) = two_product(-a, k * LN_2_HIGH);
    let (leading, leading_low) = two_product(-2.0 * a, v);
    let (sum, low_1) = two_sum(excess, powers);
    let (sum, low_2) = two_sum(sum, leading);
    let (sum, low_3) = two_sum(sum, -2.0 * a * v * w * beyond);
    let low = excess_low + powers_low + leading_low + low_1 + low_2 + low_3;
    two_sum(sum, low - a * (k * LN_2_LOW + 2.0 * v_low))
}

/// c₀ + c₁·x + c₂·x² + … by Horner's rule.
pub(crate) fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// a + b as its rounded value and the rounding error (Knuth's two-sum).
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// a·b as its rounded value and the rounding error.
fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
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
    fn deviance_matches_mpmath() {
        // High part to the last place; the low part is what it leaves over.
        let reference = [
            (1e-09, 3.0, 2.9999999771781218744),
            (0.5, 100.0, 96.850841316725981661),
            (3.0, 1e-200, 1381.8468926624317395),
            (10.0, 10.000001, 4.9999996591826878907e-14),
            (63.9, 64.1, 0.00031233749365842461485),
            (5000.0, 7900.0, 612.87576480562282223),
            (5000.0, 3000.0, 554.12811882995341603),
            (65535.0, 65537.0, 0.000030517422906939351522),
            (1000000000000.0, 1000020000000.0, 199.99733337333269334),
        ];
        for (a, x, expected) in reference {
            let (high, low) = deviance(a, x);
            assert_close(high, expected, f64::EPSILON);
            assert!(low.abs() <= f64::EPSILON * high);
        }
    }

    #[test]
    fn peak_is_continuous_where_stirling_takes_over() {
        let below = STIRLING_FROM.next_down();
        assert_close(peak(below), peak(STIRLING_FROM), 2e-15);
    }

    #[test]
    fn kernel_and_its_logarithm_agree() {
        for (a, x) in [(0.3, 2.0), (7.0, 4.0), (30.0, 45.0), (5e3, 5.2e3)] {
            assert_close(libm::log(kernel(a, x)), ln_kernel(a, x), 1e-14);
        }
    }
}
