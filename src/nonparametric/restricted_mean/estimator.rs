//! The restricted mean survival time.

use super::comparison::RestrictedMeanComparison;
use super::fit::RestrictedMeanFit;
use crate::curve::{Area, ByGroup, SurvivalCurve};
use crate::data::Variance;
use crate::error::{Error, Result};
use crate::nonparametric::KaplanMeierFit;
use crate::statistic::{Interval, normal_multiplier};

/// The restricted mean survival time: the mean of min(T, τ), the area under the curve up to τ.
///
/// # Definition
/// ```text
/// μ(τ) = ∫₀^τ S(t) dt      Var μ(τ) = Σ_{tᵢ ≤ τ} (∫_{tᵢ}^τ S)² d(tᵢ) / (Y(tᵢ) (Y(tᵢ) − d(tᵢ)))
/// ```
/// with d events among Y at risk; a term with d = Y is 0, as S is 0 from there on. It is the
/// variance of the estimate, not that of min(T, τ). It takes increments of ln S for independent, so
/// a curve with the robust variance is refused; with sampling weights or clusters
/// [`fit`](Self::fit) takes the rows instead, and the variance is the infinitesimal jackknife
/// Σ (Σ w IF)² of the [influences](crate::nonparametric::InfluenceFunctions) on μ, the outer sum over clusters. The
/// limits are μ ± z · standard error, cut to
/// [0, τ]. The time lost is τ − μ. If τ lies before the first event, μ is τ with standard error 0.
///
/// # Choice of τ
/// There is no default: τ is part of the question. It should be fixed before the data are seen.
/// [`tau_common`](ByGroup::tau_common) is the largest τ for which every group has been observed.
/// Beyond the last observation of a curve that has not reached 0, nothing is known and the area is
/// an error, unless the curve is said to [continue flat](Self::carry_forward).
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | `tau` | required | above 0, finite | `rmean` |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | |
/// | [`carry_forward`](Self::carry_forward) | off | | on |
/// | [`variance`](Self::variance) | automatic | | |
///
/// # Example
/// Three of four die, at 1, 2 and 4; one is censored at 3. Up to 4 the curve is 1, 3/4, 1/2, 1/2:
/// ```
/// use riskset::{KaplanMeier, RightCensored, nonparametric::RestrictedMean};
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, true])?;
/// let fit = RestrictedMean::new(4.0).of(&KaplanMeier::new().fit(&data)?)?;
/// assert_eq!((fit.mean, fit.time_lost), (2.75, 1.25));
/// // Areas after 1 and after 2 are 1.75 and 1: 1.75² · 1/(4·3) + 1² · 1/(3·2).
/// let variance: f64 = 1.75 * 1.75 / 12.0 + 1.0 / 6.0;
/// assert!((fit.std_error - variance.sqrt()).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `summary(survfit(Surv(time, event) ~ 1), rmean = tau)$table`. Its `rmean = "common"` takes the
/// *largest* time over groups and continues the others flat; `survRM2::rmst2` takes the smallest of
/// the largest times, as [`tau_common`](ByGroup::tau_common).
///
/// # References
/// Irwin 1949, doi:10.1017/s0022172400014443; Royston & Parmar 2013, doi:10.1186/1471-2288-13-152;
/// Uno et al. 2014, doi:10.1200/jco.2014.55.2208.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestrictedMean {
    pub(super) tau: f64,
    pub(super) confidence: f64,
    pub(super) carry_forward: bool,
    pub(super) variance: Variance,
}

