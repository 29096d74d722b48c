//! Weights that balance the groups for a target population.

mod estimator;
mod fit;
mod summary;
mod target;
mod truncation;

pub use estimator::BalancingWeights;
pub use fit::BalancingWeightsFit;
pub use summary::WeightSummary;
pub use target::TargetPopulation;
pub use truncation::Truncation;
