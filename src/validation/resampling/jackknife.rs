//! The jackknife.

#![expect(clippy::indexing_slicing, reason = "a unit has its place and the number of its stratum")]

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::quantile::held;
use super::replicates::{Replicates, ResamplingFailure, estimate};
use super::units::Units;
use crate::data::SurvivalData;
use crate::error::Result;
use crate::statistic::{Table, significant};

/// The jackknife of any statistic of survival data: the statistic again with one unit left out, for each of
/// them.
///
/// # Definition
/// Units are clusters where they are declared, or subjects where there are ids, or else rows. With θ₍ᵢ₎ the
/// statistic without unit i of the n_s of stratum s, and θ̄ₛ their mean, within strata if asked and
/// otherwise over all as one,
/// ```text
/// dᵢ = (1 − 1/n_s)(θ̄ₛ − θ₍ᵢ₎)      variance = Σ_s n_s/(n_s − 1) Σ dᵢ²      acceleration = Σ dᵢ³ / (6 (Σ dᵢ²)^(3/2))
/// ```
/// For the mean of n values this is the usual standard error.
///
/// # Options
/// | name | default |
/// |---|---|
/// | [`within_strata`](Self::within_strata) | no |
///
/// # Example
/// ```
/// use riskset::{RightCensored, validation::Jackknife};
///
/// let data = RightCensored::new(&[2.0, 3.0, 4.0, 9.0], &[true; 4])?;
/// let mean = |sample: &RightCensored, _: &[usize]| {
///     Ok(vec![sample.time().iter().sum::<f64>() / sample.len() as f64])
/// };
/// let fit = Jackknife::new().fit(&data, mean)?;
/// // s² = (6.25 + 2.25 + 0.25 + 20.25)/3, and s²/4.
/// assert!((fit.std_error()[0].unwrap() - (29.0_f64 / 12.0).sqrt()).abs() < 1e-14);
/// let skewness = (-2.5_f64.powi(3) - 1.5_f64.powi(3) - 0.5_f64.powi(3) + 4.5_f64.powi(3))
///     / (6.0 * 29.0_f64.powf(1.5));
/// assert!((fit.acceleration()[0].unwrap() - skewness).abs() < 1e-14);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `bootstrap::jackknife`, of rows.
///
/// # References
/// Efron 1987, doi:10.1080/01621459.1987.10478410.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Jackknife {
    within_strata: bool,
}

impl Jackknife {
    /// The jackknife over all units as one stratum.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Holds units against those of their stratum of the data.
    #[must_use]
    pub fn within_strata(self) -> Self {
        Self { within_strata: true }
    }

    /// Leaves out each unit in turn and computes the statistic on the others. It is given the rows kept, as
    /// data, and for each of them the row of the data given.
    ///
    /// # Errors
    /// As [`Bootstrap::fit`](super::Bootstrap::fit).
    pub fn fit<D: SurvivalData + Sync>(
        &self,
        data: &D,
        statistic: impl Fn(&D, &[usize]) -> Result<Vec<f64>> + Sync,
    ) -> Result<JackknifeFit> {
        let units = Units::new(data.rows(), self.within_strata, "Jackknife")?;
        let estimate = estimate(data, &statistic)?;
        let places = units.places();
        let sample = |k: usize| units.all_but(places[k].1);
        let Replicates { values, failures } =
            Replicates::new(data, units.len(), estimate.len(), sample, &statistic)?;
        let strata = places.iter().map(|&(stratum, _)| stratum).collect();
        Ok(JackknifeFit { estimate, values, strata, failures })
    }
}

/// The values of a statistic with each unit left out.
///
/// What it estimates, and after whom: [`Jackknife`](crate::validation::Jackknife).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct JackknifeFit {
    estimate: Vec<f64>,
    values: Array2<f64>,
    /// The stratum of each unit, failed or not.
    strata: Vec<usize>,
    failures: Vec<ResamplingFailure>,
}

impl JackknifeFit {
    /// The statistic on the data given.
    #[must_use]
    pub fn estimate(&self) -> &[f64] {
        &self.estimate
    }

