//! Risk series by stratum and group.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the codes of a stratum and a group, and the table has a series for each pair"
)]

use std::fmt;

use super::columns::{Groups, Strata};
use super::count_rows::count_rows;
use super::risk_series::RiskSeries;
use super::rows::{Rows, SurvivalData};
use super::weights::WeightKind;
use crate::error::{Error, Result};
use crate::room::room_for;

/// The counts that Kaplan–Meier, Nelson–Aalen and log-rank are functions of: a [`RiskSeries`] for
/// every stratum and group.
///
/// Tables of separate rows add up ([`merge`](Self::merge)): rows in chunks, or in centres that
/// share counts but no rows, give the table of all rows.
///
/// ```
/// use riskset::{Groups, RightCensored, data::RiskTable};
///
/// let arms = ["Lev", "Obs"];
/// let centre = |time: &[f64], event: &[bool], arm: &[&str]| {
///     RiskTable::by(&RightCensored::new(time, event)?, &Groups::with_levels(arm, &arms)?)
/// };
/// let a = centre(&[3.0, 5.0], &[true, false], &["Lev", "Obs"])?;
/// let b = centre(&[4.0], &[true], &["Lev"])?;
/// let both = centre(&[3.0, 5.0, 4.0], &[true, false, true], &["Lev", "Obs", "Lev"])?;
/// assert_eq!(a.merge(&b)?, both);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `n.risk`, `n.event`, `n.censor` and `n.enter` of `survfit(Surv(entry, exit, event) ~ group)`.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::TableWire", into = "super::wire::TableWire")
)]
pub struct RiskTable {
    pub(super) strata: Vec<String>,
    pub(super) groups: Vec<String>,
    /// Stratum by stratum, within it group by group.
    pub(super) series: Vec<RiskSeries>,
    pub(super) weight_kind: Option<WeightKind>,
}

impl RiskTable {
    /// The name of the one stratum or group that takes in everybody.
    pub(crate) const ALL: &str = "all";

    /// By the strata of the data, in one group `all`.
    pub fn new(data: &impl SurvivalData) -> Self {
        Self::of(data.rows(), true, None)
    }

    /// By the strata of the data and by group.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless there is one group label a row; [`Error::TooLarge`] for more
    /// strata × groups than memory holds.
    pub fn by(data: &impl SurvivalData, groups: &Groups) -> Result<Self> {
        data.rows().same_length("groups", groups.len())?;
        Self::by_groups(data.rows(), groups)
    }

    /// Counts checked rows by their strata and by group.
    pub(crate) fn by_groups(rows: &Rows, groups: &Groups) -> Result<Self> {
        room(rows.strata.as_ref().map_or(1, |strata| strata.names().len()), groups.names().len())?;
        Ok(Self::of(rows, true, Some(groups)))
    }

    /// Counts checked rows, by their strata or by group.
    pub(crate) fn of(rows: &Rows, by_strata: bool, groups: Option<&Groups>) -> Self {
        let strata = rows.strata.as_ref().filter(|_| by_strata);
        let names =
            |names: Option<&[String]>| names.map_or(vec![Self::ALL.to_owned()], <[_]>::to_vec);
        let stratum_names = names(strata.map(Strata::names));
        let group_names = names(groups.map(Groups::names));
        let n_groups = group_names.len();
        let (of_strata, of_groups) = (strata.map(Strata::codes), groups.map(Groups::codes));
        let cell = |row: usize| {
            let stratum = of_strata.map_or(0, |codes| codes[row] as usize);
            stratum * n_groups + of_groups.map_or(0, |codes| codes[row] as usize)
        };
        let n_cells = stratum_names.len() * n_groups;
        let series = count_rows(rows, n_cells, cell);
        Self { strata: stratum_names, groups: group_names, series, weight_kind: rows.weight_kind() }
    }

    /// Names of the strata.
    #[must_use]
    pub fn strata(&self) -> &[String] {
        &self.strata
    }

    /// Names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The kind of the weights that were counted.
    #[must_use]
    pub fn weight_kind(&self) -> Option<WeightKind> {
        self.weight_kind
    }

