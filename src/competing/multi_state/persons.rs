//! Those whose influences are summed before they are squared: subjects, or clusters.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a subject or cluster"
)]

use super::walk::Members;
use crate::data::{MultiState, Rows, WeightKind};
use crate::error::{BadCell, Error, Result};
use crate::numerics::to_u32::to_u32;

/// The persons of a group, numbered from 0.
#[derive(Debug)]
pub(super) struct Persons<'a> {
    codes: &'a [u32],
    place: Vec<u32>,
    pub(super) n: usize,
    /// Frequencies of subjects: a subject that stands for k of them counts as k squares.
    frequency: bool,
    rows: &'a Rows,
}

const NOBODY: u32 = u32::MAX;

impl<'a> Persons<'a> {
    /// Nobody yet.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for a frequency that changes within a subject.
    pub(super) fn new(data: &'a MultiState) -> Result<Self> {
        let rows = data.rows();
        let (n_all, codes) = rows.cluster_codes().unwrap_or_default();
        let frequency =
            rows.clusters.is_none() && rows.weight_kind() == Some(WeightKind::Frequency);
        if frequency {
            constant(rows, n_all, codes)?;
        }
        Ok(Self { codes, place: vec![NOBODY; n_all], n: 0, frequency, rows })
    }

    /// Those of a group, in place of the group before.
    pub(super) fn of(&mut self, group: Members<'_>, before: Option<Members<'_>>) {
        for &row in before.iter().flat_map(|members| members.by_exit) {
            self.place[self.codes[row as usize] as usize] = NOBODY;
        }
        self.n = 0;
        for &row in group.by_exit {
            let place = &mut self.place[self.codes[row as usize] as usize];
            if *place == NOBODY {
                *place = to_u32(self.n);
                self.n += 1;
            }
        }
    }

    /// Whose row it is.
    pub(super) fn person(&self, row: usize) -> usize {
        self.place[self.codes[row] as usize] as usize
    }

    /// What the influence of a unit of weight is multiplied with.
    pub(super) fn weight(&self, row: usize) -> f64 {
        let weight = self.rows.weight(row);
        if self.frequency { weight.sqrt() } else { weight }
    }
}

fn constant(rows: &Rows, n: usize, codes: &[u32]) -> Result<()> {
    let rule = "a frequency counts subjects and cannot change within one";
    let mut first = vec![None; n];
    let cells: Vec<BadCell> = (codes.iter().enumerate())
        .filter(|&(row, &code)| {
            *first[code as usize].get_or_insert(rows.weight(row)) != rows.weight(row)
        })
        .map(|(row, _)| BadCell::new("weight", row, rows.weight(row), rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}
