//! Survival in numbers: by group, and of all rows.

mod estimator;
mod table;

pub use estimator::SurvivalSummary;
pub use table::{GroupSurvival, SurvivalTable};
