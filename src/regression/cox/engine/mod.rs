//! The engine of a Cox model: rows in order, risk sets, the two passes of a Newton step, and the search
//! for the maximum. Works in centred and scaled columns and knows nothing of what a fit reports.

mod approach;
mod centres;
mod covariates;
mod event_means;
mod exact;
mod expected_means;
mod firth;
mod firth_recentred;
mod hazards;
mod interval_hazards;
mod jumps;
mod newton;
mod ordered;
mod parts;
mod penalty;
mod point;
mod recentred;
pub(crate) mod risk_sets;
mod risks;
mod rows;
mod scaled_sum;
mod scaled_sums;
mod score;
mod score_residuals;
mod secant;
mod separation;
mod signed_sum;
mod stratum;
mod subsample;
mod tails;
mod ties;
mod time_interaction;
mod times;
mod varying;
mod weight_effects;

pub(crate) use centres::TimeFactors;
pub(crate) use event_means::event_means;
pub(crate) use exact::too_many;
pub(crate) use expected_means::expected_means;
pub(crate) use hazards::accumulate;
pub(crate) use newton::{Control, Maximum, Start};
pub(crate) use ordered::Ordered;
pub(crate) use penalty::Penalty;
pub(crate) use point::Point;
pub(crate) use risk_sets::walk;
pub(crate) use rows::expected_events;
pub(crate) use scaled_sum::{Scaled, ScaledSum, power};
pub(crate) use score_residuals::{each_score_residual, factored_score_residuals, score_residuals};
pub(crate) use stratum::{EventTime, StratumRows};
pub(crate) use tails::{TailWeight, Tails};
pub(crate) use ties::Steps;
pub use ties::Ties;
pub(crate) use time_interaction::TimeInteraction;
pub(crate) use times::TimesPass;
pub(crate) use weight_effects::{
    WeightEffect, hazard_influences, hazard_weight_effects, score_weight_effects,
};
