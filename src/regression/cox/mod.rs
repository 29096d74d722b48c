//! Cox's proportional hazards model.
//!
//! One Newton step is two passes over the ordered rows. The pass over event times (`engine::times`)
//! walks the risk sets and yields the log-likelihood, the hazard jumps and Σ E Eᵀ; the pass over rows
//! (`engine::rows`) turns the hazards into martingale residuals, score and information.

mod display;
mod engine;
mod evaluation;
mod fit;
mod frailty;
mod likelihood;
mod model;
mod problem;
mod robust;

pub use engine::Ties;
pub use fit::{Coefficient, CoefficientStatus, Convergence, CoxFit};
pub use frailty::{Frailty, FrailtyDistribution, FrailtyFit, SharedFrailty};
pub use likelihood::LikelihoodAt;
pub use model::CoxPh;
