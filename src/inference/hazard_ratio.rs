//! Hazard ratios, and their Wald limits.

use ndarray::ArrayView1;
use std::fmt;

use crate::data::Profile;
use crate::error::{Error, Result};
use crate::regression::cox::{Coefficient, CoefficientStatus, CoxFit, FrailtyFit};
use crate::statistic::{Interval, TestKind, TestResult, normal_multiplier, p_value};

/// How limits and test of a hazard ratio were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum IntervalMethod {
    /// From estimate and standard error, as if the likelihood were a parabola.
    Wald,
    /// From the likelihood itself, the other coefficients maximised anew at every value.
    ProfileLikelihood,
}

/// One hazard ratio: exp of a coefficient or of a contrast of coefficients.
///
/// Numbers are `None` where the status is not `Finite`: an infinite coefficient has no Wald
/// interval, and its Wald test means nothing. It does have a profile interval, open at one end, and a
/// likelihood-ratio test: [`CoxFit::profile_hazard_ratios`]. A ratio or limit that no `f64` can hold
/// is `None`, too.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct HazardRatio {
    /// The column, or what is compared.
    pub name: String,
    /// Whether there is a finite estimate.
    pub status: CoefficientStatus,
    /// exp(β), above 0.
    pub estimate: Option<f64>,
    /// Standard error of ln(estimate), by the variance of the fit. Where rounding has left nothing of a
    /// robust variance there is none, no interval and no test.
    pub std_error_ln: Option<f64>,
    /// exp(β ± z σ), or the profile limits. A profile limit that does not exist is `None`: the
    /// interval is open there, down to 0 or up to infinity.
    pub interval: Option<Interval>,
    /// Two-sided test of a ratio of 1: Wald's, with the statistic z = β/σ, or the likelihood-ratio
    /// test.
    pub test: Option<TestResult>,
    /// How interval and test were made.
    pub method: IntervalMethod,
}

#[cfg(feature = "serde")]
crate::checked::check!(HazardRatio { estimate: not_negative, std_error_ln: not_negative });

impl HazardRatio {
    pub(super) fn finite(
        name: String,
        ln: f64,
        std_error: Option<f64>,
        level: f64,
        z: f64,
    ) -> Self {
        let ratio = |ln: f64| Some(ln.exp()).filter(|ratio| ratio.is_finite());
        let limits = |sigma: f64| {
            let [lower, upper] = [-z, z].map(|z| ratio(ln + z * sigma));
            Interval { lower, upper, level }
        };
        Self {
            name,
            status: CoefficientStatus::Finite,
            estimate: ratio(ln),
            std_error_ln: std_error.filter(|sigma| sigma.is_finite()),
            interval: std_error.map(limits),
            test: std_error
                .filter(|&sigma| sigma > 0.0 && ln.is_finite())
                .map(|sigma| TestResult::normal(TestKind::Wald, ln / sigma))
                .filter(|test| test.statistic.is_finite() && test.ln_p_value.is_finite()),
            method: IntervalMethod::Wald,
        }
    }

    pub(super) fn of(coefficient: &Coefficient, level: f64, z: f64) -> Self {
        let Coefficient { name, status, estimate, std_error } = coefficient.clone();
        match estimate {
            Some(ln) => Self::finite(name, ln, std_error, level, z),
            None => Self::without(name, status),
        }
    }

    /// One that has no finite estimate.
    pub(super) fn without(name: String, status: CoefficientStatus) -> Self {
        Self {
            name,
            status,
            estimate: None,
            std_error_ln: None,
            interval: None,
            test: None,
            method: IntervalMethod::Wald,
        }
    }
}

/// The hazard ratio of each coefficient, with Wald limits.
pub(crate) fn hazard_ratios(coefficients: &[Coefficient], level: f64) -> Result<Vec<HazardRatio>> {
    let z = normal_multiplier(level)?;
    Ok(coefficients.iter().map(|coefficient| HazardRatio::of(coefficient, level, z)).collect())
}

