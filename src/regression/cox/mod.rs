//! Cox's proportional hazards model.
//!
//! One Newton step is two passes over the ordered rows. The pass over event times (`times`) walks
//! the risk sets and yields the log-likelihood, the hazard jumps and Σ E Eᵀ; the pass over rows
//! (`rows`) turns the hazards into martingale residuals, score and information.

mod display;
mod fit;
mod hazards;
mod likelihood;
mod model;
mod newton;
mod ordered;
mod recentred;
mod risk_sets;
mod robust;
mod rows;
mod scaled_sum;
mod separation;
mod ties;
mod times;

pub use fit::{Coefficient, CoefficientStatus, Convergence, CoxFit};
pub use likelihood::LikelihoodAt;
pub use model::CoxPh;
pub use ties::Ties;
