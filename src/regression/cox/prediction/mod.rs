//! Prediction: baseline hazards, curves, paths, linear predictors, expected events.

mod baseline;
mod covariate_path;
mod covariates;
mod curve;
mod hazard_sums;
mod linear;
mod person_hazards;
mod population;
mod predicted;
mod predicted_rows;
mod product_limit;
mod reference;
mod restricted_mean;
mod stratum_baseline;
mod stratum_hazards;
mod survival_form;

pub use baseline::CoxBaseline;
pub use covariate_path::CovariatePath;
pub(crate) use covariates::{Covariates, Cumulative, Estimated, Relative};
pub use curve::CoxCurve;
pub(crate) use hazard_sums::HazardSum;
pub(crate) use person_hazards::{HazardJump, PersonHazard};
pub(crate) use population::{Population, StratumHazard};
pub use predicted::{ExpectedEvents, Predicted, PredictedAt, TermPrediction};
pub use predicted_rows::PredictedRows;
pub use reference::Reference;
pub use stratum_baseline::StratumBaseline;
pub(crate) use stratum_hazards::{Hazards, StratumHazards};
pub use survival_form::SurvivalForm;
