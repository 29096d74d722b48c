//! What the crate promises beyond numbers: layers, errors instead of panics, statuses, print.

mod display;
mod episode_errors;
mod error_text;
mod far_predictions;
mod functionals;
mod hard_input;
mod hard_intervals;
mod layers;
mod public_types;
mod separation;
mod sources;
mod validation_errors;
