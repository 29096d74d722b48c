//! How alike the groups are before and after weighting.

use std::fmt;

use crate::data::{Design, Groups, TermKind, Weights};
use crate::error::{Error, Result};
use crate::room::room_for;
use crate::statistic::{
    LevelDifference, StandardisedDifference, StandardisedDifferences, Table, fixed,
};

/// Standardised differences of every covariate of a design between groups, before and after weighting.
///
/// # Definition
/// A factor has a line for each level, its reference too; a column that only says 0 and 1 counts as a
/// level. Both differences are in standard deviations of their own sample, weighted or not, see
/// [`StandardisedDifferences`] for the variances; below 0.1 is commonly called balanced. They describe
/// these rows: there is no standard error and no test.
///
/// # Example
/// ```
/// use riskset::adjustment::{Balance, BalancingWeights, PropensityScores, TargetPopulation};
/// use riskset::{Design, Groups};
///
/// let arm = Groups::new(&["new", "new", "old", "new", "old", "old", "old"])?;
/// let design = Design::builder().numeric("large", &[0., 0., 0., 1., 1., 1., 1.]).build()?;
/// let scores = PropensityScores::new().fit(&arm, &design)?;
/// let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores)?;
/// let balance = Balance::new(&arm, &design, weights.weights())?;
/// // 1/3 and 3/4 are large before: (3/4 − 1/3)/√((2/9 + 3/16)/2). It is 4/7 of both after.
/// assert!((balance.largest_before().unwrap() - 0.920574).abs() < 1e-6);
/// assert!(balance.largest_after().is_some_and(|difference| difference < 1e-12));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `cobalt::bal.tab`, which keeps the standard deviations before weighting; `PSweight::SumStat`.
///
/// # References
/// Austin & Stuart 2015, doi:10.1002/sim.6607.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Balance {
    groups: Vec<String>,
    lines: Vec<BalanceLine>,
}

/// One covariate, or one level of a factor, in a [`Balance`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct BalanceLine {
    /// The column of the design; `term=level` for every level of a factor.
    pub name: String,
    /// Without weights.
    pub before: StandardisedDifferences,
    /// With weights.
    pub after: StandardisedDifferences,
}

impl Balance {
    /// The balance of the columns of a design under weights of its rows.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::TooLarge`] for more pairs of groups than memory holds.
    #[expect(clippy::indexing_slicing, reason = "a row and a column are those of the design")]
    pub fn new(groups: &Groups, design: &Design, weights: &Weights) -> Result<Self> {
        let expected = groups.len();
        for (what, found) in [("design", design.n_rows()), ("weights", weights.values().len())] {
            if found != expected {
                return Err(Error::LengthMismatch { what: what.to_owned(), expected, found });
            }
        }
        let (k, n_lines) = (groups.names().len(), 2 * design.columns().len());
        // Half as many pairs, before and after; at most a line more for each column.
        room_for::<StandardisedDifference>("all pairs of groups", &[n_lines, k, k])?;
        let mut lines = Vec::new();
        for term in design.terms() {
            let columns = term.columns.clone();
            if let TermKind::Factor { levels } = &term.kind {
                let first = columns.start;
                let reference: Vec<f64> = (0..design.n_rows())
                    .map(|row| {
                        1.0 - columns.clone().map(|j| design.matrix()[[row, j]]).sum::<f64>()
                    })
                    .collect();
                for (place, level) in levels.iter().enumerate() {
                    let values = match place {
                        0 => reference.clone(),
                        _ => design.matrix().column(first + place - 1).to_vec(),
                    };
                    let name = format!("{}={level}", term.name);
                    lines.push(BalanceLine::new(name, &values, groups, weights));
                }
                continue;
            }
            for column in columns {
                let values = design.matrix().column(column).to_vec();
                let name = design.columns()[column].clone();
                lines.push(BalanceLine::new(name, &values, groups, weights));
            }
        }
        Ok(Self { groups: groups.names().to_vec(), lines })
    }

    /// Names of the groups, to whose places the pairs of a line point.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// A line for each column and level.
    #[must_use]
    pub fn lines(&self) -> &[BalanceLine] {
        &self.lines
    }

    /// The largest difference without weights, over all lines and pairs of groups; `None` where one has
    /// no value.
    #[must_use]
    pub fn largest_before(&self) -> Option<f64> {
        self.largest(|line| line.before.largest())
    }

    /// The same with weights.
    #[must_use]
    pub fn largest_after(&self) -> Option<f64> {
        self.largest(|line| line.after.largest())
    }

    fn largest(&self, of: impl Fn(&BalanceLine) -> Option<f64>) -> Option<f64> {
        let all: Option<Vec<f64>> = self.lines.iter().map(of).collect();
        all?.into_iter().reduce(f64::max)
    }
}

impl BalanceLine {
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn new(name: String, values: &[f64], groups: &Groups, weights: &Weights) -> Self {
        let k = groups.names().len();
        let is_level = values.iter().all(|&x| x == 0.0 || x == 1.0);
        let differences = |weight: &dyn Fn(usize) -> f64| {
            let rows = groups.codes().iter().zip(values).enumerate();
            let rows = rows.map(|(row, (&group, &x))| (group as usize, x, weight(row)));
            if is_level {
                let rows = rows.map(|(group, x, weight)| (group, usize::from(x == 1.0), weight));
                return StandardisedDifferences::of_levels(k, 2, rows, LevelDifference::default());
            }
            StandardisedDifferences::of_numbers(k, rows)
        };
        Self {
            name,
            before: differences(&|_| 1.0),
            after: differences(&|row| weights.values()[row]),
        }
    }
}

/// The largest difference of each line, before and after.
impl fmt::Display for Balance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let largest = |of: fn(&BalanceLine) -> &StandardisedDifferences| {
            let values: Vec<Option<f64>> =
                self.lines.iter().map(|line| of(line).largest()).collect();
            fixed(&values, 3, "-")
        };
        let table = Table::default()
            .column("", self.lines.iter().map(|line| line.name.clone()).collect())
            .column("before", largest(|line| &line.before))
            .column("after", largest(|line| &line.after));
        write!(f, "{table}")
    }
}
