//! What a fitted model says about hazards: ratios, contrasts, their intervals and tests; the log-rank
//! test of weighted rows; events, sample size and power.

mod follow_up;
mod hazard_ratio;
mod power;
mod profile_hazard_ratios;
mod weighted_log_rank;

pub use follow_up::FollowUp;
pub use hazard_ratio::{HazardRatio, IntervalMethod};
pub use power::{PowerFormula, TrialSize, TwoArmTrial};
pub use weighted_log_rank::{WeightedLogRank, WeightedLogRankFit};
