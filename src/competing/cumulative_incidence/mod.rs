//! Cumulative incidence: the Aalen–Johansen estimator of competing risks.

mod curve;
mod display;
mod estimator;
mod fit;
mod jackknife;
mod steps;
mod variance;
mod walk;

pub use curve::{CumulativeIncidence, IncidenceAt};
pub use estimator::AalenJohansen;
pub use fit::{AalenJohansenFit, CauseCounts};
pub use variance::IncidenceVariance;
