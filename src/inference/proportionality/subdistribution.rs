//! The test of proportional subdistribution hazards.

use super::estimator::{Proportionality, Tests};
use super::fit::ProportionalityFit;
use crate::competing::FineGrayFit;
use crate::data::{CompetingRisks, Design, SurvivalData};
use crate::error::Result;

impl FineGrayFit {
    /// The test of proportional subdistribution hazards along 1 − S(t−), S being the probability of no
    /// event of any cause: for each column, for each term and for all.
    ///
    /// # Errors
    /// As [`Proportionality::fit_subdistribution`].
    pub fn proportionality(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<ProportionalityFit> {
        Proportionality::new().fit_subdistribution(self, data, design)
    }
}

impl Proportionality {
    /// Tests a Fine–Gray model on the rows and the design it was made from: whether the coefficients of
    /// the subdistribution hazard are constant in time.
    ///
    /// U is the sum of g(t) times the [Schoenfeld residuals](crate::competing::FineGrayResiduals) of the
    /// weighted risk sets. Its variance is that of the fit:
    /// ```text
    /// Σ (ψ_g − (Σ g V) V₀ ψ)(ψ_g − (Σ g V) V₀ ψ)ᵀ     over clusters, or rows
    /// ```
    /// with ψ the score residual of a row and ψ_g = ∫ g (x − E) w dM and its part in the error of the
    /// weights; under [`FixedWeights`](crate::competing::FineGrayVariance::FixedWeights) that part is 0,
    /// and under [`ModelBased`](crate::competing::FineGrayVariance::ModelBased) the variance is B. `KaplanMeier`
    /// and `Rank` take all rows, S being the probability of no event of any cause.
    ///
    /// ```
    /// use riskset::competing::{FineGray, FineGrayVariance};
    /// use riskset::{CompetingRisks, CoxPh, Design, RightCensored, Ties};
    ///
    /// let time = [1., 2., 3., 4., 5., 6., 7., 8.];
    /// let design = Design::builder().numeric("x", &[0., 0., 1., 0., 1., 1., 0., 1.]).build()?;
    /// let data = CompetingRisks::from_codes(&time, &[1; 8], &[(1, "relapse")])?;
    /// let model = FineGray::new(data.cause("relapse")?).variance(FineGrayVariance::ModelBased);
    /// let test = model.fit(&data, &design)?.proportionality(&data, &design)?;
    ///
    /// // With one cause it is the test of a Cox model.
    /// let data = RightCensored::new(&time, &[true; 8])?;
    /// let cox = CoxPh::new().ties(Ties::Breslow).fit(&data, &design)?;
    /// let expected = cox.proportionality(&data, &design)?.global().unwrap().statistic;
    /// assert!((test.global().unwrap().statistic - expected).abs() < 1e-10);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// Zhou, Fine & Laird 2013, doi:10.1002/sim.5815.
    ///
    /// # Errors
    /// Those of [`FineGrayFit::residuals`], and
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) when the transform is not finite at an event
    /// time.
    pub fn fit_subdistribution(
        &self,
        fit: &FineGrayFit,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<ProportionalityFit> {
        let trend = fit.time_trend(data, design, |rows, events| self.along(rows, events))?;
        let tests = Tests::new(fit.cox(), &trend.residuals, &trend.g);
        let tests = match trend.sandwich {
            Some(sandwich) => tests.with_variance(sandwich),
            None => tests,
        };
        Ok(self.outcome(fit.cox(), &tests))
    }
}
