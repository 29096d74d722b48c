//! Estimators that assume no model: Kaplan–Meier, Nelson–Aalen, log-rank, restricted mean, comparison at
//! a fixed time, smoothed hazard, life table, numbers at risk.

mod at_risk;
mod bands;
mod bridge;
mod conditional;
mod event_times;
mod fixed_time;
mod jackknife;
mod kaplan_meier;
mod kaplan_meier_fit;
mod life_table;
mod life_table_fit;
mod log_rank;
mod log_rank_fit;
mod nelson_aalen;
mod nelson_aalen_fit;
mod observed;
mod pairwise;
mod restricted_mean;
mod restricted_mean_comparison;
mod restricted_mean_fit;
mod smoothed_hazard;
mod test_weight;

pub use at_risk::{AtRisk, AtRiskTable};
pub use bands::{Band, BandKind, Bands};
pub use fixed_time::{FixedTime, FixedTimeComparison};
pub use kaplan_meier::KaplanMeier;
pub use kaplan_meier_fit::{KaplanMeierFit, SurvivalAt};
pub use life_table::LifeTable;
pub use life_table_fit::{LifeTableFit, LifeTableInterval};
pub use log_rank::LogRank;
pub use log_rank_fit::{GroupCount, LogRankFit, TrendTest};
pub use nelson_aalen::{HazardTransform, HazardVariance, NelsonAalen, TieCorrection};
pub use nelson_aalen_fit::NelsonAalenFit;
pub use pairwise::{PairTest, PairVariance, Pairwise};
pub use restricted_mean::RestrictedMean;
pub use restricted_mean_comparison::{RestrictedMeanComparison, RestrictedMeanContrast};
pub use restricted_mean_fit::RestrictedMeanFit;
pub use smoothed_hazard::{SmoothedHazard, SmoothedHazardFit};
pub use test_weight::TestWeight;
