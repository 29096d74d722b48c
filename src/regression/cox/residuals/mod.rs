//! Residuals of a fitted model, and what is made of them: who moves the estimate, and what tests of the
//! model start from.

mod cox_residuals;
mod influence;

mod schoenfeld;

pub use cox_residuals::CoxResiduals;
pub use influence::{InfluenceSummary, InfluentialRow};
pub use schoenfeld::Schoenfeld;
