//! Curves standardised over the covariates of everybody.

mod averages;
mod estimator;
mod fit;
mod influence;
mod sample;

pub use estimator::Standardisation;
pub use fit::{StandardisedAt, StandardisedSurvival};
