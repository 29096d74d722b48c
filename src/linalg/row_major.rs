//! A large matrix, row by row.

use ndarray::{Array2, ArrayView2, aview2};
use std::ops::Range;

use crate::numerics::large::Large;

/// A matrix of which each row lies in one piece, and one row after the other.
#[derive(Debug, Clone, PartialEq)]
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

    /// A copy of a matrix, however it lies in memory.
    pub(crate) fn of(matrix: ArrayView2<'_, f64>) -> Self {
        let (n, p) = matrix.dim();
        let mut values = Large::with_capacity(matrix.len());
        match matrix.as_slice() {
            Some(rows) => values.extend_from_slice(rows),
            None => values.extend(matrix.iter().copied()),
        }
        Self { values, n, p }
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
    #[expect(clippy::indexing_slicing, reason = "the rows are those of the matrix")]
    pub(crate) fn rows(&self, rows: Range<usize>) -> &[f64] {
        &self.values[rows.start * self.p..rows.end * self.p]
    }

    #[inline]
    #[expect(clippy::indexing_slicing, reason = "the row is one of the matrix")]
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.p..(row + 1) * self.p]
    }

    /// Some rows at a time, `size` of them, and where they begin.
    pub(crate) fn blocks_mut(&mut self, size: usize) -> Vec<(usize, &mut [f64])> {
        let numbers = (size * self.p).max(1);
        self.values.chunks_mut(numbers).enumerate().map(|(k, rows)| (k * size, rows)).collect()
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

impl From<Array2<f64>> for RowMajor {
    /// Keeps the memory of a matrix whose rows lie one after the other.
    fn from(matrix: Array2<f64>) -> Self {
        let (n, p) = matrix.dim();
        if !matrix.is_standard_layout() {
            return Self::of(matrix.view());
        }
        match matrix.into_raw_vec_and_offset() {
            (values, None | Some(0)) if values.len() == n * p => Self::from_rows(values, n, p),
            (values, start) => {
                let values = values.into_iter().skip(start.unwrap_or(0)).take(n * p).collect();
                Self::from_rows(values, n, p)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Axis, array};

    /// Whether its memory is kept or copied.
    #[test]
    fn every_matrix_stays_the_same() {
        let whole = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]];
        let mut rows = whole.clone();
        rows.slice_axis_inplace(Axis(0), (1..).into());
        let mut columns = whole.clone();
        columns.slice_axis_inplace(Axis(1), (..2).into());
        for matrix in [whole.clone(), whole.reversed_axes(), rows, columns, Array2::zeros((3, 0))] {
            assert_eq!(RowMajor::of(matrix.view()).view(), matrix);
            assert_eq!(RowMajor::from(matrix.clone()).view(), matrix);
        }
    }

    #[test]
    fn blocks_are_all_rows() {
        let mut matrix = RowMajor::zeros(5, 2);
        for (start, rows) in matrix.blocks_mut(2) {
            rows.iter_mut().zip(2 * start..).for_each(|(value, place)| *value = place as f64);
        }
        assert!(matrix.view().iter().copied().eq((0..10).map(f64::from)));
        assert!(RowMajor::zeros(5, 0).blocks_mut(2).is_empty());
    }
}
