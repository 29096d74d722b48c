//! Coefficients that vary with time: β + γ g(t).
//!
//! A column z with such a coefficient acts as two, z and z g(t), the second of which changes at every
//! event time. Rows are never cut at event times. Two ways lead through the risk sets instead, and each
//! stratum takes the cheaper one:
//!
//! - By distinct value ([`groups`]): rows of one z share the factor exp(γ z g(t)), so that their risk sums
//!   are those of a model without g, and each event time combines the sums of the groups. About
//!   (n + V m) log m for V distinct values and m event times.
//! - By piece ([`pieces`]): over event times of one g the columns are constant, and the piece is an
//!   ordinary stratum of the rows at risk in it. One sum over the rows at risk for each piece; for a
//!   smooth g that is a sum over each risk set.

mod groups;
mod pass;
mod pieces;
mod plan;

pub(crate) use pass::{VaryingPass, pass, recedes, score_residuals};
pub(crate) use plan::{TimeTable, Varying};
