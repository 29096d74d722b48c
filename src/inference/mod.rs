//! What a fitted model says about hazards: ratios, contrasts, their intervals and tests; the log-rank
//! test of weighted rows.

mod hazard_ratio;
mod weighted_log_rank;

pub use hazard_ratio::HazardRatio;
pub use weighted_log_rank::{WeightedLogRank, WeightedLogRankFit};
