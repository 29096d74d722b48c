//! Estimators that assume no model: Kaplan–Meier, Nelson–Aalen, log-rank, numbers at risk.

mod at_risk;
mod bands;
mod bridge;
mod event_times;
mod jackknife;
mod kaplan_meier;
mod kaplan_meier_fit;
mod log_rank;
mod log_rank_fit;
mod nelson_aalen;
mod nelson_aalen_fit;
mod observed;
mod pairwise;
mod test_weight;

pub use at_risk::{AtRisk, AtRiskTable};
pub use bands::{Band, BandKind, Bands};
pub use kaplan_meier::KaplanMeier;
pub use kaplan_meier_fit::{KaplanMeierFit, SurvivalAt};
pub use log_rank::LogRank;
pub use log_rank_fit::{GroupCount, LogRankFit, TrendTest};
pub use nelson_aalen::{HazardTransform, HazardVariance, NelsonAalen, TieCorrection};
pub use nelson_aalen_fit::NelsonAalenFit;
pub use pairwise::{PairTest, PairVariance, Pairwise};
pub use test_weight::TestWeight;
