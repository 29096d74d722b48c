//! Confidence intervals, and the scales on which limits of a survival curve are symmetric.

use multiversion::multiversion;
use std::f64::consts::FRAC_PI_2;
use std::fmt;

use super::limits_block::{BLOCK, LimitsBlock};
use crate::error::{Error, Result};
use crate::numerics::large::Large;
use crate::numerics::normal;

/// A confidence interval; for a curve its scale is an [`IntervalTransform`]. A limit that is not
/// reached, or does not exist, is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Interval {
    /// Lower limit.
    pub lower: Option<f64>,
    /// Upper limit.
    pub upper: Option<f64>,
    /// Confidence level, in (0, 1).
    pub level: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(Interval { level: level } lower <= upper);

impl Interval {
    /// An interval with both limits, for results of one's own.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] unless `lower` is at most `upper` and `level` between 0 and 1.
    ///
    /// ```
    /// use riskset::statistic::Interval;
    ///
    /// let interval = Interval::new(0.4, 0.9, 0.95)?;
    /// assert_eq!((interval.lower, interval.upper), (Some(0.4), Some(0.9)));
    /// assert!(Interval::new(0.9, 0.4, 0.95).is_err());
    /// # Ok::<(), riskset::Error>(())
    /// ```
    pub fn new(lower: f64, upper: f64, level: f64) -> Result<Self> {
        let invalid = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        if !(lower <= upper) {
            return invalid("lower", lower, "must not be above `upper`");
        }
        if !(level > 0.0 && level < 1.0) {
            return invalid("level", level, "must be between 0 and 1");
        }
        Ok(Self::between(lower, upper, level))
    }

    /// The same of limits that are known to be in order, at a level that was checked.
    pub(crate) fn between(lower: f64, upper: f64, level: f64) -> Self {
        Self { lower: Some(lower), upper: Some(upper), level }
    }
}

/// `0.47–0.76`, to the precision asked for; `nr` stands for a limit that is not reached.
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |limit: Option<f64>| match (limit, f.precision()) {
            (None, _) => "nr".to_owned(),
            (Some(x), Some(decimals)) => format!("{x:.decimals$}"),
            (Some(x), None) => x.to_string(),
        };
        write!(f, "{}–{}", text(self.lower), text(self.upper))
    }
}

/// The scale on which the limits of S(t) are symmetric. With z the normal quantile and σ the
/// standard error of ln S:
///
/// | transform | limits | as in |
/// |---|---|---|
/// | `Plain` | S ± z S σ | |
/// | `Log` | S exp(± z σ) | R's default, and here |
/// | `LogLog` | exp(−exp(ln(−ln S) ± z σ / ln S)) | SAS, Stata |
/// | `Logit` | logit⁻¹(logit S ± z σ / (1 − S)) | |
/// | `Arcsin` | sin²(arcsin √S ± ½ z σ √(S / (1 − S))) | |
///
/// Limits are cut to [0, 1]. At S = 1 all are [1, 1]. At S = 0 the variance is not defined and
/// there are no limits.
///
/// Source: Borgan & Liestøl 1990, *Scandinavian Journal of Statistics* 17:35; Kalbfleisch & Prentice
/// 2002, section 1.4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum IntervalTransform {
    /// S itself.
    Plain,
    /// ln S.
    #[default]
    Log,
    /// ln(−ln S).
    LogLog,
    /// ln(S / (1 − S)).
    Logit,
    /// arcsin √S.
    Arcsin,
}

