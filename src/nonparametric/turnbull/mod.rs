//! The survival curve of interval-censored rows.

mod emicm;
mod estimator;
mod fit;
mod maximal_intersections;
mod support_newton;

pub use estimator::Turnbull;
pub use fit::{MassInterval, TurnbullFit};
