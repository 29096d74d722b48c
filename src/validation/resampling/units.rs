//! What is drawn or left out as a whole.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the code of a unit, a unit that of a stratum"
)]

use crate::data::{Pick, Rows, WeightKind, nameable};
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
    ///
    /// # Errors
    /// [`Error::TooManyRows`], where large clusters are drawn often.
    pub(super) fn draw(&self, random: &mut SplitMix64) -> Result<Vec<Pick>> {
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
    pub(super) fn all_but(&self, unit: u32) -> Result<Vec<Pick>> {
        let mut counts = self.no_counts();
        counts.fill(1);
        counts[unit as usize] = 0;
        self.picks(&counts)
    }

    fn no_counts(&self) -> Vec<u32> {
        vec![0; self.codes.map_or(self.rows.len(), |(n, _)| n)]
    }

    /// The rows of units drawn, in the order of their exit times, in which they need no sorting.
    fn picks(&self, counts: &[u32]) -> Result<Vec<Pick>> {
        // Rows drawn by themselves are as many as there are; of clusters of unlike sizes there can be more.
        if let Some((_, codes)) = self.codes {
            let of_rows = codes.iter().map(|&code| counts[code as usize] as usize);
            nameable(of_rows.fold(0, usize::saturating_add))?;
        }
        let drawn = |row: usize| counts[self.unit(row)];
        let rows = self.rows.times.by_exit.rows.iter();
        let picks =
            rows.flat_map(|&row| (0..drawn(row as usize)).map(move |copy| Pick { row, copy }));
        Ok(picks.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{RightCensored, SurvivalData};

    /// A cluster of many rows can be drawn until a sample has more of them than 32 bits can name.
    #[test]
    fn a_sample_of_too_many_rows_is_refused() {
        fn rows(data: &impl SurvivalData) -> &Rows {
            data.rows()
        }
        let data = RightCensored::new(&[2.0, 1.0, 3.0], &[true; 3]).unwrap();
        let data = data.with_clusters(&["a", "b", "b"]).unwrap();
        let units = Units::new(rows(&data), false, "test").unwrap();
        let error = units.picks(&[0, 1 << 31]).unwrap_err();
        assert_eq!(error, Error::TooManyRows { rows: 1 << 32 });
        let picks = units.picks(&[0, 2]).unwrap();
        let found: Vec<(u32, u32)> = picks.iter().map(|pick| (pick.row, pick.copy)).collect();
        assert_eq!(found, [(1, 0), (1, 1), (2, 0), (2, 1)]);
    }
}
