//! The rows of a fit in the order the passes take them.

use ndarray::{Array1, Array2, ArrayView2, Axis};
use std::ops::Range;

use super::ties::Ties;
use super::varying::{TimeTable, Varying};
use crate::data::{Design, Partition, Rows, WeightKind};
use crate::error::Result;
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

/// Rows by stratum, then by exit time from the latest, at one time those without an event first;
/// columns centred within strata and scaled.
#[derive(Debug, Clone)]
pub(crate) struct Ordered {
    pub(crate) strata: Vec<StratumRows>,
    /// n × p, row-major.
    pub(crate) x: Array2<f64>,
    pub(crate) weight: Vec<f64>,
    pub(crate) offset: Option<Vec<f64>>,
    pub(crate) event: Vec<bool>,
    /// The row of the data that stands at each place.
    pub(crate) source: Vec<u32>,
    /// What a column was divided by.
    pub(crate) scale: Vec<f64>,
    /// Mean weight of the events.
    pub(crate) event_weight: f64,
    /// Sum of the weights of the events.
    pub(crate) total_event_weight: f64,
    /// Coefficients that vary with time, after those of the columns of `x`.
    pub(crate) varying: Option<Varying>,
}

impl Ordered {
    /// Orders checked rows with at least one event. Tied events are set apart where their treatment
    /// is exact.
    pub(crate) fn new(rows: &Rows, design: &Design, ties: Ties) -> Self {
        let codes = rows.strata.as_ref().map(|strata| (strata.names().len(), strata.codes()));
        let n_strata = codes.map_or(1, |(n, _)| n);
        let code = |row: usize| codes.map_or(0, |(_, codes)| codes[row] as usize);
        let partition = Partition::new(&rows.times.by_exit, n_strata, code);
        let mut source = Vec::with_capacity(rows.len());
        let mut strata = Vec::new();
        for stratum in 0..partition.n_cells() {
            strata.extend(order_stratum(rows, partition.cell(stratum), ties, &mut source));
        }
        let weight: Vec<f64> = source.iter().map(|&row| rows.weight(row as usize)).collect();
        let mut event: Vec<bool> = source.iter().map(|&row| rows.event[row as usize]).collect();
        let events = weight.iter().zip(&event).filter(|(_, event)| **event);
        let (sum, count) = events.fold((0.0, 0.0), |(s, n), (weight, _)| (s + weight, n + 1.0));
        for tied in strata.iter().flat_map(|stratum: &StratumRows| &stratum.tied.times) {
            event[tied.events.clone()].fill(false);
        }
        let mut x = design
            .matrix()
            .select(Axis(0), &source.iter().map(|&row| row as usize).collect::<Vec<_>>());
        let scale = centre_and_scale(&mut x, &weight, &strata);
        let offset = design.offset().map(|offset| {
            let offset: Array1<f64> = source.iter().map(|&row| offset[row as usize]).collect();
            let mut column = offset.insert_axis(Axis(1));
            centre(&mut column, &weight, &strata);
            column.into_raw_vec_and_offset().0
        });
        let event_weight = sum / f64::max(count, 1.0);
        Self {
            strata,
            x,
            weight,
            offset,
            event,
            source,
            scale,
            event_weight,
            total_event_weight: sum,
            varying: None,
        }
    }

