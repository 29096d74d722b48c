//! The bootstrap as a request.

use super::bootstrap_fit::BootstrapFit;
use super::replicates::{Replicates, estimate};
use super::units::Units;
use crate::data::SurvivalData;
use crate::error::{Error, Result};
use crate::numerics::random::SplitMix64;

/// The nonparametric bootstrap of any statistic of survival data.
///
/// # Definition
/// Each replicate draws as many units as there are, with replacement: clusters where they are declared,
/// or subjects where there are ids, or else rows; within each stratum, if asked. A unit drawn twice is two
/// units, with clusters and ids of their own. The statistic is then computed on the rows drawn. What it
/// fails on is counted and kept with the reason: a replicate that is left out in silence, say because of a
/// separated model, makes limits too short.
///
/// Replicate k depends on the seed and on k alone: the result is the same for any number of threads
/// (feature `rayon`), and the first replicates stay when more are asked for.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | `seed` | required | |
/// | [`replicates`](Self::replicates) | 2000 | 1 to 2³² − 1 |
/// | [`within_strata`](Self::within_strata) | no | |
///
/// # Weights
/// Sampling and case weights come along with their rows. A row that stands for several is not a unit:
/// frequency weights are refused, unless there are clusters.
///
/// # Example
/// The median survival of eleven patients:
/// ```
/// use riskset::{KaplanMeier, RightCensored, validation::Bootstrap};
///
/// let time = [9., 13., 13., 18., 23., 28., 31., 34., 45., 48., 161.];
/// let event = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0].map(|e| e == 1);
/// let data = RightCensored::new(&time, &event)?;
/// // A sample with too many long times has no median: a value that is not finite is a failure.
/// let median = |sample: &RightCensored, _: &[usize]| {
///     let median = KaplanMeier::new().fit(sample)?.curve().median();
///     Ok(vec![median.time.unwrap_or(f64::NAN)])
/// };
/// let fit = Bootstrap::new(1).replicates(500).fit(&data, median)?;
/// assert_eq!(fit.estimate(), [31.0]);
/// assert_eq!(fit.values().nrows() + fit.failures().len(), 500);
/// let interval = fit.percentile(0.9)?[0];
/// assert!(interval.lower.unwrap() < 31.0 && interval.upper.unwrap() > 31.0);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `boot::boot(data, statistic, R = 2000)`, `boot::censboot`.
///
/// # References
/// Efron 1981, doi:10.1080/01621459.1981.10477650.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Bootstrap {
    seed: u64,
    replicates: usize,
    within_strata: bool,
}

impl Bootstrap {
    /// The bootstrap with its defaults.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, replicates: 2000, within_strata: false }
    }

    /// How many samples are drawn.
    #[must_use]
    pub fn replicates(self, replicates: usize) -> Self {
        Self { replicates, ..self }
    }

    /// Draws within the strata of the data, each keeping its number of units.
    #[must_use]
    pub fn within_strata(self) -> Self {
        Self { within_strata: true, ..self }
    }

    /// Draws the samples and computes the statistic on each. It is given the rows drawn, as data, and for each
    /// of them the row of the data given, by which other columns are taken.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for no replicates or too many; [`Error::Unsupported`] for frequency
    /// weights without clusters, and within strata for data without strata; [`Error::InvalidCells`] for
    /// a cluster or subject with rows in two strata, and for a value on the data given that is not
    /// finite; [`Error::TooLarge`] for more samples × values than memory holds; the errors of the statistic
    /// there.
    pub fn fit<D: SurvivalData + Sync>(
        &self,
        data: &D,
        statistic: impl Fn(&D, &[usize]) -> Result<Vec<f64>> + Sync,
    ) -> Result<BootstrapFit> {
        if self.replicates == 0 || u32::try_from(self.replicates).is_err() {
            let (value, rule) = (self.replicates as f64, "must be from 1 to 4294967295");
            return Err(Error::InvalidOption { option: "replicates", value, rule });
        }
        let units = Units::new(data.rows(), self.within_strata, "Bootstrap")?;
        let estimate = estimate(data, &statistic)?;
        let sample = |k: usize| units.draw(&mut SplitMix64::stream(self.seed, k as u64));
        let Replicates { values, failures } =
            Replicates::new(data, self.replicates, estimate.len(), sample, &statistic)?;
        Ok(BootstrapFit { seed: self.seed, n_units: units.len(), estimate, values, failures })
    }
}
