//! Sums of residuals that wander too far where a model does not hold.

mod along;
mod estimator;
mod over_time;
mod simulation;
mod sum;

pub use estimator::CumulativeSums;
pub use sum::CumulativeSum;
