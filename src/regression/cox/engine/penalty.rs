//! What is added to the log-likelihood before it is maximised.

use super::firth;
use super::ordered::Ordered;
use super::point::Point;
use super::ties::Ties;

/// A penalty, in the scaled columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Penalty {
    /// Nothing.
    #[default]
    None,
    /// −½ Σ w b², with one weight w ≥ 0 a column.
    Ridge(Vec<f64>),
    /// ½ ln|I| over the columns that are not aliased.
    Firth(Vec<bool>),
}

/// What a penalty adds at one point.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pull {
    /// To the log-likelihood.
    pub(crate) value: f64,
    /// To the score; empty for nothing.
    pub(crate) gradient: Vec<f64>,
    /// To the diagonal of the information; empty for nothing.
    pub(crate) curvature: Vec<f64>,
}

impl Penalty {
    /// The point with what the penalty adds to it; `None` where that is not finite.
    pub(crate) fn applied(&self, ordered: &Ordered, ties: Ties, mut point: Point) -> Option<Point> {
        point.pull = match self {
            Self::None => return Some(point),
            Self::Ridge(weights) => ridge(weights, &point.beta),
            Self::Firth(columns) => firth::pull(ordered, ties, &point, columns)?,
        };
        Some(point)
    }

    /// The most that the penalty can add where the coefficients are `beta`.
    pub(crate) fn bound(&self, beta: &[f64]) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Ridge(weights) => ridge(weights, beta).value,
            Self::Firth(_) => f64::INFINITY,
        }
    }

    /// Whether the penalty stays as it is along a direction: then the maximum can be at infinity.
    pub(crate) fn is_constant_along(&self, direction: &[f64]) -> bool {
        let largest = direction.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        match self {
            Self::None => true,
            Self::Ridge(weights) => (weights.iter().zip(direction))
                .all(|(&weight, d)| weight == 0.0 || d.abs() <= 1e-3 * largest),
            Self::Firth(_) => false,
        }
    }

    /// Whether the information and [`Pull::curvature`] are the whole second derivative.
    pub(crate) fn is_quadratic(&self) -> bool {
        !matches!(self, Self::Firth(_))
    }
}

fn ridge(weights: &[f64], beta: &[f64]) -> Pull {
    let gradient: Vec<f64> = weights.iter().zip(beta).map(|(w, b)| -w * b).collect();
    let value = gradient.iter().zip(beta).map(|(g, b)| g * b / 2.0).sum();
    Pull { value, gradient, curvature: weights.to_vec() }
}
