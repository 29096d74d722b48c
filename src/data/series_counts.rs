//! Counts of changes in the order of time, for each of several populations at once.

#![expect(clippy::indexing_slicing, reason = "a cell is one of those counted")]

use super::risk_series::{Counts, RiskSeries};
use crate::numerics::sum::Sum;

/// What happens to one row at one time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Event,
    Censor,
    Enter,
}

/// The series of several cells while their changes are counted.
pub(super) struct SeriesCounts {
    cells: Vec<Cell>,
}

/// One cell: its times, the sums of weights, and the counts of rows where these differ.
#[derive(Default)]
struct Cell {
    time: Vec<f64>,
    sums: Columns,
    rows: Option<Columns>,
}

/// A value for each time; for entries only up to the last time at which anybody entered.
#[derive(Default)]
struct Columns {
    event: Vec<f64>,
    censor: Vec<f64>,
    enter: Vec<f64>,
    /// The sums at the last time, which the columns get when it is over.
    last: [Sum; 3],
}

impl SeriesCounts {
    pub(super) fn new(n_cells: usize, weighted: bool) -> Self {
        let cell = || Cell { rows: weighted.then(Columns::default), ..Cell::default() };
        Self { cells: std::iter::repeat_with(cell).take(n_cells).collect() }
    }

    /// Makes room for so many times in a cell.
    pub(super) fn reserve(&mut self, cell: usize, n_times: usize) {
        let Cell { time, sums, .. } = &mut self.cells[cell];
        time.reserve(n_times);
        sums.event.reserve(n_times);
        sums.censor.reserve(n_times);
    }

    /// Counts one change; within a cell times ascend.
    pub(super) fn count(&mut self, cell: usize, time: f64, change: Change, weight: f64) {
        match change {
            Change::Event => self.leave(cell, time, true, weight),
            Change::Censor => self.leave(cell, time, false, weight),
            Change::Enter => {
                let Cell { time: times, sums, rows } = &mut self.cells[cell];
                let new = times.last() != Some(&time);
                if new {
                    times.push(time);
                }
                sums.enter(new, weight);
                if let Some(rows) = rows {
                    rows.enter(new, 1.0);
                }
            }
        }
    }

    /// Counts one row that leaves, with the event or without.
    pub(super) fn leave(&mut self, cell: usize, time: f64, event: bool, weight: f64) {
        let Cell { time: times, sums, rows } = &mut self.cells[cell];
        let new = times.last() != Some(&time);
        if new {
            times.push(time);
        }
        sums.leave(new, event, weight);
        if let Some(rows) = rows {
            rows.leave(new, event, 1.0);
        }
    }

    /// The series, with those at risk.
    pub(super) fn finish(self) -> Vec<RiskSeries> {
        let series = |Cell { time, sums, rows }: Cell| {
            let counts = sums.finish();
            let rows = rows.map(Columns::finish);
            let mut series = RiskSeries { time: time.into(), counts, rows };
            series.finish();
            series
        };
        self.cells.into_iter().map(series).collect()
    }
}

impl Columns {
    /// Adds at the last time, or at a new one. No branch on whether it is an event: that follows no
    /// pattern.
    fn leave(&mut self, new: bool, event: bool, weight: f64) {
        let event = f64::from(u8::from(event)) * weight;
        let censor = weight - event;
        if new {
            self.begin();
        }
        self.last[0].add(event);
        self.last[1].add(censor);
    }

    /// A new time, at which nothing has happened yet.
    fn begin(&mut self) {
        self.settle();
        self.event.push(0.0);
        self.censor.push(0.0);
    }

    /// Writes the sums of the last time.
    fn settle(&mut self) {
        let [event, censor, enter] = std::mem::take(&mut self.last).map(Sum::value);
        self.event.last_mut().into_iter().for_each(|last| *last = event);
        self.censor.last_mut().into_iter().for_each(|last| *last = censor);
        if enter > 0.0 {
            self.enter.resize(self.event.len(), 0.0);
            self.enter.last_mut().into_iter().for_each(|last| *last = enter);
        }
    }

    fn enter(&mut self, new: bool, weight: f64) {
        if new {
            self.begin();
        }
        self.last[2].add(weight);
    }

    fn finish(mut self) -> Counts {
        self.settle();
        let Self { event, censor, mut enter, .. } = self;
        if !enter.is_empty() {
            enter.resize(event.len(), 0.0);
        }
        Counts::new(event.into(), censor.into(), enter.into())
    }
}
