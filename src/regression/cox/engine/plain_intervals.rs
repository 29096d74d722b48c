//! Sums under delayed entry where every risk is of ordinary size: plain numbers do.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the stratum, a time has a width of numbers, p of them sums"
)]

use multiversion::multiversion;

use super::jumps::Jumps;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;
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
        jumps.push(ties.hazards(time.steps(), time.step_weight(), stay, leave), 0);
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

/// What each event time adds for the rows at risk there: a number, and p columns.
pub(super) struct TimeValues {
    p: usize,
    /// As those of [`RiskSetSums`].
    values: Vec<f64>,
}

impl TimeValues {
    /// Those of `n_times` times, of which `add` adds one to a sum; `None` where some is not of ordinary size.
    pub(super) fn new(
        n_times: usize,
        p: usize,
        add: impl Fn(&mut ScaledSum, usize),
    ) -> Option<Self> {
        let mut values = vec![0.0; n_times * width(p)];
        let mut sum = ScaledSum::new(p);
        for (k, values) in values.chunks_exact_mut(width(p)).enumerate() {
            sum.clear();
            add(&mut sum, k);
            if sum.exponent != 0 {
                return None;
            }
            values[..p].copy_from_slice(&sum.first);
            values[p] = sum.total;
        }
        Some(Self { p, values })
    }

    /// Shows every row the sum over its interval, in no particular order.
    pub(super) fn show(
        &self,
        intervals: &IntervalLevels,
        mut show: impl FnMut(usize, &mut ScaledSum),
    ) {
        let (p, width) = (self.p, width(self.p));
        let mut sum = ScaledSum::new(p);
        for row in intervals.empty() {
            sum.clear();
            show(row, &mut sum);
        }
        for point in intervals.points() {
            let values = &self.values[point.ends()[0] * width..];
            sum.clear();
            sum.total = values[p];
            sum.first.copy_from_slice(&values[..p]);
            show(point.row(), &mut sum);
        }
        let mut to_middle = vec![0.0; self.values.len()];
        for (intervals, blocks) in intervals.levels() {
            run_to_middle(&self.values, width, blocks, &mut to_middle);
            for interval in intervals {
                let [first, last] = interval.ends().map(|end| &to_middle[end * width..][..width]);
                sum.exponent = 0;
                sum.total = first[p] + last[p];
                let both = first.iter().zip(last);
                sum.first.iter_mut().zip(both).for_each(|(sum, (first, last))| *sum = first + last);
                show(interval.row(), &mut sum);
            }
        }
    }
}

