//! Collects the columns of a baseline table.

use ndarray::ArrayView1;
use std::collections::HashMap;

use super::column::{Column, Rows};
use super::level_tests::Crossed;
use super::number_tests::compare;
use super::table::{BaselineRow, BaselineTable};
use super::test::{BaselineTest, LevelTest, NumberTest};
use crate::data::{Groups, Label, Partition, Weights, nameable};
use crate::error::{BadCell, Error, Result};
use crate::numerics::random::SplitMix64;
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;
use crate::statistic::{LevelDifference, StandardisedDifference};

/// The baseline characteristics of groups: what is usually Table 1.
///
/// # Definition
/// A number has its mean, standard deviation (the root of the variance with divisor n − 1), quartiles and
/// range, a factor the count and the share of each level, in each group and in all rows. The tests are those
/// of [`NumberTest`] and [`LevelTest`], the differences
/// [`StandardisedDifferences`](crate::statistic::StandardisedDifferences).
///
/// Missing values have a line of their own and enter nothing else: no share, no mean, no test. Tests are
/// made only when asked for: in a randomised trial they test what is known to be true, and in a cohort
/// they speak of sample size as much as of balance, of which the standardised difference speaks alone.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`numeric`](Self::numeric), [`factor`](Self::factor), [`labels`](Self::labels) | | the columns |
/// | [`number_test`](Self::number_test) | none | [`NumberTest`] |
/// | [`level_test`](Self::level_test) | none | [`LevelTest`] |
/// | [`permutations`](Self::permutations) | 9999 | where an expected count is below 5 |
/// | [`seed`](Self::seed) | 1 | of the permutations |
/// | [`differences`](Self::differences) | none | [`LevelDifference`] |
/// | [`weights`](Self::weights) | none | |
///
/// # Example
/// ```
/// use riskset::Groups;
/// use riskset::statistic::LevelDifference;
/// use riskset::study::{Baseline, BaselineSummary, NumberTest};
///
/// let arm = Groups::new(&["old", "old", "old", "new", "new", "new"])?;
/// let table = Baseline::new()
///     .numeric("age", &[50.0, 60.0, f64::NAN, 55.0, 65.0, 70.0])
///     .factor("sex", &["f", "m", "m", "f", "f", "m"], &["f", "m"])
///     .number_test(NumberTest::KruskalWallis)
///     .differences(LevelDifference::LargestLevel)
///     .by(&arm)?;
/// let age = table.row("age")?;
/// assert_eq!(age.summary.n_missing(), 1.0);
/// // Ranks 2, 4, 5 of the new arm, 1, 3 of the old one.
/// assert!((age.test.unwrap().statistic.unwrap() - 4.0 / 3.0).abs() < 1e-12);
/// let BaselineSummary::Levels { by_group, .. } = &table.row("sex")?.summary else { panic!() };
/// assert_eq!(by_group[0].counts, [2.0, 1.0]); // new
/// assert_eq!(by_group[0].share(0), Some(2.0 / 3.0));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `tableone::CreateTableOne`, `gtsummary::tbl_summary`.
///
/// # References
/// Austin 2009, doi:10.1002/sim.3697; Senn 1994, doi:10.1002/sim.4780131703; Phipson & Smyth 2010,
/// doi:10.2202/1544-6115.1585.
#[derive(Debug, Clone)]
pub struct Baseline {
    columns: Vec<(String, Result<Column>)>,
    number_test: Option<NumberTest>,
    level_test: Option<LevelTest>,
    permutations: u32,
    seed: u64,
    differences: Option<LevelDifference>,
    weights: Option<Weights>,
}

impl Default for Baseline {
    fn default() -> Self {
        Self {
            columns: Vec::new(),
            number_test: None,
            level_test: None,
            permutations: 9999,
            seed: 1,
            differences: None,
            weights: None,
        }
    }
}

