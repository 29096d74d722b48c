//! The columns of a baseline table, and what each group has of them.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the table, whose columns are of one length; a code is one of the levels"
)]

use super::table::{BaselineSummary, LevelCounts, NumberSummary};
use crate::data::Partition;
use crate::numerics::quantile::{quantile, weighted_quantile};
use crate::numerics::sort::Ascending;
use crate::statistic::{LevelDifference, StandardisedDifferences, WeightedMoments};

/// A column with missing values.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Column {
    Numbers(Vec<Option<f64>>),
    Levels { names: Vec<String>, codes: Vec<Option<usize>> },
}

/// The groups and weights of the rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub(super) groups: &'a [usize],
    pub(super) n_groups: usize,
    /// The rows of each group.
    pub(super) members: &'a Partition,
    pub(super) weights: Option<&'a [f64]>,
}

impl Rows<'_> {
    pub(super) fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    fn of_group(&self, group: usize) -> impl Iterator<Item = usize> {
        self.members.cell(group).iter().map(|&row| row as usize)
    }
}

impl Column {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Levels { codes, .. } => codes.len(),
        }
    }

    pub(super) fn summary(&self, rows: Rows<'_>) -> BaselineSummary {
        let all = 0..rows.groups.len();
        match self {
            Self::Numbers(values) => BaselineSummary::Number {
                by_group: (0..rows.n_groups)
                    .map(|group| number(values, rows, rows.of_group(group)))
                    .collect(),
                overall: number(values, rows, all),
            },
            Self::Levels { names, codes } => BaselineSummary::Levels {
                levels: names.clone(),
                by_group: (0..rows.n_groups)
                    .map(|group| levels(codes, names.len(), rows, rows.of_group(group)))
                    .collect(),
                overall: levels(codes, names.len(), rows, all),
            },
        }
    }

    pub(super) fn differences(
        &self,
        rows: Rows<'_>,
        method: LevelDifference,
    ) -> StandardisedDifferences {
        match self {
            Self::Numbers(values) => {
                let present = values.iter().enumerate().filter_map(|(row, value)| {
                    value.map(|value| (rows.groups[row], value, rows.weight(row)))
                });
                StandardisedDifferences::of_numbers(rows.n_groups, present)
            }
            Self::Levels { names, codes } => {
                let present = codes.iter().enumerate().filter_map(|(row, code)| {
                    code.map(|code| (rows.groups[row], code, rows.weight(row)))
                });
                StandardisedDifferences::of_levels(rows.n_groups, names.len(), present, method)
            }
        }
    }
}

fn number(
    values: &[Option<f64>],
    rows: Rows<'_>,
    members: impl Iterator<Item = usize>,
) -> NumberSummary {
    let (mut present, mut n_missing) = (Vec::new(), 0.0);
    for row in members {
        match values[row] {
            Some(value) => present.push((value, rows.weight(row))),
            None => n_missing += rows.weight(row),
        }
    }
    let moments =
        WeightedMoments::by_group(1, present.iter().map(|&(value, weight)| (0, value, weight)));
    let moments = moments.into_iter().next().flatten();
    let plain: Vec<f64> = present.iter().map(|(value, _)| *value).collect();
    let ascending = Ascending::new(&plain);
    let weights: Vec<f64> = ascending.rows.iter().map(|&row| present[row as usize].1).collect();
    let at = |p: f64| match rows.weights {
        None => quantile(&ascending.values, p),
        Some(_) => weighted_quantile(&ascending.values, &weights, p),
    };
    NumberSummary {
        n: present.iter().map(|(_, weight)| weight).sum(),
        n_missing,
        mean: moments.map(|moments| moments.mean),
        std_deviation: moments.and_then(|moments| moments.variance).map(f64::sqrt),
        lower_quartile: at(0.25),
        median: at(0.5),
        upper_quartile: at(0.75),
        minimum: ascending.values.first().copied(),
        maximum: ascending.values.last().copied(),
    }
}

fn levels(
    codes: &[Option<usize>],
    n_levels: usize,
    rows: Rows<'_>,
    members: impl Iterator<Item = usize>,
) -> LevelCounts {
    let (mut counts, mut n_missing) = (vec![0.0; n_levels], 0.0);
    for row in members {
        match codes[row] {
            Some(code) => counts[code] += rows.weight(row),
            None => n_missing += rows.weight(row),
        }
    }
    LevelCounts { n: counts.iter().sum(), n_missing, counts }
}
