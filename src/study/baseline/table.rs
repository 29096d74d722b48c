//! A finished table of baseline characteristics.

use super::test::BaselineTest;
use crate::statistic::StandardisedDifferences;

/// What a group has of a number, in a [`BaselineSummary`]. Missing values are counted and left out of
/// everything else.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct NumberSummary {
    /// Values there are, or the sum of their weights.
    pub n: f64,
    /// Missing values, or the sum of their weights.
    pub n_missing: f64,
    /// The mean; `None` without a value, and where the sum is beyond the range of numbers.
    pub mean: Option<f64>,
    /// The standard deviation; `None` with fewer than two values, and where its square is beyond the
    /// range of numbers.
    pub std_deviation: Option<f64>,
    /// The quantile at 0.25, R's type 7. With weights it is the smallest value with a quarter of the
    /// weight at or below it, or the middle of two where the weight is met exactly.
    pub lower_quartile: Option<f64>,
    /// The same at 0.5.
    pub median: Option<f64>,
    /// The same at 0.75.
    pub upper_quartile: Option<f64>,
    /// The smallest value.
    pub minimum: Option<f64>,
    /// The largest value.
    pub maximum: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(NumberSummary {
    n: not_negative,
    n_missing: not_negative,
    std_deviation: not_negative,
} minimum <= lower_quartile, lower_quartile <= median, median <= upper_quartile, upper_quartile <= maximum);

/// How often a group has each level, in a [`BaselineSummary`]. Missing values are counted and left out
/// of the shares.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct LevelCounts {
    /// Rows of each level, or the sums of their weights.
    pub counts: Vec<f64>,
    /// Rows with a level, or the sum of their weights.
    pub n: f64,
    /// Rows without one, or the sum of their weights.
    pub n_missing: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(LevelCounts {
    counts: not_negative,
    n: not_negative,
    n_missing: not_negative,
});

impl LevelCounts {
    /// The share of a level among the rows that have one, in [0, 1]; `None` without such rows.
    #[must_use]
    pub fn share(&self, level: usize) -> Option<f64> {
        self.counts.get(level).filter(|_| self.n > 0.0).map(|count| count / self.n)
    }
}

/// The groups of one characteristic, and all rows together.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum BaselineSummary {
    /// A number.
    Number {
        /// One for each group.
        by_group: Vec<NumberSummary>,
        /// All rows.
        overall: NumberSummary,
    },
    /// A factor.
    Levels {
        /// The levels, in order.
        levels: Vec<String>,
        /// One for each group.
        by_group: Vec<LevelCounts>,
        /// All rows.
        overall: LevelCounts,
    },
}

impl BaselineSummary {
    /// Missing values among all rows.
    #[must_use]
    pub fn n_missing(&self) -> f64 {
        match self {
            Self::Number { overall, .. } => overall.n_missing,
            Self::Levels { overall, .. } => overall.n_missing,
        }
    }
}

/// One characteristic, in a [`BaselineTable`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct BaselineRow {
    /// Its name.
    pub name: String,
    /// What each group has of it.
    pub summary: BaselineSummary,
    /// The test that the groups have the same distribution; `None` unless it was asked for, and where
    /// there is nothing to compare: fewer than two groups with values, all values equal, or a spread
    /// beyond the range of numbers.
    pub test: Option<BaselineTest>,
    /// The standardised differences between the groups; `None` unless they were asked for.
    pub differences: Option<StandardisedDifferences>,
}

/// The baseline characteristics of groups: what [`Baseline`](super::Baseline) makes.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct BaselineTable {
    /// The names of the groups; none in a table of all rows.
    pub groups: Vec<String>,
    /// Rows of each group, or the sums of their weights.
    pub n: Vec<f64>,
    /// All rows, or the sum of the weights.
    pub n_overall: f64,
    /// Whether the rows were weighted.
    pub weighted: bool,
    /// How many random permutations a permutation test took.
    pub permutations: u32,
    /// The characteristics, in the order given.
    pub rows: Vec<BaselineRow>,
}

#[cfg(feature = "serde")]
crate::checked::check!(BaselineTable { n: not_negative, n_overall: not_negative });

impl BaselineTable {
    /// The characteristic of this name.
    ///
    /// # Errors
    /// [`UnknownName`](crate::Error::UnknownName).
    pub fn row(&self, name: &str) -> crate::Result<&BaselineRow> {
        let found = self.rows.iter().find(|row| row.name == name);
        found.ok_or_else(|| crate::Error::UnknownName {
            kind: "characteristic",
            name: name.to_owned(),
            known: self.rows.iter().map(|row| row.name.clone()).collect(),
        })
    }
}
