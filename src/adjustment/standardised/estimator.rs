//! Survival standardised over the covariates of all rows.

use ndarray::Array2;

use super::averages::Averages;
use super::fit::StandardisedSurvival;
use super::influence::{self, Histories};
use super::sample::Sample;
use crate::data::{Design, SurvivalData, TermKind};
use crate::error::{Error, Result};
use crate::regression::cox::{CoxFit, meat};
use crate::room::room_for;
use crate::statistic::{IntervalTransform, normal_multiplier};

/// Survival had everybody been at one level of a factor: the mean over all rows of the curves that a Cox
/// model predicts for their own covariates (the g-formula, or direct standardisation).
///
/// # Definition
/// With x(a) the covariates of a row, the factor set to level a and its products with it,
/// ```text
/// S_a(t) = Σ w S(t | x(a)) / Σ w        S(t | x) = exp(−Λ₀(t) exp(xβ + offset))
/// μ_a(τ) = ∫₀^τ S_a(t) dt
/// ```
/// Under a stratified model each row keeps the baseline hazard of its own stratum. Weights of the rows
/// count in the mean as in the model.
///
/// # Standard errors
/// They come from the influence of each row on S_a(t): through the coefficients, through the baseline
/// hazard, and as one of those averaged over,
/// ```text
/// D_i = w (S(t|x_i(a)) − S_a)/W − Σ_s B_s dΛ₀ₛ/dw_i − Cᵀ dfbeta_i
/// ```
/// with B and C the derivatives of S_a by hazard and coefficients; the variance is the sum of D Dᵀ over
/// rows or clusters, and is robust. [`for_these_covariates`](Self::for_these_covariates) leaves the first
/// term out: then the rows are the population, not a sample of it.
///
/// Each time costs one pass over the rows for each level; no matrix of rows and times is kept.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`restricted_mean`](Self::restricted_mean) | none | up to which time |
/// | [`for_these_covariates`](Self::for_these_covariates) | no | |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) |
/// | [`transform`](Self::transform) | log | scale of the limits of S |
///
/// # What it says
/// A marginal effect, of everybody treated against nobody, if the model holds and no confounder is
/// missing. It differs from the hazard ratio of the model, which is conditional on covariates.
///
/// # Example
/// ```
/// use riskset::adjustment::Standardisation;
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(
///     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, false, true, true, true, false])?;
/// let arm = ["old", "new", "old", "new", "old", "old", "new", "new"];
/// let age = [71., 64., 55., 60., 49., 66., 58., 50.];
/// let design = Design::builder().factor("arm", &arm, "old").numeric("age", &age).build()?;
/// let fit = CoxPh::new().fit(&data, &design)?;
/// let curves = Standardisation::new(&[3.0, 6.0]).restricted_mean(7.0).of(&fit, "arm", &data, &design)?;
/// // The mean of eight predicted curves.
/// let baseline = fit.baseline(&data, &design)?;
/// let mut mean = 0.0;
/// for age in age {
///     let person = riskset::Profile::new().level("arm", "new").number("age", age);
///     mean += baseline.single()?.at(&person, &[3.0])?[0].survival / 8.0;
/// }
/// assert!((curves.curve("new")?[0].survival - mean).abs() < 1e-12);
/// assert_eq!(curves.differences("new", "old")?.len(), 2);
/// assert!(curves.restricted_mean("new")?.is_some_and(|mean| mean.mean < 7.0));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `riskRegression::ate`, whose standard errors are these; `adjustedCurves`; SAS `DIRADJ`.
///
/// # References
/// Makuch 1982, doi:10.1016/0021-9681(82)90058-3; Chen & Tsiatis 2001,
/// doi:10.1111/j.0006-341X.2001.01030.x; Ozenne et al. 2020, doi:10.1002/bimj.201800298.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardisation {
    times: Vec<f64>,
    tau: Option<f64>,
    covariates_vary: bool,
    confidence: f64,
    transform: IntervalTransform,
}

impl Standardisation {
    /// Curves at some times, ascending.
    #[must_use]
    pub fn new(times: &[f64]) -> Self {
        Self {
            times: times.to_vec(),
            tau: None,
            covariates_vary: true,
            confidence: 0.95,
            transform: IntervalTransform::default(),
        }
    }

    /// Also the restricted means up to a time.
    #[must_use]
    pub fn restricted_mean(self, tau: f64) -> Self {
        Self { tau: Some(tau), ..self }
    }

