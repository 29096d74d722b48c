//! What the bootstrap found.

use ndarray::{Array2, ArrayView2, Axis};
use std::fmt;

use super::jackknife::JackknifeFit;
use super::quantile::{corrected, held, limits, tails};
use super::replicates::ResamplingFailure;
use crate::error::{Error, Result};
use crate::statistic::{Interval, Table, normal_multiplier, significant};

/// The values of a statistic on bootstrap samples, and the limits they give.
///
/// What it estimates, and after whom: [`Bootstrap`](crate::validation::Bootstrap).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct BootstrapFit {
    pub(super) seed: u64,
    pub(super) n_units: usize,
    pub(super) estimate: Vec<f64>,
    pub(super) values: Array2<f64>,
    pub(super) failures: Vec<ResamplingFailure>,
}

impl BootstrapFit {
    /// The statistic on the data given.
    #[must_use]
    pub fn estimate(&self) -> &[f64] {
        &self.estimate
    }

    /// The statistic on the samples on which it did not fail, samples × values, in the order drawn.
    #[must_use]
    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// The samples on which the statistic failed, with the reason.
    #[must_use]
    pub fn failures(&self) -> &[ResamplingFailure] {
        &self.failures
    }

    /// Number of units that each sample draws: clusters, subjects or rows.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.n_units
    }

    /// The seed.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Mean over the samples less the estimate; `None` without a sample, and where no number holds it.
    #[must_use]
    pub fn bias(&self) -> Vec<Option<f64>> {
        let mean = self.values.mean_axis(Axis(0));
        let of = |(k, estimate): (usize, &f64)| held(mean.as_ref()?[k] - estimate);
        self.estimate.iter().enumerate().map(of).collect()
    }

    /// Standard deviation over the samples; `None` with fewer than two, and where no number holds it.
    #[must_use]
    pub fn std_error(&self) -> Vec<Option<f64>> {
        let columns = self.values.columns().into_iter();
        let enough = self.values.nrows() > 1;
        columns.map(|column| enough.then(|| column.std(1.0)).and_then(held)).collect()
    }

    /// Percentile limits of each value: the order statistics at the places (B + 1)(1 ∓ level)/2,
    /// interpolated; `None` where there are too few samples for that, or no number holds it.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1).
    pub fn percentile(&self, level: f64) -> Result<Vec<Interval>> {
        normal_multiplier(level)?;
        let shares = tails(level).map(Some);
        Ok((0..self.estimate.len()).map(|k| limits(&self.ascending(k), shares, level)).collect())
    }

    /// Bias-corrected and accelerated limits of each value. With z₀ the normal quantile of the share of
    /// samples below the estimate, those that equal it counting half, and a the
    /// [acceleration](JackknifeFit::acceleration), they are the percentiles at
    /// ```text
    /// Φ(z₀ + (z₀ + z)/(1 − a (z₀ + z)))        z = Φ⁻¹((1 ∓ level)/2)
    /// ```
    /// `None` where there are too few samples for that, where all lie on one side of the estimate, and
    /// where the acceleration is not known.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1); [`Error::OtherData`] for the jackknife of
    /// another estimate.
    ///
    /// # References
    /// Efron 1987, doi:10.1080/01621459.1987.10478410.
    pub fn bca(&self, level: f64, jackknife: &JackknifeFit) -> Result<Vec<Interval>> {
        normal_multiplier(level)?;
        if jackknife.estimate() != self.estimate {
            return Err(Error::OtherData { what: "the estimate of the jackknife" });
        }
        let interval = |(k, (acceleration, &estimate)): (usize, (Option<f64>, &f64))| {
            let ascending = self.ascending(k);
            let below = ascending.partition_point(|value| *value < estimate) as f64;
            let up_to = ascending.partition_point(|value| *value <= estimate) as f64;
            let share = (below + up_to) / 2.0 / ascending.len().max(1) as f64;
            let shares = acceleration.map_or([None; 2], |a| corrected(share, a, level));
            limits(&ascending, shares, level)
        };
        let both = jackknife.acceleration().into_iter().zip(&self.estimate);
        Ok(both.enumerate().map(interval).collect())
    }

    fn ascending(&self, k: usize) -> Vec<f64> {
        let mut values = self.values.column(k).to_vec();
        values.sort_unstable_by(f64::total_cmp);
        values
    }
}

/// Estimate, bias and standard error of each value, and the failures.
impl fmt::Display for BootstrapFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (found, failed) = (self.values.nrows(), self.failures.len());
        writeln!(
            f,
            "{} replicates of {} units, seed {}",
            found.saturating_add(failed),
            self.n_units,
            self.seed
        )?;
        let estimates: Vec<Option<f64>> = self.estimate.iter().copied().map(Some).collect();
        let table = Table::default()
            .column("", (0..estimates.len()).map(|k| k.to_string()).collect())
            .column("estimate", significant(&estimates, 5, ""))
            .column("bias", significant(&self.bias(), 5, "-"))
            .column("std.err", significant(&self.std_error(), 5, "-"));
        writeln!(f, "{table}")?;
        match self.failures.first() {
            None => Ok(()),
            Some(first) => writeln!(f, "{failed} replicates failed, the first: {}", first.reason),
        }
    }
}

#[cfg(feature = "serde")]
impl BootstrapFit {
    fn check(&self) -> Result<()> {
        crate::checked::same_lengths(self.estimate.len(), &[("values", self.values.ncols())])
    }
}
