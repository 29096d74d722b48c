//! The counts at the times of a curve.

use crate::data::RiskSeries;
#[cfg(feature = "serde")]
use crate::error::Result;

/// Counts at the times of events and censorings, and the number of rows they come from.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Observed {
    pub(super) n: f64,
    pub(super) n_risk: Vec<f64>,
    pub(super) n_event: Vec<f64>,
    pub(super) n_censor: Vec<f64>,
}

impl Observed {
    /// The counts of a series at the times at which somebody left.
    pub(super) fn new(series: &RiskSeries) -> Self {
        Self {
            n: series.n_rows(),
            n_risk: series.n_risk().to_vec(),
            n_event: series.n_event().to_vec(),
            n_censor: series.n_censor().to_vec(),
        }
    }

    /// Fails unless there are counts for each of `n_times`.
    #[cfg(feature = "serde")]
    pub(super) fn check(&self, n_times: usize) -> Result<()> {
        crate::checked::same_lengths(
            n_times,
            &[
                ("n_risk", self.n_risk.len()),
                ("n_event", self.n_event.len()),
                ("n_censor", self.n_censor.len()),
            ],
        )
    }
}
