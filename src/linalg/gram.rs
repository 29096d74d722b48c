//! Symmetric rank-k updates.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, Axis};

/// Width of a tile of the triangle; the optimum is flat between 32 and 48.
const TILE: usize = 32;

/// The sum Σ Bᵀ B of blocks B with p columns, of which the lower triangle is computed.
#[derive(Debug, Clone)]
pub(crate) struct Gram {
    sum: Array2<f64>,
}

impl Gram {
    /// An empty sum for p columns.
    pub(crate) fn new(p: usize) -> Self {
        Self { sum: Array2::zeros((p, p)) }
    }

    /// Adds the rows of one block.
    pub(crate) fn add(&mut self, block: ArrayView2<'_, f64>) {
        let p = block.ncols();
        for i in (0..p).step_by(TILE) {
            let rows = i..(i + TILE).min(p);
            for j in (0..=i).step_by(TILE) {
                let columns = j..(j + TILE).min(p);
                let left = block.slice_axis(Axis(1), rows.clone().into());
                let right = block.slice_axis(Axis(1), columns.clone().into());
                let mut band = self.sum.slice_axis_mut(Axis(0), rows.clone().into());
                let mut tile = band.slice_axis_mut(Axis(1), columns.into());
                general_mat_mul(1.0, &left.t(), &right, 1.0, &mut tile);
            }
        }
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.sum += &other.sum;
    }

    /// The whole symmetric matrix.
    pub(crate) fn symmetric(mut self) -> Array2<f64> {
        for i in 0..self.sum.nrows() {
            for j in 0..i {
                self.sum[[j, i]] = self.sum[[i, j]];
            }
        }
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_full_product() {
        for p in [1, 5, 32, 33, 70] {
            let b = Array2::from_shape_fn((17, p), |(i, j)| ((i * 7 + j * 3) % 11) as f64 - 5.0);
            let mut gram = Gram::new(p);
            gram.add(b.slice_axis(Axis(0), (..9).into()));
            gram.add(b.slice_axis(Axis(0), (9..).into()));
            assert_eq!(gram.symmetric(), b.t().dot(&b));
        }
    }
}