    /// Lets the coefficients of some columns vary: `columns` names one for each function of time, and
    /// `at` gives the functions at a time.
    ///
    /// # Errors
    /// Those of `at`.
    pub(crate) fn with_varying(
        mut self,
        columns: Vec<usize>,
        at: impl Fn(f64) -> Result<Vec<f64>>,
    ) -> Result<Self> {
        let width = columns.len();
        let table = |times: &mut dyn Iterator<Item = f64>| -> Result<TimeTable> {
            let rows: Result<Vec<Vec<f64>>> = times.map(&at).collect();
            Ok(TimeTable::new(rows?.concat(), width))
        };
        let (mut times, mut tied) = (Vec::new(), Vec::new());
        for stratum in &self.strata {
            times.push(table(&mut stratum.times.iter().map(|time| time.time))?);
            tied.push(table(&mut stratum.tied.times.iter().map(|time| time.time))?);
        }
        let scale: Vec<f64> = columns.iter().map(|&column| self.scale[column]).collect();
        let (varying, divided) = Varying::new(&self, columns, times, tied);
        self.scale.extend(scale.iter().zip(divided).map(|(column, g)| column * g));
        self.varying = Some(varying);
        Ok(self)
    }

    /// Divides the columns once more.
    pub(crate) fn rescale(&mut self, scale: &[f64]) {
        for mut row in self.x.rows_mut() {
            row.iter_mut().zip(scale).for_each(|(x, scale)| *x /= scale);
        }
        if let Some(varying) = &mut self.varying {
            // What a column was divided by has left its product with g already.
            let rest: Vec<f64> = (varying.columns.iter().zip(&scale[self.x.ncols()..]))
                .map(|(&column, of_product)| of_product / scale[column])
                .collect();
            varying.divide(&rest);
        }
        self.scale.iter_mut().zip(scale).for_each(|(all, scale)| *all *= scale);
    }

    /// Whether tied events are set apart anywhere.
    pub(crate) fn has_tied_times(&self) -> bool {
        self.strata.iter().any(|stratum| !stratum.tied.times.is_empty())
    }

    /// Number of coefficients.
    pub(crate) fn n_columns(&self) -> usize {
        self.x.ncols() + self.varying.as_ref().map_or(0, |varying| varying.columns.len())
    }

    pub(crate) fn matrix(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    /// The covariates at one place.
    pub(crate) fn row(&self, place: usize) -> &[f64] {
        let p = self.x.ncols();
        &self.x.as_slice().unwrap_or_default()[place * p..(place + 1) * p]
    }
}

/// Orders the rows of one stratum onto `source`; `None` when it has no event. Rows that are in no
/// risk set are left out: their covariates, wherever they lie, must not move the centre and scale.
fn order_stratum(
    rows: &Rows,
    by_exit: &[u32],
    ties: Ties,
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
        event_times.get(next).is_some_and(|&time| time <= exit(row))
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
    Some(StratumRows { rows: range, times, tied, intervals, at_risk })
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

/// Subtracts the weighted mean of each stratum. The first row is taken off before, so that a
/// constant column becomes exactly 0.
pub(crate) fn centre(x: &mut Array2<f64>, weight: &[f64], strata: &[StratumRows]) {
    for stratum in strata {
        let mut block = x.slice_axis_mut(Axis(0), stratum.rows.clone().into());
        let weight = &weight[stratum.rows.clone()];
        let total: f64 = weight.iter().sum();
        let first = block.row(0).to_owned();
        let mut mean = Array1::<f64>::zeros(first.len());
        for (mut row, w) in block.rows_mut().into_iter().zip(weight) {
            row -= &first;
            mean.scaled_add(w / total, &row);
        }
        for mut row in block.rows_mut() {
            row -= &mean;
        }
    }
}

/// Centres each column and divides it by its mean absolute deviation, which is returned.
fn centre_and_scale(x: &mut Array2<f64>, weight: &[f64], strata: &[StratumRows]) -> Vec<f64> {
    centre(x, weight, strata);
    let total: f64 = weight.iter().sum();
    let mut scale = Array1::<f64>::zeros(x.ncols());
    for (row, w) in x.rows().into_iter().zip(weight) {
        for (scale, value) in scale.iter_mut().zip(row) {
            *scale += w / total * value.abs();
        }
    }
    scale.mapv_inplace(|scale| if scale == 0.0 { 1.0 } else { scale });
    for mut row in x.rows_mut() {
        row /= &scale;
    }
    scale.to_vec()
}