impl RestrictedMean {
    /// The restricted mean up to `tau`, in the unit of the data.
    #[must_use]
    pub fn new(tau: f64) -> Self {
        let variance = Variance::default();
        Self { tau, confidence: 0.95, carry_forward: false, variance }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Lets the curve continue flat from its last time to τ.
    #[must_use]
    pub fn carry_forward(self) -> Self {
        Self { carry_forward: true, ..self }
    }

    /// The variance of a restricted mean of rows; a curve has its own.
    #[must_use]
    pub fn variance(self, variance: Variance) -> Self {
        Self { variance, ..self }
    }

    /// The restricted mean of a Kaplan–Meier curve.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for τ and the level; [`Error::BeyondFollowUp`] when τ lies past the
    /// last time, S is not 0 there, and the curve is not carried forward; [`Error::Unsupported`] for
    /// a curve with the robust variance, where the [robust variance](Self::variance) is asked for, and
    /// for a standard error that no `f64` can hold.
    pub fn of(&self, fit: &KaplanMeierFit) -> Result<RestrictedMeanFit> {
        self.of_curve(fit.curve())
    }

    /// The restricted mean of any survival curve, such as
    /// [exp(−Λ)](crate::nonparametric::NelsonAalenFit::survival_curve).
    ///
    /// The variance is that of ln S of the curve in place of the sum above.
    ///
    /// # Errors
    /// As [`of`](Self::of), and [`Error::Unsupported`] for a curve whose variance is not defined
    /// although S is above 0, and for one that a regression model predicts.
    pub fn of_curve(&self, curve: &SurvivalCurve) -> Result<RestrictedMeanFit> {
        self.estimate("data", curve)
    }

    /// The restricted means of several groups with one τ, and how they differ.
    ///
    /// # Errors
    /// As [`of`](Self::of); [`Error::Empty`] without groups and [`Error::SingleLevel`] with one.
    pub fn compare(&self, groups: &ByGroup<KaplanMeierFit>) -> Result<RestrictedMeanComparison> {
        groups.at_least_two()?;
        let means = groups.try_map(|name, fit| self.estimate(name, fit.curve()))?;
        RestrictedMeanComparison::new(self.tau, self.confidence, means, None)
    }

    fn estimate(self, what: &str, curve: &SurvivalCurve) -> Result<RestrictedMeanFit> {
        let (tau, z) = (self.tau, self.check()?);
        if curve.is_robust() || self.variance == Variance::Robust {
            return Err(Error::Unsupported {
                estimator: "RestrictedMean",
                what: "the robust variance of the area under a curve, which keeps no rows",
                instead: "use RestrictedMean::fit on the rows",
            });
        }
        if curve.is_predicted() {
            return Err(Error::Unsupported {
                estimator: "RestrictedMean",
                what: "the variance of the area under a predicted curve",
                instead: "use StratumBaseline::restricted_mean",
            });
        }
        let Some((&last, &survival)) = curve.time().last().zip(curve.survival().last()) else {
            return Err(Error::Empty { what: what.to_owned() });
        };
        if tau > last && survival > 0.0 && !self.carry_forward {
            return Err(Error::BeyondFollowUp { what: what.to_owned(), time: tau, last });
        }
        let Area { value: mean, std_error } = curve.area(tau);
        let Some(std_error) = std_error else {
            return Err(Error::Unsupported {
                estimator: "RestrictedMean",
                what: "a standard error where that of the curve is not defined",
                instead: "use HazardVariance::Poisson",
            });
        };
        if !std_error.is_finite() {
            return Err(Error::Unsupported {
                estimator: "RestrictedMean",
                what: "a standard error that no f64 can hold",
                instead: "give times or weights in another unit",
            });
        }
        Ok(self.with_limits(mean, std_error, z))
    }

    /// The multiplier of the level, once τ has passed.
    pub(crate) fn check(self) -> Result<f64> {
        if !(self.tau > 0.0 && self.tau < f64::INFINITY) {
            let rule = "must be above 0 and finite";
            return Err(Error::InvalidOption { option: "tau", value: self.tau, rule });
        }
        normal_multiplier(self.confidence)
    }

    pub(crate) fn with_limits(self, mean: f64, std_error: f64, z: f64) -> RestrictedMeanFit {
        let tau = self.tau;
        // Rounding of a sum of pieces can carry it past either end.
        let mean = mean.clamp(0.0, tau);
        let limit = |z: f64| (mean + z * std_error).clamp(0.0, tau);
        let interval = Interval::between(limit(-z), limit(z), self.confidence);
        RestrictedMeanFit { tau, mean, std_error, interval, time_lost: tau - mean }
    }
}

impl ByGroup<KaplanMeierFit> {
    /// The smallest of the groups' largest observed times, of events or censorings: the largest τ
    /// for which every group has been observed. The default of R's `survRM2::rmst2`.
    ///
    /// # Errors
    /// [`Error::Empty`] without groups.
    pub fn tau_common(&self) -> Result<f64> {
        let largest = self.iter().filter_map(|(_, fit)| fit.time().last().copied());
        largest.reduce(f64::min).ok_or_else(|| Error::Empty { what: "groups".to_owned() })
    }
}
