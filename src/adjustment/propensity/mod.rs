//! The probability of each group given the covariates.

mod columns;
mod estimator;
mod fit;
mod newton;
mod point;
mod recession;

pub use estimator::PropensityScores;
pub use fit::{PropensityCoefficient, PropensityFit};
