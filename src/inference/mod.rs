//! What a fitted model says about hazards and odds: ratios, contrasts, their intervals and tests; tests of
//! its terms; whether hazards are proportional; the log-rank test of weighted rows; events, sample size and
//! power.

mod contrasts;
mod cumulative_sums;
mod follow_up;
mod hazard_ratio;
mod odds_ratio;
mod power;
mod profile_hazard_ratios;
mod proportionality;
mod subdistribution;
mod terms;
mod weighted_log_rank;

pub use contrasts::{LevelPair, LevelPairs, Multiplicity, RatioAt};
pub use cumulative_sums::{CumulativeSum, CumulativeSums};
pub use follow_up::FollowUp;
pub(crate) use hazard_ratio::hazard_ratios;
pub use hazard_ratio::{HazardRatio, IntervalMethod};
pub use odds_ratio::OddsRatio;
pub use power::{PowerFormula, TrialSize, TwoArmTrial};
pub use proportionality::{
    CoefficientPath, CoefficientPaths, CustomTransform, PathPoint, Proportionality,
    ProportionalityFit, ProportionalityTest, SmoothedPath, TimeTransform,
};
pub use terms::{
    NestedTest, NoTest, SequentialStep, SequentialTests, TermHypothesis, TermTest, TermTests,
};
pub use weighted_log_rank::{WeightedLogRank, WeightedLogRankFit};
