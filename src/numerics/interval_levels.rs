//! Sums of plain numbers over intervals, without subtraction.
//!
//! Each interval is cut as in [`interval_sums`](super::interval_sums): at the middle of the smallest aligned
//! block of times that holds both its ends. Here the intervals of one size of block are taken together: what
//! they add is put down at their ends, and running sums over the halves of the blocks carry it to all times
//! between. No interval need be sorted, and no branch depends on where one ends.

#![expect(
    clippy::indexing_slicing,
    reason = "an interval lies within the times, and a row is one of those that have one"
)]

use std::ops::Range;

use super::interval_sums::{Block, blocks};
use super::to_u32::to_u32;

/// Intervals of rows over times 0..m, grouped by the level at which they are cut.
#[derive(Debug, Clone)]
pub(crate) struct IntervalLevels {
    n_times: usize,
    /// Rows of empty intervals.
    empty: Vec<u32>,
    /// Those of a single time.
    points: Vec<Interval>,
    /// Those of the levels, one level after the other, and where each level ends.
    cut: Vec<Interval>,
    ends: Vec<usize>,
}

/// An interval and its row.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Interval {
    row: u32,
    first: u32,
    last: u32,
}

impl Interval {
    pub(crate) fn row(self) -> usize {
        self.row as usize
    }

    /// Its first and its last time.
    pub(crate) fn ends(self) -> [usize; 2] {
        [self.first as usize, self.last as usize]
    }
}

impl IntervalLevels {
    /// Groups the intervals of rows over times 0..`n_times`.
    pub(crate) fn new(n_times: usize, intervals: impl Iterator<Item = Range<usize>>) -> Self {
        let (mut empty, mut all) = (Vec::new(), Vec::new());
        for (interval, row) in intervals.zip(0..) {
            match interval.is_empty() {
                true => empty.push(row),
                false => {
                    let (first, last) = (to_u32(interval.start), to_u32(interval.end) - 1);
                    all.push(Interval { row, first, last });
                }
            }
        }
        let level = |interval: &Interval| (interval.first ^ interval.last).checked_ilog2();
        // Where the next of each level goes: first where the level begins, at last where it ends.
        let mut ends = vec![0; (usize::BITS - n_times.leading_zeros()) as usize];
        let mut points = Vec::new();
        for interval in &all {
            match level(interval) {
                None => points.push(*interval),
                Some(level) => ends[level as usize] += 1,
            }
        }
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut cut = vec![Interval::default(); before];
        for interval in all {
            if let Some(level) = level(&interval) {
                let next = &mut ends[level as usize];
                cut[*next] = interval;
                *next += 1;
            }
        }
        Self { n_times, empty, points, cut, ends }
    }

    /// Rows of empty intervals.
    pub(crate) fn empty(&self) -> impl Iterator<Item = usize> {
        self.empty.iter().map(|&row| row as usize)
    }

    /// Those of a single time.
    pub(crate) fn points(&self) -> &[Interval] {
        &self.points
    }

    /// The intervals of each level, and the blocks in whose middles they are cut.
    pub(crate) fn levels(
        &self,
    ) -> impl Iterator<Item = (&[Interval], impl Iterator<Item = Block>)> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let levels = starts.zip(&self.ends).enumerate().filter(|(_, (start, end))| start < *end);
        levels.map(|(bit, (start, &end))| (&self.cut[start..end], blocks(bit, self.n_times)))
    }

    /// Adds the value of each row to the sums of the times that its interval holds.
    pub(crate) fn scatter(&self, values: &[f64], sums: &mut [f64]) {
        for point in &self.points {
            sums[point.first as usize] += values[point.row()];
        }
        let mut at_ends = vec![0.0; self.n_times];
        for (intervals, blocks) in self.levels() {
            for interval in intervals {
                for end in interval.ends() {
                    at_ends[end] += values[interval.row()];
                }
            }
            for Block { left, right } in blocks {
                add_running(at_ends[left.clone()].iter_mut().zip(&mut sums[left]));
                add_running(at_ends[right.clone()].iter_mut().zip(&mut sums[right]).rev());
            }
        }
    }

    /// Adds the values of the times that the interval of a row holds to the sum of the row.
    pub(crate) fn gather(&self, values: &[f64], sums: &mut [f64]) {
        for point in &self.points {
            sums[point.row()] += values[point.first as usize];
        }
        let mut to_middle = vec![0.0; self.n_times];
        for (intervals, blocks) in self.levels() {
            for Block { left, right } in blocks {
                write_running(to_middle[left.clone()].iter_mut().zip(&values[left]).rev());
                write_running(to_middle[right.clone()].iter_mut().zip(&values[right]));
            }
            for interval in intervals {
                let [first, last] = interval.ends();
                sums[interval.row()] += to_middle[first] + to_middle[last];
            }
        }
    }
}

/// Adds the running sums of the left numbers to the right ones, and leaves zeros behind.
fn add_running<'a>(both: impl Iterator<Item = (&'a mut f64, &'a mut f64)>) {
    let mut running = 0.0;
    for (value, sum) in both {
        running += std::mem::take(value);
        *sum += running;
    }
}

/// Makes the left numbers the running sums of the right ones.
fn write_running<'a>(both: impl Iterator<Item = (&'a mut f64, &'a f64)>) {
    let mut running = 0.0;
    for (sum, value) in both {
        running += value;
        *sum = running;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All intervals over up to 13 times, against the direct sums.
    #[test]
    fn equals_the_direct_sums() {
        for n_times in 0..=13_usize {
            let intervals: Vec<Range<usize>> =
                (0..=n_times).flat_map(|a| (a..=n_times).rev().map(move |b| a..b)).collect();
            let levels = IntervalLevels::new(n_times, intervals.iter().cloned());
            assert!(levels.empty().all(|row| intervals[row].is_empty()));
            let of_levels = levels.levels().map(|(intervals, _)| intervals.len()).sum::<usize>();
            let all = levels.empty().count() + levels.points().len() + of_levels;
            assert_eq!(all, intervals.len());
            let value = |i: usize| ((i * 37 + 11) % 101) as f64;
            let of_rows: Vec<f64> = (0..intervals.len()).map(value).collect();
            let (mut by_time, mut by_row) = (vec![0.5; n_times], vec![0.5; intervals.len()]);
            levels.scatter(&of_rows, &mut by_time);
            let rows_at = |t: usize| {
                let rows = (0..intervals.len()).filter(|&row| intervals[row].contains(&t));
                0.5 + rows.map(value).sum::<f64>()
            };
            assert_eq!(by_time, (0..n_times).map(rows_at).collect::<Vec<_>>());
            levels.gather(&of_rows[..n_times], &mut by_row);
            let times_of = |row: &Range<usize>| 0.5 + row.clone().map(value).sum::<f64>();
            assert_eq!(by_row, intervals.iter().map(times_of).collect::<Vec<_>>());
        }
    }
}