impl IntervalTransform {
    /// The limits of a survival probability whose logarithm has standard error `sigma`.
    pub(crate) fn limits(self, survival: f64, sigma: f64, z: f64) -> Option<(f64, f64)> {
        if survival <= 0.0 {
            return None;
        }
        if survival >= 1.0 {
            return Some((1.0, 1.0));
        }
        let step = z * sigma;
        let (lower, upper) = match self {
            Self::Plain => (survival - step * survival, survival + step * survival),
            Self::Log => {
                let factor = step.exp();
                (survival / factor, survival * factor)
            }
            Self::LogLog => {
                // exp(−exp(ln(−ln S) ± θ)) = exp(ln S · exp(±θ)).
                let ln = survival.ln();
                let factor = (-step / ln).exp();
                ((ln * factor).exp(), (ln / factor).exp())
            }
            Self::Logit => {
                let failed = 1.0 - survival;
                let limit = |step: f64| {
                    let odds = (survival / failed).ln() + step / failed;
                    1.0 / (1.0 + (-odds).exp())
                };
                (limit(-step), limit(step))
            }
            Self::Arcsin => {
                let limit = |step: f64| {
                    let angle =
                        survival.sqrt().asin() + 0.5 * step * (survival / (1.0 - survival)).sqrt();
                    angle.clamp(0.0, FRAC_PI_2).sin().powi(2)
                };
                (limit(-step), limit(step))
            }
        };
        Some((lower.clamp(0.0, 1.0), upper.clamp(0.0, 1.0)))
    }

    /// The limits of a column of survival probabilities, whose logarithms have the standard errors
    /// `sigma`; `reach` of both is how far the limits are from them. Both are 0 where S is.
    pub(crate) fn limits_of(
        self,
        survival: &[f64],
        sigma: &[f64],
        reach: impl Fn(f64, f64) -> f64,
    ) -> (Large, Large) {
        self.limits_by_block(survival, sigma.len(), sigma.chunks(BLOCK), reach)
    }

    /// The same of variances, which become standard errors on the way, while they are near.
    pub(crate) fn limits_of_variances(
        self,
        survival: &[f64],
        variances: &mut [f64],
        reach: impl Fn(f64, f64) -> f64,
    ) -> (Large, Large) {
        let n = variances.len();
        let sigma = variances.chunks_mut(BLOCK).map(|block| {
            take_roots(block);
            &*block
        });
        self.limits_by_block(survival, n, sigma, reach)
    }

    #[expect(clippy::indexing_slicing, reason = "the shorter column is as long as that")]
    fn limits_by_block<'a>(
        self,
        survival: &[f64],
        n_sigma: usize,
        sigma: impl Iterator<Item = &'a [f64]>,
        reach: impl Fn(f64, f64) -> f64,
    ) -> (Large, Large) {
        let n = survival.len().min(n_sigma);
        let (mut lower, mut upper) = (Large::zeros(n), Large::zeros(n));
        let mut block = LimitsBlock::default();
        let given = survival[..n].chunks(BLOCK).zip(sigma);
        let limits = lower.chunks_mut(BLOCK).zip(upper.chunks_mut(BLOCK));
        for ((survival, sigma), limits) in given.zip(limits) {
            let steps = survival.iter().zip(sigma).map(|(&s, &sigma)| reach(s, sigma));
            block.fill(self, survival, steps, limits);
        }
        (lower, upper)
    }

    /// A survival probability between 0 and 1 on this scale, and its standard error there, where
    /// its logarithm has standard error `sigma`.
    pub(crate) fn scaled(self, survival: f64, sigma: f64) -> (f64, f64) {
        let failed = 1.0 - survival;
        match self {
            Self::Plain => (survival, survival * sigma),
            Self::Log => (survival.ln(), sigma),
            Self::LogLog => ((-survival.ln()).ln(), sigma / -survival.ln()),
            Self::Logit => ((survival / failed).ln(), sigma / failed),
            Self::Arcsin => (survival.sqrt().asin(), 0.5 * sigma * (survival / failed).sqrt()),
        }
    }
}

#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn take_roots(values: &mut [f64]) {
    values.iter_mut().for_each(|value| *value = value.sqrt());
}

/// A confidence level as people write it: `95%`, without the last digits of a product.
pub(crate) fn percent(level: f64) -> String {
    format!("{}%", (level * 1e12).round() / 1e10)
}

/// The z of a two-sided interval.
///
/// # Errors
/// [`Error::InvalidOption`] for a level outside (0, 1).
pub(crate) fn normal_multiplier(level: f64) -> Result<f64> {
    if !(level > 0.0 && level < 1.0) {
        let rule = "must be between 0 and 1";
        return Err(Error::InvalidOption { option: "confidence", value: level, rule });
    }
    // Taken from 0, so that of the lowest levels it is 0 and not its negative.
    Ok(0.0 - normal::normal_quantile((1.0 - level) / 2.0))
}
