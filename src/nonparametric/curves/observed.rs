//! The counts behind a curve.

use std::borrow::Cow;

use crate::data::{RiskSeries, Times};
#[cfg(feature = "serde")]
use crate::error::{Error, Result};

/// All counts of one population, and those at the times of its curve.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct Observed {
    series: RiskSeries,
    /// The counts at the times of the curve, where they are not those of the series.
    at_times: Option<AtTimes>,
}

/// Counts at the times of a curve.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct AtTimes {
    n: f64,
    time: Times,
    n_risk: Vec<f64>,
    n_event: Vec<f64>,
    n_censor: Vec<f64>,
}

/// The counts that a curve is made of: those at the times at which somebody left. In a reverse curve
/// those who are censored count as the events.
pub(crate) fn leaving(series: &RiskSeries, reverse: bool) -> Cow<'_, RiskSeries> {
    match reverse {
        false => series.observed(),
        true => Cow::Owned(series.observed().reversed()),
    }
}

impl Observed {
    /// A series of which all times are times of the curve.
    pub(crate) fn all(series: RiskSeries) -> Self {
        Self { series, at_times: None }
    }

    /// A series, and the counts at the times of the curve.
    pub(crate) fn at(series: RiskSeries, counts: &RiskSeries) -> Self {
        let at_times = AtTimes {
            n: counts.n_rows(),
            time: counts.shared_time(),
            n_risk: counts.n_risk().to_vec(),
            n_event: counts.n_event().to_vec(),
            n_censor: counts.n_censor().to_vec(),
        };
        Self { series, at_times: Some(at_times) }
    }

    /// All counts, entries included.
    pub(crate) fn series(&self) -> &RiskSeries {
        &self.series
    }

    /// Rows that leave in all, or the sum of frequencies.
    pub(crate) fn n(&self) -> f64 {
        self.at_times.as_ref().map_or_else(|| self.series.n_rows(), |at| at.n)
    }

    /// The times of the curve.
    pub(crate) fn time(&self) -> &[f64] {
        self.at_times.as_ref().map_or(self.series.time(), |at| &at.time)
    }

    /// The same times, to be kept by a curve.
    pub(crate) fn shared_time(&self) -> Times {
        self.at_times.as_ref().map_or_else(|| self.series.shared_time(), |at| at.time.clone())
    }

    pub(crate) fn n_risk(&self) -> &[f64] {
        self.at_times.as_ref().map_or(self.series.n_risk(), |at| &at.n_risk)
    }

    pub(crate) fn n_event(&self) -> &[f64] {
        self.at_times.as_ref().map_or(self.series.n_event(), |at| &at.n_event)
    }

    pub(crate) fn n_censor(&self) -> &[f64] {
        self.at_times.as_ref().map_or(self.series.n_censor(), |at| &at.n_censor)
    }

    /// Fails unless the counts stand at these times.
    #[cfg(feature = "serde")]
    pub(crate) fn check(&self, time: &[f64]) -> Result<()> {
        let columns = [self.n_risk(), self.n_event(), self.n_censor()];
        let complete = columns.iter().all(|column| column.len() == time.len());
        if !complete || self.time() != time {
            return Err(Error::Inconsistent { what: "curve with its counts" });
        }
        crate::checked::not_negative("n", &self.at_times.as_ref().map(|at| at.n))?;
        ["n_risk", "n_event", "n_censor"]
            .into_iter()
            .zip(columns)
            .try_for_each(|(what, column)| crate::checked::not_negative(what, column))
    }
}
