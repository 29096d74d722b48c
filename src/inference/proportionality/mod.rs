//! Whether hazards are proportional: the score test of every coefficient against one that varies with time,
//! and how it varies.

mod coefficient_path;
mod estimator;
mod fit;
mod smoothed_path;
mod subdistribution;
mod time_transform;

pub use coefficient_path::{CoefficientPath, CoefficientPaths, PathPoint};
pub use estimator::Proportionality;
pub use fit::{ProportionalityFit, ProportionalityTest};
pub use smoothed_path::SmoothedPath;
pub use time_transform::{CustomTransform, TimeTransform};
