//! When two times count as one: the near-tie policy.

use crate::error::{Error, Result};

/// The rule by which nearly equal times are taken for one time.
///
/// Computed times (a difference of dates in years, say) can differ in the last digits where they
/// mean the same moment. Times that are all whole numbers are never touched by
/// [`Anchored`](Self::Anchored).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TimeMatch {
    /// Times are one only when they are equal.
    Exact,
    /// In ascending order, a time within `relative` · max|t| above the first time of a run becomes
    /// that time. Runs do not chain: nothing moves further than the tolerance. The default, with
    /// 1e-10.
    Anchored {
        /// Tolerance as a fraction of the largest time; in [0, 1).
        relative: f64,
    },
    /// R's `timefix`: neighbouring times chain together when their gap is at most 1.5e-8, absolutely
    /// or relative to the mean of the distinct times. Depends on the unit; for parity with R only.
    RTimefix,
}

impl Default for TimeMatch {
    fn default() -> Self {
        Self::Anchored { relative: 1e-10 }
    }
}

/// What the near-tie policy, a [`TimeMatch`], did.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TieReport {
    /// Number of entry and exit times that were moved.
    pub merged: usize,
    /// The largest shift, in the unit of time; 0 when nothing was moved.
    pub max_shift: f64,
}

/// The square root of the machine epsilon, R's tolerance.
const R_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

impl TimeMatch {
    /// Fails for a tolerance outside [0, 1).
    pub(super) fn check(self) -> Result<()> {
        match self {
            Self::Anchored { relative } if !(0.0..1.0).contains(&relative) => {
                let rule = "must be in [0, 1)";
                Err(Error::InvalidOption { option: "relative", value: relative, rule })
            }
            _ => Ok(()),
        }
    }

    /// Moves nearly equal times of an ascending sequence together, in place.
    pub(super) fn apply(self, ascending: &mut [f64]) -> TieReport {
        match self {
            Self::Exact => TieReport::default(),
            Self::Anchored { relative } => {
                let ends = [ascending.first(), ascending.last()];
                let largest = ends.into_iter().flatten().fold(0.0, |m: f64, t| m.max(t.abs()));
                let near = relative * largest;
                // Where no neighbours are, no others are either, and nothing has to be moved.
                let whole = || ascending.iter().all(|t| t.fract() == 0.0);
                if !has_near_neighbours(ascending, near) || whole() {
                    return TieReport::default();
                }
                merge(ascending, |anchor, _, time| time - anchor <= near)
            }
            Self::RTimefix => {
                let (sum, count) = distinct(ascending);
                let mean = sum / count.max(1) as f64;
                merge(ascending, |_, last, time| {
                    let gap = time - last;
                    gap <= R_TOLERANCE || gap / mean <= R_TOLERANCE
                })
            }
        }
    }
}

/// Whether two neighbours differ, but by no more than `near`. Blocks are looked at as a whole, without a
/// branch at each pair.
fn has_near_neighbours(ascending: &[f64], near: f64) -> bool {
    const BLOCK: usize = 256;
    let later = ascending.get(1..).unwrap_or_default();
    ascending.chunks(BLOCK).zip(later.chunks(BLOCK)).any(|(times, later)| {
        let pairs = times.iter().zip(later);
        pairs.fold(false, |found, (a, b)| found | ((a != b) & (b - a <= near)))
    })
}

fn distinct(ascending: &[f64]) -> (f64, usize) {
    let mut last = f64::NAN;
    ascending.iter().fold((0.0, 0), |(sum, count), &time| {
        let new = time != last;
        last = time;
        if new { (sum + time.abs(), count + 1) } else { (sum, count) }
    })
}

/// `same(anchor, last, time)`: whether `time` joins the run that began at `anchor` and has reached
/// `last`, both as given.
fn merge(ascending: &mut [f64], same: impl Fn(f64, f64, f64) -> bool) -> TieReport {
    let mut report = TieReport::default();
    let Some(&first) = ascending.first() else { return report };
    let (mut anchor, mut last) = (first, first);
    for time in ascending {
        if same(anchor, last, *time) {
            last = *time;
            if *time != anchor {
                report.merged += 1;
                report.max_shift = report.max_shift.max(*time - anchor);
                *time = anchor;
            }
        } else {
            (anchor, last) = (*time, *time);
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchored_runs_do_not_chain_and_r_runs_do() {
        let given = [1.0, 1.0 + 0.8e-10, 1.0 + 1.6e-10, 2.5];
        let mut times = given;
        let report = TimeMatch::Anchored { relative: 4e-11 }.apply(&mut times);
        assert_eq!(times, [1.0, 1.0, 1.0 + 1.6e-10, 2.5]);
        assert_eq!(report.merged, 1);
        let mut times = given;
        let report = TimeMatch::RTimefix.apply(&mut times);
        assert_eq!(times, [1.0, 1.0, 1.0, 2.5]);
        assert_eq!(report.merged, 2);
        assert_eq!(report.max_shift, given[2] - 1.0);
    }

    #[test]
    fn whole_numbers_stay_apart_where_r_merges_them() {
        let given = [1.7e9, 1.7e9 + 10.0, 1.7e9 + 20.0];
        let mut times = given;
        assert_eq!(TimeMatch::default().apply(&mut times), TieReport::default());
        assert_eq!(times, given);
        // DIFFERENCE: R takes these three epoch seconds for one time.
        assert_eq!(TimeMatch::RTimefix.apply(&mut times).merged, 2);
        assert_eq!(times, [1.7e9; 3]);
    }
}
