//! The part of a second derivative that is not computed, learnt from the steps taken.

use ndarray::{Array2, ArrayView1};

/// A symmetric matrix that is made to agree with every new pair of a step and the change of a gradient
/// along it, by the symmetric update of rank one. Newton's method with it needs some more steps than
/// with the true matrix, but no passes for it.
///
/// Source: Nocedal & Wright 2006, *Numerical Optimization*, section 6.2.
#[derive(Debug, Clone)]
pub(crate) struct Secant {
    matrix: Array2<f64>,
}

/// The shortest step that something is learnt from.
const SHORTEST: f64 = 1e-11;

/// How far from right angles the residual and the step have to be.
const SKEW: f64 = 1e-8;

impl Secant {
    pub(crate) fn new(p: usize) -> Self {
        Self { matrix: Array2::zeros((p, p)) }
    }

    /// Makes the matrix map `step` to `change`.
    #[expect(clippy::indexing_slicing, reason = "a change has a number for each row of the matrix")]
    pub(crate) fn learn(&mut self, step: &[f64], change: &[f64]) {
        let step = ArrayView1::from(step);
        let residual = &ArrayView1::from(change) - &self.matrix.dot(&step);
        let (length, size) = (step.dot(&step).sqrt(), residual.dot(&residual).sqrt());
        let product = residual.dot(&step);
        if length < SHORTEST || product.abs() <= SKEW * length * size {
            return;
        }
        for (i, mut row) in self.matrix.rows_mut().into_iter().enumerate() {
            row.scaled_add(residual[i] / product, &residual);
        }
    }

    /// A matrix with what has been learnt added.
    pub(crate) fn added_to(&self, matrix: &Array2<f64>) -> Array2<f64> {
        matrix + &self.matrix
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn two_steps_teach_a_quadratic() {
        let truth = array![[3.0, -1.0], [-1.0, -2.0]];
        let mut secant = Secant::new(2);
        for step in [[1.0, 0.5], [-0.25, 2.0]] {
            secant.learn(&step, truth.dot(&ArrayView1::from(&step)).as_slice().unwrap());
        }
        approx::assert_abs_diff_eq!(
            secant.added_to(&Array2::zeros((2, 2))),
            truth,
            epsilon = 1e-14
        );
        secant.learn(&[1e-12, 0.0], &[1.0, 1.0]);
        approx::assert_abs_diff_eq!(secant.matrix, truth, epsilon = 1e-14);
    }
}
