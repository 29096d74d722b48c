//! The rows and event times of one stratum, in the order the passes take them.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a place one of those of the stratum"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::ops::Range;

use super::contents::Contents;
use super::event_times::EventTimes;
use super::tails::StratumTails;
use super::ties::Ties;
use crate::data::WeightKind;
use crate::numerics::interval_levels::IntervalLevels;
use crate::numerics::interval_sums::IntervalSums;
use crate::numerics::sum::Sum;

/// The rows and event times of one stratum.
#[derive(Debug, Clone)]
pub(crate) struct StratumRows {
    /// Rows that are in some risk set.
    pub(crate) rows: Range<usize>,
    /// Event times, latest first; those of [`tied`](Self::tied) left out.
    pub(crate) times: EventTimes,
    /// Times of tied events that are set apart; empty unless ties are exact.
    pub(crate) tied: TiedTimes,
    /// Under delayed entry: the event times at which each row is at risk, its own event left out.
    pub(crate) intervals: Option<IntervalLevels>,
    /// Under delayed entry: the event times at which each row is at risk.
    pub(crate) at_risk: Option<Vec<Range<u32>>>,
    /// Rows that stay at risk after their exit, if any do.
    pub(crate) tails: Option<StratumTails>,
}

impl StratumRows {
    /// Whether one running sum follows the risk sets: nobody enters late or stays at risk after exit.
    pub(super) fn is_nested(&self) -> bool {
        self.intervals.is_none() && self.tails.is_none()
    }

    /// The same intervals, for sums of anything.
    pub(super) fn interval_sums(&self) -> Option<IntervalSums> {
        let at_risk = self.at_risk.as_ref()?;
        let others = without_own_times(at_risk, &self.times, self.rows.start);
        Some(IntervalSums::new(self.times.len(), others))
    }
}

/// Times with several events, whose share in the likelihood is not one of steps. Their rows count as
/// without an event elsewhere.
#[derive(Debug, Clone, Default)]
pub(crate) struct TiedTimes {
    /// The times, latest first.
    pub(crate) times: Vec<TiedTime>,
    /// Under delayed entry: of each row, the first of these times at which it has not entered yet.
    pub(crate) until: Option<Vec<u32>>,
}

/// One time of tied events that is set apart.
#[derive(Debug, Clone)]
pub(crate) struct TiedTime {
    pub(crate) time: f64,
    /// Rows with the event.
    pub(crate) events: Range<usize>,
    /// Number of events, counting frequencies.
    pub(crate) n_events: f64,
}

/// Orders the rows of one stratum, given by exit time with these times, onto `source`; `None` when it has no
/// event. Rows that are in no risk set are left out: their covariates, wherever they lie, must not move the
/// centre and scale.
pub(super) fn order_stratum(
    contents: &Contents<'_>,
    (by_exit, exits): (&[u32], &[f64]),
    ties: Ties,
    source: &mut Vec<u32>,
) -> Option<StratumRows> {
    let (rows, tails) = (contents.rows, contents.tails);
    let start = source.len();
    // Fetched before anything depends on them, since the rows lie scattered.
    let events: Vec<bool> = by_exit.iter().map(|&row| rows.event[row as usize]).collect();
    let event_times = || {
        let both = events.iter().zip(exits);
        both.filter(|(event, _)| **event).map(|(_, &exit)| exit)
    };
    let earliest = event_times().next()?;
    let runs = exits.chunk_by(|a, b| a == b).rev();
    let mut end = exits.len();
    let runs = runs.map(|run| {
        let start = end - run.len();
        let places = start..std::mem::replace(&mut end, start);
        (run[0], &by_exit[places.clone()], &events[places])
    });
    let room = events.iter().map(|&event| usize::from(event)).sum();
    let stays = |row: u32| tails.is_some_and(|tails| tails.follows[row as usize].is_some());
    let (times, tied) = match &rows.times.entry {
        // As it mostly is, and no row needs to be asked.
        None if tails.is_none() => {
            place_runs(contents, runs, room, ties, |_, exit| earliest <= exit, source)
        }
        None => {
            let in_a_risk_set = |row, exit| earliest <= exit || stays(row);
            place_runs(contents, runs, room, ties, in_a_risk_set, source)
        }
        Some(entry) => {
            let event_times: Vec<f64> = event_times().collect();
            let in_a_risk_set = |row: u32, exit: f64| {
                let next = event_times.partition_point(|&time| time <= entry[row as usize]);
                event_times.get(next).is_some_and(|&time| time <= exit) || stays(row)
            };
            place_runs(contents, runs, room, ties, in_a_risk_set, source)
        }
    };
    let range = start..source.len();
    let placed = &source[range.clone()];
    let entry = rows.times.entry.as_deref();
    let at_risk = entry.map(|entry| intervals_at_risk(placed, &times, entry, &rows.times.exit));
    let intervals = at_risk.as_ref().map(|at_risk| intervals_of(at_risk, &times, start));
    let until = entry.map(|entry| {
        let first = |&row: &u32| tied.partition_point(|tied| tied.time > entry[row as usize]);
        placed.iter().map(|row| first(row) as u32).collect()
    });
    let tied = TiedTimes { times: tied, until };
    let tails =
        tails.and_then(|tails| StratumTails::new(tails, placed, start, &rows.times.exit, &times));
    Some(StratumRows { rows: range, times, tied, intervals, at_risk, tails })
}

