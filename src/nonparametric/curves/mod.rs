//! Curves of one population: Kaplan–Meier, Nelson–Aalen, their bands, life table, smoothed hazard,
//! numbers at risk.

mod at_risk;
mod bands;
mod bridge;
mod conditional;
mod jackknife;
mod kaplan_meier;
mod kaplan_meier_fit;
mod life_table;
mod life_table_fit;
mod nelson_aalen;
mod nelson_aalen_fit;
mod observed;
mod product_limit;
mod scaled_bridge;
mod smoothed_hazard;

pub use at_risk::{AtRisk, AtRiskTable};
pub use bands::{Band, BandKind, Bands};
pub(super) use jackknife::Influence;
pub(crate) use jackknife::Members;
pub use kaplan_meier::KaplanMeier;
pub(crate) use kaplan_meier::emptied;
pub(super) use kaplan_meier::influence;
pub use kaplan_meier_fit::{KaplanMeierFit, SurvivalAt};
pub use life_table::LifeTable;
pub use life_table_fit::{LifeTableFit, LifeTableInterval};
pub use nelson_aalen::{HazardTransform, HazardVariance, NelsonAalen, TieCorrection};
pub use nelson_aalen_fit::NelsonAalenFit;
pub(crate) use observed::{Observed, leaving};
pub(crate) use product_limit::product_limit;
pub use smoothed_hazard::{SmoothedHazard, SmoothedHazardFit};
