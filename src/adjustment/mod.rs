//! Adjustment for a comparison that was not randomised: propensity scores, the weights made of them, the
//! balance they reach, and curves standardised over the covariates of everybody.

mod balance;
mod estimated_weights;
mod propensity;
mod standardised;
mod weights;

pub use balance::{Balance, BalanceLine};
pub use estimated_weights::{EstimatedWeights, StackedVariance};
pub use propensity::{PropensityCoefficient, PropensityFit, PropensityScores};
pub use standardised::{Standardisation, StandardisedAt, StandardisedSurvival};
pub use weights::{
    BalancingWeights, BalancingWeightsFit, TargetPopulation, Truncation, WeightSummary,
};
