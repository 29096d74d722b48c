//! Counts at risk, of events, censorings and entries, at each distinct time of one population.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is that of one of the times, of which every column has as many"
)]

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::times::Times;
use crate::error::{Error, Result};
use crate::numerics::large::Large;
use crate::numerics::sum::Sum;

/// At each distinct time: how many were at risk, had the event, were censored, entered.
///
/// At risk at t are the rows with entry < t ≤ exit. At one time events come before censorings and
/// censorings before entries. All columns have one value for each [`time`](Self::time).
///
/// With case or sampling weights the counts are sums of weights, and [`rows`](Self::rows) has the
/// plain counts.
///
/// ```
/// use riskset::{RightCensored, data::RiskTable};
///
/// let data = RightCensored::new(&[2.0, 2.0, 5.0], &[true, false, true])?;
/// let table = RiskTable::new(&data);
/// let series = table.pooled();
/// assert_eq!(series.time(), [2.0, 5.0]);
/// assert_eq!(series.n_risk(), [3.0, 1.0]);
/// assert_eq!(series.n_event(), [1.0, 1.0]);
/// assert_eq!(series.n_censor(), [1.0, 0.0]);
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::SeriesWire", into = "super::wire::SeriesWire")
)]
pub struct RiskSeries {
    pub(super) time: Times,
    pub(super) counts: Counts,
    /// Counts of rows, where they differ from the weighted ones.
    pub(super) rows: Option<Counts>,
}

/// Up to here whole numbers add exactly.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// One set of counts, a value for each time of a series.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Counts {
    pub(super) event: Large,
    pub(super) censor: Large,
    pub(super) enter: Large,
    risk: Large,
    /// At risk less events, of sums whose difference would lose digits; empty for whole numbers.
    stay: Large,
}

impl Counts {
    /// Counts of changes, those at risk still to be [filled in](RiskSeries::finish). `enter` may be
    /// empty where nobody enters.
    pub(super) fn new(event: Large, censor: Large, enter: Large) -> Self {
        Self { event, censor, enter, ..Self::default() }
    }

    /// Counts of rows of which none enters.
    pub(super) fn of_rows(event: Large, censor: Large, risk: Large) -> Self {
        let enter = Large::zeros(event.len());
        Self { event, censor, enter, risk, stay: Large::default() }
    }

    /// The counts at some of the times.
    fn at(&self, keep: &[usize]) -> Self {
        let column = |values: &[f64]| keep.iter().map(|&k| values[k]).collect();
        Self::new(column(&self.event), column(&self.censor), column(&self.enter))
    }

    /// At risk at t: those who leave at t or later, less those who enter at t or later, summed from
    /// the end.
    ///
    /// Whole numbers add exactly. Sums of weights are taken in twice the working precision, so that
    /// the difference loses nothing that weights of ordinary range could show.
    fn fill_risk(&mut self, whole: bool) {
        self.add_up(whole);
        if self.enter.is_empty() {
            self.enter = Large::zeros(self.event.len());
        }
    }

    /// Those at risk; `enter` may still be empty where nobody enters.
    fn add_up(&mut self, whole: bool) {
        let n_times = self.event.len();
        let leaving = || self.event.iter().zip(&self.censor);
        let entering = |place: usize| self.enter.get(place).copied().unwrap_or(0.0);
        self.risk = Large::zeros(n_times);
        if whole {
            let (mut at_risk, mut most) = (0.0, 0.0);
            let places = self.risk.iter_mut().zip(leaving()).enumerate().rev();
            for (place, (risk, (event, censor))) in places {
                at_risk += event + censor;
                most = f64::max(most, at_risk);
                at_risk -= entering(place);
                *risk = at_risk;
            }
            if most <= LARGEST_WHOLE {
                return;
            }
        }
        self.stay = Large::zeros(n_times);
        let mut sum = Sum::default();
        let places = self.risk.iter_mut().zip(&mut self.stay).zip(leaving()).enumerate().rev();
        for (place, ((risk, stay), (&event, &censor))) in places {
            sum.add(-entering(place));
            sum.add(censor);
            *stay = sum.value();
            sum.add(event);
            *risk = sum.value();
        }
    }