impl FrailtyFit {
    /// The hazard ratio of every coefficient between rows of the same frailty, with Wald limits at
    /// `level`.
    ///
    /// *In R* `summary(coxph(.. + frailty(id)))$conf.int`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1).
    pub fn hazard_ratios(&self, level: f64) -> Result<Vec<HazardRatio>> {
        hazard_ratios(self.coefficients(), level)
    }
}

impl CoxFit {
    /// The hazard ratio of every coefficient, with Wald limits at `level`. What Wald cannot say of an
    /// infinite coefficient, [`profile_hazard_ratios`](Self::profile_hazard_ratios) can.
    ///
    /// Freireich et al. 1963, control against 6-MP:
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
    /// #     22., 23.];
    /// # let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
    /// #     32., 32., 34., 35.];
    /// # let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
    /// # let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
    /// # let arm = [["control"; 21], ["6-MP"; 21]].concat();
    /// let design = Design::builder().factor("arm", &arm, "6-MP").build()?;
    /// let ratio = &CoxPh::new().fit(&data, &design)?.hazard_ratios(0.95)?[0];
    /// assert!((ratio.estimate.unwrap() - 4.816874).abs() < 1e-6);
    /// assert_eq!(ratio.to_string(), "arm=control  4.82 (2.15–10.81)  p<0.001");
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `exp(confint(fit, level = 0.95))`, `summary(fit)$conf.int`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1).
    pub fn hazard_ratios(&self, level: f64) -> Result<Vec<HazardRatio>> {
        hazard_ratios(self.coefficients(), level)
    }

    /// The hazard ratio of one column, by its place, as in [`hazard_ratios`](Self::hazard_ratios).
    #[expect(clippy::indexing_slicing, reason = "a column has its coefficient")]
    pub(crate) fn hazard_ratio_of(&self, column: usize, level: f64) -> Result<HazardRatio> {
        let z = normal_multiplier(level)?;
        Ok(HazardRatio::of(&self.coefficients()[column], level, z))
    }

    /// The hazard ratio exp(c·β) of any contrast of the coefficients, one weight a column, with the variance
    /// cᵀ V c of its logarithm.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
    /// # let stage = ["I", "II", "III", "I", "II", "III", "I", "II"];
    /// let design = Design::builder().factor("stage", &stage, "I").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// // stage=II, stage=III: −0.585278 and −0.646051.
    /// let ratio = fit.contrast("III against II", &[-1.0, 1.0], 0.95)?;
    /// assert!((ratio.estimate.unwrap() - (-0.646051_f64 + 0.585278).exp()).abs() < 1e-6);
    /// assert!((ratio.test.unwrap().statistic + 0.048784).abs() < 1e-6);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `exp(confint(multcomp::glht(fit, rbind(c(-1, 1))), calpha = univariate_calpha()))`.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidOption`] for the level or a weight that is not
    /// finite; [`Error::NotEstimable`] when a weight other than 0 meets a coefficient without a
    /// finite estimate.
    pub fn contrast(&self, name: &str, weights: &[f64], level: f64) -> Result<HazardRatio> {
        self.contrast_with_offset(name, weights, 0.0, level)
    }

    /// exp(c·β + offset).
    fn contrast_with_offset(
        &self,
        name: &str,
        weights: &[f64],
        offset: f64,
        level: f64,
    ) -> Result<HazardRatio> {
        let z = normal_multiplier(level)?;
        let ln = self.linear(weights)? + offset;
        let std_error = self.linear_std_error(weights);
        Ok(HazardRatio::finite(name.to_owned(), ln, std_error, level, z))
    }

    /// Cβ of one row.
    pub(super) fn linear(&self, weights: &[f64]) -> Result<f64> {
        let (expected, found) = (self.coefficients().len(), weights.len());
        if found != expected {
            return Err(Error::LengthMismatch { what: "contrast".to_owned(), expected, found });
        }
        if let Some(&value) = weights.iter().find(|weight| !weight.is_finite()) {
            let rule = "must be finite";
            return Err(Error::InvalidOption { option: "contrast", value, rule });
        }
        let mut ln = 0.0;
        for (weight, coefficient) in weights.iter().zip(self.coefficients()) {
            ln += match coefficient.estimate {
                Some(estimate) => weight * estimate,
                None if *weight == 0.0 => 0.0,
                None => {
                    return Err(Error::NotEstimable { column: coefficient.name.clone() });
                }
            };
        }
        Ok(ln)
    }

    /// The standard error of one row; none where rounding has left nothing of its variance.
    pub(super) fn linear_std_error(&self, weights: &[f64]) -> Option<f64> {
        let largest = weights.iter().fold(0.0, |m: f64, weight| m.max(weight.abs()));
        if largest == 0.0 {
            return Some(0.0);
        }
        // Scaled, so that no square leaves the range of numbers.
        let c = ArrayView1::from(weights).mapv(|weight| weight / largest);
        let variance = c.dot(&self.vcov().dot(&c));
        (variance > 0.0).then(|| largest * variance.sqrt())
    }

    /// The hazard ratio of one covariate profile against another, their offsets included.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, Profile, RightCensored};
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6.], &[true, true, false, true, true, false])?;
    /// # let (age, arm) = ([50., 60., 55., 65., 45., 70.], ["a", "b", "b", "b", "a", "a"]);
    /// let design = Design::builder().numeric("age", &age).factor("arm", &arm, "a").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// let young = Profile::new().number("age", 50.0).level("arm", "a");
    /// let old = young.clone().number("age", 60.0);
    /// let ratio = fit.hazard_ratio("60 against 50 years", &old, &young, 0.95)?;
    /// let per_year = fit.hazard_ratios(0.95)?[0].estimate.unwrap();
    /// assert!((ratio.estimate.unwrap() - per_year.powi(10)).abs() < 1e-12);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`contrast`](Self::contrast), and those of [`Coding::row`](crate::data::Coding::row).
    pub fn hazard_ratio(
        &self,
        name: &str,
        profile: &Profile,
        reference: &Profile,
        level: f64,
    ) -> Result<HazardRatio> {
        let difference = self.coding().row(profile)? - self.coding().row(reference)?;
        let offset = |profile: &Profile| Ok(profile.known_offset()?.unwrap_or(0.0));
        let offset = offset(profile)? - offset(reference)?;
        self.contrast_with_offset(name, &difference.to_vec(), offset, level)
    }
}

