//! Tests between groups: the log-rank family, at a fixed time, against a reference hazard.

mod event_times;
mod exits;
mod fixed_time;
mod log_rank;
mod log_rank_fit;
mod max_combo;
mod one_sample;
mod pairwise;
mod test_weight;
mod time_sums;
mod xie_liu;

pub use fixed_time::{FixedTime, FixedTimeComparison};
pub use log_rank::LogRank;
pub use log_rank_fit::{GroupCount, LogRankFit, TrendTest};
pub use max_combo::{Alternative, MaxCombo, MaxComboFit};
pub use one_sample::{OneSampleFit, OneSampleLogRank};
pub use pairwise::{PairTest, PairVariance, Pairwise};
pub use test_weight::TestWeight;
pub(crate) use xie_liu::xie_liu;
