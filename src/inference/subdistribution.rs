//! Subdistribution hazard ratios, contrasts and tests of a Fine–Gray model.

use ndarray::ArrayView2;

use super::contrasts::{LevelPair, LevelPairs, RatioAt};
use super::hazard_ratio::HazardRatio;
use crate::competing::FineGrayFit;
use crate::data::Profile;
use crate::error::Result;
use crate::statistic::TestResult;

/// What coefficients and their covariance say; ratios are of subdistribution hazards.
impl FineGrayFit {
    /// The subdistribution hazard ratio of every coefficient, with Wald limits at `level`.
    ///
    /// # Errors
    /// As [`CoxFit::hazard_ratios`](crate::regression::cox::CoxFit::hazard_ratios).
    pub fn hazard_ratios(&self, level: f64) -> Result<Vec<HazardRatio>> {
        self.cox().hazard_ratios(level)
    }

    /// The subdistribution hazard ratio exp(c·β) of any contrast of the coefficients, one weight a column.
    ///
    /// # Errors
    /// As [`CoxFit::contrast`](crate::regression::cox::CoxFit::contrast).
    pub fn contrast(&self, name: &str, weights: &[f64], level: f64) -> Result<HazardRatio> {
        self.cox().contrast(name, weights, level)
    }

    /// The subdistribution hazard ratio of one covariate profile against another.
    ///
    /// # Errors
    /// As [`CoxFit::hazard_ratio`](crate::regression::cox::CoxFit::hazard_ratio).
    pub fn hazard_ratio(
        &self,
        name: &str,
        profile: &Profile,
        reference: &Profile,
        level: f64,
    ) -> Result<HazardRatio> {
        self.cox().hazard_ratio(name, profile, reference, level)
    }

    /// The subdistribution hazard ratio of every other level of a factor against one of them.
    ///
    /// # Errors
    /// As [`CoxFit::level_ratios`](crate::regression::cox::CoxFit::level_ratios).
    pub fn level_ratios(
        &self,
        factor: &str,
        reference: &str,
        at: &Profile,
        level: f64,
    ) -> Result<Vec<HazardRatio>> {
        self.cox().level_ratios(factor, reference, at, level)
    }

    /// The subdistribution hazard ratio at each of some values of a numeric covariate or a spline against a
    /// reference value.
    ///
    /// # Errors
    /// As [`CoxFit::ratios_along`](crate::regression::cox::CoxFit::ratios_along).
    pub fn ratios_along(
        &self,
        covariate: &str,
        values: &[f64],
        reference: f64,
        at: &Profile,
        level: f64,
    ) -> Result<Vec<RatioAt>> {
        self.cox().ratios_along(covariate, values, reference, at, level)
    }

    /// Wald's test that all contrasts Cβ are 0, by the variance of the fit.
    ///
    /// # Errors
    /// As [`CoxFit::wald_test`](crate::regression::cox::CoxFit::wald_test).
    pub fn wald_test<'a>(&self, contrasts: impl Into<ArrayView2<'a, f64>>) -> Result<TestResult> {
        self.cox().wald_test(contrasts)
    }

    /// Wald's test of one term: that all its coefficients are 0.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName) for the term, and as
    /// [`wald_test`](Self::wald_test).
    pub fn term_test(&self, term: &str) -> Result<TestResult> {
        let columns = self.coding().term(term)?.columns.clone();
        let (first, p) = (columns.start, self.coding().columns().len());
        let one = |(i, j): (usize, usize)| if first + i == j { 1.0 } else { 0.0 };
        self.wald_test(&ndarray::Array2::from_shape_fn((columns.len(), p), one))
    }
}

impl LevelPairs {
    /// Compares every pair of levels of a factor in a Fine–Gray model, by the variance of the fit; ratios
    /// are of subdistribution hazards.
    ///
    /// ```
    /// use riskset::competing::FineGray;
    /// use riskset::inference::LevelPairs;
    /// use riskset::{CompetingRisks, Design};
    ///
    /// let time = [1., 2., 3., 4., 5., 6., 7., 8., 9.];
    /// let causes = [(1, "relapse"), (2, "death")];
    /// let data = CompetingRisks::from_codes(&time, &[1, 1, 1, 2, 1, 1, 1, 0, 1], &causes)?;
    /// let stage = ["I", "II", "III", "I", "II", "III", "I", "II", "III"];
    /// let design = Design::builder().factor("stage", &stage, "I").build()?;
    /// let fit = FineGray::new(data.cause("relapse")?).fit(&data, &design)?;
    /// let pairs = LevelPairs::new().of_subdistribution(&fit, "stage")?;
    /// assert_eq!(pairs.len(), 3);
    /// assert_eq!((pairs[2].level.as_str(), pairs[2].reference.as_str()), ("III", "II"));
    /// let ratios = fit.hazard_ratios(0.95)?;
    /// assert!((pairs[2].ratio.estimate.unwrap()
    ///     - ratios[1].estimate.unwrap() / ratios[0].estimate.unwrap()).abs() < 1e-12);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`of`](Self::of).
    pub fn of_subdistribution(&self, fit: &FineGrayFit, factor: &str) -> Result<Vec<LevelPair>> {
        self.of(fit.cox(), factor)
    }
}
