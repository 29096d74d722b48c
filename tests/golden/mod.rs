//! The crate against R: every reference case that the crate can answer today.
//!
//! `expected/` holds R's results, `../data` the data; both are described in the README beside
//! them. A [`family::Family`] names the cases of one kind that are compared and those that are
//! not, with the reason.

pub mod case;
mod compare;
mod design;
mod family;
pub mod frame;
mod observed;

mod conditional;
mod curves;
mod fixed_time;
mod kaplan_meier;
mod pseudo;
mod quantiles;
mod restricted_mean;
mod robust_mean;
mod times;

mod log_rank;
mod log_rank_family;
mod max_combo;
mod one_sample;
mod weighted_log_rank;

mod gray;
mod multi_state;

mod turnbull;

mod peers;

mod cox_firth;
mod cox_fits;
mod cox_infinite;
mod cox_intervals;
mod cox_likelihood;
mod cox_models;
mod cox_nested;
mod cox_pairs;
mod cox_predictions;
mod cox_profile;
mod cox_residuals;
mod cox_ridge;
mod cox_rows;
mod cox_sequential;
mod cox_singular;
mod cox_splines;
mod cox_terms;
mod cox_zph;

mod coefficient_paths;
mod fine_gray;
mod frailty;

mod cause_specific;
mod cumulative_incidence;

mod concordance;
mod episodes;

mod adjustment;
#[cfg(feature = "plot")]
mod colon_trial;

mod ablation;
mod baseline;
