//! The infinitesimal-jackknife variance of a cumulative incidence.
//!
//! The influence of a row on Fₖ(t) is a sum over the times s ≤ t it is at risk,
//! ```text
//! Σ { S(s−) (dNₖ − dₖ/Y)/Y + (Fₖ(t) − Fₖ(s)) b(s) }
//! ```
//! with dNₖ whether it has an event of the cause there, and b its influence on ln S: d/(Y (Y − d))
//! while it stays, −1/Y at its event. With Fₖ(t) − Fₖ(s) = (F − Fₖ(s)) + (Fₖ(t) − F), F the last value
//! of Fₖ, it is a combination of two running sums, both of them small at the end of the curve.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the times of the group, a step one of those of the cause"
)]

use super::walk::{CauseSteps, Walk};
use crate::data::RiskSeries;
use crate::nonparametric::Members;

/// What decides the influence of a row at one time.
#[derive(Clone, Copy)]
struct Place {
    /// S(s−)/Y.
    jump: f64,
    /// S(s−) dₖ/Y².
    mean: f64,
    /// What Fₖ has still to rise.
    ahead: f64,
    incidence: f64,
    stay_ln: f64,
    leave_ln: f64,
}

/// The variance of Fₖ at each of its steps. `is_cause` tells whether the event of a row is of the cause.
pub(super) fn variance(
    members: &Members<'_>,
    group: usize,
    counts: &RiskSeries,
    walk: &Walk,
    cause: &CauseSteps,
    is_cause: impl Fn(usize) -> bool,
) -> Vec<f64> {
    let places = places(counts, walk, cause);
    let stay = |place: usize| {
        let at = places[place];
        [at.ahead * at.stay_ln - at.mean, at.stay_ln]
    };
    let leave = |place: usize, row: usize| {
        let at = places[place];
        let own = if is_cause(row) { at.jump } else { 0.0 };
        [own - at.mean + at.ahead * at.leave_ln, at.leave_ln]
    };
    let last = cause.incidence.last().copied().unwrap_or(0.0);
    let factors = |place: usize| [1.0, places[place].incidence - last];
    let everywhere = members.squares(group, counts.time(), stay, leave, factors);
    let mut own = cause.time.iter().peekable();
    (counts.time().iter().zip(everywhere))
        .filter(|(time, _)| own.next_if_eq(time).is_some())
        .map(|(_, variance)| variance)
        .collect()
}

fn places(counts: &RiskSeries, walk: &Walk, cause: &CauseSteps) -> Vec<Place> {
    let last = cause.incidence.last().copied().unwrap_or(0.0);
    let (mut step, mut incidence, mut survival) = (0, 0.0, 1.0);
    let place = |k: usize| {
        let (y, d) = (counts.n_risk()[k], counts.n_event()[k]);
        let mut d_cause = 0.0;
        if cause.time.get(step) == Some(&counts.time()[k]) {
            (d_cause, incidence) = (cause.n_event[step], cause.incidence[step]);
            step += 1;
        }
        let (stay_ln, leave_ln) = match counts.all_fail(k) {
            true => (0.0, 0.0),
            false => (d / y / counts.n_staying(k), -1.0 / y),
        };
        let jump = survival / y;
        survival = walk.survival[k];
        Place {
            jump,
            mean: jump * (d_cause / y),
            ahead: last - incidence,
            incidence,
            stay_ln,
            leave_ln,
        }
    };
    (0..counts.time().len()).map(place).collect()
}
