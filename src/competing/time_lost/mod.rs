//! Time lost to a cause, of one group and between groups.

mod comparison;
mod estimator;
mod fit;

pub use comparison::{CauseComparison, TimeLostComparison, TimeLostContrast};
pub use estimator::TimeLost;
pub use fit::{CauseTimeLost, TimeLostFit};