/// Places the rows of one stratum by runs of one exit time, latest first; those without an event only
/// if they are in a risk set; with each run comes which of its rows have the event. Returns the event times,
/// those set apart by themselves.
fn place_runs<'a>(
    contents: &Contents<'_>,
    runs: impl Iterator<Item = (f64, &'a [u32], &'a [bool])>,
    room: usize,
    ties: Ties,
    in_a_risk_set: impl Fn(u32, f64) -> bool,
    source: &mut Vec<u32>,
) -> (EventTimes, Vec<TiedTime>) {
    let rows = contents.rows;
    let frequencies = rows.weight_kind() == Some(WeightKind::Frequency);
    let weighted = rows.weights.is_some();
    let mut times = EventTimes::with_capacity(room, source.len(), weighted, frequencies);
    let mut apart: Vec<TiedTime> = Vec::new();
    let (mut tied_runs, mut numbers) = (Vec::new(), Vec::new());
    for (time, run, events) in runs {
        let joining = source.len();
        if let ([row], [event], false) = (run, events, weighted) {
            let stays = *event || in_a_risk_set(*row, time);
            source.extend(stays.then_some(*row));
            times.push_if(*event, time, joining);
            continue;
        }
        let first = split(run, events, |row| in_a_risk_set(row, time), source);
        let tied = [joining..first, first..source.len()].into_iter().filter(|run| run.len() > 1);
        match weighted {
            // Before their weights are added up.
            true => tied.for_each(|run| contents.order(&mut source[run], &mut numbers)),
            false => tied_runs.extend(tied),
        }
        let events = first..source.len();
        if events.is_empty() {
            continue;
        }
        // As where events are counted, to the last digit.
        let weights = source[events.clone()].iter().map(|&row| rows.weight(row as usize));
        let weight = if weighted { Sum::of(weights) } else { events.len() as f64 };
        let n_events = if frequencies { weight } else { events.len() as f64 };
        match ties == Ties::ExactPartial && n_events > 1.0 {
            true => apart.push(TiedTime { time, events, n_events }),
            false => times.push(time, events, weight),
        }
    }
    contents.order_runs(&tied_runs, source);
    (times, apart)
}

/// Puts those of a run of rows without an event that join onto `source`, and behind them those with one, which
/// begin at the place returned. No branch on whether a row has the event: that follows no pattern.
fn split(
    run: &[u32],
    events: &[bool],
    joins: impl Fn(u32) -> bool,
    source: &mut Vec<u32>,
) -> usize {
    let start = source.len();
    source.resize(start + run.len(), 0);
    // From both ends of the room, in which there is a place for each that is left.
    let room = &mut source[start..];
    let (mut first, mut last) = (0, run.len());
    for (&row, &event) in run.iter().zip(events) {
        room[first] = row;
        first += usize::from(!event && joins(row));
        room[last - 1] = row;
        last -= usize::from(event);
    }
    room[last..].reverse();
    source.drain(start + first..start + last);
    start + first
}

/// The event times at which each row is at risk, its own event, which is counted apart, left out;
/// the first row stands at place `start`.
pub(super) fn intervals_of(
    at_risk: &[Range<u32>],
    times: &EventTimes,
    start: usize,
) -> IntervalLevels {
    IntervalLevels::new(times.len(), without_own_times(at_risk, times, start))
}

/// Of the event times at which each row is at risk, those that are not of its own event.
fn without_own_times(
    at_risk: &[Range<u32>],
    times: &EventTimes,
    start: usize,
) -> impl Iterator<Item = Range<usize>> {
    let both = at_risk.iter().enumerate();
    both.map(move |(place, interval)| without_own(times, start + place, interval).1)
}

/// The event time at which the row at a place has its event, if it has one, and the others of the interval
/// of event times at which it is at risk.
pub(super) fn without_own(
    times: &EventTimes,
    place: usize,
    at_risk: &Range<u32>,
) -> (Option<usize>, Range<usize>) {
    let (first, end) = (at_risk.start as usize, at_risk.end as usize);
    let own = times.get(first).filter(|time| time.events().contains(&place)).map(|_| first);
    (own, first + usize::from(own.is_some())..end)
}

/// The event times, latest first, at which each of some rows is at risk.
fn intervals_at_risk(
    rows: &[u32],
    times: &EventTimes,
    entry: &[f64],
    exit: &[f64],
) -> Vec<Range<u32>> {
    let interval = |&row: &u32| {
        let from = times.later_than(exit[row as usize]);
        let until = times.later_than(entry[row as usize]);
        from as u32..until as u32
    };
    rows.iter().map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row 5 joins nowhere, row 7 only with the event.
    #[test]
    fn runs_are_split_in_their_order() {
        let mut source = vec![99];
        let events = [true, false, false, true, false, true];
        let first = split(&[1, 2, 5, 3, 4, 7], &events, |row| row != 5 && row != 7, &mut source);
        assert_eq!((first, &source[..]), (3, &[99, 2, 4, 1, 3, 7][..]));
        assert_eq!(split(&[5], &[false], |_| false, &mut source), 6);
        assert_eq!(source.len(), 6);
    }
}
