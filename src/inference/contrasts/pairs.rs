//! Every pair of levels of a factor.

use ndarray::Array2;
use std::fmt;

use super::levels::name;
use crate::data::Profile;
use crate::error::{Error, Result};
use crate::inference::HazardRatio;
use crate::numerics::max_normal::MaxNormal;
use crate::regression::cox::CoxFit;
use crate::room::room_for;
use crate::statistic::{Adjust, Interval, normal_multiplier, p_value};

/// How comparisons made together are adjusted for their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Multiplicity {
    /// By their p-values.
    PValues(Adjust),
    /// By the joint normal distribution of their statistics, as Tukey's test does for means: the
    /// adjusted p-value is the probability that the largest |Z| of all exceeds that of this
    /// comparison. Controls the family-wise error, and has simultaneous limits.
    SingleStep,
}

impl Default for Multiplicity {
    fn default() -> Self {
        Self::PValues(Adjust::default())
    }
}

impl From<Adjust> for Multiplicity {
    fn from(adjust: Adjust) -> Self {
        Self::PValues(adjust)
    }
}

/// Hazard ratios of every pair of levels of a factor in a fitted Cox model.
///
/// # Definition
/// ln of a ratio is the contrast β_a − β_b, with the variance of that contrast in the fit and Wald's test
/// Z. With R the correlation of all Z, the single step gives
/// ```text
/// adjusted p = P(max |X| ≥ |Z|),  X normal with mean 0 and correlation R
/// limits     = exp(β_a − β_b ± c σ),  P(max |X| ≤ c) = level
/// ```
/// by integration, not by simulation.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`adjust`](Self::adjust) | Holm | an [`Adjust`] or [`Multiplicity::SingleStep`] |
/// | [`confidence`](Self::confidence) | 0.95 | in (0, 1) |
/// | [`at`](Self::at) | | values of the covariates that the factor interacts with |
///
/// # Example
/// ```
/// use riskset::inference::{LevelPairs, Multiplicity};
/// # use riskset::{CoxPh, Design, RightCensored};
/// # let data = RightCensored::new(
/// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
/// # let stage = ["I", "II", "III", "I", "II", "III", "I", "II"];
///
/// let design = Design::builder().factor("stage", &stage, "I").build()?;
/// let fit = CoxPh::new().fit(&data, &design)?;
/// let pairs = LevelPairs::new().adjust(Multiplicity::SingleStep).of(&fit, "stage")?;
/// assert_eq!(pairs.len(), 3);
/// assert_eq!((pairs[0].level.as_str(), pairs[0].reference.as_str()), ("II", "I"));
/// assert_eq!(pairs[0].ratio.estimate, fit.hazard_ratios(0.95)?[0].estimate);
/// // exp(coef) and z of `coxph`.
/// assert!((pairs[0].ratio.estimate.unwrap() - 0.556951).abs() < 1e-6);
/// assert!((pairs[2].ratio.test.unwrap().statistic + 0.048784).abs() < 1e-6); // III against II
/// assert!(pairs[0].adjusted > Some(pairs[0].ratio.test.unwrap().p_value));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `multcomp::glht(fit, mcp(stage = "Tukey"))`, whose p-values have a random error.
///
/// # References
/// Hothorn, Bretz & Westfall 2008, doi:10.1002/bimj.200810425; for the others see [`Adjust`].
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPairs {
    adjust: Multiplicity,
    level: f64,
    at: Profile,
}

impl Default for LevelPairs {
    fn default() -> Self {
        Self { adjust: Multiplicity::default(), level: 0.95, at: Profile::new() }
    }
}

/// The comparison of two levels by [`LevelPairs`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct LevelPair {
    /// The level whose hazard stands above the line.
    pub level: String,
    /// The level that it is compared with.
    pub reference: String,
    /// Their hazard ratio, with limits and p-value of its own.
    pub ratio: HazardRatio,
    /// The adjusted p-value; `None` where the ratio has no test. Such pairs do not count.
    pub adjusted: Option<f64>,
    /// Limits that hold for all pairs at once, for [`Multiplicity::SingleStep`] and for
    /// [`Adjust::Bonferroni`]; `None` for the others, which have none.
    pub simultaneous: Option<Interval>,
    /// How the p-value was adjusted.
    pub adjust: Multiplicity,
}

#[cfg(feature = "serde")]
crate::checked::check!(LevelPair { adjusted: probability });

impl LevelPairs {
    /// The comparisons with their defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How the p-values are adjusted for the number of pairs.
    #[must_use]
    pub fn adjust(self, adjust: impl Into<Multiplicity>) -> Self {
        Self { adjust: adjust.into(), ..self }
    }

