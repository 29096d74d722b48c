//! Cox's proportional hazards model.
//!
//! One Newton step is two passes over the ordered rows. The pass over event times (`engine::times`)
//! walks the risk sets and yields the log-likelihood, the hazard jumps and Σ E Eᵀ; the pass over rows
//! (`engine::rows`) turns the hazards into martingale residuals, score and information.

mod display;
mod engine;
mod evaluation;
mod fit;
mod likelihood;
mod model;
mod penalty_fit;
mod problem;
mod profile;
mod ridge;
mod robust;
mod shrinkage;

pub use engine::Ties;
pub use fit::{Coefficient, CoefficientStatus, Convergence, CoxFit};
pub use likelihood::LikelihoodAt;
pub use model::CoxPh;
pub use penalty_fit::PenaltyFit;
pub(crate) use profile::{Profile, ProfileEnds};
pub use ridge::Ridge;
