//! Restricted mean survival time, of one group and between groups.

mod comparison;
mod estimator;
mod fit;
mod rows;

pub use comparison::{RestrictedMeanComparison, RestrictedMeanContrast};
pub use estimator::RestrictedMean;
pub use fit::RestrictedMeanFit;