    /// The statistic without each unit on which it did not fail, units × values.
    #[must_use]
    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// The units without which the statistic failed, with the reason.
    #[must_use]
    pub fn failures(&self) -> &[ResamplingFailure] {
        &self.failures
    }

    /// Number of units: clusters, subjects or rows.
    #[must_use]
    pub fn n_units(&self) -> usize {
        self.strata.len()
    }

    /// Standard error of each value; `None` after a failure, where a stratum has a single unit, and where no
    /// number holds it.
    #[must_use]
    pub fn std_error(&self) -> Vec<Option<f64>> {
        let sizes = self.sizes();
        let enough = sizes.iter().all(|&n| n != 1.0);
        let of = |k: usize| {
            let deviations = self.deviations(k)?;
            let terms = deviations.iter().zip(&self.strata);
            let variance = terms.map(|(d, &s)| d * d * sizes[s] / (sizes[s] - 1.0)).sum::<f64>();
            enough.then(|| variance.sqrt()).and_then(held)
        };
        (0..self.estimate.len()).map(of).collect()
    }

    /// Acceleration of each value, a sixth of the skewness of its influences; `None` after a failure, where
    /// the value does not vary, and where no number holds by how much.
    #[must_use]
    pub fn acceleration(&self) -> Vec<Option<f64>> {
        let of = |k: usize| {
            let deviations = self.deviations(k)?;
            let size = deviations.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            let sum = |power: i32| deviations.iter().map(|d| (d / size).powi(power)).sum::<f64>();
            (size > 0.0).then(|| sum(3) / (6.0 * sum(2).powf(1.5))).and_then(held)
        };
        (0..self.estimate.len()).map(of).collect()
    }

    /// Number of units of each stratum.
    fn sizes(&self) -> Vec<f64> {
        let mut sizes =
            vec![0.0; self.strata.iter().max().map_or(0, |last| last.saturating_add(1))];
        self.strata.iter().for_each(|&stratum| sizes[stratum] += 1.0);
        sizes
    }

    /// dᵢ of one value.
    fn deviations(&self, k: usize) -> Option<Vec<f64>> {
        if !self.failures.is_empty() {
            return None;
        }
        let (sizes, column) = (self.sizes(), self.values.column(k));
        let mut means = vec![0.0; sizes.len()];
        for (value, &stratum) in column.iter().zip(&self.strata) {
            means[stratum] += value / sizes[stratum];
        }
        let both = column.iter().zip(&self.strata);
        Some(both.map(|(v, &s)| (1.0 - 1.0 / sizes[s]) * (means[s] - v)).collect())
    }
}

/// Estimate, standard error and acceleration of each value, and the failures.
impl fmt::Display for JackknifeFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} units, each left out once", self.n_units())?;
        let estimates: Vec<Option<f64>> = self.estimate.iter().copied().map(Some).collect();
        let table = Table::default()
            .column("", (0..estimates.len()).map(|k| k.to_string()).collect())
            .column("estimate", significant(&estimates, 5, ""))
            .column("std.err", significant(&self.std_error(), 5, "-"))
            .column("acceleration", significant(&self.acceleration(), 5, "-"));
        writeln!(f, "{table}")?;
        match self.failures.first() {
            None => Ok(()),
            Some(first) => {
                writeln!(f, "{} failed, the first: {}", self.failures.len(), first.reason)
            }
        }
    }
}

#[cfg(feature = "serde")]
impl JackknifeFit {
    fn check(&self) -> Result<()> {
        let found = self.values.nrows().saturating_add(self.failures.len());
        crate::checked::same_lengths(self.strata.len(), &[("values", found)])?;
        crate::checked::same_lengths(self.estimate.len(), &[("values", self.values.ncols())])?;
        // There are no more strata than units.
        match self.strata.iter().all(|&stratum| stratum < self.strata.len()) {
            true => Ok(()),
            false => Err(crate::error::Error::Inconsistent { what: "jackknife" }),
        }
    }
}
