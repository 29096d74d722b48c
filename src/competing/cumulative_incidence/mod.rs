//! Cumulative incidence: the Aalen–Johansen estimator of competing risks.

mod curve;
mod display;
mod ends;
mod estimator;
mod fit;
mod functional;
mod jackknife;
mod variance;
mod walk;

pub use curve::{CumulativeIncidence, IncidenceAt};
pub(super) use ends::Ends;
pub use estimator::AalenJohansen;
pub use fit::{AalenJohansenFit, CauseCounts};
pub(super) use functional::Functional;
pub use variance::IncidenceVariance;
pub(super) use walk::{CauseSteps, Walk};
