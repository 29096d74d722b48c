//! Fitted cumulative incidences.

use super::curve::{CumulativeIncidence, IncidenceAt};
use super::variance::IncidenceVariance;
use crate::competing::of_cause;
use crate::data::{Cause, RiskSeries};
use crate::error::{Result, Warning};
use crate::nonparametric::Observed;

/// The cumulative incidence of every cause of one population, with the counts they come from.
///
/// What it estimates, and after whom: [`AalenJohansen`](crate::competing::AalenJohansen).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct AalenJohansenFit {
    observed: Observed,
    survival: Vec<f64>,
    curves: Vec<CumulativeIncidence>,
    variance: IncidenceVariance,
    warnings: Vec<Warning>,
}

/// Numbers at risk, events and censorings at one requested time, from [`AalenJohansenFit::counts_at`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CauseCounts {
    /// The time asked for.
    pub time: f64,
    /// At risk just before the time: entry < t ≤ exit; at time 0 everybody who is there from the start.
    pub n_risk: f64,
    /// Events of each cause up to and including the time, in the order of the causes.
    pub n_event: Vec<f64>,
    /// Censorings up to and including the time.
    pub n_censor: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(CauseCounts {
    n_risk: not_negative,
    n_event: not_negative,
    n_censor: not_negative,
});

impl AalenJohansenFit {
    pub(super) fn new(
        observed: Observed,
        survival: Vec<f64>,
        curves: Vec<CumulativeIncidence>,
        variance: IncidenceVariance,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { observed, survival, curves, variance, warnings }
    }

    /// The curves of all causes, in the order of the data.
    #[must_use]
    pub fn curves(&self) -> &[CumulativeIncidence] {
        &self.curves
    }

    /// The curve of one cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName) for a cause that is not listed.
    pub fn incidence(&self, cause: Cause) -> Result<&CumulativeIncidence> {
        of_cause::find(&self.curves, cause)
    }

    /// The curve of the cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn incidence_of(&self, name: &str) -> Result<&CumulativeIncidence> {
        of_cause::named(&self.curves, name)
    }

    /// Times of events of any cause and of censorings, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.observed.time()
    }

    /// S at each time: the probability that no cause has ended a subject.
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        &self.survival
    }

    /// At risk at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        self.observed.n_risk()
    }

    /// Events of any cause at each time.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        self.observed.n_event()
    }

    /// Censorings at each time.
    #[must_use]
    pub fn n_censor(&self) -> &[f64] {
        self.observed.n_censor()
    }

    /// All counts of events of any cause, entries included.
    #[must_use]
    pub fn series(&self) -> &RiskSeries {
        self.observed.series()
    }

    /// Rows, not weighted, or the sum of frequencies. With ids a row that only continues a subject's
    /// history is not counted again.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.observed.n()
    }

    /// The variance of the standard errors; never `Automatic`.
    #[must_use]
    pub fn variance(&self) -> IncidenceVariance {
        self.variance
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The table of numbers below a figure: at risk, events of each cause, censorings, weighted.
    ///
    /// ```
    /// use riskset::{AalenJohansen, CompetingRisks};
    ///
    /// let names = [(1, "relapse"), (2, "death")];
    /// let data = CompetingRisks::from_codes(&[1., 2., 3., 4.], &[1, 2, 0, 1], &names)?;
    /// let counts = AalenJohansen::new().fit(&data)?.counts_at(&[0.0, 3.0])?;
    /// assert_eq!((counts[0].n_risk, counts[1].n_risk), (4.0, 2.0));
    /// assert_eq!((&counts[1].n_event[..], counts[1].n_censor), (&[1.0, 1.0][..], 1.0));
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) for a time that is not a number.
    #[expect(
        clippy::indexing_slicing,
        reason = "a curve has a value at each time asked for, and there is one more sum than times"
    )]
    pub fn counts_at(&self, times: &[f64]) -> Result<Vec<CauseCounts>> {
        let events: Vec<Vec<IncidenceAt>> =
            self.curves.iter().map(|curve| curve.at(times)).collect::<Result<_>>()?;
        let mut sum = 0.0;
        let mut censored = vec![sum];
        censored.extend(self.n_censor().iter().map(|n| {
            sum += n;
            sum
        }));
        let counts = |(k, &time): (usize, &f64)| CauseCounts {
            time,
            n_risk: self.series().n_risk_from(time),
            n_event: events.iter().map(|of_cause| of_cause[k].n_event).collect(),
            n_censor: censored[self.time().partition_point(|&known| known <= time)],
        };
        Ok(times.iter().enumerate().map(counts).collect())
    }
}

#[cfg(feature = "serde")]
impl AalenJohansenFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { survival: probability, survival: falling })?;
        self.observed.check(self.observed.time())?;
        let time = self.observed.time();
        let last = time.last().copied();
        if self.curves.iter().any(|curve| Some(curve.follow_up()) != last) {
            return Err(crate::Error::Inconsistent {
                what: "cumulative incidences with their counts",
            });
        }
        crate::checked::same_lengths(time.len(), &[("survival", self.survival.len())])
    }
}
