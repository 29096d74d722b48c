//! The partial likelihood and its derivatives at given coefficients.

use ndarray::{Array2, ArrayView2};

use super::engine::Point;

/// Log partial likelihood, score and information at given coefficients, from
/// [`CoxPh::likelihood_at`](crate::CoxPh::likelihood_at).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LikelihoodAt {
    log_likelihood: f64,
    score: Vec<f64>,
    information: Array2<f64>,
}

impl LikelihoodAt {
    /// Turns the scaled columns back.
    #[expect(
        clippy::indexing_slicing,
        reason = "there is a scale for each column of the information"
    )]
    pub(super) fn new(point: &Point, scale: &[f64]) -> Self {
        Self {
            log_likelihood: point.log_likelihood(),
            score: point.score.iter().zip(scale).map(|(score, scale)| score * scale).collect(),
            information: Array2::from_shape_fn(point.information.dim(), |(i, j)| {
                point.information[[i, j]] * scale[i] * scale[j]
            }),
        }
    }

    pub(super) fn is_finite(&self) -> bool {
        self.score.iter().chain(&self.information).all(|value| value.is_finite())
    }

    /// Log partial likelihood.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Its gradient, one value a column.
    #[must_use]
    pub fn score(&self) -> &[f64] {
        &self.score
    }

    /// The negative Hessian, p × p.
    #[must_use]
    pub fn information(&self) -> ArrayView2<'_, f64> {
        self.information.view()
    }
}
