//! Influences with the estimates they belong to.

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::functions::Estimand;
#[cfg(feature = "serde")]
use crate::checked::Course;
use crate::error::Warning;
#[cfg(feature = "serde")]
use crate::error::{Error, Result};
use crate::statistic::{Table, significant};

/// Estimates at requested times, and the influence of every row on them.
///
/// What it estimates, and after whom: [`InfluenceFunctions`](crate::nonparametric::InfluenceFunctions).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct InfluenceFit {
    pub(super) estimand: Estimand,
    pub(super) times: Vec<f64>,
    pub(super) groups: Vec<String>,
    pub(super) codes: Vec<u32>,
    pub(super) n: Vec<f64>,
    pub(crate) estimate: Array2<f64>,
    pub(crate) std_error: Array2<f64>,
    pub(crate) influence: Array2<f64>,
    pub(super) warnings: Vec<Warning>,
}

impl InfluenceFit {
    /// What is estimated.
    #[must_use]
    pub fn estimand(&self) -> Estimand {
        self.estimand
    }

    /// The times, in the order asked.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Names of the groups; `all` where there is one estimate for all rows.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The group of each row, an index into [`groups`](Self::groups).
    #[must_use]
    pub fn group_codes(&self) -> &[u32] {
        &self.codes
    }

    /// N of each group: its rows, or the sum of their weights. A row that only continues a subject's
    /// history is not counted again.
    #[must_use]
    pub fn n(&self) -> &[f64] {
        &self.n
    }

    /// The estimates, groups × times.
    #[must_use]
    pub fn estimate(&self) -> ArrayView2<'_, f64> {
        self.estimate.view()
    }

    /// Their infinitesimal-jackknife standard errors, groups × times: over clusters, or subjects
    /// where there are ids, or else rows. 0 where S is 0, for which the curve itself has none.
    #[must_use]
    pub fn std_error(&self) -> ArrayView2<'_, f64> {
        self.std_error.view()
    }

    /// The influence of a unit of weight of each row on the estimates of its group, rows × times, in
    /// the order of the data.
    #[must_use]
    pub fn influence(&self) -> ArrayView2<'_, f64> {
        self.influence.view()
    }

    /// The pseudo-value θ + N · IF of each row at each time, rows × times, in the order of the data.
    ///
    /// That of a subject with several rows is θ + N · the sum of their influences.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a row has the code of a group, and a group an estimate at each time"
    )]
    pub fn pseudo_values(&self) -> Array2<f64> {
        Array2::from_shape_fn(self.influence.dim(), |(row, k)| {
            let group = self.codes[row] as usize;
            self.estimate[[group, k]] + self.n[group] * self.influence[[row, k]]
        })
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// A line for each group and time.
impl fmt::Display for InfluenceFit {
    #[expect(clippy::indexing_slicing, reason = "a group has an estimate at each time")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells =
            || (0..self.groups.len()).flat_map(|g| (0..self.times.len()).map(move |k| (g, k)));
        let column = |value: &dyn Fn(usize, usize) -> f64| {
            significant(&cells().map(|(g, k)| Some(value(g, k))).collect::<Vec<_>>(), 5, "")
        };
        let table = Table::default()
            .column("", cells().map(|(g, _)| self.groups[g].clone()).collect())
            .column("time", column(&|_, k| self.times[k]))
            .column(&self.estimand.to_string(), column(&|g, k| self.estimate[[g, k]]))
            .column("std.err", column(&|g, k| self.std_error[[g, k]]));
        writeln!(f, "influence of {} rows\n{table}", self.codes.len())?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl InfluenceFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { n: not_negative, std_error: not_negative })?;
        let (groups, times) = (self.groups.len(), self.times.len());
        if self.codes.iter().any(|&code| code as usize >= groups) {
            return Err(Error::Inconsistent { what: "influence" });
        }
        crate::checked::same_lengths(groups, &[("n", self.n.len())])?;
        for (what, matrix, rows) in [
            ("estimate", &self.estimate, groups),
            ("std_error", &self.std_error, groups),
            ("influence", &self.influence, self.codes.len()),
        ] {
            crate::checked::same_lengths(rows, &[(what, matrix.nrows())])?;
            crate::checked::same_lengths(times, &[(what, matrix.ncols())])?;
        }
        let course = match self.estimand {
            Estimand::Survival => Course::Falls,
            Estimand::CumulativeHazard | Estimand::RestrictedMean => Course::Rises,
        };
        let mut groups = self.estimate.rows().into_iter();
        groups.try_for_each(|group| course.over(&self.times, "estimate", &group.to_vec()))
    }
}
