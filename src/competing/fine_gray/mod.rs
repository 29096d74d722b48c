//! The model of Fine and Gray for the subdistribution hazard of one cause.
//!
//! It is a Cox model in which rows with a competing event stay at risk with a falling weight. The engine of
//! the Cox model knows such rows; here are their weights (`censoring`), what the weights' own error adds to
//! the variance (`influence`), and what a fit reports.

mod censoring;
mod censoring_ties;
mod display;
mod evaluation;
mod fit;
mod incidence;
mod influence;
mod model;
mod residuals;
mod time_trend;
mod variance;

pub use censoring_ties::CensoringTies;
pub use fit::FineGrayFit;
pub use incidence::{FineGrayIncidence, PredictedIncidence};
pub use model::FineGray;
pub use residuals::FineGrayResiduals;
pub use variance::FineGrayVariance;
