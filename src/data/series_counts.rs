//! Counts of changes in the order of time, for each of several populations at once.

use super::risk_series::{Counts, RiskSeries};

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
    /// Whether anybody enters: if not, that column is filled in at the end.
    entries: bool,
}

/// One cell: its times, the sums of weights, and the counts of rows where these differ.
#[derive(Default)]
struct Cell {
    time: Vec<f64>,
    sums: Columns,
    rows: Option<Columns>,
}

/// A value for each time.
#[derive(Default)]
struct Columns {
    event: Vec<f64>,
    censor: Vec<f64>,
    enter: Vec<f64>,
}

impl SeriesCounts {
    pub(super) fn new(n_cells: usize, weighted: bool, entries: bool) -> Self {
        let cell = || Cell { rows: weighted.then(Columns::default), ..Cell::default() };
        Self { cells: std::iter::repeat_with(cell).take(n_cells).collect(), entries }
    }

    /// Makes room for so many times in each cell.
    pub(super) fn expect(&mut self, n_times: usize) {
        for cell in &mut self.cells {
            cell.time.reserve(n_times);
            cell.sums.event.reserve(n_times);
            cell.sums.censor.reserve(n_times);
        }
    }

    /// Counts one change; within a cell times ascend.
    pub(super) fn count(&mut self, cell: usize, time: f64, change: Change, weight: f64) {
        let Cell { time: times, sums, rows } = &mut self.cells[cell];
        let new = times.last() != Some(&time);
        if new {
            times.push(time);
        }
        sums.count(new, change, weight, self.entries);
        if let Some(rows) = rows {
            rows.count(new, change, 1.0, self.entries);
        }
    }

    /// The series, with those at risk.
    pub(super) fn finish(self) -> Vec<RiskSeries> {
        let series = |Cell { time, sums, rows }: Cell| {
            let n_times = time.len();
            let counts = sums.finish(n_times);
            let rows = rows.map(|rows| rows.finish(n_times));
            let mut series = RiskSeries { time, counts, rows };
            series.finish();
            series
        };
        self.cells.into_iter().map(series).collect()
    }
}

impl Columns {
    /// Adds `weight` at the last time, or at one that is new.
    fn count(&mut self, new: bool, change: Change, weight: f64, entries: bool) {
        let of = |wanted| if change == wanted { weight } else { 0.0 };
        add(&mut self.event, new, of(Change::Event));
        add(&mut self.censor, new, of(Change::Censor));
        if entries {
            add(&mut self.enter, new, of(Change::Enter));
        }
    }

    fn finish(self, n_times: usize) -> Counts {
        let Self { event, censor, mut enter } = self;
        if enter.is_empty() {
            enter = vec![0.0; n_times];
        }
        Counts::new(event, censor, enter)
    }
}

fn add(column: &mut Vec<f64>, new: bool, weight: f64) {
    match column.last_mut() {
        Some(last) if !new => *last += weight,
        _ => column.push(weight),
    }
}
