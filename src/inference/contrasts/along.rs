//! The hazard along a numeric covariate, against one of its values.

use super::levels::name;
use crate::data::{Profile, TermKind};
use crate::error::{Error, Result};
use crate::inference::HazardRatio;
use crate::regression::cox::CoxFit;
use crate::statistic::normal_multiplier;

/// The hazard ratio at one value of a covariate, from [`CoxFit::ratios_along`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RatioAt {
    /// The value, in the unit of the covariate.
    pub value: f64,
    /// Its hazard ratio against the reference value; 1 without an error at that value itself.
    pub ratio: HazardRatio,
}

impl CoxFit {
    /// The hazard ratio at each of some values of a numeric covariate or a spline against a reference
    /// value, with Wald limits for each: what a figure of the effect along a covariate shows.
    ///
    /// With b(x) the columns of the covariate at x, the logarithm of the ratio is (b(x) − b(x₀))β and its
    /// variance that of this contrast. `at` gives the values of the covariates that it interacts with;
    /// without interactions it can be empty.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, Profile, RightCensored};
    /// # let time: Vec<f64> = (1..=40).map(f64::from).collect();
    /// # let event: Vec<bool> = (0..40).map(|row| row % 3 != 0).collect();
    /// # let age: Vec<f64> = (0..40).map(|row| f64::from((row * 17) % 41 + 30)).collect();
    /// # let data = RightCensored::new(&time, &event)?;
    /// let design = Design::builder().numeric("age", &age).build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let ratios = fit.ratios_along("age", &[50.0, 60.0], 50.0, &Profile::new(), 0.95)?;
    /// let per_year = fit.coefficients()[0].estimate.unwrap();
    /// assert_eq!(ratios[0].ratio.estimate, Some(1.0));
    /// assert!((ratios[1].ratio.estimate.unwrap() - (10.0 * per_year).exp()).abs() < 1e-12);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `rms::Predict(fit, age, ref.zero = TRUE, fun = exp)`.
    ///
    /// # Errors
    /// As [`level_ratios`](Self::level_ratios); [`Error::Unsupported`] for a factor or an interaction, and
    /// [`Error::InvalidCells`] for a value that is not finite.
    pub fn ratios_along(
        &self,
        covariate: &str,
        values: &[f64],
        reference: f64,
        at: &Profile,
        level: f64,
    ) -> Result<Vec<RatioAt>> {
        let z = normal_multiplier(level)?;
        if !matches!(
            self.coding().term(covariate)?.kind,
            TermKind::Numeric | TermKind::Spline { .. }
        ) {
            return Err(Error::Unsupported {
                estimator: "ratios_along",
                what: "a comparison along a term that is not numeric",
                instead: "use level_ratios for a factor",
            });
        }
        let base = |profile: Profile| profile.number(covariate, reference);
        let ratio = |&value: &f64| {
            let here = |profile: Profile| profile.number(covariate, value);
            let weights = self.between(covariate, &here, &base, at)?;
            let name = name(covariate, &value.to_string(), &reference.to_string(), at);
            Ok(RatioAt { value, ratio: self.ratio_or_status(name, &weights, level, z) })
        };
        values.iter().map(ratio).collect()
    }
}
