//! What must hold whatever the data.

mod at_risk;
mod bands;
mod bystanders;
mod covariate_scale;
mod curve;
mod direct_cox;
mod direct_sums;
mod empirical;
mod finite_differences;
mod frequency;
mod influence;
mod log_rank_score;
mod max_combo;
mod maximum;
mod one_sample;
mod restricted_mean;
mod risk_table;
mod row_order;
mod sliding;
mod split_rows;
mod strata;
mod time_match;
mod time_scale;
mod turnbull;
mod weighted_log_rank;
mod without_ties;
