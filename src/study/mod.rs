//! What a clinical paper prints: the baseline table, the survival summary, hazard ratios before and
//! after adjustment, forest plots, and the sentences about methods.

mod counts;
mod forest;
mod levels;
mod ratio;

pub use forest::{ForestData, ForestRow, ForestRowKind, Subgroups};