impl Baseline {
    /// A table without columns.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number; NaN is a missing value.
    #[must_use]
    pub fn numeric<'a>(self, name: &str, values: impl Into<ArrayView1<'a, f64>>) -> Self {
        let values = values.into();
        if let Err(error) = nameable(values.len()) {
            return self.with(name, Err(error));
        }
        let cells: Vec<BadCell> = (values.iter().enumerate())
            .filter(|(_, value)| value.is_infinite())
            .map(|(row, value)| BadCell::new(name, row, value, "must be finite, or NaN if missing"))
            .collect();
        // Adding zero turns a negative zero into zero, which the sort relies on.
        let present = |&value: &f64| Some(value + 0.0).filter(|value| !value.is_nan());
        let column = match cells.is_empty() {
            true => Ok(Column::Numbers(values.iter().map(present).collect())),
            false => Err(Error::InvalidCells { cells }),
        };
        self.with(name, column)
    }

    /// Adds a factor with its levels in the order listed; `None` is a missing value. A level that no row
    /// has keeps its line.
    #[must_use]
    pub fn factor<'a, L: Label + 'a>(
        self,
        name: &str,
        labels: impl Into<ArrayView1<'a, L>>,
        levels: &[&str],
    ) -> Self {
        let names: Vec<String> = levels.iter().map(ToString::to_string).collect();
        let column = coded(name, labels.into(), names);
        self.with(name, column)
    }

    /// Adds a factor with its levels in the labels' own order; `None` is a missing value.
    #[must_use]
    pub fn labels<'a, L: Label + 'a>(
        self,
        name: &str,
        labels: impl Into<ArrayView1<'a, L>>,
    ) -> Self {
        let labels = labels.into();
        let mut sorted: Vec<&L> = labels.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let names = sorted.into_iter().filter_map(Label::text).collect();
        let column = coded(name, labels, names);
        self.with(name, column)
    }

    fn with(mut self, name: &str, column: Result<Column>) -> Self {
        self.columns.push((name.to_owned(), column));
        self
    }

    /// Compares the numbers between the groups.
    #[must_use]
    pub fn number_test(self, test: NumberTest) -> Self {
        Self { number_test: Some(test), ..self }
    }

    /// Compares the levels between the groups.
    #[must_use]
    pub fn level_test(self, test: LevelTest) -> Self {
        Self { level_test: Some(test), ..self }
    }

    /// Random permutations of a test with an expected count below 5; with 0 it keeps the p-value of
    /// the chi-square distribution. Each takes a pass over the rows.
    #[must_use]
    pub fn permutations(self, permutations: u32) -> Self {
        Self { permutations, ..self }
    }

    /// Seed of the permutations. Those of a column depend on it and on the place of the column alone.
    #[must_use]
    pub fn seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Adds standardised differences between all pairs of groups.
    #[must_use]
    pub fn differences(self, method: LevelDifference) -> Self {
        Self { differences: Some(method), ..self }
    }

    /// Weighs the rows: counts become sums of weights, means weighted means. There are no tests then.
    #[must_use]
    pub fn weights(self, weights: &Weights) -> Self {
        Self { weights: Some(weights.clone()), ..self }
    }

    /// The table by group, and of all rows.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for numbers that are infinite; [`Error::TooManyRows`]; [`Error::UnknownLevel`]
    /// for a label that is not listed; [`Error::LengthMismatch`]; [`Error::DuplicateName`]; [`Error::TooLarge`]
    /// for more groups × levels, or pairs of groups, than memory holds; [`Error::Unsupported`] for tests of
    /// weighted rows.
    pub fn by(&self, groups: &Groups) -> Result<BaselineTable> {
        let codes: Vec<usize> = groups.codes().iter().map(|&code| code as usize).collect();
        self.table(groups.names(), &codes)
    }

    /// The table of all rows, without groups.
    ///
    /// # Errors
    /// As [`by`](Self::by), and [`Error::Empty`] without columns.
    pub fn overall(&self) -> Result<BaselineTable> {
        let (_, first) =
            self.columns.first().ok_or_else(|| Error::Empty { what: "baseline".to_owned() })?;
        let n = first.as_ref().map_err(Clone::clone)?.len();
        self.table(&[], &vec![0; n])
    }

    #[expect(clippy::indexing_slicing, reason = "groups are numbered from 0")]
    fn table(&self, names: &[String], groups: &[usize]) -> Result<BaselineTable> {
        let expected = groups.len();
        let same = |what: &str, found: usize| match found == expected {
            true => Ok(()),
            false => Err(Error::LengthMismatch { what: what.to_owned(), expected, found }),
        };
        let weights = self.weights.as_ref().map(Weights::values);
        weights.map_or(Ok(()), |weights| same("weights", weights.len()))?;
        if weights.is_some() && (self.number_test.is_some() || self.level_test.is_some()) {
            return Err(Error::Unsupported {
                estimator: "Baseline",
                what: "a test of weighted rows",
                instead: "use standardised differences",
            });
        }
        nameable(expected)?;
        let order: Vec<u32> = row_numbers(expected).collect();
        let members = Partition::new(&order, names.len().max(1), |row| groups[row]);
        let rows = Rows { groups, n_groups: names.len(), members: &members, weights };
        let mut table = BaselineTable {
            groups: names.to_vec(),
            n: vec![0.0; names.len()],
            n_overall: (0..expected).map(|row| rows.weight(row)).sum(),
            weighted: weights.is_some(),
            permutations: self.permutations,
            rows: Vec::new(),
        };
        if !names.is_empty() {
            groups.iter().enumerate().for_each(|(row, &group)| table.n[group] += rows.weight(row));
        }
        for (place, (name, column)) in self.columns.iter().enumerate() {
            let column = column.as_ref().map_err(Clone::clone)?;
            same(name, column.len())?;
            if table.row(name).is_ok() {
                return Err(Error::DuplicateName { name: name.clone() });
            }
            let several = names.len() > 1;
            let n_levels = match column {
                Column::Levels { names, .. } => names.len(),
                Column::Numbers(_) => 1,
            };
            // Counts of rows and weights, and the table that a test crosses.
            room_for::<[f64; 4]>("a table of groups × levels", &[names.len(), n_levels])?;
            if let Some(method) = self.differences {
                if method == LevelDifference::Mahalanobis {
                    room_for::<[f64; 4]>("the covariance of the levels", &[n_levels, n_levels])?;
                }
                room_for::<StandardisedDifference>(
                    "all pairs of groups",
                    &[names.len(), names.len()],
                )?;
            }
            table.rows.push(BaselineRow {
                name: name.clone(),
                summary: column.summary(rows),
                test: if several { self.test(column, rows, place as u64) } else { None },
                differences: (self.differences.filter(|_| several))
                    .map(|method| column.differences(rows, method)),
            });
        }
        Ok(table)
    }

    #[expect(clippy::indexing_slicing, reason = "groups are numbered from 0")]
    fn test(&self, column: &Column, rows: Rows<'_>, place: u64) -> Option<BaselineTest> {
        match column {
            Column::Numbers(values) => {
                let mut groups = vec![Vec::new(); rows.n_groups];
                for (&group, value) in rows.groups.iter().zip(values) {
                    groups[group].extend(value);
                }
                compare(&groups, self.number_test?)
            }
            Column::Levels { codes, .. } => {
                let test = self.level_test?;
                let present: Vec<(usize, usize)> = (rows.groups.iter().zip(codes))
                    .filter_map(|(&group, &code)| Some((group, code?)))
                    .collect();
                let random = SplitMix64::stream(self.seed, place);
                Some(Crossed::new(&present)?.test(test, self.permutations, random))
            }
        }
    }
}

/// Labels as places among the levels.
fn coded<L: Label>(name: &str, labels: ArrayView1<'_, L>, names: Vec<String>) -> Result<Column> {
    let mut places = HashMap::with_capacity(names.len());
    for (place, level) in names.iter().enumerate() {
        if places.insert(level.clone(), place).is_some() {
            return Err(Error::DuplicateName { name: level.clone() });
        }
    }
    let code = |label: &L| match label.text() {
        None => Ok(None),
        Some(text) => places.get(&text).map(|&place| Some(place)).ok_or_else(|| {
            Error::UnknownLevel { column: name.to_owned(), level: text, known: names.clone() }
        }),
    };
    let codes = labels.iter().map(code).collect::<Result<_>>()?;
    Ok(Column::Levels { names, codes })
}