    /// At risk less events.
    fn staying(&self, place: usize) -> f64 {
        let stay = self.stay.get(place).copied();
        stay.unwrap_or(self.risk[place] - self.event[place])
    }

    /// Adds `other`, whose times stand at `places` of the merged axis, to `self` likewise.
    fn merged(&self, mine: &[usize], other: &Self, theirs: &[usize], n_times: usize) -> Self {
        let column = |a: &[f64], b: &[f64]| {
            let mut merged = Large::zeros(n_times);
            for (value, &place) in a.iter().chain(b).zip(mine.iter().chain(theirs)) {
                merged[place] += value;
            }
            merged
        };
        Self::new(
            column(&self.event, &other.event),
            column(&self.censor, &other.censor),
            column(&self.enter, &other.enter),
        )
    }
}

/// What is left of `mine` without `less`; `empty` where no row is left, so that sums of weights
/// leave no residue. Fails at a time where there is not enough.
fn without(time: &[f64], mine: &[f64], less: &[f64], empty: &[bool]) -> Result<Large> {
    let left = |k: usize| match mine[k] - less[k] {
        _ if empty[k] => Ok(0.0),
        left if left >= 0.0 => Ok(left),
        _ => Err(Error::NotCounted { time: time[k] }),
    };
    (0..time.len()).map(left).collect()
}

impl Counts {
    /// Takes `other` off, whose counts stand on the same times.
    fn without(&self, other: &Self, time: &[f64], rows: Option<(&Self, &Self)>) -> Result<Self> {
        let column = |of: fn(&Self) -> &Large| {
            let empty: Vec<bool> = match rows {
                Some((mine, less)) => {
                    of(mine).iter().zip(of(less)).map(|(mine, less)| mine == less).collect()
                }
                None => vec![false; time.len()],
            };
            without(time, of(self), of(other), &empty)
        };
        let (event, censor) = (column(|c| &c.event)?, column(|c| &c.censor)?);
        Ok(Self::new(event, censor, column(|c| &c.enter)?))
    }
}

impl RiskSeries {
    /// Fills in who is at risk.
    pub(super) fn finish(&mut self) {
        self.counts.fill_risk(self.rows.is_none());
        if let Some(rows) = &mut self.rows {
            rows.fill_risk(true);
            self.settle(|counts, k| counts.event[k] + counts.censor[k]);
        }
    }

    /// Sums of weights are rounded: makes sure that those who leave at a time are at risk there, and
    /// that nobody else is where rows say so.
    fn settle(&mut self, leaving: impl Fn(&Counts, usize) -> f64) {
        let Some(rows) = &self.rows else { return };
        for k in 0..self.time.len() {
            let least = leaving(&self.counts, k);
            let others = rows.risk[k] > leaving(rows, k);
            let weighted = &mut self.counts.risk[k];
            *weighted = if others { weighted.max(least) } else { least };
            if let Some(stay) = self.counts.stay.get_mut(k) {
                let least = least - self.counts.event[k];
                *stay = if others { stay.max(least) } else { least };
            }
        }
    }

    /// Distinct times of events, censorings and entries, ascending, in the unit of the data.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The same times, to be kept by what is made of the series.
    pub(crate) fn shared_time(&self) -> Times {
        self.time.clone()
    }

