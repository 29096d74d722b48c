//! Levels of a factor against any of them.

use crate::data::{Profile, TermKind};
use crate::error::{Error, Result};
use crate::inference::HazardRatio;
use crate::regression::cox::CoxFit;
use crate::statistic::normal_multiplier;

impl CoxFit {
    /// The hazard ratio of every other level of a factor against one of them, whichever the design has
    /// for its reference, with Wald limits.
    ///
    /// `at` gives the values of the covariates that the factor interacts with; without interactions
    /// it can be empty. A level whose ratio is infinite, or not estimable, says so in its
    /// [`status`](HazardRatio::status).
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, Profile, RightCensored};
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
    /// # let stage = ["I", "II", "III", "I", "II", "III", "I", "II"];
    /// let design = Design::builder().factor("stage", &stage, "I").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let ratios = fit.level_ratios("stage", "II", &Profile::new(), 0.95)?;
    /// assert_eq!(ratios[0].name, "stage=I against II");
    /// let beta = fit.coefficients()[0].estimate.unwrap();
    /// assert!((ratios[0].estimate.unwrap() - (-beta).exp()).abs() < 1e-12);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `emmeans::contrast(emmeans(fit, ~ stage), "trt.vs.ctrl", ref = "II")`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the confidence level; [`Error::UnknownName`]; [`Error::UnknownLevel`];
    /// [`Error::Unsupported`] for a term that is not a factor; [`Error::IncompleteProfile`] for a
    /// covariate that it interacts with and `at` says nothing about, and those of
    /// [`Coding::row`](crate::data::Coding::row).
    pub fn level_ratios(
        &self,
        factor: &str,
        reference: &str,
        at: &Profile,
        level: f64,
    ) -> Result<Vec<HazardRatio>> {
        let z = normal_multiplier(level)?;
        let levels = self.levels("level_ratios", factor)?;
        let known = |name: &&String| name.as_str() == reference;
        if levels.iter().find(known).is_none() {
            let (column, level) = (factor.to_owned(), reference.to_owned());
            return Err(Error::UnknownLevel { column, level, known: levels.to_vec() });
        }
        let others = levels.iter().filter(|name| !known(name));
        let ratio = |other: &String| {
            let weights = self.between_levels(factor, other, reference, at)?;
            let name = name(factor, other, reference, at);
            Ok(self.ratio_or_status(name, &weights, level, z))
        };
        others.map(ratio).collect()
    }

    /// The levels of a factor, the reference of the design first.
    pub(super) fn levels(&self, estimator: &'static str, factor: &str) -> Result<&[String]> {
        match &self.coding().term(factor)?.kind {
            TermKind::Factor { levels } => Ok(levels),
            _ => Err(Error::Unsupported {
                estimator,
                what: "a comparison of the levels of a term that is not a factor",
                instead: "use ratios_along for a numeric covariate",
            }),
        }
    }

    pub(super) fn between_levels(
        &self,
        factor: &str,
        level: &str,
        reference: &str,
        at: &Profile,
    ) -> Result<Vec<f64>> {
        let value = |profile: Profile| profile.level(factor, level);
        let base = |profile: Profile| profile.level(factor, reference);
        self.between(factor, &value, &base, at)
    }
}

/// `arm=Lev against Obs`, or `arm=Lev against Obs at age=60`. What a profile says of the term itself is not
/// where the two are compared.
pub(super) fn name(term: &str, value: &str, reference: &str, at: &Profile) -> String {
    let at = at.only(|covariate| covariate != term).to_string();
    let at = if at.is_empty() { at } else { format!(" at {at}") };
    format!("{term}={value} against {reference}{at}")
}
