//! What is drawn or left out as a whole.

use crate::data::{Pick, Rows, WeightKind};
use crate::error::{BadCell, Error, Result};
use crate::numerics::random::SplitMix64;

/// Clusters, or subjects where there are ids, or else rows.
#[derive(Debug)]
pub(super) struct Units<'a> {
    rows: &'a Rows,
    /// The unit of each row; `None` where each row is one.
    codes: Option<(usize, &'a [u32])>,
    /// Units that are drawn from each other.
    pub(super) strata: Vec<Vec<u32>>,
}

impl<'a> Units<'a> {
    /// # Errors
    /// [`Error::Unsupported`] for rows that stand for several, and within strata where there are none;
    /// [`Error::InvalidCells`] for a unit in two strata.
    pub(super) fn new(
        rows: &'a Rows,
        within_strata: bool,
        estimator: &'static str,
    ) -> Result<Self> {
        if rows.weight_kind() == Some(WeightKind::Frequency) && rows.clusters.is_none() {
            return Err(Error::Unsupported {
                estimator,
                what: "resampling of rows that stand for several",
                instead: "repeat each row as often as its frequency says",
            });
        }
        let mut units = Self { rows, codes: rows.cluster_codes(), strata: Vec::new() };
        let n_strata = match (&rows.strata, within_strata) {
            (_, false) => 1,
            (Some(strata), true) => strata.names().len(),
            (None, true) => {
                return Err(Error::Unsupported {
                    estimator,
                    what: "resampling within strata of data that have none",
                    instead: "add them with with_strata",
                });
            }
        };
        let stratum = |row: usize| match (&rows.strata, within_strata) {
            (Some(strata), true) => strata.codes()[row],
            _ => 0,
        };
        let mut home: Vec<Option<u32>> = vec![None; units.codes.map_or(rows.len(), |(n, _)| n)];
        let mut cells = Vec::new();
        for row in 0..rows.len() {
            let unit = units.unit(row);
            if *home[unit].get_or_insert(stratum(row)) != stratum(row) {
                cells.push(units.divided(row));
            }
        }
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        units.strata = vec![Vec::new(); n_strata];
        for (unit, stratum) in (0..).zip(home) {
            if let Some(stratum) = stratum {
                units.strata[stratum as usize].push(unit);
            }
        }
        Ok(units)
    }

    fn unit(&self, row: usize) -> usize {
        self.codes.map_or(row, |(_, codes)| codes[row] as usize)
    }

    /// The cell of a row that lies in another stratum than earlier rows of its unit.
    fn divided(&self, row: usize) -> BadCell {
        let rule = "must lie within one stratum to be resampled within strata";
        let clusters = self.rows.clusters.as_ref().map(|column| ("clusters", column.names()));
        let subjects = self.rows.subjects.as_ref().map(|column| ("ids", column.names()));
        let (column, names) = clusters.or(subjects).unwrap_or(("rows", &[]));
        let name = names.get(self.unit(row)).cloned().unwrap_or_default();
        BadCell::new(column, row, name, rule)
    }

    /// Number of units over all strata.
    pub(super) fn len(&self) -> usize {
        self.strata.iter().map(Vec::len).sum()
    }

    /// The stratum and the unit at each place.
    pub(super) fn places(&self) -> Vec<(usize, u32)> {
        let strata = self.strata.iter().enumerate();
        strata.flat_map(|(s, units)| units.iter().map(move |&unit| (s, unit))).collect()
    }

    /// As many units as there are, drawn with replacement within each stratum.
    pub(super) fn draw(&self, random: &mut SplitMix64) -> Vec<Pick> {
        let mut counts = self.no_counts();
        for units in self.strata.iter().filter(|units| !units.is_empty()) {
            for _ in units {
                let drawn = units[random.below(units.len())];
                let count = &mut counts[drawn as usize];
                *count = count.saturating_add(1);
            }
        }
        self.picks(&counts)
    }

    /// All units but one.
    pub(super) fn all_but(&self, unit: u32) -> Vec<Pick> {
        let mut counts = self.no_counts();
        counts.fill(1);
        counts[unit as usize] = 0;
        self.picks(&counts)
    }

    fn no_counts(&self) -> Vec<u32> {
        vec![0; self.codes.map_or(self.rows.len(), |(n, _)| n)]
    }

    /// The rows of units drawn, in the order of their exit times, in which they need no sorting.
    fn picks(&self, counts: &[u32]) -> Vec<Pick> {
        let rows = self.rows.times.by_exit.rows.iter();
        rows.flat_map(|&row| {
            let copies = 0..counts[self.unit(row as usize)];
            copies.map(move |copy| Pick { row, copy })
        })
        .collect()
    }
}
