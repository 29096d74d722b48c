//! The choice of linear algebra at run time.

use ndarray::Array2;

use super::ldl::Ldl;
use crate::error::Result;

/// Who solves the p × p systems of a fit.
///
/// The rank of a design is always decided by the crate's own LDLᵀ, which marks dependent columns
/// where a plain Cholesky factorisation often does not notice them. The backend solves and inverts
/// what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Backend {
    /// The crate's own code.
    #[default]
    Native,
    /// LAPACK through `ndarray-linalg`, for columns in the thousands. The final binary links a
    /// LAPACK implementation.
    #[cfg(feature = "ndarray-linalg")]
    Lapack,
}

impl Backend {
    /// Solves A x = b over the columns that `ldl`, the factors of A, has a pivot for.
    pub(crate) fn solve(self, ldl: &Ldl, matrix: &Array2<f64>, b: &[f64]) -> Result<Vec<f64>> {
        match self {
            Self::Native => {
                let _ = matrix;
                Ok(ldl.solve(b))
            }
            #[cfg(feature = "ndarray-linalg")]
            Self::Lapack => lapack::solve(ldl, matrix, b),
        }
    }

    /// A⁻¹ over the columns that `ldl`, the factors of A, has a pivot for.
    pub(crate) fn inverse(self, ldl: &Ldl, matrix: &Array2<f64>) -> Result<Array2<f64>> {
        match self {
            Self::Native => {
                let _ = matrix;
                Ok(ldl.inverse())
            }
            #[cfg(feature = "ndarray-linalg")]
            Self::Lapack => lapack::inverse(ldl, matrix),
        }
    }
}

#[cfg(feature = "ndarray-linalg")]
#[expect(clippy::indexing_slicing, reason = "a live column is one of the matrix")]
mod lapack {
    use super::{Array2, Ldl, Result};
    use crate::error::Error;
    use ndarray::Array1;
    use ndarray_linalg::{FactorizeC, InverseC, SolveC, UPLO};

    /// The columns with a pivot, and the matrix among them.
    fn live(ldl: &Ldl, matrix: &Array2<f64>) -> (Vec<usize>, Array2<f64>) {
        let live: Vec<usize> = (0..matrix.nrows()).filter(|&j| ldl.has(j)).collect();
        let part =
            Array2::from_shape_fn((live.len(), live.len()), |(i, j)| matrix[[live[i], live[j]]]);
        (live, part)
    }

    pub(super) fn solve(ldl: &Ldl, matrix: &Array2<f64>, b: &[f64]) -> Result<Vec<f64>> {
        let (live, part) = live(ldl, matrix);
        let right: Array1<f64> = live.iter().map(|&j| b[j]).collect();
        let solution = part.factorizec(UPLO::Lower).and_then(|factor| factor.solvec(&right));
        let solution = solution.map_err(|_| Error::Backend { operation: "solve" })?;
        let mut x = vec![0.0; b.len()];
        for (&j, value) in live.iter().zip(solution) {
            x[j] = value;
        }
        Ok(x)
    }

    pub(super) fn inverse(ldl: &Ldl, matrix: &Array2<f64>) -> Result<Array2<f64>> {
        let (live, part) = live(ldl, matrix);
        let inverse = part.factorizec(UPLO::Lower).and_then(|factor| factor.invc());
        let inverse = inverse.map_err(|_| Error::Backend { operation: "inverse" })?;
        let mut full = Array2::zeros(matrix.dim());
        for (i, &row) in live.iter().enumerate() {
            for (j, &column) in live.iter().enumerate() {
                full[[row, column]] = inverse[[i, j]];
            }
        }
        Ok(full)
    }
}
