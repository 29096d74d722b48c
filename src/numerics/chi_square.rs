//! The chi-square distribution: upper tail, its logarithm and its quantile.

use super::gamma::{gamma_p, gamma_q, ln_gamma_q};
use super::gamma_kernel::ln_kernel;
use super::normal::{normal_quantile, normal_sf_of_root, normal_two_sided};

/// Newton steps allowed to the quantile; a dozen are needed at most.
const MAX_STEPS: usize = 100;

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

/// Upper quantile, the x with P(X > x) = p.
///
/// Newton's method in ln x on the logarithm of the smaller tail. Both log
/// tails are concave in ln x, so the steps settle monotonically.
///
/// Domain: 0 < p < 1 (checked by the caller; accurate from p = 1e-300), df > 0.
///
/// Source: start from Wilson & Hilferty (1931), DOI 10.1073/pnas.17.12.684
/// (Abramowitz & Stegun 26.4.17), or from P(a, y) ≤ y^a/Γ(a + 1).
pub(crate) fn chi_square_quantile_upper(p: f64, df: f64) -> f64 {
    if is_one(df) {
        return normal_quantile(0.5 * p).powi(2);
    }
    let a = 0.5 * df;
    let mut y = 0.5 * quantile_start(p, df);
    for _ in 0..MAX_STEPS {
        if y <= 0.0 {
            break;
        }
        let step = if p < 0.5 { upper_step(p, a, y) } else { lower_step(p, a, y) };
        y *= libm::exp(step);
        if step.abs() < 4.0 * f64::EPSILON {
            break;
        }
    }
    2.0 * y
}

/// Newton step in ln y towards ln Q(a, y) = ln p.
fn upper_step(p: f64, a: f64, y: f64) -> f64 {
    let ln_tail = ln_gamma_q(a, y);
    (ln_tail - libm::log(p)) * libm::exp(ln_tail - ln_kernel(a, y))
}

/// Newton step in ln y towards ln P(a, y) = ln(1 − p).
fn lower_step(p: f64, a: f64, y: f64) -> f64 {
    let tail = gamma_p(a, y);
    libm::log((1.0 - p) / tail) * tail * libm::exp(-ln_kernel(a, y))
}

/// The larger of the Wilson–Hilferty approximation and of a lower bound that
/// is sharp near zero.
fn quantile_start(p: f64, df: f64) -> f64 {
    let a = 0.5 * df;
    let spread = 2.0 / (9.0 * df);
    let cube_root = 1.0 - spread - normal_quantile(p) * spread.sqrt();
    let bound = libm::exp((libm::log1p(-p) + libm::lgamma(a + 1.0)) / a);
    (df * cube_root.powi(3)).max(2.0 * bound)
}

/// Whether there is exactly one degree of freedom.
#[allow(clippy::float_cmp)] // exact by intent: other values take the general route
fn is_one(df: f64) -> bool {
    df == 1.0
}

#[cfg(test)]
// Exact comparison is meant where it is used; the values have 20 digits, and
// 0.3678… (1/e) is a result here.
#[allow(clippy::approx_constant, clippy::excessive_precision, clippy::float_cmp)]
mod tests {
    use super::*;

    /// Asserts a relative error of at most `tolerance`.
    fn assert_close(actual: f64, expected: f64, tolerance: f64) {
        let error = (actual - expected).abs();
        assert!(
            error <= tolerance * expected.abs(),
            "{actual:e} is not {expected:e}: relative error {:e}",
            error / expected.abs()
        );
    }

    // Reference values: mpmath, 50 digits (goldens.py).

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
    fn chi_square_quantile_upper_matches_mpmath() {
        let reference = [
            (1e-300, 0.5, 1369.179594303654394),
            (1e-20, 0.5, 83.88819376639192173),
            (0.05, 0.5, 2.4202322748895251446),
            (0.5, 0.5, 0.087347604705746820734),
            (0.999, 0.5, 1.3499395786230797549e-12),
            (1e-300, 1.0, 1373.8726312223941371),
            (1e-20, 1.0, 87.161733426909822885),
            (0.05, 1.0, 3.8414588206941258653),
            (0.5, 1.0, 0.45493642311957275194),
            (0.999, 1.0, 1.5707971492624926696e-6),
            (1e-300, 2.0, 1381.5510557964274104),
            (1e-20, 2.0, 92.10340371976182747),
            (0.05, 2.0, 5.9914645471079818758),
            (0.5, 2.0, 1.3862943611198906188),
            (0.999, 2.0, 0.0020010006671670687784),
            (1e-300, 3.0, 1388.3367738546857732),
            (1e-20, 3.0, 96.239123938093811608),
            (0.05, 3.0, 7.8147279032511798314),
            (0.5, 3.0, 2.3659738843753382661),
            (0.999, 3.0, 0.024297585815692747649),
            (1e-300, 10.0, 1427.771956129888612),
            (1e-20, 10.0, 118.54144259104658101),
            (0.05, 10.0, 18.307038053275146693),
            (0.5, 10.0, 9.3418177655919674406),
            (0.999, 10.0, 1.4787434638356653325),
            (1e-300, 100.0, 1756.7875331838768306),
            (1e-20, 100.0, 292.25913387144562456),
            (0.05, 100.0, 124.34211340400408129),
            (0.5, 100.0, 99.334129235988455754),
            (0.999, 100.0, 61.917939206936625823),
            (1e-300, 10000.0, 16190.627988640484736),
            (1e-20, 10000.0, 11366.982297265541196),
            (0.05, 10000.0, 10233.748897677936416),
            (0.5, 10000.0, 9999.3333412351448272),
            (0.999, 10000.0, 9568.6684950939682067),
        ];
        for (p, df, expected) in reference {
            assert_close(chi_square_quantile_upper(p, df), expected, 1e-14);
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
