//! Rows as pieces of histories.

use crate::data::rows::Rows;
use crate::error::{BadCell, Error, Result};
use crate::numerics::to_u32::row_numbers;

/// A part of the time of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) source: u32,
    pub(super) entry: f64,
    pub(super) exit: f64,
    pub(super) event: bool,
    pub(super) phase: usize,
}

impl Piece {
    /// The whole time of a row.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(super) fn whole(rows: &Rows, row: u32) -> Self {
        let place = row as usize;
        let entry = rows.times.entry.as_ref().map_or(0.0, |entry| entry[place]);
        let (exit, event) = (rows.times.exit[place], rows.event[place]);
        Self { source: row, entry, exit, event, phase: 0 }
    }

    /// Cuts at ascending times, each strictly within; only the last part keeps the event.
    pub(super) fn cut(self, cuts: impl Iterator<Item = f64>) -> impl Iterator<Item = Self> {
        let exits = cuts.chain([self.exit]);
        exits.scan(self.entry, move |entry, exit| {
            let from = std::mem::replace(entry, exit);
            Some(Self { entry: from, exit, event: self.event && exit == self.exit, ..self })
        })
    }
}

/// Fails where a row ends at 0: (0, 0] holds no time.
pub(super) fn after_the_start(rows: &Rows) -> Result<()> {
    if rows.times.entry.is_some() {
        return Ok(());
    }
    let rule = "must be after 0 to be part of a history (0, time]";
    let cells: Vec<BadCell> = (rows.times.exit.iter().enumerate())
        .filter(|(_, exit)| **exit == 0.0)
        .map(|(row, exit)| BadCell::new("time", row, exit, rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

/// The rows of each history in the order of time: those of one subject, or each row by itself.
#[expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a subject"
)]
pub(super) fn histories(rows: &Rows) -> Vec<Vec<u32>> {
    match (&rows.subjects, &rows.times.by_entry) {
        (Some(subjects), Some(by_entry)) => {
            let mut all = vec![Vec::new(); subjects.names().len()];
            for &row in &by_entry.rows {
                all[subjects.codes()[row as usize] as usize].push(row);
            }
            all.retain(|history| !history.is_empty());
            all
        }
        _ => row_numbers(rows.len()).map(|row| vec![row]).collect(),
    }
}
