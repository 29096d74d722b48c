//! What a covariate multiplied by a function of time adds to a model.
//!
//! At coefficients (β, 0) of the columns x and x·g(t), the score of x·g and its information are those of
//! x with every event time counting g(t), or g(t)², times:
//! ```text
//! U = Σ_t g (Σ_events w x − Σ w E),   I₁₂ = Σ_t g V(t),   I₂₂ = Σ_t g² V(t)
//! ```
//! with V(t) the covariance of x in the risk set. So they are the two passes of a Newton step with other
//! weights: rows are weighted by the sums of g and g² times the hazard over the times they are at risk.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, and there is a g for each event time"
)]

use ndarray::Array2;
use std::ops::Range;

use super::hazards;
use super::ordered::Ordered;
use super::recentred;
use super::risk_sets;
use super::rows::{PARTS, ROWS};
use super::scaled_sum::ScaledSum;
use super::signed_sum::SignedSum;
use super::ties::Ties;
use super::times::TimesPass;
use crate::linalg::Gram;
use crate::numerics::blocks;

/// Score and information of x·g(t), in the scaled columns.
#[derive(Debug, Clone)]
pub(crate) struct TimeInteraction {
    /// U.
    pub(crate) score: Vec<f64>,
    /// I₁₂.
    pub(crate) cross: Array2<f64>,
    /// I₂₂.
    pub(crate) information: Array2<f64>,
    /// Σ g² e x² of each column: what the diagonal of I₂₂ is left of once the means are taken off.
    pub(crate) moment: Vec<f64>,
}

/// A column keeps its digits when the means take no more than this off its second moment.
const KEPT: f64 = 1e-4;

impl TimeInteraction {
    /// With g at every event time, by stratum, latest time first.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, times: &TimesPass, g: &[Vec<f64>]) -> Self {
        let (score, means) = of_times(ordered, ties, times, g);
        let squares = of_rows(ordered, times, g);
        let moment = squares[1].diag().to_vec();
        let [cross, information] = squares;
        let plain =
            Self { score, cross: cross - &means[0], information: information - &means[1], moment };
        let kept = plain.information.diag().into_iter().zip(&plain.moment);
        if kept.into_iter().all(|(information, moment)| *information >= KEPT * moment) {
            return plain;
        }
        let at = |power: i32| {
            recentred::pass(ordered, ties, times, |stratum, k| g[stratum][k].powi(power))
        };
        match at(1).zip(at(2)) {
            Some((first, second)) => Self {
                score: first.score,
                cross: first.information,
                information: second.information,
                moment: second.moment,
            },
            None => plain,
        }
    }
}

/// U, and Σ g Σ w E Eᵀ, Σ g² Σ w E Eᵀ.
fn of_times(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    g: &[Vec<f64>],
) -> (Vec<f64>, [Array2<f64>; 2]) {
    let p = ordered.n_columns();
    let mut score = vec![0.0; p];
    let mut means = [SignedSum::new(p), SignedSum::new(p)];
    for (stratum, g) in ordered.strata.iter().zip(g) {
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            stay.align(leave);
            let time = &stratum.times.at(k);
            let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            let sums = stay.first.iter().zip(&leave.first);
            for (sum, (n, d)) in score.iter_mut().zip(sums) {
                *sum -= g[k] * (steps.hazard * n + steps.hazard_event * d);
            }
            for place in time.events() {
                let factor = g[k] * ordered.weight[place];
                score.iter_mut().zip(ordered.row(place)).for_each(|(sum, x)| *sum += factor * x);
            }
            means[0].add(g[k], &steps, stay, leave);
            means[1].add(g[k] * g[k], &steps, stay, leave);
        });
    }
    (score, means.map(SignedSum::symmetric))
}

/// Σ e₁ x xᵀ and Σ e₂ x xᵀ over the rows, with e₁ and e₂ the sums of g and g² times the events expected.
fn of_rows(ordered: &Ordered, times: &TimesPass, g: &[Vec<f64>]) -> [Array2<f64>; 2] {
    let expected = expected_events(ordered, times, g);
    let n = expected.len();
    let parts = blocks::cut(n, ROWS.max(n.div_ceil(PARTS)));
    let partial = blocks::map(parts, |part| partial_sums(ordered, &expected, part));
    let p = ordered.n_columns();
    let mut grams = [Gram::new(p), Gram::new(p), Gram::new(p), Gram::new(p)];
    for part in partial {
        grams.iter_mut().zip(part).for_each(|(gram, part)| gram.merge(part));
    }
    let [plus, minus, square, none] = grams.map(Gram::symmetric);
    [plus - minus, square - none]
}

fn partial_sums(ordered: &Ordered, expected: &[[f64; 2]], part: Range<usize>) -> [Gram; 4] {
    let p = ordered.n_columns();
    let (mut first, mut second) = (SignedSum::new(p), SignedSum::new(p));
    for place in part {
        let [e1, e2] = expected[place];
        first.push(e1, ordered.row(place).iter().copied());
        second.push(e2, ordered.row(place).iter().copied());
    }
    let ([a, b], [c, d]) = (first.finish(), second.finish());
    [a, b, c, d]
}

/// Σ g r H and Σ g² r H over the time each place is at risk.
fn expected_events(ordered: &Ordered, times: &TimesPass, g: &[Vec<f64>]) -> Vec<[f64; 2]> {
    let mut expected = vec![[0.0; 2]; times.risk.len()];
    let all = ordered.strata.iter().zip(&times.jumps).zip(g);
    for ((stratum, jumps), g) in all {
        let powers = |k: usize| [g[k], g[k] * g[k]];
        hazards::accumulate(
            stratum,
            &ScaledSum::new(2),
            |sum, k| sum.add(jumps.stay(k), &powers(k)),
            |sum, k| sum.add(jumps.leave(k), &powers(k)),
            |place, sum| {
                let factor = sum.factor_of(times.risk.at(place));
                expected[place] = [factor * sum.first[0], factor * sum.first[1]];
            },
        );
    }
    expected
}
