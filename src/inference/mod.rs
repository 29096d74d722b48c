//! What a fitted model says about hazards and odds: ratios, contrasts, their intervals and tests; the
//! log-rank test of weighted rows; events, sample size and power.

mod follow_up;
mod hazard_ratio;
mod odds_ratio;
mod power;
mod weighted_log_rank;

pub use follow_up::FollowUp;
pub use hazard_ratio::HazardRatio;
pub use odds_ratio::OddsRatio;
pub use power::{PowerFormula, TrialSize, TwoArmTrial};
pub use weighted_log_rank::{WeightedLogRank, WeightedLogRankFit};