/// Makes the sums at each time those of the values from there to the middle of its block.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn run_to_middle<B: Iterator<Item = Block>>(
    values: &[f64],
    width: usize,
    blocks: B,
    sums: &mut [f64],
) {
    run_each_to_middle(values, width, blocks, sums);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn run_each_to_middle(
    values: &[f64],
    width: usize,
    blocks: impl Iterator<Item = Block>,
    sums: &mut [f64],
) {
    for Block { left, right } in blocks {
        run::<false>(left.rev(), values, width, sums);
        run::<false>(right, values, width, sums);
    }
}

/// Columns whose running sums are kept at hand together: as many as there is room for, and what is left.
const WIDE: usize = 8;
const NARROW: usize = 4;

/// Writes the running sums of the values over some times, or adds them to what is there.
#[inline(always)]
fn run<const ADDED: bool>(
    times: impl Iterator<Item = usize> + Clone,
    values: &[f64],
    width: usize,
    sums: &mut [f64],
) {
    let mut column = 0;
    while column + WIDE <= width {
        run_columns::<ADDED, WIDE>(times.clone(), values, (width, column), sums);
        column += WIDE;
    }
    if column < width {
        run_columns::<ADDED, NARROW>(times, values, (width, column), sums);
    }
}

/// The same for some of the columns.
#[inline(always)]
fn run_columns<const ADDED: bool, const COLUMNS: usize>(
    times: impl Iterator<Item = usize>,
    values: &[f64],
    (width, column): (usize, usize),
    sums: &mut [f64],
) {
    let mut running = [0.0; COLUMNS];
    for at in times {
        let place = at * width + column;
        let value = values[place..].first_chunk::<COLUMNS>();
        let sum = sums[place..].first_chunk_mut::<COLUMNS>();
        let (Some(value), Some(sum)) = (value, sum) else { continue };
        running.iter_mut().zip(value).for_each(|(running, value)| *running += value);
        match ADDED {
            true => sum.iter_mut().zip(&running).for_each(|(sum, running)| *sum += running),
            false => *sum = running,
        }
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
    for (intervals, blocks) in intervals.levels() {
        at_ends.fill(0.0);
        for interval in intervals {
            for end in interval.ends() {
                add(interval.row(), end, &mut at_ends);
            }
        }
        for Block { left, right } in blocks {
            run::<true>(left, &at_ends, width, values);
            run::<true>(right.rev(), &at_ends, width, values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scaled_sum::Scaled;
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};
    use std::ops::Range;

    const TIMES: usize = 13;

    /// All intervals over some times.
    fn intervals() -> Vec<Range<usize>> {
        (0..=TIMES).flat_map(|a| (a..=TIMES).rev().map(move |b| a..b)).collect()
    }

    #[test]
    fn same_bits_on_every_processor() {
        let levels = IntervalLevels::new(TIMES, intervals().into_iter());
        let n = intervals().len();
        for p in 0..=21 {
            let (rows, risk, width) = (fractions(n * p), fractions(n), width(p));
            let (mut chosen, mut plain) = (vec![0.0; TIMES * width], vec![0.0; TIMES * width]);
            add_risk_sets(&levels, &rows, &risk, p, &mut chosen);
            add_each_row(&levels, &rows, &risk, p, &mut plain);
            assert!(same_bits(&chosen, &plain), "{p} columns");
            for (_, blocks) in levels.levels() {
                let blocks: Vec<Block> = blocks.collect();
                let values = fractions(TIMES * width);
                run_to_middle(&values, width, blocks.iter().cloned(), &mut chosen);
                run_each_to_middle(&values, width, blocks.iter().cloned(), &mut plain);
                assert!(same_bits(&chosen, &plain), "{p} columns");
            }
        }
    }

    /// Both directions against the direct sums, of whole numbers.
    #[test]
    fn equals_the_direct_sums() {
        let all = intervals();
        let levels = IntervalLevels::new(TIMES, all.iter().cloned());
        let number = |k: usize| ((k * 37 + 11) % 101) as f64;
        for p in [0, 1, 3, 6] {
            let x = |row: usize, j: usize| number(row * (p + 1) + j);
            let rows: Vec<f64> = (0..all.len() * p).map(|k| x(k / p, k % p)).collect();
            let risk: Vec<f64> = (0..all.len()).map(|row| x(row, p)).collect();
            let sums = RiskSetSums::new(TIMES, &levels, &rows, &risk, p);
            for k in 0..TIMES {
                let at_risk = || (0..all.len()).filter(|&row| all[row].contains(&k));
                let (total, first) = sums.at(k);
                assert_eq!(total, at_risk().map(|row| risk[row]).sum::<f64>());
                let column = |j: usize| at_risk().map(|row| risk[row] * x(row, j)).sum::<f64>();
                assert_eq!(first, (0..p).map(column).collect::<Vec<_>>());
            }
            let value = |k: usize, j: usize| number(k * 7 + j + 1);
            let add = |sum: &mut ScaledSum, k: usize| {
                sum.total += value(k, p);
                sum.first.iter_mut().enumerate().for_each(|(j, sum)| *sum += value(k, j));
            };
            let mut seen = vec![false; all.len()];
            TimeValues::new(TIMES, p, add).unwrap().show(&levels, |row, sum| {
                seen[row] = true;
                let of_times = |j: usize| all[row].clone().map(|k| value(k, j)).sum::<f64>();
                assert_eq!(sum.total, of_times(p));
                assert_eq!(sum.first, (0..p).map(of_times).collect::<Vec<_>>());
            });
            assert!(seen.iter().all(|&seen| seen));
        }
        let enormous =
            |sum: &mut ScaledSum, k: usize| sum.add(Scaled::exp(400.0 * k as f64, 1.0), &[]);
        assert!(TimeValues::new(2, 0, enormous).is_none());
    }
}
