//! What the crate promises beyond numbers: layers, errors instead of panics, statuses, print.

mod adjustment_input;
mod cause_specific;
mod competing;
mod crossed_options;
mod cumulative_incidence;
mod display;
mod documentation;
mod episode_errors;
mod error_text;
mod error_text_of_fits;
mod exact_ties;
mod far_predictions;
mod fine_gray_input;
mod found_by_fuzzing;
mod frailty_input;
mod functionals;
mod hard_input;
mod hard_intervals;
mod layers;
mod likelihood_inference;
mod public_types;
mod separation;
mod sources;
mod study;
mod terms;
mod validation_errors;
