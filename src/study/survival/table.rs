//! A finished summary of survival.

use crate::curve::Quantile;
use crate::nonparametric::{RestrictedMeanFit, SurvivalAt};
use crate::statistic::{Interval, IntervalTransform};

/// The survival of one group, in a [`SurvivalTable`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct GroupSurvival {
    /// Name of the group; `Overall` of all rows.
    pub name: String,
    /// Rows, or the sum of frequencies; with ids, subjects.
    pub n: f64,
    /// Events, weighted.
    pub n_events: f64,
    /// Σ w (exit − entry), in the unit of time; `None` where it is beyond the range of numbers.
    pub person_time: Option<f64>,
    /// The median with its limits; what is not reached is `None`.
    pub median: Quantile,
    /// Survival at the times asked for, in their order.
    pub at: Vec<SurvivalAt>,
    /// Median follow-up by reverse Kaplan–Meier, in which censoring is the event; `None` where it is not
    /// reached, as without censoring.
    pub follow_up: Option<f64>,
    /// Its limits; `None` with sampling weights or clusters, whose variance the reverse curve does not
    /// have.
    pub follow_up_interval: Option<Interval>,
    /// The restricted mean; `None` unless it was asked for, and where follow-up ends before τ.
    pub restricted_mean: Option<RestrictedMeanFit>,
}

#[cfg(feature = "serde")]
impl GroupSurvival {
    fn check(&self) -> crate::error::Result<()> {
        crate::checked::numbers!(self {
            n: not_negative,
            n_events: not_negative,
            person_time: not_negative,
            follow_up: not_negative,
        })?;
        let (times, survival): (Vec<f64>, Vec<f64>) =
            self.at.iter().map(|at| (at.time, at.survival)).unzip();
        crate::checked::Course::Falls.over(&times, "survival", &survival)
    }
}

impl GroupSurvival {
    /// Below this number at risk an estimate rests on hardly anybody.
    pub const FEW_AT_RISK: f64 = 5.0;

    /// Whether fewer than [`FEW_AT_RISK`](Self::FEW_AT_RISK) are at risk at each time asked for.
    #[must_use]
    pub fn few_at_risk(&self) -> Vec<bool> {
        self.at.iter().map(|at| at.n_risk < Self::FEW_AT_RISK).collect()
    }
}

/// Survival by group: what [`SurvivalSummary`](super::SurvivalSummary) makes.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct SurvivalTable {
    /// Confidence level of all limits.
    pub level: f64,
    /// Scale on which the limits of survival are symmetric.
    pub transform: IntervalTransform,
    /// The times asked for.
    pub times: Vec<f64>,
    /// Up to where the mean is restricted, where one was asked for.
    pub tau: Option<f64>,
    /// The groups, in order; none in a summary of all rows.
    pub groups: Vec<GroupSurvival>,
    /// All rows.
    pub overall: GroupSurvival,
}

#[cfg(feature = "serde")]
crate::checked::check!(SurvivalTable { level: level, tau: not_negative });
