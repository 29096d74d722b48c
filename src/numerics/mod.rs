//! Sorting, summation and special functions. Knows nothing of survival.

pub(crate) mod beta;
pub(crate) mod blocks;
pub(crate) mod chi_square;
pub(crate) mod exp;
pub(crate) mod fingerprint;
pub(crate) mod gamma;
mod gamma_kernel;
mod gamma_uniform;
pub(crate) mod interval_levels;
pub(crate) mod interval_sums;
pub(crate) mod large;
pub(crate) mod line_search;
pub(crate) mod ln;
pub(crate) mod ln_sum;
pub(crate) mod max_normal;
pub(crate) mod multivariate_normal;
pub(crate) mod narrow;
pub(crate) mod normal;
mod normal_lattice;
pub(crate) mod product;
mod quadrature;
pub(crate) mod quantile;
pub(crate) mod random;
pub(crate) mod sort;
pub(crate) mod sum;
#[cfg(test)]
pub(crate) mod test_numbers;
pub(crate) mod to_u32;
pub(crate) mod whole;

/// The most tied events that a method takes one by one: a frequency can be any whole number, and a
/// sum over 10⁷ steps takes about a hundredth of a second.
pub(crate) const MAX_TIED: f64 = 1e7;

/// The finest tolerance that sums of rounded numbers can be held to: one below it would never be met, and
/// counts as this.
pub(crate) const FINEST_TOLERANCE: f64 = 1e-15;

/// Asserts a relative error of at most `tolerance`.
#[cfg(test)]
pub(crate) fn assert_close(actual: f64, expected: f64, tolerance: f64) {
    let error = (actual - expected).abs();
    assert!(
        error <= tolerance * expected.abs(),
        "{actual:e} is not {expected:e}: relative error {:e}",
        error / expected.abs()
    );
}
