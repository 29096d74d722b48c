//! Weights of rows, with what they look like.

use std::fmt;

use super::summary::WeightSummary;
use super::target::{TargetPopulation, Tilt};
use super::truncation::Truncation;
use crate::data::{Groups, Weights};
#[cfg(feature = "serde")]
use crate::error::{Error, Result};
use crate::statistic::{Table, significant};

/// Balancing weights, one a row, from [`BalancingWeights`](super::BalancingWeights::fit).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct BalancingWeightsFit {
    target: TargetPopulation,
    stabilised: bool,
    weights: Weights,
    groups: Vec<String>,
    overall: WeightSummary,
    by_group: Vec<WeightSummary>,
    truncation: Option<Truncation>,
}

impl BalancingWeightsFit {
    pub(super) fn new(
        target: TargetPopulation,
        stabilised: bool,
        weights: Weights,
        groups: &Groups,
        truncation: Option<Truncation>,
    ) -> Self {
        let values = || weights.values().iter().copied();
        let of = |group: usize| {
            let rows = values().zip(groups.codes()).filter(|(_, code)| **code as usize == group);
            WeightSummary::of(rows.map(|(weight, _)| weight))
        };
        Self {
            overall: WeightSummary::of(values()),
            by_group: (0..groups.names().len()).map(of).collect(),
            groups: groups.names().to_vec(),
            target,
            stabilised,
            weights,
            truncation,
        }
    }

    /// The population that the weights carry every group to.
    #[must_use]
    pub fn target(&self) -> &TargetPopulation {
        &self.target
    }

    /// Whether they were multiplied by the shares of the groups.
    #[must_use]
    pub fn is_stabilised(&self) -> bool {
        self.stabilised
    }

    /// The weights, for `with_weights` of the data.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// One weight a row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        self.weights.values()
    }

    /// Names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// Of all weights.
    #[must_use]
    pub fn overall(&self) -> &WeightSummary {
        &self.overall
    }

    /// Of the weights of each group.
    #[must_use]
    pub fn by_group(&self) -> &[WeightSummary] {
        &self.by_group
    }

    /// What was cut; `None` where no truncation was asked for.
    #[must_use]
    pub fn truncation(&self) -> Option<&Truncation> {
        self.truncation.as_ref()
    }

    /// How the weights follow the scores.
    pub(in crate::adjustment) fn tilt(&self) -> Tilt {
        match &self.target {
            TargetPopulation::Everyone => Tilt::Everyone,
            TargetPopulation::Overlap => Tilt::Overlap,
            TargetPopulation::Group(name) => {
                Tilt::Group(self.groups.iter().position(|group| group == name).unwrap_or_default())
            }
        }
    }
}

/// A line for each group and one for all, then what was cut.
impl fmt::Display for BalancingWeightsFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&WeightSummary> = self.by_group.iter().chain([&self.overall]).collect();
        let column = |value: fn(&WeightSummary) -> f64| {
            significant(&lines.iter().map(|line| Some(value(line))).collect::<Vec<_>>(), 4, "-")
        };
        let table = Table::default()
            .column("", self.groups.iter().cloned().chain(["all".to_owned()]).collect())
            .column("n", lines.iter().map(|line| line.n.to_string()).collect())
            .column("effective", column(|line| line.n_effective))
            .column("sum", column(|line| line.total))
            .column("smallest", column(|line| line.smallest))
            .column("largest", column(|line| line.largest));
        write!(f, "{table}")?;
        let Some(cut) = &self.truncation else { return Ok(()) };
        writeln!(
            f,
            "truncated to {:.4}–{:.4}: {} raised, {} lowered from at most {:.4}",
            cut.lower, cut.upper, cut.n_raised, cut.n_lowered, cut.largest_before
        )
    }
}

#[cfg(feature = "serde")]
impl BalancingWeightsFit {
    fn check(&self) -> Result<()> {
        crate::checked::same_lengths(self.groups.len(), &[("by_group", self.by_group.len())])?;
        let known = match &self.target {
            TargetPopulation::Group(name) => self.groups.contains(name),
            _ => true,
        };
        let n: usize = self.by_group.iter().map(|group| group.n).sum();
        let sampling = self.weights.kind() == crate::data::WeightKind::Sampling;
        match known && sampling && n == self.values().len() && self.overall.n == n {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "weights" }),
        }
    }
}
