//! State occupation probabilities of histories through several states.

mod course;
mod estimator;
mod fit;
mod hazard_spread;
mod jumps;
mod mean_time;
mod occupation_spread;
mod persons;
mod products;
mod transition_counts;
mod walk;

pub use estimator::StateOccupation;
pub use fit::{OccupationAt, StateOccupationFit, Transition};
pub use mean_time::MeanTime;
pub use transition_counts::TransitionCounts;
