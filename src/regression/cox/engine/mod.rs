//! The engine of a Cox model: rows in order, risk sets, the two passes of a Newton step, and the search
//! for the maximum. Works in centred and scaled columns and knows nothing of what a fit reports.

mod firth;
mod firth_recentred;
mod hazards;
mod newton;
mod ordered;
mod penalty;
mod recentred;
mod risk_sets;
mod rows;
mod scaled_sum;
mod score_residuals;
mod secant;
mod separation;
mod ties;
mod times;

pub(crate) use newton::{Control, Maximum, Point};
pub(crate) use ordered::{EventTime, Ordered};
pub(crate) use penalty::Penalty;
pub(crate) use score_residuals::score_residuals;
pub use ties::Ties;
pub(crate) use times::TimesPass;
