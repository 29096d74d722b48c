//! The engine of a Cox model: rows in order, risk sets, the two passes of a Newton step, and the search
//! for the maximum. Works in centred and scaled columns and knows nothing of what a fit reports.

mod exact;
mod hazards;
mod newton;
mod ordered;
mod recentred;
mod risk_sets;
mod rows;
mod scaled_sum;
mod score_residuals;
mod separation;
mod stratum;
mod ties;
mod times;
mod varying;

pub(crate) use exact::too_many;
pub(crate) use newton::{Control, Maximum, Point};
pub(crate) use ordered::Ordered;
pub(crate) use score_residuals::score_residuals;
pub(crate) use stratum::EventTime;
pub use ties::Ties;
pub(crate) use times::TimesPass;