    /// Takes the rows for the whole population that the curves speak of.
    #[must_use]
    pub fn for_these_covariates(self) -> Self {
        Self { covariates_vary: false, ..self }
    }

    /// Confidence level of limits.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Scale of the limits of S.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// Standardises over the rows that a model was fitted to, for every level of a factor.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for times that are not finite, not negative and ascending, for τ and for
    /// the level; [`Error::BeyondFollowUp`] for a time that the rows of some stratum were not followed to;
    /// [`Error::UnknownName`]; [`Error::Unsupported`] for a term that is not a factor, and under a penalty;
    /// [`Error::NotEstimable`] where a coefficient is infinite; [`Error::TooLarge`]; as [`CoxFit::residuals`].
    pub fn of(
        &self,
        fit: &CoxFit,
        factor: &str,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<StandardisedSurvival> {
        normal_multiplier(self.confidence)?;
        self.check()?;
        let rows = data.rows();
        if let TermKind::Factor { levels } = &design.coding().term(factor)?.kind {
            let k = levels.len();
            // Risks, and influences at a time, with what they are made from.
            room_for::<[f64; 5]>("influences of rows × levels", &[rows.len(), k])?;
            room_for::<[f64; 2]>(
                "covariances at times of levels × levels",
                &[self.times.len(), k, k],
            )?;
        }
        let population = fit.population(data, design)?;
        let sample = Sample::new(&population, rows, design, factor)?;
        self.followed(&sample)?;
        let histories = Histories::new(&sample);
        let zero = Array2::zeros((rows.len(), sample.levels.len()));
        let (mut survival, mut covariance) = (Vec::new(), Vec::new());
        for &time in &self.times {
            let averages = Averages::at(&sample, time);
            let mut influence = zero.clone();
            influence::add(
                &sample,
                &histories,
                &averages,
                self.covariates_vary,
                1.0,
                &mut influence,
            );
            covariance.push(meat(rows, &influence));
            survival.push(averages.survival);
        }
        let levels = sample.levels.to_vec();
        let mut found = StandardisedSurvival::new(factor, levels, self.confidence, self.transform);
        found.add_times(&self.times, survival, covariance)?;
        if let Some(tau) = self.tau {
            let (mean, influence) = self.areas(&sample, &histories, tau, zero);
            found.add_means(tau, &mean, meat(rows, &influence))?;
        }
        Ok(found)
    }

    /// The areas below the curves up to τ, with the influence of every row on them.
    fn areas(
        &self,
        sample: &Sample<'_>,
        histories: &Histories,
        tau: f64,
        mut influence: Array2<f64>,
    ) -> (Vec<f64>, Array2<f64>) {
        let all = sample.population.strata.iter().flat_map(|stratum| &stratum.time);
        let mut times: Vec<f64> = all.copied().filter(|&time| time < tau).collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        let first = times.first().copied().unwrap_or(tau);
        let mut area = vec![first; sample.levels.len()];
        for (k, &time) in times.iter().enumerate() {
            let width = times.get(k + 1).copied().unwrap_or(tau) - time;
            let averages = Averages::at(sample, time);
            area.iter_mut().zip(&averages.survival).for_each(|(area, s)| *area += width * s);
            influence::add(
                sample,
                histories,
                &averages,
                self.covariates_vary,
                width,
                &mut influence,
            );
        }
        (area, influence)
    }

    fn check(&self) -> Result<()> {
        let bad = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        let rule = "must be finite, not negative and ascending";
        if let Some(&time) = self.times.iter().find(|time| !(**time >= 0.0 && time.is_finite())) {
            return bad("times", time, rule);
        }
        let mut neighbours = self.times.iter().zip(self.times.iter().skip(1));
        if let Some((_, &time)) = neighbours.find(|(before, time)| !(before < time)) {
            return bad("times", time, rule);
        }
        match self.tau {
            Some(tau) if !(tau > 0.0 && tau < f64::INFINITY) => {
                bad("tau", tau, "must be above 0 and finite")
            }
            None if self.times.is_empty() => Err(Error::Empty { what: "times".to_owned() }),
            _ => Ok(()),
        }
    }

    /// Fails where the rows of a stratum were not followed to all times.
    fn followed(&self, sample: &Sample<'_>) -> Result<()> {
        let latest = self.times.last().copied().into_iter().chain(self.tau).fold(0.0, f64::max);
        match sample.ends().into_iter().find(|(_, last)| *last < latest) {
            Some((what, last)) => Err(Error::BeyondFollowUp { what, time: latest, last }),
            None => Ok(()),
        }
    }
}
