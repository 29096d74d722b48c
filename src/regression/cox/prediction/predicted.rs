//! Single predicted numbers.

use crate::data::RiskSeries;
use crate::statistic::Interval;

/// A prediction with its standard error, from
/// [`StratumBaseline::linear_predictor`](crate::regression::cox::StratumBaseline::linear_predictor) or
/// [`StratumBaseline::risk`](crate::regression::cox::StratumBaseline::risk).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Predicted {
    /// The prediction.
    pub value: f64,
    /// Its standard error, by the variance of the fit.
    pub std_error: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(Predicted { std_error: not_negative });

/// The part of one term in a linear predictor, from
/// [`StratumBaseline::terms`](crate::regression::cox::StratumBaseline::terms).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TermPrediction {
    /// The term.
    pub term: String,
    /// The sum of (x − reference)β over its columns.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(TermPrediction { std_error: not_negative });

/// The events expected of one person over an interval, from
/// [`StratumBaseline::expected`](crate::regression::cox::StratumBaseline::expected).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct ExpectedEvents {
    /// Λ over the interval.
    pub events: f64,
    /// Its standard error.
    pub std_error: f64,
    /// exp(−events): the probability to pass the interval without an event.
    pub survival: f64,
    /// Its standard error.
    pub survival_std_error: f64,
    /// Whether the interval ends past the last time at which somebody left: nothing is known of the
    /// time after it, and no event is expected there.
    pub beyond_follow_up: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(ExpectedEvents {
    events: not_negative,
    std_error: not_negative,
    survival: probability,
    survival_std_error: not_negative,
});

impl ExpectedEvents {
    pub(super) fn new(events: f64, std_error: f64, beyond_follow_up: bool) -> Self {
        let survival = (-events).exp();
        let survival_std_error = survival * std_error;
        Self { events, std_error, survival, survival_std_error, beyond_follow_up }
    }
}

/// What is predicted for one person at one time, from
/// [`StratumBaseline::at`](crate::regression::cox::StratumBaseline::at).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct PredictedAt {
    /// The time asked for.
    pub time: f64,
    /// S at that time; past the end of follow-up the last value, see `beyond_follow_up`.
    pub survival: f64,
    /// Standard error of S; `None` where S is 0.
    pub std_error: Option<f64>,
    /// Limits of S; `None` where S is 0.
    pub interval: Option<Interval>,
    /// Λ at that time.
    pub cumulative_hazard: f64,
    /// Standard error of Λ.
    pub cumulative_hazard_std_error: f64,
    /// At risk in the stratum just before the time: entry < t ≤ exit.
    pub n_risk: f64,
    /// Whether the time lies past the last at which somebody left.
    pub beyond_follow_up: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(PredictedAt {
    survival: probability,
    std_error: not_negative,
    cumulative_hazard: not_negative,
    cumulative_hazard_std_error: not_negative,
    n_risk: not_negative,
});

impl PredictedAt {
    pub(super) fn new(
        time: f64,
        survival: f64,
        std_error_ln: f64,
        limits: Option<(f64, f64)>,
        level: f64,
    ) -> Self {
        Self {
            time,
            survival,
            std_error: limits.map(|_| survival * std_error_ln),
            interval: limits.map(|(lower, upper)| Interval::between(lower, upper, level)),
            cumulative_hazard: 0.0,
            cumulative_hazard_std_error: 0.0,
            n_risk: 0.0,
            beyond_follow_up: false,
        }
    }

    pub(super) fn with_hazard(self, cumulative_hazard: f64, std_error: f64) -> Self {
        Self { cumulative_hazard, cumulative_hazard_std_error: std_error, ..self }
    }

    pub(super) fn with_risk(self, series: &RiskSeries, last: Option<f64>) -> Self {
        Self {
            n_risk: series.n_risk_at(self.time),
            beyond_follow_up: last.is_none_or(|last| self.time > last),
            ..self
        }
    }
}
