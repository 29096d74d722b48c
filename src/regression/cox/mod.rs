//! Cox's proportional hazards model.
//!
//! One Newton step is two passes over the ordered rows. The pass over event times (`engine::times`)
//! walks the risk sets and yields the log-likelihood, the hazard jumps and Σ E Eᵀ; the pass over rows
//! (`engine::rows`) turns the hazards into martingale residuals, score and information.

mod criteria;
mod display;
mod engine;
mod evaluation;
mod fit;
mod frailty;
mod global_tests;
mod likelihood;
mod model;
mod penalty_fit;
mod prediction;
mod problem;
mod profile;
mod residuals;
mod ridge;
mod robust;
mod shrinkage;
mod submodels;
mod time_function;
mod time_varying;

pub(crate) use display::{estimates, limits};
pub use engine::Ties;
pub(crate) use engine::{
    HazardErrors, Ordered, Point, TailWeight, Tails, TimeFactors, TimesPass, WeightEffect,
    factored_score_residuals, score_weight_effects,
};
pub(crate) use evaluation::Evaluation;
pub(crate) use fit::Meat;
pub use fit::{Coefficient, CoefficientStatus, Convergence, CoxFit};
pub use frailty::{Frailty, FrailtyDistribution, FrailtyFit, SharedFrailty};
pub use likelihood::LikelihoodAt;
pub use model::CoxPh;
pub use penalty_fit::PenaltyFit;
pub use prediction::{
    CovariatePath, CoxBaseline, CoxCurve, ExpectedEvents, Predicted, PredictedAt, PredictedRows,
    Reference, StratumBaseline, SurvivalForm, TermPrediction,
};
pub(crate) use prediction::{
    Covariates, Cumulative, Estimated, HazardSum, Hazards, Relative, StratumHazards,
};
pub(crate) use prediction::{HazardJump, PersonHazard};
pub(crate) use prediction::{Population, StratumHazard};
pub(crate) use problem::Problem;
pub(crate) use profile::{Profile, ProfileEnds};
pub(crate) use residuals::AtPlaces;
pub use residuals::{CoxResiduals, InfluenceSummary, InfluentialRow, Schoenfeld};
pub use ridge::Ridge;
pub(crate) use robust::{meat, meat_of_scores};
pub(crate) use submodels::{NotTested, Split, Submodels};
pub use time_function::TimeFunction;
pub use time_varying::CoefficientAt;
