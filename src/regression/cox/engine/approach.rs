//! The way to the maximum of many rows, nearly all of it without second derivatives.
//!
//! The maximum of a [surrogate](super::surrogate) made of every sixteenth row or so comes within a standard
//! error of the estimate. From there steps with the score of all rows and the surrogate's information, which
//! [learns](super::learnt) from them, go most of the way: a score takes no products of columns. Where they end,
//! Newton's method starts, and its rule decides.

use ndarray::Array2;

use super::learnt::Learnt;
use super::newton::{Control, Start};
use super::ordered::Ordered;
use super::penalty::Penalty;
use super::point::Point;
use super::score::score;
use super::surrogate::Surrogate;
use crate::linalg::{Ldl, dot};

/// Rows from which on it pays.
const MANY: usize = 20_000;

/// One row in so many is in the sample; in fewer where there are many columns, but a sample of more than one
/// row in `LEAST_STEP` spares too little.
const STEP: usize = 16;
const LEAST_STEP: usize = 4;

/// Events in the sample for each column, about, at the least: with fewer its fit says little.
const EVENTS: usize = 20;

/// By how much the log-likelihood can rise along a step to the surrogate's maximum after which its own error
/// is larger than what is left.
const WITHIN: f64 = 1.0;

/// The size of a next step, in scaled columns, that is smaller than what counts.
const NEAR: f64 = 2e-13;

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
    let (p, live) = (null.beta.len(), null.rank().live());
    // The step that Newton's method takes, and by how much the log-likelihood could rise along it: less with
    // every step on a way that leads to the maximum.
    let newton = |curvature: &Array2<f64>, slope: &[f64], before: f64| {
        let ldl = Ldl::among(curvature, &live);
        let step = control.backend.solve(&ldl, curvature, slope).ok()?;
        let rise = dot(&step, slope) / 2.0;
        (ldl.live() == live && rise < before).then_some((step, rise))
    };
    let surrogate = Surrogate::new(ordered, control.ties, null, one_in)?;
    let (mut beta, mut slope) = (vec![0.0; p], null.score.clone());
    let (mut information, mut change) = (null.information.clone(), f64::INFINITY);
    for _ in 0..MAX_STEPS {
        let (step, rise) = newton(&information, &slope, change)?;
        beta.iter_mut().zip(&step).for_each(|(beta, step)| *beta += step);
        (slope, information) = surrogate.at(control.ties, &beta)?;
        change = rise;
        if change < WITHIN {
            break;
        }
    }
    let mut slope = score(ordered, control.ties, &beta)?;
    let (mut learnt, mut steps) = (Learnt::new(information), 0);
    // The size of the last step, and its ratio to that of the one before.
    let (mut last, mut shrunk) = (f64::INFINITY, 1.0);
    change = f64::INFINITY;
    while steps < MAX_STEPS {
        let Some((step, rise)) = newton(&learnt.curvature, &slope, change) else { break };
        let size = step.iter().fold(0.0, |size: f64, step| size.max(step.abs()));
        let ahead: Vec<f64> = beta.iter().zip(&step).map(|(beta, step)| beta + step).collect();
        // The next step is to this one as this one is to the last, unless that was luck.
        let shrinks = f64::max(size / last, shrunk);
        if size * shrinks.min(1.0) <= NEAR {
            return Some(Near { beta: ahead, change: rise, steps: steps + 1 });
        }
        let Some(next) = score(ordered, control.ties, &ahead) else { break };
        let fall: Vec<f64> =
            slope.iter().zip(&next).map(|(before, after)| before - after).collect();
        learnt.learn(&step, &fall);
        (change, last, shrunk) = (rise, size, size / last);
        (beta, slope, steps) = (ahead, next, steps + 1);
    }
    Some(Near { beta, change, steps })
}

#[cfg(test)]
mod tests {
    use super::super::ties::Ties;
    use super::*;
    use crate::data::{Design, RightCensored};
    use crate::linalg::Backend;

    const CONTROL: Control = Control {
        ties: Ties::Efron,
        tolerance: 1e-9,
        max_iterations: 20,
        backend: Backend::Native,
        penalty: Penalty::None,
    };

    fn uniform(row: usize, k: usize) -> f64 {
        let mix = |bits: u64| (bits ^ (bits >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bits = mix(mix((64 * row + k + 1) as u64));
        ((bits >> 11) as f64 + 0.5) / 2_f64.powi(53)
    }

    /// n rows of p columns, of which every `one_in`th has the event; the first column tells of the time.
    fn order(n: usize, p: usize, one_in: usize) -> Ordered {
        let event: Vec<bool> = (0..n).map(|row| row % one_in == 0).collect();
        let time = |row: usize| -uniform(row, 1).ln() * (-uniform(row, 2)).exp();
        let time: Vec<f64> = (0..n).map(time).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let mut design = Design::builder();
        for j in 0..p {
            let column: Vec<f64> = (0..n).map(|row| uniform(row, 2 + j)).collect();
            design = design.numeric(&format!("x{j}"), &column);
        }
        Ordered::of_data(&data, &design.build().unwrap(), CONTROL.ties)
    }

    #[test]
    fn a_sample_has_rows_and_events_enough() {
        let step = |n, p, one_in| sample_step(&CONTROL, &order(n, p, one_in));
        assert_eq!(step(MANY, 1, 1), Some(STEP));
        assert_eq!(step(MANY - 1, 1, 1), None);
        // Of 400 events for two or five columns.
        assert_eq!(step(2 * MANY, 2, 100), Some(10));
        assert_eq!(step(2 * MANY, 5, 100), Some(4));
        assert_eq!(step(2 * MANY, 6, 100), None);
        let ridge = Control { penalty: Penalty::Ridge(vec![1.0]), ..CONTROL };
        assert_eq!(sample_step(&ridge, &order(MANY, 1, 1)), None);
    }

    /// A few steps, after which nothing is left to Newton's method.
    #[test]
    fn the_way_leads_to_the_maximum() {
        let ordered = order(MANY, 3, 2);
        let null = CONTROL.at(&ordered, vec![0.0; 3]).unwrap();
        let near = approach(&CONTROL, &ordered, &null, STEP).unwrap();
        let end = CONTROL.at(&ordered, near.beta.clone()).unwrap();
        let ldl = Ldl::new(&end.information);
        let left = ldl.solve(&end.score);
        assert!(left.iter().all(|left| left.abs() < 1e-11), "{left:?}");
        assert!(near.change < 1e-12 && near.steps == 5, "{near:?}");
        let start =
            |floor: f64| CONTROL.start(&ordered, Near { beta: near.beta.clone(), ..near }, floor);
        assert_eq!(start(null.objective()).unwrap().steps, near.steps);
        assert!(start(end.objective() + 1.0).is_none());
        // One more step, too small to need another look at the rows.
        let near = start(null.objective()).unwrap();
        let (steps, before) = (near.steps, near.point.beta.clone());
        let maximum = CONTROL.maximise(&ordered, &null, near, &[false; 3]).unwrap();
        assert_eq!(maximum.iterations, steps + 1);
        let moved = maximum.point.beta.iter().zip(&before).zip(&left);
        assert!(
            moved.into_iter().all(|((after, before), left)| (after - before - left).abs() < 1e-15)
        );
    }
}
