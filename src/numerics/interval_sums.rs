//! Sums over intervals without subtraction.
//!
//! A row is at risk over an interval of event times. To sum over the rows of each time, or over the
//! times of each row, one can take differences of running sums, and loses digits where a large
//! term comes and goes. Here nothing is subtracted: an interval [first, last] is cut once, at the
//! middle of the smallest aligned block of 2^(l+1) times that holds both ends, with l the highest
//! bit in which they differ. The left part runs from `first` to the middle, the right part from the
//! middle to `last`, so on each side the intervals are nested and a running sum adds them up. Each
//! interval is added twice, at each of log₂ m levels there are m additions of running sums.

#![expect(
    clippy::indexing_slicing,
    reason = "no level is above the bits of the number of times, and no chunk is empty"
)]

use super::to_u32::to_u32;
use std::ops::Range;

/// Intervals over 0..m, arranged for sums in both directions.
#[derive(Debug, Clone)]
pub(crate) struct IntervalSums {
    n_times: usize,
    /// Rows with a single time.
    points: Vec<End>,
    levels: Vec<Level>,
}

/// The intervals that are cut at one level.
#[derive(Debug, Clone)]
struct Level {
    bit: usize,
    /// Rows by their first time.
    by_first: Vec<End>,
    /// Rows by their last time.
    by_last: Vec<End>,
}

/// (time, row), which sorts by time.
type End = (u32, u32);

impl IntervalSums {
    /// Arranges the intervals of rows over times 0..`n_times`; empty intervals take no part.
    pub(crate) fn new(n_times: usize, intervals: impl Iterator<Item = Range<usize>>) -> Self {
        let mut points = Vec::new();
        let mut levels: Vec<Level> = (0..usize::BITS - n_times.leading_zeros())
            .map(|bit| Level { bit: bit as usize, by_first: Vec::new(), by_last: Vec::new() })
            .collect();
        for (row, interval) in intervals.enumerate().filter(|(_, interval)| !interval.is_empty()) {
            let (first, last) = (to_u32(interval.start), to_u32(interval.end) - 1);
            let row = to_u32(row);
            match (first ^ last).checked_ilog2() {
                None => points.push((first, row)),
                Some(bit) => {
                    let level = &mut levels[bit as usize];
                    level.by_first.push((first, row));
                    level.by_last.push((last, row));
                }
            }
        }
        points.sort_unstable();
        for level in &mut levels {
            level.by_first.sort_unstable();
            level.by_last.sort_unstable();
        }
        Self { n_times, points, levels }
    }

    /// Gives every time the sum over the rows whose interval holds it.
    ///
    /// `running` is an empty sum; `add_row` adds a row to it, `reset` empties it, and `add_to`
    /// adds it to the sum of a time. It is compiled for the processor of its caller.
    #[inline(always)]
    pub(crate) fn scatter<S>(
        &self,
        running: &mut S,
        reset: impl Fn(&mut S),
        add_row: impl Fn(&mut S, usize),
        mut add_to: impl FnMut(usize, &S),
    ) {
        for points in self.points.chunk_by(|a, b| a.0 == b.0) {
            reset(running);
            points.iter().for_each(|&(_, row)| add_row(running, row as usize));
            add_to(points[0].0 as usize, running);
        }
        for level in self.levels.iter().filter(|level| !level.by_first.is_empty()) {
            let (mut first, mut last) = (level.by_first.as_slice(), level.by_last.as_slice());
            for block in blocks(level.bit, self.n_times) {
                reset(running);
                let mut any = false;
                for time in block.left.clone() {
                    for row in take(&mut first, time) {
                        add_row(running, row);
                        any = true;
                    }
                    if any {
                        add_to(time, running);
                    }
                }
                let (ending, rest) = split(last, block.right.end);
                last = rest;
                reset(running);
                let (mut ending, mut any) = (ending, false);
                for time in block.right.clone().rev() {
                    while let Some((&(_, row), before)) =
                        ending.split_last().filter(|(end, _)| end.0 as usize == time)
                    {
                        add_row(running, row as usize);
                        (ending, any) = (before, true);
                    }
                    if any {
                        add_to(time, running);
                    }
                }
            }
        }
    }

