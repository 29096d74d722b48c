//! A curvature that steps correct.

use ndarray::{Array2, ArrayView1};

/// A positive definite matrix near the curvature of a concave function, which is made to agree with every new
/// pair of a step and the fall of the gradient along it, by the update of Broyden, Fletcher, Goldfarb and Shanno.
/// It stays positive definite.
///
/// Source: Nocedal & Wright 2006, *Numerical Optimization*, section 6.1.
#[derive(Debug, Clone)]
pub(super) struct Learnt {
    pub(super) curvature: Array2<f64>,
}

/// The least share of the fall that the matrix tells of, from which on something is learnt: a smaller one is
/// rounding, or comes from far away.
const LEAST: f64 = 0.2;

impl Learnt {
    /// Before the first step.
    pub(super) fn new(curvature: Array2<f64>) -> Self {
        Self { curvature }
    }

    /// Makes the matrix map `step` to `fall`.
    #[expect(clippy::indexing_slicing, reason = "a fall has a number for each row of the matrix")]
    pub(super) fn learn(&mut self, step: &[f64], fall: &[f64]) {
        let (step, fall) = (ArrayView1::from(step), ArrayView1::from(fall));
        let told = self.curvature.dot(&step);
        let (before, after) = (told.dot(&step), fall.dot(&step));
        if !(before > 0.0 && after >= LEAST * before) {
            return;
        }
        for (i, mut row) in self.curvature.rows_mut().into_iter().enumerate() {
            row.scaled_add(fall[i] / after, &fall);
            row.scaled_add(-told[i] / before, &told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linalg::Ldl;
    use ndarray::array;

    #[test]
    fn agrees_with_the_last_step_and_stays_positive_definite() {
        let truth = array![[3.0, -1.0, 0.2], [-1.0, 2.0, 0.0], [0.2, 0.0, 0.7]];
        let mut learnt = Learnt::new(Array2::eye(3));
        for step in [[1.0, 0.5, 0.0], [-0.25, 2.0, 1.0], [0.1, 0.0, -3.0]] {
            let fall = truth.dot(&ArrayView1::from(&step));
            learnt.learn(&step, fall.as_slice().unwrap());
            let told = learnt.curvature.dot(&ArrayView1::from(&step));
            approx::assert_abs_diff_eq!(told, fall, epsilon = 1e-14);
            assert_eq!(Ldl::new(&learnt.curvature).rank(), 3);
            approx::assert_abs_diff_eq!(learnt.curvature, learnt.curvature.t(), epsilon = 1e-15);
        }
        // A gradient that hardly falls, or rises, teaches nothing; nor does no step at all.
        let before = learnt.curvature.clone();
        learnt.learn(&[0.0; 3], &[0.0; 3]);
        assert_eq!(learnt.curvature, before);
        for fall in [[1e-3, 0.0, 0.0], [-1.0, 0.0, 0.0], [f64::NAN, 0.0, 0.0]] {
            learnt.learn(&[1.0, 0.0, 0.0], &fall);
            assert_eq!(learnt.curvature, before);
        }
    }
}
