//! Sums over the event times of an interval, for one interval after the other.
//!
//! As in [`IntervalSums`](crate::numerics::interval_sums), nothing is subtracted: an interval is cut at
//! the middle of the smallest aligned block of 2^(l+1) times that holds both its ends, and is what runs
//! from its first time to the middle and from there to its last. Rows are met in the order of their
//! first time, so that one block of each size serves all of them, and is formed as far as it is asked for.

use std::ops::Range;

use super::scaled_sum::ScaledSum;
use super::scaled_sums::ScaledSums;

/// Sums over intervals of event times, of which `add` adds one to a sum.
pub(super) struct IntervalHazards<F> {
    add: F,
    running: ScaledSum,
    levels: Vec<Level>,
}

/// The block of one size.
struct Level {
    /// The times of the block whose running sums there are; those before the middle run up to it.
    formed: Range<usize>,
    sums: ScaledSums,
}

impl<F: Fn(&mut ScaledSum, usize)> IntervalHazards<F> {
    /// For so many event times; `empty` is an empty sum.
    pub(super) fn new(n_times: usize, empty: &ScaledSum, add: F) -> Self {
        let bits = usize::BITS - n_times.saturating_sub(1).leading_zeros();
        let level = |bit: u32| Level {
            formed: 0..0,
            sums: ScaledSums::new((2_usize << bit).min(n_times), empty.first.len()),
        };
        Self { add, running: empty.clone(), levels: (0..bits).map(level).collect() }
    }

    /// Makes `sum` the sum over the interval.
    #[expect(
        clippy::indexing_slicing,
        reason = "two times differ in no bit above those of the number of times"
    )]
    pub(super) fn sum(&mut self, times: &Range<usize>, sum: &mut ScaledSum) {
        sum.clear();
        if times.is_empty() {
            return;
        }
        let (first, last) = (times.start, times.end - 1);
        let Some(bit) = (first ^ last).checked_ilog2() else {
            return (self.add)(sum, first);
        };
        let half = 1_usize << bit;
        let start = first & !(2 * half - 1);
        let middle = start + half;
        let level = &mut self.levels[bit as usize];
        if !(level.formed.contains(&first) && level.formed.contains(&middle)) {
            self.running.clear();
            for time in (first..middle).rev() {
                (self.add)(&mut self.running, time);
                level.sums.set(time - start, &self.running);
            }
            level.formed = first..middle;
        }
        if level.formed.end <= last {
            match level.formed.end == middle {
                true => self.running.clear(),
                false => level.sums.read(level.formed.end - 1 - start, &mut self.running),
            }
            for time in level.formed.end..=last {
                (self.add)(&mut self.running, time);
                level.sums.set(time - start, &self.running);
            }
            level.formed.end = last + 1;
        }
        level.sums.read(first - start, sum);
        level.sums.add_to(last - start, sum);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scaled_sum::Scaled;
    use super::*;

    /// All intervals over up to 13 times, in the order of their first time and against it.
    #[test]
    fn equals_the_direct_sums() {
        let value = |time: usize| ((time * 37 + 11) % 101) as f64;
        let add = |sum: &mut ScaledSum, time: usize| sum.add(Scaled::ONE, &[value(time)]);
        for n_times in 0..=13_usize {
            let mut intervals: Vec<Range<usize>> =
                (0..=n_times).flat_map(|a| (a..=n_times).rev().map(move |b| a..b)).collect();
            for _ in 0..2 {
                let mut hazards = IntervalHazards::new(n_times, &ScaledSum::new(1), add);
                let mut sum = ScaledSum::new(1);
                for interval in &intervals {
                    hazards.sum(interval, &mut sum);
                    assert_eq!(sum.total, interval.len() as f64);
                    assert_eq!(sum.first, [interval.clone().map(value).sum::<f64>()]);
                }
                intervals.reverse();
            }
        }
    }
}
