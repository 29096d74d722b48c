//! Cumulative incidence: the Aalen–Johansen estimator of competing risks.

mod curve;
mod display;
mod estimator;
mod fit;
mod functional;
mod jackknife;
mod steps;
mod variance;
mod walk;

pub use curve::{CumulativeIncidence, IncidenceAt};
pub use estimator::AalenJohansen;
pub use fit::{AalenJohansenFit, CauseCounts};
pub(super) use functional::Functional;
pub(super) use steps::steps_by_group;
pub use variance::IncidenceVariance;
pub(super) use walk::Walk;
