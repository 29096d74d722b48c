//! Estimators that assume no model: Kaplan–Meier, Nelson–Aalen, log-rank, restricted mean, comparison at
//! a fixed time, smoothed hazard, life table, numbers at risk.

mod comparison;
mod curves;
mod influence;
mod restricted_mean;
mod turnbull;

pub(crate) use comparison::xie_liu;
pub use comparison::{
    Alternative, FixedTime, FixedTimeComparison, GroupCount, LogRank, LogRankFit, MaxCombo,
    MaxComboFit, OneSampleFit, OneSampleLogRank, PairTest, PairVariance, Pairwise, TestWeight,
    TrendTest,
};
pub use curves::{
    AtRisk, AtRiskTable, Band, BandKind, Bands, HazardTransform, HazardVariance, KaplanMeier,
    KaplanMeierFit, LifeTable, LifeTableFit, LifeTableInterval, NelsonAalen, NelsonAalenFit,
    SmoothedHazard, SmoothedHazardFit, SurvivalAt, TieCorrection,
};
pub(crate) use curves::{Members, Observed, emptied, leaving, product_limit};
pub(crate) use influence::spread;
pub use influence::{Estimand, InfluenceFit, InfluenceFunctions};
pub use restricted_mean::{
    RestrictedMean, RestrictedMeanComparison, RestrictedMeanContrast, RestrictedMeanFit,
};
pub use turnbull::{MassInterval, Turnbull, TurnbullFit};
