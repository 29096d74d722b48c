//! What a fitted model says about hazards: ratios, contrasts, their intervals and tests; tests of its
//! terms; the log-rank
//! test of weighted rows; events, sample size and power.

mod contrasts;
mod follow_up;
mod hazard_ratio;
mod power;
mod terms;
mod weighted_log_rank;

pub use contrasts::{LevelPair, LevelPairs, Multiplicity, RatioAt};
pub use follow_up::FollowUp;
pub use hazard_ratio::HazardRatio;
pub use power::{PowerFormula, TrialSize, TwoArmTrial};
pub use terms::{
    NestedTest, NoTest, SequentialStep, SequentialTests, TermHypothesis, TermTest, TermTests,
};
pub use weighted_log_rank::{WeightedLogRank, WeightedLogRankFit};
