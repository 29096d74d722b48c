//! Shared frailty: rows of one cluster share an unseen factor of their hazard.
//!
//! For a given variance θ the penalised partial likelihood is maximised over coefficients and log
//! frailties (`penalised`, whose Newton steps are solved in `equations`); what the integral over the
//! frailties adds makes it the marginal likelihood (`marginal`), which is searched over θ (`profile`).

mod display;
mod distribution;
mod equations;
mod fit;
mod information;
mod marginal;
mod membership;
mod model;
mod penalised;
mod profile;

pub use distribution::FrailtyDistribution;
pub use fit::{Frailty, FrailtyFit};
pub use model::SharedFrailty;
