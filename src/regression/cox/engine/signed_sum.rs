//! Σ f v vᵀ with factors of either sign.

use ndarray::Array2;

use super::scaled_sum::ScaledSum;
use super::ties::Steps;
use super::times::add_mean;
use crate::linalg::Gram;

/// Collects vectors for Σ f v vᵀ. Those with a negative factor are summed apart and subtracted once, at
/// the end: no weight has to be shifted to become positive.
pub(crate) struct SignedSum {
    plus: Gram,
    minus: Gram,
}

impl SignedSum {
    pub(crate) fn new(p: usize) -> Self {
        Self { plus: Gram::new(p), minus: Gram::new(p) }
    }

    /// Adds f v vᵀ.
    pub(crate) fn push(&mut self, factor: f64, vector: impl Iterator<Item = f64>) {
        let root = factor.abs().sqrt();
        let sum = if factor < 0.0 { &mut self.minus } else { &mut self.plus };
        sum.push(vector.map(|value| root * value));
    }

    /// Adds f Σ w E Eᵀ of one event time; see [`add_mean`].
    pub(crate) fn add(&mut self, factor: f64, steps: &Steps, stay: &ScaledSum, leave: &ScaledSum) {
        let scaled = Steps {
            square: steps.square * factor.abs(),
            spread: steps.spread * factor.abs(),
            ..*steps
        };
        let sum = if factor < 0.0 { &mut self.minus } else { &mut self.plus };
        add_mean(sum, &scaled, stay, leave);
    }

    /// The sums of the positive and of the negative factors.
    pub(crate) fn finish(self) -> [Gram; 2] {
        [self.plus, self.minus]
    }

    /// The whole symmetric matrix.
    pub(crate) fn symmetric(self) -> Array2<f64> {
        let [plus, minus] = self.finish();
        plus.symmetric() - minus.symmetric()
    }
}