    /// At risk at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        &self.counts.risk
    }

    /// At risk without the event at one of the times, with all the digits that the difference of
    /// [`n_risk`](Self::n_risk) and [`n_event`](Self::n_event) loses where these are nearly equal.
    pub(crate) fn n_staying(&self, place: usize) -> f64 {
        self.counts.staying(place)
    }

    /// The same at some of the times.
    pub(crate) fn staying(&self, places: Range<usize>, into: &mut [f64]) {
        let Counts { risk, event, stay, .. } = &self.counts;
        if stay.is_empty() {
            let both = risk[places.clone()].iter().zip(&event[places]);
            into.iter_mut().zip(both).for_each(|(left, (risk, event))| *left = risk - event);
        } else {
            into.copy_from_slice(&stay[places]);
        }
    }

    /// Events at each time.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        &self.counts.event
    }

    /// Censorings at each time.
    #[must_use]
    pub fn n_censor(&self) -> &[f64] {
        &self.counts.censor
    }

    /// Entries at each time; all 0 for right-censored data, where everybody is there from the
    /// start.
    #[must_use]
    pub fn n_enter(&self) -> &[f64] {
        &self.counts.enter
    }

    /// The same series counted in rows instead of weights.
    #[must_use]
    pub fn rows(&self) -> Self {
        let counts = self.rows.clone().unwrap_or_else(|| self.counts.clone());
        Self { time: self.time.clone(), counts, rows: None }
    }

    /// Whether everybody at risk at one of the times has the event there, or the weight of the others
    /// is lost beside theirs.
    pub(crate) fn all_fail(&self, place: usize) -> bool {
        self.counts.risk[place] == self.counts.event[place]
    }

    /// At risk at any time t: entry < t ≤ exit.
    pub(crate) fn n_risk_at(&self, time: f64) -> f64 {
        let next = self.time.partition_point(|&known| known < time);
        self.counts.risk.get(next).copied().unwrap_or(0.0)
    }

    /// At risk at a time for which a table is asked: at time 0 who is there from the start.
    pub(crate) fn n_risk_from(&self, time: f64) -> f64 {
        if time == 0.0 { self.n_at_origin(time) } else { self.n_risk_at(time) }
    }

    /// There at the origin: entry ≤ origin < exit, and everybody without an entry time.
    pub(crate) fn n_at_origin(&self, origin: f64) -> f64 {
        if self.counts.enter.iter().all(|&enter| enter == 0.0) {
            return self.n_risk_at(origin);
        }
        let next = self.time.partition_point(|&known| known <= origin);
        self.counts.risk.get(next).copied().unwrap_or(0.0)
    }

    /// The times after `time`, with their counts.
    pub(crate) fn after(&self, time: f64) -> Self {
        let start = self.time.partition_point(|&known| known <= time);
        let from_start = |column: &Large| column.iter().skip(start).copied().collect();
        let tail = |counts: &Counts| Counts {
            event: from_start(&counts.event),
            censor: from_start(&counts.censor),
            enter: from_start(&counts.enter),
            risk: from_start(&counts.risk),
            stay: from_start(&counts.stay),
        };
        Self {
            time: self.time[start..].to_vec().into(),
            counts: tail(&self.counts),
            rows: self.rows.as_ref().map(tail),
        }
    }

    /// The same series without the times at which nobody left.
    pub(crate) fn observed(&self) -> Cow<'_, Self> {
        let left = |k: usize| self.counts.event[k] + self.counts.censor[k] > 0.0;
        let mut leaving = self.counts.event.iter().zip(&self.counts.censor);
        if leaving.all(|(event, censor)| event + censor > 0.0) {
            return Cow::Borrowed(self);
        }
        let keep: Vec<usize> = (0..self.time.len()).filter(|&k| left(k)).collect();
        let column = |values: &[f64]| keep.iter().map(|&k| values[k]).collect();
        let time: Vec<f64> = keep.iter().map(|&k| self.time[k]).collect();
        let counts = |counts: &Counts| Counts {
            event: column(&counts.event),
            censor: column(&counts.censor),
            enter: Large::zeros(keep.len()),
            risk: column(&counts.risk),
            stay: if counts.stay.is_empty() { Large::default() } else { column(&counts.stay) },
        };
        Cow::Owned(Self {
            time: time.into(),
            counts: counts(&self.counts),
            rows: self.rows.as_ref().map(counts),
        })
    }

    /// Rows that leave in all, with the event or without.
    pub(crate) fn n_rows(&self) -> f64 {
        let rows = self.rows.as_ref().unwrap_or(&self.counts);
        rows.event.iter().zip(&rows.censor).map(|(event, censor)| event + censor).sum()
    }

    /// The censorings as events: who has the event at a time is not at risk of being censored there.
    pub(crate) fn reversed(&self) -> Self {
        let swap = |counts: &Counts| {
            let stay = counts.stay.iter().zip(&counts.censor);
            Counts {
                event: counts.censor.clone(),
                censor: counts.event.clone(),
                enter: counts.enter.clone(),
                risk: (0..counts.risk.len()).map(|place| counts.staying(place)).collect(),
                stay: stay.map(|(stay, censor)| stay - censor).collect(),
            }
        };
        let mut reversed = Self {
            time: self.time.clone(),
            counts: swap(&self.counts),
            rows: self.rows.as_ref().map(swap),
        };
        reversed.settle(|counts, k| counts.event[k]);
        reversed
    }

    /// Takes another series off that was merged before: what [`merge`](Self::merge) added.
    ///
    /// Times at which nothing is left are gone, so that whole numbers give back exactly the series
    /// there was.
    ///
    /// # Errors
    /// [`Error::NotCounted`] at a time where more is to be removed than was counted.
    pub fn remove(&self, other: &Self) -> Result<Self> {
        let (time, mine, theirs) = merged_axis(&self.time, &other.time);
        let spread = |counts: &Counts, places: &[usize]| {
            counts.merged(places, &Counts::default(), &[], time.len())
        };
        let rows = |series: &Self| series.rows.clone().unwrap_or_else(|| series.counts.clone());
        let (my_rows, their_rows) = (spread(&rows(self), &mine), spread(&rows(other), &theirs));
        let rows_left = my_rows.without(&their_rows, &time, None)?;
        let (my_counts, their_counts) =
            (spread(&self.counts, &mine), spread(&other.counts, &theirs));
        let counts = my_counts.without(&their_counts, &time, Some((&my_rows, &their_rows)))?;
        let keep: Vec<usize> = (0..time.len())
            .filter(|&k| rows_left.event[k] + rows_left.censor[k] + rows_left.enter[k] > 0.0)
            .collect();
        let weighted = self.rows.is_some() || other.rows.is_some();
        let rows = weighted.then(|| rows_left.at(&keep));
        let time = keep.iter().map(|&k| time[k]).collect::<Vec<f64>>().into();
        let mut series = Self { time, counts: counts.at(&keep), rows };
        series.finish();
        Ok(series)
    }

    /// Adds another series: the counts of both at every time of either.
    ///
    /// Associative and commutative, with the empty series as identity. Whole numbers add exactly.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let (time, mine, theirs) = merged_axis(&self.time, &other.time);
        let counts = self.counts.merged(&mine, &other.counts, &theirs, time.len());
        let rows = (self.rows.is_some() || other.rows.is_some()).then(|| {
            let of = |series: &Self| series.rows.clone().unwrap_or_else(|| series.counts.clone());
            of(self).merged(&mine, &of(other), &theirs, time.len())
        });
        let mut series = Self { time: time.into(), counts, rows };
        series.finish();
        series
    }
}

