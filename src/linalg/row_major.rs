//! A large matrix, row by row.

use ndarray::{ArrayView2, aview2};
use std::ops::Range;

use crate::numerics::large::Large;

/// A matrix of which each row lies in one piece, and one row after the other.
#[derive(Debug, Clone)]
pub(crate) struct RowMajor {
    values: Large,
    n: usize,
    p: usize,
}

impl RowMajor {
    /// A matrix of zeros.
    pub(crate) fn zeros(n: usize, p: usize) -> Self {
        Self { values: Large::zeros(n * p), n, p }
    }

    /// n rows of p values, one after the other.
    pub(crate) fn from_rows(values: Vec<f64>, n: usize, p: usize) -> Self {
        Self { values: values.into(), n, p }
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.n
    }

    pub(crate) fn n_columns(&self) -> usize {
        self.p
    }

    /// Some of the rows, one after the other.
    pub(crate) fn rows(&self, rows: Range<usize>) -> &[f64] {
        &self.values[rows.start * self.p..rows.end * self.p]
    }

    #[inline]
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.p..(row + 1) * self.p]
    }

    /// All values, row by row.
    pub(crate) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    pub(crate) fn view(&self) -> ArrayView2<'_, f64> {
        ArrayView2::from_shape((self.n, self.p), &self.values)
            .unwrap_or_else(|_| aview2::<f64, 0>(&[]))
    }
}
