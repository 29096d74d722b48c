//! Covariates: from named columns to a coded matrix, and back from a profile to one row of it.

mod builder;
mod coding;
mod complete_cases;
mod matrix;
mod profile;
mod spline;

pub use builder::DesignBuilder;
pub use coding::{Coding, Term, TermKind};
pub use complete_cases::CompleteCases;
pub use matrix::Design;
pub use profile::Profile;
pub(crate) use spline::basis as restricted_cubic_spline;
pub use spline::spline_knots;
