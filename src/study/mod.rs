//! What a clinical paper prints: the baseline table, the survival summary, hazard ratios before and
//! after adjustment, forest plots, and the sentences about methods.

mod baseline;
mod counts;
mod forest;
mod levels;
mod ratio;

pub use baseline::{
    Baseline, BaselineRow, BaselineSummary, BaselineTable, BaselineTest, BaselineTestKind,
    LevelCounts, LevelTest, NumberSummary, NumberTest,
};
pub use forest::{ForestData, ForestRow, ForestRowKind, Subgroups};
