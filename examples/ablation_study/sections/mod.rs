//! The sections of the analysis, one to a file.
//!
//! What an unusual cohort makes impossible, such as a test of a single group, is a sentence in its place.

pub(crate) mod baseline;
pub(crate) mod bootstrap;
mod cells;
pub(crate) mod comparison;
mod covariate_rows;
pub(crate) mod describe;
pub(crate) mod estimates;
pub(crate) mod kaplan_meier;
pub(crate) mod lesions;
mod local_models;
pub(crate) mod local_progression;
pub(crate) mod log_rank;
pub(crate) mod multivariable;
pub(crate) mod progress;
mod propensity;
pub(crate) mod proportional_hazards;
pub(crate) mod published;
pub(crate) mod replicates;
pub(crate) mod reporting;
pub(crate) mod sensitivity;
pub(crate) mod subgroups;
pub(crate) mod univariable;
