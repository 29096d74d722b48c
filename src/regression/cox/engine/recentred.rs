//! Score and information where covariates slide with time.
//!
//! When every risk set lies far from the overall mean of a column (a calendar date in rows cut at
//! short intervals, say), Σ e x² and Σ E² are nearly equal and their difference loses its digits. So
//! event times are taken in blocks, and within each block columns are centred at the mean of one of
//! its risk sets:
//! ```text
//! I = Σ_B [ Σ_i e_iB (x_i − c_B)(x_i − c_B)ᵀ − Σ_{t ∈ B} w (E_t − c_B)(E_t − c_B)ᵀ ]
//! ```
//! with `e_iB` the events expected of row i within the block. The cost is one update for each row and
//! block it is at risk in, which is little where rows are short, the only rows that can slide.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, and a time lies in one of the blocks"
)]

use ndarray::Array2;
use std::ops::Range;

use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::signed_sum::SignedSum;
use super::stratum::StratumRows;
use super::ties::{Steps, Ties};
use super::times::TimesPass;

/// Pairs of rows and blocks that are spent on one pass, as a multiple of the rows.
const BUDGET: usize = 64;

/// Score, information and Σ e (x − c)² with columns centred in blocks of event times.
pub(crate) struct Recentred {
    pub(crate) score: Vec<f64>,
    pub(crate) information: Array2<f64>,
    pub(crate) moment: Vec<f64>,
}

/// The pass, with event time k of stratum s counting `factor(s, k)` times; `None` where it would cost
/// too much.
pub(crate) fn pass(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    factor: impl Fn(usize, usize) -> f64,
) -> Option<Recentred> {
    let p = ordered.n_columns();
    let mut score = vec![0.0; p];
    let (mut squares, mut means) = (SignedSum::new(p), SignedSum::new(p));
    for (s, (stratum, jumps)) in ordered.strata.iter().zip(&times.jumps).enumerate() {
        if stratum.tails.is_some() {
            // These rows are at risk to the end: their covariates cannot slide.
            return None;
        }
        let at_risk = stratum.at_risk.as_ref()?;
        let length = block_length(at_risk, stratum.times.len())?;
        let factor = |k: usize| factor(s, k);
        let centres = centres(ordered, ties, stratum, times, length, |k, steps, stay, leave| {
            means.add(factor(k), steps, stay, leave);
        });
        for (place, at_risk) in stratum.rows.clone().zip(at_risk) {
            let own = ordered.event[place].then_some(at_risk.start as usize);
            let mut next = at_risk.start as usize;
            while next < at_risk.end as usize {
                let block = next / length;
                let end = ((block + 1) * length).min(at_risk.end as usize);
                let jump = |k: usize| if own == Some(k) { jumps.leave(k) } else { jumps.stay(k) };
                let expected_at = |k: usize| factor(k) * jump(k).times(times.risk.at(place));
                let expected: f64 = (next..end).map(expected_at).sum();
                let event = own.filter(|own| (next..end).contains(own));
                let observed = event.map_or(0.0, |own| factor(own) * ordered.weight[place]);
                let centred = ordered.row(place).iter().zip(&centres[block]).map(|(x, c)| x - c);
                for (sum, x) in score.iter_mut().zip(centred.clone()) {
                    *sum += (observed - expected) * x;
                }
                squares.push(expected, centred);
                next = end;
            }
        }
    }
    let squares = squares.symmetric();
    let moment = squares.diag().to_vec();
    Some(Recentred { score, information: squares - means.symmetric(), moment })
}

/// The shortest blocks, by powers of two, that the budget allows.
fn block_length(at_risk: &[Range<u32>], n_times: usize) -> Option<usize> {
    let pairs = |length: usize| -> usize {
        let blocks = |range: &Range<u32>| match range.is_empty() {
            true => 0,
            false => (range.end as usize - 1) / length - range.start as usize / length + 1,
        };
        at_risk.iter().map(blocks).sum()
    };
    let lengths = std::iter::successors(Some(1), |length| Some(2 * length));
    lengths
        .take_while(|&length| length < 2 * n_times.max(1))
        .find(|&length| pairs(length) <= BUDGET * at_risk.len())
}

/// The centre of each block: the mean of its first risk set. Calls `add` with the steps and the centred
/// sums of every event time.
fn centres(
    ordered: &Ordered,
    ties: Ties,
    stratum: &StratumRows,
    times: &TimesPass,
    length: usize,
    mut add: impl FnMut(usize, &Steps, &ScaledSum, &ScaledSum),
) -> Vec<Vec<f64>> {
    let mut centres: Vec<Vec<f64>> = Vec::new();
    risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
        stay.align(leave);
        if k % length == 0 {
            let total = stay.total + leave.total;
            let both = stay.first.iter().zip(&leave.first);
            centres.push(both.map(|(n, d)| (n + d) / total).collect());
        }
        let time = &stratum.times.at(k);
        let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        let centre = &centres[k / length];
        let shift = |sum: &mut ScaledSum| {
            let total = sum.total;
            sum.first.iter_mut().zip(centre).for_each(|(first, c)| *first -= c * total);
        };
        shift(stay);
        shift(leave);
        add(k, &steps, stay, leave);
    });
    centres
}
