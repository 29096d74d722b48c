//! The table of baseline characteristics.

mod column;
mod estimator;
mod level_tests;
mod number_tests;
mod table;
mod test;

pub use estimator::Baseline;
pub use table::{BaselineRow, BaselineSummary, BaselineTable, LevelCounts, NumberSummary};
pub use test::{BaselineTest, BaselineTestKind, LevelTest, NumberTest};
