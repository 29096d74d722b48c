//! Residuals of a fitted model, and what is made of them: who moves the estimate, and what tests of the
//! model start from.

mod cox_residuals;
mod influence;
mod perturbed;
mod schoenfeld;

pub use cox_residuals::CoxResiduals;
pub use influence::{InfluenceSummary, InfluentialRow};
pub(crate) use perturbed::AtPlaces;
pub use schoenfeld::Schoenfeld;
