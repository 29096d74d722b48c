//! The way to the maximum of many rows, nearly all of it without second derivatives.
//!
//! A fit of every sixteenth row or so comes within some standard errors of the estimate. What all rows say at
//! coefficients of 0 is known; the sample only has to tell how score and information change from there,
//! which it does better than it tells either. So steps with the score of all rows and that information, to
//! which the symmetric update of rank one adds what they teach, go most of the way: a score takes no
//! products of columns. Where they end, Newton's method starts, and its rule decides.

use ndarray::ArrayView1;

use super::newton::{Control, Start};
use super::ordered::Ordered;
use super::penalty::Penalty;
use super::point::Point;
use super::score::score;
use super::secant::Secant;
use crate::linalg::{Ldl, dot};

/// Rows from which on it pays.
const MANY: usize = 20_000;

/// One row in so many is in the sample; in fewer where there are many columns, but a sample of more than one
/// row in `LEAST_STEP` spares too little.
const STEP: usize = 16;
const LEAST_STEP: usize = 4;

/// Events in the sample for each column, about, at the least: with fewer its fit says little.
const EVENTS: usize = 20;

/// The size of a step, in scaled columns, after which the next is smaller than what counts.
const NEAR: f64 = 2e-11;

/// The tolerance for the sample: its own error is far larger.
const ROUGH: f64 = 1e-6;

/// Steps that are tried.
const MAX_STEPS: usize = 12;

/// Where the way ended.
#[derive(Debug)]
pub(crate) struct Near {
    beta: Vec<f64>,
    /// By how much the log-likelihood last rose, about.
    change: f64,
    /// Steps taken.
    steps: usize,
}

impl Control {
    /// Where a search from near the maximum begins; `None` where that is below `floor`.
    pub(crate) fn start(&self, ordered: &Ordered, near: Near, floor: f64) -> Option<Start> {
        let Near { beta, change, steps } = near;
        let point = self.at(ordered, beta)?;
        (point.objective() >= floor).then_some(Start { point, change, steps })
    }
}

/// Of how many rows one is to be in the sample; `None` where there are few rows, or anything is out of the
/// ordinary.
pub(crate) fn sample_step(control: &Control, ordered: &Ordered) -> Option<usize> {
    let p = ordered.x.n_columns();
    let ordinary = matches!(control.penalty, Penalty::None)
        && ordered.varying.is_none()
        && ordered.strata.iter().all(|stratum| stratum.tails.is_none())
        && !ordered.has_tied_times();
    if p == 0 || ordered.event.len() < MANY || !ordinary {
        return None;
    }
    let n_events = ordered.event.iter().filter(|event| **event).count();
    let one_in = (n_events / (EVENTS * p)).min(STEP);
    (one_in >= LEAST_STEP).then_some(one_in)
}

/// Coefficients near the maximum, by way of one row in `one_in`, where score and information of `null`, all
/// coefficients 0, are all that is known; `None` where that leads nowhere.
pub(crate) fn approach(
    control: &Control,
    ordered: &Ordered,
    null: &Point,
    one_in: usize,
) -> Option<Near> {
    let p = ordered.x.n_columns();
    let sample = ordered.every(one_in);
    let of_sample = Point::new(&sample, control.ties, vec![0.0; p])?;
    let rough = Control {
        max_iterations: MAX_STEPS,
        tolerance: control.tolerance.max(ROUGH),
        ..control.clone()
    };
    let start = rough
        .maximise(&sample, &of_sample, Start::from(of_sample.clone()), &vec![false; p])
        .ok()?;
    let live = null.rank().live();
    if start.ldl.live() != live || start.infinite.iter().any(|&sign| sign != 0) {
        return None;
    }
    let share = ordered.total_event_weight / sample.total_event_weight;
    let change = &start.point.information - &of_sample.information;
    let information = &null.information + &(change * share);
    let ldl = Ldl::among(&information, &live);
    if ldl.live() != live {
        return None;
    }
    // What the sample's score at 0 lacks moves its maximum.
    let unexplained: Vec<f64> = (null.score.iter().zip(&of_sample.score))
        .map(|(all, sample)| all - share * sample)
        .collect();
    let correction = control.backend.solve(&ldl, &information, &unexplained).ok()?;
    let beta = start.point.beta.iter().zip(&correction).map(|(beta, step)| beta + step);
    let (mut beta, mut secant) = (beta.collect::<Vec<f64>>(), Secant::new(p));
    let mut slope = score(ordered, control.ties, &beta)?;
    let (mut change, mut steps) = (f64::INFINITY, 0);
    while steps < MAX_STEPS {
        let curvature = secant.added_to(&information);
        let ldl = Ldl::among(&curvature, &live);
        if ldl.live() != live {
            break;
        }
        let step = control.backend.solve(&ldl, &curvature, &slope).ok()?;
        // By how much the log-likelihood could rise: less with every step on a way that leads there.
        let rise = dot(&step, &slope) / 2.0;
        if !(rise < change) {
            break;
        }
        let ahead: Vec<f64> = beta.iter().zip(&step).map(|(beta, step)| beta + step).collect();
        if step.iter().all(|step| step.abs() <= NEAR) {
            return Some(Near { beta: ahead, change: rise, steps: steps + 1 });
        }
        let Some(next) = score(ordered, control.ties, &ahead) else { break };
        let explained = information.dot(&ArrayView1::from(&step));
        let turn = slope.iter().zip(&next).zip(&explained);
        secant.learn(&step, &turn.map(|((u, next), by)| u - next - by).collect::<Vec<_>>());
        change = rise;
        (beta, slope, steps) = (ahead, next, steps + 1);
    }
    Some(Near { beta, change, steps })
}
