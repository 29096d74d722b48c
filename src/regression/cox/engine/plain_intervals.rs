//! Sums under delayed entry where every risk is of ordinary size: plain numbers do.

use multiversion::multiversion;

use super::jumps::Jumps;
use super::stratum::StratumRows;
use super::ties::{Steps, Ties};
use crate::linalg::add_multiple;
use crate::numerics::interval_levels::IntervalLevels;
use crate::numerics::interval_sums::Block;

/// The hazard jumps at the event times of a stratum, given the risks of its rows.
pub(super) fn jumps(
    stratum: &StratumRows,
    intervals: &IntervalLevels,
    ties: Ties,
    risk: &[f64],
) -> Jumps {
    let mut stay = vec![0.0; stratum.times.len()];
    intervals.scatter(risk, &mut stay);
    let mut jumps = Jumps::with_capacity(stay.len());
    for (time, stay) in stratum.times.iter().zip(stay) {
        let events = time.events();
        let start = stratum.rows.start;
        let leave = risk[events.start - start..events.end - start].iter().sum();
        let (hazard, hazard_event) = ties.hazards(time.steps(), time.step_weight(), stay, leave);
        jumps.push(&Steps { hazard, hazard_event, ..Steps::default() }, 0);
    }
    jumps
}

/// Makes `expected`, all 0 before, the events expected of each row of a stratum, given the jumps for those who
/// stay and for those who leave, and the risks.
pub(super) fn expect(
    stratum: &StratumRows,
    intervals: &IntervalLevels,
    (stay, leave): (&[f64], &[f64]),
    risk: &[f64],
    expected: &mut [f64],
) {
    intervals.gather(stay, expected);
    for (time, leave) in stratum.times.iter().zip(leave) {
        time.events().for_each(|place| expected[place - stratum.rows.start] += leave);
    }
    expected.iter_mut().zip(risk).for_each(|(expected, risk)| *expected *= risk);
}

/// Σ r and Σ r x over the risk set of each event time, events left out.
pub(super) struct RiskSetSums {
    p: usize,
    /// Of each time p columns, the total, and zeros that fill them up to a multiple of four.
    values: Vec<f64>,
}

impl RiskSetSums {
    /// Those of `n_times` times, given the covariates and the risks of the rows of a stratum.
    pub(super) fn new(
        n_times: usize,
        intervals: &IntervalLevels,
        rows: &[f64],
        risk: &[f64],
        p: usize,
    ) -> Self {
        let mut values = vec![0.0; n_times * width(p)];
        add_risk_sets(intervals, rows, risk, p, &mut values);
        Self { p, values }
    }

    /// Σ r and Σ r x at one time.
    pub(super) fn at(&self, k: usize) -> (f64, &[f64]) {
        let sums = &self.values[k * width(self.p)..];
        (sums[self.p], &sums[..self.p])
    }
}

/// Numbers that the sums of one time take.
fn width(p: usize) -> usize {
    (p + 1).next_multiple_of(4)
}

/// Adds every row to the times at which it is at risk.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn add_risk_sets(
    intervals: &IntervalLevels,
    rows: &[f64],
    risk: &[f64],
    p: usize,
    values: &mut [f64],
) {
    add_each_row(intervals, rows, risk, p, values);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn add_each_row(
    intervals: &IntervalLevels,
    rows: &[f64],
    risk: &[f64],
    p: usize,
    values: &mut [f64],
) {
    let width = width(p);
    let add = |row: usize, at: usize, sums: &mut [f64]| {
        let sums = &mut sums[at * width..(at + 1) * width];
        add_multiple(&mut sums[..p], risk[row], &rows[row * p..(row + 1) * p]);
        sums[p] += risk[row];
    };
    for point in intervals.points() {
        add(point.row(), point.ends()[0], values);
    }
    let mut at_ends = vec![0.0; values.len()];
    let mut running = vec![0.0; width];
    let mut carry = |running: &mut [f64], at: usize, at_ends: &mut [f64]| {
        let own = &mut at_ends[at * width..(at + 1) * width];
        add_multiple(running, 1.0, own);
        own.fill(0.0);
        add_multiple(&mut values[at * width..(at + 1) * width], 1.0, running);
    };
    for (intervals, blocks) in intervals.levels() {
        for interval in intervals {
            for end in interval.ends() {
                add(interval.row(), end, &mut at_ends);
            }
        }
        for Block { left, right } in blocks {
            running.fill(0.0);
            left.for_each(|at| carry(&mut running, at, &mut at_ends));
            running.fill(0.0);
            right.rev().for_each(|at| carry(&mut running, at, &mut at_ends));
        }
    }
}
