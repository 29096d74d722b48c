//! What the crate promises beyond numbers: layers, errors instead of panics, statuses, print.

mod display;
mod error_text;
mod functionals;
mod hard_input;
mod hard_intervals;
mod layers;
mod likelihood_inference;
mod public_types;
mod separation;
mod sources;
