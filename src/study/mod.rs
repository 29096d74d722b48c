//! What a clinical paper prints: the baseline table, the survival summary, hazard ratios before and
//! after adjustment, forest plots, and the sentences about methods.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod baseline;
mod conventions;
mod counts;
mod export;
mod forest;
mod hazard_ratios;
mod levels;
mod manifest;
mod methods;
mod ratio;
mod survival;

pub use baseline::{
    Baseline, BaselineRow, BaselineSummary, BaselineTable, BaselineTest, BaselineTestKind,
    LevelCounts, LevelTest, NumberSummary, NumberTest,
};
pub use conventions::Conventions;
pub use export::{Cell, IntervalStyle, Style, Table, TableRow};
pub use forest::{ForestData, ForestRow, ForestRowKind, Subgroups};
pub use hazard_ratios::{
    Adjustment, HazardRatioRow, HazardRatioRowKind, HazardRatioTable, HazardRatioTerm,
    HazardRatios, Selection, TermTestKind,
};
pub use manifest::Manifest;
pub use methods::Methods;
pub use survival::{GroupSurvival, SurvivalSummary, SurvivalTable};
