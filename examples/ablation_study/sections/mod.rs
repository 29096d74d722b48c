//! The sections of the report, one file each; what several of them share stands beside them.

pub(crate) mod bootstrap;
mod cells;
pub(crate) mod comparison;
pub(crate) mod estimates;
pub(crate) mod lesions;
mod local_models;
pub(crate) mod local_progression;
pub(crate) mod progress;
mod propensity;
pub(crate) mod published;
pub(crate) mod replicates;
pub(crate) mod reporting;
pub(crate) mod sensitivity;
pub(crate) mod subgroups;
