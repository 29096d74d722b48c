//! The crate against R: every reference case that the crate can answer today.
//!
//! `expected/` holds R's results, `../data` the data; both are described in the README beside
//! them. A [`family::Family`] names the cases of one kind that are compared and those that are
//! not, with the reason.

mod case;
mod compare;
mod design;
mod family;
mod frame;
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

mod turnbull;

mod cox_firth;
mod cox_fits;
mod cox_intervals;
mod cox_likelihood;
mod cox_models;
mod cox_profile;
mod cox_ridge;
mod cox_singular;

mod colon_trial;
