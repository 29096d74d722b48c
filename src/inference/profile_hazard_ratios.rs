//! Hazard ratios with profile-likelihood limits.

use super::hazard_ratio::{HazardRatio, IntervalMethod};
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, Profile, ProfileEnds};
use crate::statistic::{Interval, normal_multiplier};

impl CoxFit {
    /// The hazard ratio of every coefficient, with profile-likelihood limits at `level` and
    /// likelihood-ratio tests.
    ///
    /// # Definition
    /// ```text
    /// ℓ_p(b) = max { ℓ(β) : β_j = b }      limits: { b : 2 (ℓ(β̂) − ℓ_p(b)) ≤ χ²₁ quantile at level }
    /// test of β_j = 0: 2 (ℓ(β̂) − ℓ_p(0)) on one degree of freedom
    /// ```
    /// Unlike Wald's, limits and test do not depend on the scale on which the coefficient is measured,
    /// agree with each other, and hold where the likelihood is skew: with few events, and where a
    /// coefficient is infinite. There the likelihood is held against its limit, the test stands, and
    /// the interval is open at one end, which is `None`. For an aliased column there is nothing.
    ///
    /// Under [`firth`](crate::CoxPh::firth) ℓ is the penalised likelihood, the penalty always being
    /// that of all columns, as in `coxphf`.
    ///
    /// # Cost
    /// The rows are taken again, since a fit keeps none: those that it was made from. A column takes
    /// some twenty to forty Newton steps, each starting next to the last one's answer.
    ///
    /// # Example
    /// One arm without an event. Its hazard ratio is 0, with a limit from one side; Wald has none:
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(
    ///     &[1., 2., 3., 4., 5., 6., 7., 8., 9., 10.],
    ///     &[true, true, true, true, true, false, false, false, false, false],
    /// )?;
    /// let arm = [["a"; 5], ["b"; 5]].concat();
    /// let design = Design::builder().factor("arm", &arm, "a").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// assert_eq!(fit.hazard_ratios(0.95)?[0].interval, None);
    ///
    /// let ratio = &fit.profile_hazard_ratios(&data, &design, 0.95)?[0];
    /// assert_eq!(ratio.to_string(), "arm=b  -infinity (0–0.22)  p<0.001");
    /// assert_eq!(ratio.interval.unwrap().lower, None);
    /// // At a ratio of r the likelihood is 1/Π (k + 5r), k from 1 to 5: its limit is 252 times that at 1.
    /// assert!((ratio.interval.unwrap().upper.unwrap() - 0.218).abs() < 5e-4);
    /// assert!((ratio.test.unwrap().statistic - 2.0 * 252_f64.ln()).abs() < 1e-9);
    /// assert!((ratio.test.unwrap().p_value - 0.00088).abs() < 5e-6);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # In R
    /// `survival` has none. `coxphf::coxphf(formula, firth = FALSE)`, with Breslow's ties.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1); [`Error::Unsupported`] under a robust
    /// variance or sampling weights, where there is no likelihood, and under ridge;
    /// [`Error::LengthMismatch`], [`Error::OtherData`] for other rows than those of the fit;
    /// [`Error::NotConverged`], [`Error::NotFinite`].
    ///
    /// # References
    /// Venzon & Moolgavkar 1988, doi:10.2307/2347496; Heinze & Schemper 2001,
    /// doi:10.1111/j.0006-341X.2001.00114.x.
    pub fn profile_hazard_ratios(
        &self,
        data: &impl SurvivalData,
        design: &Design,
        level: f64,
    ) -> Result<Vec<HazardRatio>> {
        let z = normal_multiplier(level)?;
        let profile = self.profile(data.rows(), design)?;
        let columns = 0..self.coefficients().len();
        columns.map(|column| self.profiled(&profile, column, level, z)).collect()
    }

    /// The same for the coefficient of one column.
    ///
    /// # Errors
    /// As [`profile_hazard_ratios`](Self::profile_hazard_ratios), and [`Error::UnknownName`].
    pub fn profile_hazard_ratio(
        &self,
        column: &str,
        data: &impl SurvivalData,
        design: &Design,
        level: f64,
    ) -> Result<HazardRatio> {
        let z = normal_multiplier(level)?;
        let names = self.coding().columns();
        let Some(place) = names.iter().position(|name| name == column) else {
            let (name, known) = (column.to_owned(), names.to_vec());
            return Err(Error::UnknownName { kind: "column", name, known });
        };
        self.profiled(&self.profile(data.rows(), design)?, place, level, z)
    }

    #[expect(clippy::indexing_slicing, reason = "a column has its coefficient")]
    fn profiled(
        &self,
        profile: &Profile<'_>,
        column: usize,
        level: f64,
        z: f64,
    ) -> Result<HazardRatio> {
        let wald = HazardRatio::of(&self.coefficients()[column], level, z);
        let ends = profile.ends(column, z)?;
        let (interval, test) = match ends {
            None => (None, None),
            Some(ProfileEnds { lower, upper, test, .. }) => {
                let ratio = |b: Option<f64>| b.map(f64::exp).filter(|r| *r > 0.0 && r.is_finite());
                let (lower, upper) = (ratio(lower), ratio(upper));
                (Some(Interval { lower, upper, level }), Some(test))
            }
        };
        Ok(HazardRatio { interval, test, method: IntervalMethod::ProfileLikelihood, ..wald })
    }
}
