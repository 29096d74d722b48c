//! A fitted cumulative hazard.

use std::fmt;

use super::observed::Observed;
use crate::curve::{ByGroup, SurvivalCurve};
use crate::error::{Result, Warning};
use crate::statistic::{Interval, IntervalTransform, Table, fixed, percent, significant};

/// A fitted cumulative hazard. All columns have one value for each [`time`](Self::time).
///
/// What it estimates, and after whom: [`NelsonAalen`](crate::nonparametric::NelsonAalen).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct NelsonAalenFit {
    pub(super) observed: Observed,
    pub(super) cumulative_hazard: Vec<f64>,
    pub(super) std_error: Vec<Option<f64>>,
    pub(super) intervals: Vec<Option<Interval>>,
    pub(super) level: f64,
    pub(super) robust: bool,
    pub(super) warnings: Vec<Warning>,
}

impl NelsonAalenFit {
    /// Times of events and censorings, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.observed.time()
    }

    /// Λ at each time.
    #[must_use]
    pub fn cumulative_hazard(&self) -> &[f64] {
        &self.cumulative_hazard
    }

    /// Standard error of Λ; `None` only where Greenwood's variance is not defined.
    #[must_use]
    pub fn std_error(&self) -> &[Option<f64>] {
        &self.std_error
    }

    /// Limits of Λ.
    #[must_use]
    pub fn intervals(&self) -> &[Option<Interval>] {
        &self.intervals
    }

    /// At risk at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        self.observed.n_risk()
    }

    /// Events at each time.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        self.observed.n_event()
    }

    /// Censorings at each time.
    #[must_use]
    pub fn n_censor(&self) -> &[f64] {
        self.observed.n_censor()
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Λ at any time: 0 before the first time, `None` beyond the last.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "no more times are passed than there are")]
    pub fn cumulative_hazard_at(&self, time: f64) -> Option<f64> {
        let beyond = self.time().last().is_none_or(|&last| time > last);
        let next = self.time().partition_point(|&known| known <= time);
        let value = next.checked_sub(1).map_or(0.0, |k| self.cumulative_hazard[k]);
        (!beyond && !time.is_nan()).then_some(value)
    }

    /// The survival curve exp(−Λ), with the standard error of Λ for that of ln S.
    ///
    /// R's `survfit(stype = 2)`. Unlike the product-limit curve it never reaches 0.
    ///
    /// # Errors
    /// None for a fit made by [`NelsonAalen`](crate::nonparametric::NelsonAalen), whose level has been checked.
    pub fn survival_curve(&self, transform: IntervalTransform) -> Result<SurvivalCurve> {
        let survival = self.cumulative_hazard.iter().map(|hazard| (-hazard).exp()).collect();
        let variance =
            self.std_error.iter().map_while(|sigma| sigma.map(|sigma| sigma * sigma)).collect();
        let time = self.observed.shared_time();
        let curve = SurvivalCurve::new(time, survival, variance, self.level, transform)?;
        Ok(curve.with_robust(self.robust))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, of which every column has as many"
    )]
    fn table(&self) -> Table {
        let events: Vec<usize> =
            (0..self.time().len()).filter(|&k| self.n_event()[k] > 0.0).collect();
        let of = |values: &[f64]| events.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let limit = |of: fn(&Interval) -> Option<f64>| {
            let limits: Vec<Option<f64>> =
                events.iter().map(|&k| self.intervals[k].as_ref().and_then(of)).collect();
            fixed(&limits, 4, "-")
        };
        let std_error: Vec<Option<f64>> = events.iter().map(|&k| self.std_error[k]).collect();
        let percent = percent(self.level);
        Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(self.n_risk()), 4, ""))
            .column("n.event", significant(&of(self.n_event()), 4, ""))
            .column("cumhaz", fixed(&of(&self.cumulative_hazard), 4, ""))
            .column("std.err", fixed(&std_error, 4, "-"))
            .column(&format!("lower {percent}"), limit(|interval| interval.lower))
            .column(&format!("upper {percent}"), limit(|interval| interval.upper))
    }
}

/// A line for each event time.
impl fmt::Display for NelsonAalenFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.table())?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

/// A table for each group.
impl fmt::Display for ByGroup<NelsonAalenFit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, fit)| writeln!(f, "{name}\n{fit}"))
    }
}

#[cfg(feature = "serde")]
impl NelsonAalenFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            cumulative_hazard: not_negative,
            cumulative_hazard: rising,
            std_error: not_negative,
            level: level,
        })?;
        self.observed.check(self.time())?;
        crate::checked::same_lengths(
            self.time().len(),
            &[
                ("cumulative_hazard", self.cumulative_hazard.len()),
                ("std_error", self.std_error.len()),
                ("intervals", self.intervals.len()),
            ],
        )
    }
}
