//! The chi-square distribution: upper tail and its logarithm.

use super::gamma::{gamma_q, ln_gamma_q};
use super::normal::{normal_sf_of_root, normal_two_sided};

/// Upper tail of the chi-square distribution, P(X > x).
///
/// P(X > x) = Q(df/2, x/2), and 2·Q(√x) of the standard normal for one degree
/// of freedom.
///
/// Domain: x ≥ 0 (a negative x counts as 0) including ∞, df > 0.
///
/// Source: Abramowitz & Stegun 26.4.2, 26.4.19.
pub(crate) fn chi_square_sf(x: f64, df: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if is_one(df) {
        2.0 * normal_sf_of_root(x)
    } else {
        gamma_q(0.5 * df, 0.5 * x)
    }
}

/// Natural logarithm of the upper tail, ln P(X > x).
///
/// ln P(X > x) = ln Q(df/2, x/2).
///
/// Domain: x ≥ 0 (a negative x counts as 0) including ∞, df > 0; −∞ at x = ∞.
///
/// Source: Abramowitz & Stegun 26.4.2, 26.4.19.
pub(crate) fn chi_square_ln_sf(x: f64, df: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if is_one(df) {
        normal_two_sided(x.sqrt()).1
    } else {
        ln_gamma_q(0.5 * df, 0.5 * x)
    }
}

/// Whether there is exactly one degree of freedom.
fn is_one(df: f64) -> bool {
    df == 1.0
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
    fn chi_square_sf_matches_mpmath() {
        let reference = [
            (1e-06, 1.0, 0.99920211557217787485),
            (3.84, 1.0, 0.050043521248705103189),
            (26.0, 1.0, 3.4141735772975276143e-7),
            (600.0, 1.0, 1.674167984691787762e-132),
            (1370.0, 1.0, 6.9429373646432677358e-300),
            (0.1, 2.0, 0.95122942450071400645),
            (700.0, 2.0, 9.9295903962649792963e-153),
            (0.5, 3.0, 0.91889141165467585936),
            (7.81, 3.0, 0.050106056350005941339),
            (1000.0, 3.0, 1.7994208765314476631e-216),
            (18.3, 10.0, 0.050109061411462451593),
            (1.0, 10.0, 0.99982788437004415922),
            (1400.0, 10.0, 9.9203914798001452832e-295),
            (2.2, 0.7, 0.088199147981940615),
            (124.3, 100.0, 0.050266398300158396277),
            (1700.0, 100.0, 4.2940411779449441136e-289),
            (10000.0, 10000.0, 0.49811936596618264465),
            (10400.0, 10000.0, 0.0025848134953538086508),
            (15800.0, 10000.0, 6.5920416196334320168e-269),
            (9000.0, 10000.0, 0.99999999999987302268),
        ];
        for (x, df, expected) in reference {
            assert_close(chi_square_sf(x, df), expected, 1e-14);
        }
    }

    #[test]
    fn chi_square_ln_sf_matches_mpmath() {
        let reference = [
            (1e-06, 1.0, -0.00079820290701986933746),
            (3.84, 1.0, -2.9948622271800272845),
            (26.0, 1.0, -14.890160185084870036),
            (600.0, 1.0, -303.42591595890315036),
            (1370.0, 1.0, -688.83780296185107561),
            (0.1, 2.0, -0.050000000000000002776),
            (700.0, 2.0, -350.0),
            (0.5, 3.0, -0.084587322851899340806),
            (7.81, 3.0, -2.9936133929676890164),
            (1000.0, 3.0, -496.77091520883994846),
            (18.3, 10.0, -2.9935534207494342103),
            (1.0, 10.0, -0.00017213044355067017867),
            (1400.0, 10.0, -676.9680100490358355),
            (2.2, 0.7, -2.428157976084750708),
            (124.3, 100.0, -2.9904184509469081153),
            (1700.0, 100.0, -663.98986358622142467),
            (10000.0, 10000.0, -0.69691553998356354275),
            (10400.0, 10000.0, -5.9581019224238947431),
            (15800.0, 10000.0, -617.50952690915306525),
            (9000.0, 10000.0, -1.2697731705205227373e-13),
            (4000.0, 1.0, -2004.3730660166381057),
            (3000.0, 3.0, -1496.2222744019926869),
            (20000.0, 10000.0, -1539.4420486763690098),
        ];
        for (x, df, expected) in reference {
            assert_close(chi_square_ln_sf(x, df), expected, 1e-14);
        }
    }

    #[test]
    fn limits_are_exact() {
        for df in [0.3, 1.0, 2.0, 7.0, 1e4, 1e6] {
            assert_eq!(chi_square_sf(0.0, df), 1.0);
            assert_eq!(chi_square_ln_sf(0.0, df), 0.0);
            assert_eq!(chi_square_sf(f64::INFINITY, df), 0.0);
            assert_eq!(chi_square_ln_sf(f64::INFINITY, df), f64::NEG_INFINITY);
        }
    }
}
