//! A fitted life table.

use std::fmt;

use crate::curve::ByGroup;
use crate::statistic::{Table, fixed, significant};

/// An actuarial life table: one line for each interval.
///
/// What it estimates, and after whom: [`LifeTable`](crate::nonparametric::LifeTable).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct LifeTableFit {
    intervals: Vec<LifeTableInterval>,
}

/// One interval of a [life table](crate::nonparametric::LifeTable), from `start` to just before `end`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct LifeTableInterval {
    /// Where it starts.
    pub start: f64,
    /// Where the next one starts; `None` for the last, which is open.
    pub end: Option<f64>,
    /// n: there at the start.
    pub n_enter: f64,
    /// c: censored in it.
    pub n_censor: f64,
    /// d: events in it.
    pub n_event: f64,
    /// n' = n − c/2.
    pub n_exposed: f64,
    /// S at the start.
    pub survival: f64,
    /// Standard error of S; `None` once S is 0.
    pub std_error: Option<f64>,
    /// Events per unit of time and person of the beginning; `None` for the open interval and where
    /// nobody enters.
    pub density: Option<f64>,
    /// Standard error of the density.
    pub std_error_density: Option<f64>,
    /// Events per unit of time and person at risk; `None` for the open interval and where nobody
    /// enters.
    pub hazard: Option<f64>,
    /// Standard error of the hazard.
    pub std_error_hazard: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(LifeTableInterval {
    n_enter: not_negative,
    n_censor: not_negative,
    n_event: not_negative,
    n_exposed: not_negative,
    survival: probability,
    std_error: not_negative,
    density: not_negative,
    std_error_density: not_negative,
    hazard: not_negative,
    std_error_hazard: not_negative,
} start <= end);

impl LifeTableFit {
    pub(super) fn new(intervals: Vec<LifeTableInterval>) -> Self {
        Self { intervals }
    }

    /// The intervals, ascending.
    #[must_use]
    pub fn intervals(&self) -> &[LifeTableInterval] {
        &self.intervals
    }
}

/// A line for each interval.
impl fmt::Display for LifeTableFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |value: fn(&LifeTableInterval) -> Option<f64>| {
            self.intervals.iter().map(value).collect::<Vec<_>>()
        };
        let name = |interval: &LifeTableInterval| match interval.end {
            Some(end) => format!("{}-{end}", interval.start),
            None => format!("{}-", interval.start),
        };
        let table = Table::default()
            .column("", self.intervals.iter().map(name).collect())
            .column("n", significant(&column(|i| Some(i.n_enter)), 7, ""))
            .column("censored", significant(&column(|i| Some(i.n_censor)), 7, ""))
            .column("exposed", significant(&column(|i| Some(i.n_exposed)), 7, ""))
            .column("events", significant(&column(|i| Some(i.n_event)), 7, ""))
            .column("survival", fixed(&column(|i| Some(i.survival)), 4, ""))
            .column("std.err", fixed(&column(|i| i.std_error), 4, "-"))
            .column("density", significant(&column(|i| i.density), 4, "-"))
            .column("std.err", significant(&column(|i| i.std_error_density), 3, "-"))
            .column("hazard", significant(&column(|i| i.hazard), 4, "-"))
            .column("std.err", significant(&column(|i| i.std_error_hazard), 3, "-"));
        write!(f, "{table}")
    }
}

/// A table for each group.
impl fmt::Display for ByGroup<LifeTableFit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, fit)| writeln!(f, "{name}\n{fit}"))
    }
}

#[cfg(feature = "serde")]
impl LifeTableFit {
    fn check(&self) -> crate::error::Result<()> {
        let column = |value: fn(&LifeTableInterval) -> f64| -> Vec<f64> {
            self.intervals.iter().map(value).collect()
        };
        crate::checked::ascending("start", &column(|interval| interval.start))?;
        crate::checked::falling("survival", &column(|interval| interval.survival))
    }
}