    /// The series of one stratum and group.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn series(&self, stratum: &str, group: &str) -> Result<&RiskSeries> {
        self.place(stratum, group).map(|place| &self.series[place])
    }

    /// Where the series of one stratum and group stands.
    fn place(&self, stratum: &str, group: &str) -> Result<usize> {
        let place = |kind, known: &[String], name: &str| {
            known.iter().position(|other| other == name).ok_or_else(|| Error::UnknownName {
                kind,
                name: name.to_owned(),
                known: known.to_vec(),
            })
        };
        let stratum = place("stratum", &self.strata, stratum)?;
        let group = place("group", &self.groups, group)?;
        Ok(stratum * self.groups.len() + group)
    }

    /// The series of the groups of one stratum.
    pub(crate) fn by_stratum(&self) -> impl Iterator<Item = &[RiskSeries]> {
        self.series.chunks(self.groups.len().max(1))
    }

    /// The series of one group over all strata.
    pub(crate) fn group(&self, group: usize) -> RiskSeries {
        merge_all(self.by_stratum().map(|groups| &groups[group]))
    }

    /// The series of every group over all strata, in order.
    pub(crate) fn into_groups(self) -> Vec<RiskSeries> {
        match self.strata.len() {
            1 => self.series,
            _ => (0..self.groups.len()).map(|group| self.group(group)).collect(),
        }
    }

    /// Everybody in one series.
    #[must_use]
    pub fn pooled(&self) -> RiskSeries {
        merge_all(self.series.iter())
    }

    /// The table of two groups alone.
    pub(crate) fn pair(&self, a: usize, b: usize) -> Self {
        let pick = |groups: &[RiskSeries]| [groups[a].clone(), groups[b].clone()];
        Self {
            strata: self.strata.clone(),
            groups: vec![self.groups[a].clone(), self.groups[b].clone()],
            series: self.by_stratum().flat_map(pick).collect(),
            weight_kind: self.weight_kind,
        }
    }

    /// The table without the rows of another one that was merged before.
    ///
    /// # Errors
    /// [`Error::NotCounted`] at a time where more is to be removed than was counted,
    /// [`Error::UnknownName`] for a stratum or group that is not there, and
    /// [`Error::Unsupported`] for different kinds of weights.
    pub fn remove(&self, other: &Self) -> Result<Self> {
        if other.series.is_empty() {
            return Ok(self.clone());
        }
        self.same_weights(other)?;
        let mut left = self.clone();
        for (s, stratum) in other.strata.iter().enumerate() {
            for (g, group) in other.groups.iter().enumerate() {
                let less = &other.series[s * other.groups.len() + g];
                let place = self.place(stratum, group)?;
                left.series[place] = self.series[place].remove(less)?;
            }
        }
        Ok(left)
    }

    fn same_weights(&self, other: &Self) -> Result<()> {
        if self.weight_kind == other.weight_kind {
            return Ok(());
        }
        Err(Error::Unsupported {
            estimator: "RiskTable",
            what: "adding or removing counts of different kinds of weights",
            instead: "count all rows with one kind",
        })
    }

    /// The table of the rows of both. Strata and groups of the same name are added; names that only
    /// `other` has come last.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for tables counted with different kinds of weights; [`Error::TooLarge`] for
    /// more strata × groups than memory holds.
    pub fn merge(&self, other: &Self) -> Result<Self> {
        if self.series.is_empty() {
            return Ok(other.clone());
        }
        if other.series.is_empty() {
            return Ok(self.clone());
        }
        self.same_weights(other)?;
        let strata = union(&self.strata, &other.strata);
        let groups = union(&self.groups, &other.groups);
        room(strata.len(), groups.len())?;
        let mut series = Vec::with_capacity(strata.len() * groups.len());
        for stratum in &strata {
            for group in &groups {
                let parts = [self, other].map(|table| table.series(stratum, group));
                series.push(merge_all(parts.into_iter().flatten()));
            }
        }
        Ok(Self { strata, groups, series, weight_kind: self.weight_kind })
    }
}

/// The counts of every stratum and group, at every time.
impl fmt::Display for RiskTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (stratum, groups) in self.strata.iter().zip(self.by_stratum()) {
            for (group, series) in self.groups.iter().zip(groups) {
                writeln!(f, "stratum {stratum}, group {group}\n{series}")?;
            }
        }
        Ok(())
    }
}

/// Rows are counted into sums that take as much again as the series.
fn room(strata: usize, groups: usize) -> Result<()> {
    room_for::<[RiskSeries; 2]>("a table of strata × groups", &[strata, groups])
}

fn union(a: &[String], b: &[String]) -> Vec<String> {
    a.iter().chain(b.iter().filter(|name| !a.contains(name))).cloned().collect()
}

/// Adds series pairwise, so that many small ones cost n log n.
fn merge_all<'a>(series: impl Iterator<Item = &'a RiskSeries>) -> RiskSeries {
    let mut level: Vec<RiskSeries> = series.cloned().collect();
    while level.len() > 1 {
        level = (level.chunks(2))
            .map(|pair| match pair {
                [a, b] => a.merge(b),
                [single, ..] => single.clone(),
                [] => RiskSeries::default(),
            })
            .collect();
    }
    level.pop().unwrap_or_default()
}