    /// The confidence level of limits.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { level, ..self }
    }

    /// Values of the covariates that the factor interacts with.
    #[must_use]
    pub fn at(self, profile: Profile) -> Self {
        Self { at: profile, ..self }
    }

    /// Compares every pair of levels: each later level with each earlier one, so that the reference
    /// of the design stands below the line.
    ///
    /// The single-step p-values of up to four levels are right to 1e-7 of themselves; of five to nine
    /// to about 1e-3. A pair with a level that has an infinite coefficient has no ratio, its
    /// [`status`](HazardRatio::status) tells. In a fit whose *reference* level has no events all
    /// coefficients of the factor are infinite: fit again with another reference.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the confidence level; [`Error::UnknownName`]; [`Error::Unsupported`] for
    /// a term that is not a factor, and for the single step with pairs of a rank above 8; [`Error::TooLarge`];
    /// [`Error::IncompleteProfile`] for a covariate that the factor interacts with and that has no value.
    pub fn of(&self, fit: &CoxFit, factor: &str) -> Result<Vec<LevelPair>> {
        let z = normal_multiplier(self.level)?;
        let levels = fit.levels("LevelPairs", factor)?;
        // Half as many pairs, each with its name.
        room_for::<LevelPair>("all pairs of levels", &[levels.len(), levels.len()])?;
        let (mut pairs, mut contrasts) = (Vec::new(), Vec::new());
        for (b, reference) in levels.iter().enumerate() {
            for level in levels.iter().skip(b + 1) {
                let contrast = fit.between_levels(factor, level, reference, &self.at)?;
                let name = name(factor, level, reference, &self.at);
                let pair = LevelPair {
                    level: level.clone(),
                    reference: reference.clone(),
                    ratio: fit.ratio_or_status(name, &contrast, self.level, z),
                    adjusted: None,
                    simultaneous: None,
                    adjust: self.adjust,
                };
                // Only the single step asks how the pairs depend on each other.
                if self.adjust == Multiplicity::SingleStep && pair.ratio.test.is_some() {
                    contrasts.push(contrast);
                }
                pairs.push(pair);
            }
        }
        let mut tested: Vec<&mut LevelPair> =
            pairs.iter_mut().filter(|pair| pair.ratio.test.is_some()).collect();
        if !tested.is_empty() {
            let (adjusted, z) = self.adjusted(&tested, fit, &contrasts)?;
            for (pair, p) in tested.iter_mut().zip(adjusted) {
                pair.adjusted = Some(p);
                pair.simultaneous = z.and_then(|z| limits(&pair.ratio, self.level, z));
            }
        }
        Ok(pairs)
    }

    /// Adjusted p-values, and the multiplier of simultaneous limits.
    #[expect(clippy::indexing_slicing, reason = "there is a row and a column for each pair")]
    fn adjusted(
        &self,
        pairs: &[&mut LevelPair],
        fit: &CoxFit,
        contrasts: &[Vec<f64>],
    ) -> Result<(Vec<f64>, Option<f64>)> {
        let tests: Vec<_> = pairs.iter().filter_map(|pair| pair.ratio.test).collect();
        match self.adjust {
            Multiplicity::PValues(adjust) => {
                let p_values: Vec<f64> = tests.iter().map(|test| test.p_value).collect();
                let z = match adjust {
                    Adjust::Bonferroni => {
                        Some(normal_multiplier(1.0 - (1.0 - self.level) / tests.len() as f64)?)
                    }
                    _ => None,
                };
                Ok((adjust.apply(&p_values), z))
            }
            Multiplicity::SingleStep => {
                room_for::<[f64; 6]>("the covariance of all pairs", &[pairs.len(), pairs.len()])?;
                let covariance = fit.linear_covariance(contrasts);
                let sigma = covariance.diag().mapv(f64::sqrt);
                let correlation = Array2::from_shape_fn(covariance.dim(), |(i, j)| match i == j {
                    true => 1.0,
                    false => (covariance[[i, j]] / sigma[i] / sigma[j]).clamp(-1.0, 1.0),
                });
                let max = MaxNormal::new(&correlation).ok_or(Error::Unsupported {
                    estimator: "LevelPairs",
                    what: "the single step of more than nine levels",
                    instead: "use Holm's adjustment",
                })?;
                let tail = |test: &crate::statistic::TestResult| max.tail(test.statistic.abs());
                Ok((tests.iter().map(tail).collect(), Some(max.quantile(1.0 - self.level))))
            }
        }
    }
}

/// exp(β ± z σ).
fn limits(ratio: &HazardRatio, level: f64, z: f64) -> Option<Interval> {
    let (estimate, std_error) = (ratio.estimate?, ratio.std_error_ln?);
    HazardRatio::finite(String::new(), estimate.ln(), Some(std_error), level, z).interval
}

/// One line: the ratio, and its adjusted p-value.
impl fmt::Display for LevelPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.ratio, f)?;
        match self.adjusted {
            Some(p) => write!(f, "  adjusted {}", p_value::text(p)),
            None => Ok(()),
        }
    }
}
