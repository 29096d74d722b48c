//! Sorting, summation and special functions. Knows nothing of survival.

pub(crate) mod blocks;
pub(crate) mod chi_square;
pub(crate) mod gamma;
mod gamma_kernel;
mod gamma_uniform;
pub(crate) mod interval_sums;
pub(crate) mod normal;
pub(crate) mod sort;
pub(crate) mod sum;