    /// Gives every row the sum over the times its interval holds.
    ///
    /// `running` is an empty sum; `add_time` adds a time to it, `reset` empties it, and `add_to`
    /// adds it to the sum of a row.
    pub(crate) fn gather<S>(
        &self,
        running: &mut S,
        reset: impl Fn(&mut S),
        add_time: impl Fn(&mut S, usize),
        mut add_to: impl FnMut(usize, &S),
    ) {
        for points in self.points.chunk_by(|a, b| a.0 == b.0) {
            reset(running);
            add_time(running, points[0].0 as usize);
            points.iter().for_each(|&(_, row)| add_to(row as usize, running));
        }
        for level in self.levels.iter().filter(|level| !level.by_first.is_empty()) {
            let (mut first, mut last) = (level.by_first.as_slice(), level.by_last.as_slice());
            for block in blocks(level.bit, self.n_times) {
                let (mut starting, rest) = split(first, block.left.end);
                first = rest;
                if starting.is_empty() {
                    continue;
                }
                reset(running);
                for time in block.left.clone().rev() {
                    add_time(running, time);
                    while let Some((&(_, row), before)) =
                        starting.split_last().filter(|(start, _)| start.0 as usize == time)
                    {
                        add_to(row as usize, running);
                        starting = before;
                    }
                }
                reset(running);
                for time in block.right.clone() {
                    add_time(running, time);
                    for row in take(&mut last, time) {
                        add_to(row, running);
                    }
                }
            }
        }
    }
}

/// The two halves of an aligned block of times.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) left: Range<usize>,
    pub(crate) right: Range<usize>,
}

/// The blocks whose halves hold 2^bit times each, the last one fewer: of n times all whose middle is one.
pub(super) fn blocks(bit: usize, n_times: usize) -> impl Iterator<Item = Block> {
    let half = 1_usize << bit;
    (0..n_times).step_by(2 * half).filter(move |start| start + half < n_times).map(move |start| {
        Block { left: start..start + half, right: start + half..(start + 2 * half).min(n_times) }
    })
}

/// Takes the rows of `time` off the front.
fn take<'a>(ends: &mut &'a [End], time: usize) -> impl Iterator<Item = usize> + 'a {
    let n = ends.iter().take_while(|end| end.0 as usize == time).count();
    let (now, rest) = ends.split_at(n);
    *ends = rest;
    now.iter().map(|&(_, row)| row as usize)
}

/// Splits off the ends before `time`.
fn split(ends: &[End], time: usize) -> (&[End], &[End]) {
    ends.split_at(ends.partition_point(|end| (end.0 as usize) < time))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All intervals over up to 13 times, against the direct sums.
    #[test]
    fn equals_the_direct_sums() {
        for n_times in 0..=13_usize {
            let intervals: Vec<Range<usize>> =
                (0..=n_times).flat_map(|a| (a..=n_times).map(move |b| a..b)).collect();
            let sums = IntervalSums::new(n_times, intervals.iter().cloned());
            let value = |i: usize| ((i * 37 + 11) % 101) as u64;

            let mut by_time = vec![0; n_times];
            let reset = |sum: &mut u64| *sum = 0;
            sums.scatter(&mut 0, reset, |sum, row| *sum += value(row), |t, sum| by_time[t] += sum);
            let rows_at = |t: usize| {
                (0..intervals.len()).filter(|&r| intervals[r].contains(&t)).map(value).sum()
            };
            assert_eq!(by_time, (0..n_times).map(rows_at).collect::<Vec<u64>>());

            let mut by_row = vec![0; intervals.len()];
            sums.gather(&mut 0, reset, |sum, time| *sum += value(time), |r, sum| by_row[r] += sum);
            let times_of = |r: &Range<usize>| r.clone().map(value).sum();
            assert_eq!(by_row, intervals.iter().map(times_of).collect::<Vec<u64>>());
        }
    }
}