/// A line for each time.
impl fmt::Display for RiskSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>12} {:>9} {:>9} {:>9} {:>9}",
            "time", "n.risk", "n.event", "n.censor", "n.enter"
        )?;
        for (k, time) in self.time.iter().enumerate() {
            let Counts { risk, event, censor, enter, .. } = &self.counts;
            let (risk, event, censor, enter) = (risk[k], event[k], censor[k], enter[k]);
            writeln!(f, "{time:>12} {risk:>9} {event:>9} {censor:>9} {enter:>9}")?;
        }
        Ok(())
    }
}

/// The union of two ascending axes, and the place of each old time on it.
fn merged_axis(a: &[f64], b: &[f64]) -> (Vec<f64>, Vec<usize>, Vec<usize>) {
    let mut time: Vec<f64> = Vec::with_capacity(a.len() + b.len());
    let (mut mine, mut theirs) = (Vec::with_capacity(a.len()), Vec::with_capacity(b.len()));
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let next = match (a.peek(), b.peek()) {
            (Some(&&x), Some(&&y)) => x.min(y),
            (Some(&&x), None) => x,
            (None, Some(&&y)) => y,
            (None, None) => return (time, mine, theirs),
        };
        if a.next_if(|&&x| x == next).is_some() {
            mine.push(time.len());
        }
        if b.next_if(|&&y| y == next).is_some() {
            theirs.push(time.len());
        }
        time.push(next);
    }
}