/// One line: `arm=Lev+5FU  0.60 (0.48–0.74)  p<0.001`. Without a finite estimate its status stands in
/// its place, and ends that are open are 0 and ∞: `early  +infinity (1.29–∞)  p=0.021`.
impl fmt::Display for HazardRatio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(2);
        write!(f, "{}  ", self.name)?;
        match self.estimate {
            Some(estimate) => write!(f, "{estimate:.decimals$}")?,
            None => write!(f, "{}", self.status)?,
        }
        let Some(interval) = self.interval else {
            let infinite = self.estimate.is_none() && !self.status.is_aliased();
            return f.write_str(if infinite { ": see profile_hazard_ratios" } else { "" });
        };
        match self.method {
            IntervalMethod::Wald => write!(f, " ({interval:.decimals$})")?,
            IntervalMethod::ProfileLikelihood => {
                let text = |limit: Option<f64>, open: &str| {
                    limit.map_or_else(|| open.to_owned(), |x| format!("{x:.decimals$}"))
                };
                let (lower, upper) = (text(interval.lower, "0"), text(interval.upper, "∞"));
                write!(f, " ({lower}–{upper})")?;
            }
        }
        match &self.test {
            Some(test) => {
                let p = p_value::short(test.p_value);
                let equals = if p.starts_with('<') { "" } else { "=" };
                write!(f, "  p{equals}{p}")
            }
            None => Ok(()),
        }
    }
}
