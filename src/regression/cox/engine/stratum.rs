//! The rows and event times of one stratum, in the order the passes take them.

use std::ops::Range;

use super::tails::{StratumTails, Tails};
use super::ties::Ties;
use crate::data::{Rows, WeightKind};
use crate::numerics::interval_sums::IntervalSums;

/// One event time of one stratum.
#[derive(Debug, Clone)]
pub(crate) struct EventTime {
    /// The time.
    pub(crate) time: f64,
    /// Rows that leave at this time or since the next later event time, without an event: they
    /// are at risk here for the first time on the way back.
    pub(crate) joining: Range<usize>,
    /// Rows with the event.
    pub(crate) events: Range<usize>,
    /// Number of steps the tied events are taken in.
    pub(crate) steps: f64,
    /// Weight of each step.
    pub(crate) step_weight: f64,
}

/// The rows and event times of one stratum.
#[derive(Debug, Clone)]
pub(crate) struct StratumRows {
    /// Rows that are in some risk set.
    pub(crate) rows: Range<usize>,
    /// Event times, latest first; those of [`tied`](Self::tied) left out.
    pub(crate) times: Vec<EventTime>,
    /// Times of tied events that are set apart; empty unless ties are exact.
    pub(crate) tied: TiedTimes,
    /// Under delayed entry: the event times at which each row is at risk, its own event left out.
    pub(crate) intervals: Option<IntervalSums>,
    /// Under delayed entry: the event times at which each row is at risk.
    pub(crate) at_risk: Option<Vec<Range<u32>>>,
    /// Rows that stay at risk after their exit, if any do.
    pub(crate) tails: Option<StratumTails>,
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

/// Orders the rows of one stratum onto `source`; `None` when it has no event. Rows that are in no
/// risk set are left out: their covariates, wherever they lie, must not move the centre and scale.
pub(super) fn order_stratum(
    rows: &Rows,
    by_exit: &[u32],
    ties: Ties,
    tails: Option<&Tails>,
    source: &mut Vec<u32>,
) -> Option<StratumRows> {
    let start = source.len();
    let exit = |row: u32| rows.times.exit[row as usize];
    let event = |row: u32| rows.event[row as usize];
    let event_times: Vec<f64> =
        by_exit.iter().filter(|&&row| event(row)).map(|&row| exit(row)).collect();
    let in_a_risk_set = |row: u32| {
        let entry = rows.times.entry.as_ref().map(|entry| entry[row as usize]);
        let next = entry.map_or(0, |entry| event_times.partition_point(|&time| time <= entry));
        let observed = event_times.get(next).is_some_and(|&time| time <= exit(row));
        let stays = tails.is_some_and(|tails| tails.follows[row as usize].is_some());
        observed || stays && event_times.last().is_some_and(|&time| time > exit(row))
    };
    let runs = by_exit.chunk_by(|&a, &b| exit(a) == exit(b)).rev();
    let (times, tied) = place_runs(rows, runs, ties, in_a_risk_set, source);
    if times.is_empty() && tied.is_empty() {
        return None;
    }
    let range = start..source.len();
    let placed = &source[range.clone()];
    let entry = rows.times.entry.as_deref();
    let at_risk = entry.map(|entry| intervals_at_risk(placed, &times, entry, &rows.times.exit));
    let intervals = at_risk.as_ref().map(|at_risk| {
        // The row's own event is counted apart.
        let own = |place: usize, time: usize| {
            times.get(time).is_some_and(|time| time.events.contains(&(start + place)))
        };
        let others = at_risk.iter().enumerate().map(|(place, interval)| {
            let first = interval.start as usize;
            first + usize::from(own(place, first))..interval.end as usize
        });
        IntervalSums::new(times.len(), others)
    });
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
/// if they are in a risk set. Returns the event times, those set apart by themselves.
fn place_runs<'a>(
    rows: &Rows,
    runs: impl Iterator<Item = &'a [u32]>,
    ties: Ties,
    in_a_risk_set: impl Fn(u32) -> bool,
    source: &mut Vec<u32>,
) -> (Vec<EventTime>, Vec<TiedTime>) {
    let event = |row: u32| rows.event[row as usize];
    let mut times: Vec<EventTime> = Vec::new();
    let mut tied: Vec<TiedTime> = Vec::new();
    let mut joining = source.len();
    for run in runs {
        source.extend(run.iter().copied().filter(|&row| !event(row) && in_a_risk_set(row)));
        let first = source.len();
        source.extend(run.iter().copied().filter(|&row| event(row)));
        if source.len() == first {
            continue;
        }
        let (time, events) = (rows.times.exit[run[0] as usize], first..source.len());
        let weight: f64 = source[events.clone()].iter().map(|&row| rows.weight(row as usize)).sum();
        let steps = match rows.weight_kind() {
            Some(WeightKind::Frequency) => weight,
            _ => events.len() as f64,
        };
        if ties == Ties::ExactPartial && steps > 1.0 {
            tied.push(TiedTime { time, events, n_events: steps });
            continue;
        }
        let step_weight = weight / steps;
        times.push(EventTime { time, joining: joining..first, events, steps, step_weight });
        joining = source.len();
    }
    (times, tied)
}

/// The event times, latest first, at which each of some rows is at risk.
fn intervals_at_risk(
    rows: &[u32],
    times: &[EventTime],
    entry: &[f64],
    exit: &[f64],
) -> Vec<Range<u32>> {
    let interval = |&row: &u32| {
        let from = times.partition_point(|event| event.time > exit[row as usize]);
        let until = times.partition_point(|event| event.time > entry[row as usize]);
        from as u32..until as u32
    };
    rows.iter().map(interval).collect()
}
