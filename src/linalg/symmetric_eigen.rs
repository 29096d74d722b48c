//! Eigenvalues of small symmetric matrices.

use ndarray::Array2;

/// Sweeps over all pairs; a handful are enough for any matrix of this crate.
const SWEEPS: usize = 60;

/// Eigenvalues and, as columns, eigenvectors of a symmetric matrix, by Jacobi rotations.
///
/// Source: Golub & Van Loan, *Matrix Computations*, section 8.5.
#[expect(clippy::indexing_slicing, reason = "both places are below the order of the matrix")]
pub(crate) fn symmetric_eigen(mut a: Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = a.nrows();
    let mut vectors = Array2::eye(n);
    for _ in 0..SWEEPS {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|ij| a[ij].powi(2)).sum();
        let diagonal: f64 = a.diag().iter().map(|d| d * d).sum();
        if off <= f64::EPSILON.powi(2) * diagonal {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    (a.diag().to_vec(), vectors)
}

/// Makes the element (p, q) zero.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    if a[[p, q]] == 0.0 {
        return;
    }
    let theta = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
    let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let c = 1.0 / t.hypot(1.0);
    let s = t * c;
    let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for k in 0..a.nrows() {
        (a[[k, p]], a[[k, q]]) = turn(a[[k, p]], a[[k, q]]);
    }
    for k in 0..a.nrows() {
        (a[[p, k]], a[[q, k]]) = turn(a[[p, k]], a[[q, k]]);
        (vectors[[k, p]], vectors[[k, q]]) = turn(vectors[[k, p]], vectors[[k, q]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rebuilds_the_matrix() {
        for scale in [1e-9, 1.0, 1e9] {
            let number = |(i, j)| scale * (((i * j) as f64).sin() + (i + j) as f64);
            let a = Array2::from_shape_fn((7, 7), number);
            let (values, vectors) = symmetric_eigen(a.clone());
            let diagonal = Array2::from_diag(&ndarray::arr1(&values));
            let rebuilt = vectors.dot(&diagonal).dot(&vectors.t());
            approx::assert_abs_diff_eq!(rebuilt, a, epsilon = 1e-12 * scale);
            let product = vectors.t().dot(&vectors);
            approx::assert_abs_diff_eq!(product, Array2::eye(7), epsilon = 1e-13);
        }
    }
}
