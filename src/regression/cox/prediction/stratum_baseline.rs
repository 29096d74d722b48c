//! Prediction in one stratum.

use super::baseline::CoxBaseline;
use super::covariate_path::CovariatePath;
use super::covariates::{Covariates, Cumulative, Estimated, Relative};
use super::curve::{Columns, CoxCurve};
use super::predicted::{ExpectedEvents, Predicted, PredictedAt, TermPrediction};
use super::reference::Reference;
use super::stratum_hazards::StratumHazards;
use super::survival_form::SurvivalForm;
use super::{linear, restricted_mean};
use crate::data::{Profile, RiskSeries};
use crate::error::{Error, Result};
use crate::nonparametric::RestrictedMeanFit;
use crate::room::room_for;
use crate::statistic::{IntervalTransform, normal_multiplier};

/// The baseline of one stratum of a [`CoxBaseline`], with the options of a prediction.
///
/// # Definition
/// Hazard, curve and variance are those of [`CoxBaseline`]; each prediction says how it is made of them.
/// A profile with a column whose coefficient is infinite is predicted only where that column is 0 and
/// the prediction has a limit; otherwise the error names it. An aliased coefficient counts as 0.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | `conf.int` |
/// | [`transform`](Self::transform) | log | | `conf.type` |
/// | [`form`](Self::form) | exp(−Λ) | | `stype` |
///
/// # Example
/// ```
/// use riskset::{CoxPh, Design, Profile, RightCensored};
///
/// let data = RightCensored::new(
///     &[1., 2., 3., 4., 5., 6., 7., 8.],
///     &[true, true, true, true, false, true, true, false])?
///     .with_strata(&["a", "a", "b", "b", "a", "b", "a", "b"])?;
/// let age = [70., 61., 66., 58., 49., 60., 55., 52.];
/// let design = Design::builder().numeric("age", &age).build()?;
/// let fit = CoxPh::new().fit(&data, &design)?;
/// let baseline = fit.baseline(&data, &design)?;
/// assert!(baseline.single().is_err());
/// let sixty = Profile::new().number("age", 60.0);
/// let in_a = baseline.stratum("a")?.confidence(0.9);
/// let median = in_a.curve(&sixty)?.median();
/// assert_eq!(median.time, Some(7.0));
/// let at_three = &in_a.at(&sixty, &[3.0, 9.0])?;
/// assert!(!at_three[0].beyond_follow_up && at_three[1].beyond_follow_up);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(fit, newdata)`, `predict(fit, newdata, type, se.fit = TRUE)`, of which the second centres within
/// strata unless told otherwise.
///
/// # References
/// Those of [`CoxBaseline`]; Kalbfleisch & Prentice 1973, doi:10.1093/biomet/60.2.267, for the product form.
#[derive(Debug, Clone, Copy)]
pub struct StratumBaseline<'a> {
    pub(super) baseline: &'a CoxBaseline,
    pub(super) stratum: &'a StratumHazards,
    confidence: f64,
    transform: IntervalTransform,
    pub(super) form: SurvivalForm,
}

impl<'a> StratumBaseline<'a> {
    pub(super) fn new(baseline: &'a CoxBaseline, stratum: &'a StratumHazards) -> Self {
        let (transform, form) = (IntervalTransform::default(), SurvivalForm::default());
        Self { baseline, stratum, confidence: 0.95, transform, form }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Scale of the limits of S.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// How S is made of the hazard.
    #[must_use]
    pub fn form(self, form: SurvivalForm) -> Self {
        Self { form, ..self }
    }

    /// Name of the stratum; `all` in a model without strata.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.stratum.name
    }

    /// Who was at risk, left and entered, and when.
    #[must_use]
    pub fn series(&self) -> &'a RiskSeries {
        &self.stratum.series
    }

    /// The curve of the reference itself: its cumulative hazard is the baseline hazard. R's `basehaz`.
    ///
    /// # Errors
    /// As [`curve`](Self::curve).
    pub fn reference_curve(&self, reference: Reference) -> Result<CoxCurve> {
        self.curve_of(&Covariates { x: self.reference(reference), offset: 0.0 })
    }

    /// The curve of one person at all times at which somebody left.
    ///
    /// # Errors
    /// Those of [`Coding::row`](crate::data::Coding::row), [`Error::IncompleteProfile`] when the fit
    /// had an offset and the profile has none, [`Error::NotEstimable`],
    /// [`Error::BeyondRange`], and [`Error::InvalidOption`] for the level.
    pub fn curve(&self, profile: &Profile) -> Result<CoxCurve> {
        self.curve_of(&self.baseline.covariates(profile)?)
    }

    /// The curves of several persons.
    ///
    /// # Errors
    /// As [`curve`](Self::curve), and [`Error::TooLarge`].
    pub fn curves(&self, profiles: &[Profile]) -> Result<Vec<CoxCurve>> {
        // Time, counts, S and Λ, with errors and limits.
        room_for::<[f64; 16]>("curves of profiles × times", &[profiles.len(), self.times().len()])?;
        profiles.iter().map(|profile| self.curve(profile)).collect()
    }

    /// The curve of one person whose covariates change along a path, at the times within it: S is the
    /// probability to survive from its start.
    ///
    /// # Errors
    /// As [`curve`](Self::curve); [`Error::Empty`] for a path without pieces and
    /// [`Error::InvalidCells`] for pieces that do not follow each other.
    #[expect(clippy::indexing_slicing, reason = "a path has a piece, as is checked")]
    pub fn along(&self, path: &CovariatePath) -> Result<CoxCurve> {
        let pieces = path.checked()?;
        let start = pieces[0].entry;
        let mut columns = self.columns()?;
        let mut sum = Cumulative::new(self.n_columns());
        let mut observed =
            self.times().into_iter().skip_while(|&(_, time)| time <= start).peekable();
        let mut next = self.stratum.n_until(start);
        for piece in pieces {
            let at = self.relative(&self.baseline.covariates(&piece.profile)?)?;
            let within = |&(_, time): &(usize, f64)| time <= piece.exit;
            while let Some((place, time)) = observed.next_if(within) {
                while self.stratum.time.get(next).is_some_and(|&event| event <= time) {
                    sum.add(self.stratum.sums.jump(next), &at);
                    next += 1;
                }
                columns.push(place, time, &sum, self.std_error(&sum, &at)?);
            }
        }
        columns.curve(self.baseline.robust)
    }

    /// The estimate for one person at requested times, in the order asked. A time past the last at
    /// which somebody left is flagged.
    ///
    /// # Errors
    /// As [`curve`](Self::curve), and [`Error::InvalidOption`] for a time that is not a number.
    pub fn at(&self, profile: &Profile, times: &[f64]) -> Result<Vec<PredictedAt>> {
        self.at_of(&self.baseline.covariates(profile)?, times)
    }

    /// The mean of min(T, τ) of one person, the area under the curve up to τ. Its variance is
    /// ```text
    /// exp(2η) Σ A(t)² w/u² + gᵀ V g      g = ∫ A dq      A(t) = ∫_t^τ S
    /// ```
    ///
    /// # Errors
    /// As [`curve`](Self::curve); [`Error::InvalidOption`] for τ, and [`Error::BeyondFollowUp`] when it
    /// lies past the last time and S is not 0 there.
    pub fn restricted_mean(&self, profile: &Profile, tau: f64) -> Result<RestrictedMeanFit> {
        restricted_mean::of(self, &self.baseline.covariates(profile)?, tau, self.confidence)
    }

    /// xβ + offset relative to a reference, with the standard error of (x − reference)β.
    ///
    /// # Errors
    /// As [`curve`](Self::curve); [`Error::NotEstimable`] when x differs from the reference in a column
    /// with an infinite coefficient.
    pub fn linear_predictor(&self, profile: &Profile, reference: Reference) -> Result<Predicted> {
        let covariates = self.baseline.covariates(profile)?;
        linear::predictor(self.baseline, &covariates, &self.reference(reference))
    }

    /// exp of the [linear predictor](Self::linear_predictor): the hazard ratio against the reference. Its
    /// standard error is that times the standard error of the linear predictor.
    ///
    /// # Errors
    /// As [`linear_predictor`](Self::linear_predictor).
    pub fn risk(&self, profile: &Profile, reference: Reference) -> Result<Predicted> {
        let covariates = self.baseline.covariates(profile)?;
        linear::risk(self.baseline, &covariates, &self.reference(reference))
    }

    /// The part of each term in the linear predictor relative to a reference; the offset is no term.
    ///
    /// # Errors
    /// As [`linear_predictor`](Self::linear_predictor).
    pub fn terms(&self, profile: &Profile, reference: Reference) -> Result<Vec<TermPrediction>> {
        let covariates = self.baseline.covariates(profile)?;
        linear::terms(self.baseline, &covariates, &self.reference(reference))
    }

    /// The events expected of one person over (entry, exit], Λ(exit) − Λ(entry), and the probability
    /// to have none.
    ///
    /// # Errors
    /// As [`curve`](Self::curve), and [`Error::InvalidOption`] unless entry < exit.
    pub fn expected(&self, profile: &Profile, entry: f64, exit: f64) -> Result<ExpectedEvents> {
        if !(entry < exit) {
            let rule = "must lie after the entry";
            return Err(Error::InvalidOption { option: "exit", value: exit, rule });
        }
        self.expected_of(&self.baseline.covariates(profile)?, entry, exit)
    }

    pub(super) fn curve_of(&self, covariates: &Covariates) -> Result<CoxCurve> {
        let at = self.relative(covariates)?;
        let mut columns = self.columns()?;
        let mut known = None;
        for (place, time) in self.times() {
            let n = self.stratum.n_until(time);
            let (sum, std_error) = match known.take() {
                Some((m, sum, std_error)) if m == n => (sum, std_error),
                _ => self.first(n, &at)?,
            };
            columns.push(place, time, &sum, std_error);
            known = Some((n, sum, std_error));
        }
        columns.curve(self.baseline.robust)
    }

    pub(super) fn at_of(&self, covariates: &Covariates, times: &[f64]) -> Result<Vec<PredictedAt>> {
        let at = self.relative(covariates)?;
        let z = normal_multiplier(self.confidence)?;
        let one = |&time: &f64| {
            a_number(time)?;
            let (sum, std_error) = self.first(self.stratum.n_until(time), &at)?;
            let survival = self.form.survival(&sum);
            let limits = self.transform.limits(survival, std_error, z);
            let series = &self.stratum.series;
            Ok(PredictedAt::new(time, survival, std_error, limits, self.confidence)
                .with_hazard(sum.hazard, std_error)
                .with_risk(series, self.stratum.last_time()))
        };
        times.iter().map(one).collect()
    }

    /// S at requested times, without its error.
    pub(super) fn survival_of(&self, covariates: &Covariates, times: &[f64]) -> Result<Vec<f64>> {
        let at = self.relative(covariates)?;
        let one = |&time: &f64| {
            a_number(time)?;
            let mut sum = Cumulative::new(self.n_columns());
            sum.add(self.stratum.sums.first(self.stratum.n_until(time)), &at);
            sum.settled(self.estimated(), &at)?;
            Ok(self.form.survival(&sum))
        };
        times.iter().map(one).collect()
    }

    pub(super) fn expected_of(
        &self,
        covariates: &Covariates,
        entry: f64,
        exit: f64,
    ) -> Result<ExpectedEvents> {
        let at = self.relative(covariates)?;
        let mut sum = Cumulative::new(self.n_columns());
        match (self.stratum.n_until(entry), self.stratum.n_until(exit)) {
            (0, until) => sum.add(self.stratum.sums.first(until), &at),
            (from, until) => sum.add(&self.stratum.sums.over(from..until), &at),
        }
        let std_error = self.std_error(&sum, &at)?;
        let beyond = self.stratum.last_time().is_none_or(|last| exit > last);
        Ok(ExpectedEvents::new(sum.hazard, std_error, beyond))
    }

    /// Λ over the first n event times, and its standard error.
    fn first(&self, n: usize, at: &Relative) -> Result<(Cumulative, f64)> {
        let mut sum = Cumulative::new(self.n_columns());
        sum.add(self.stratum.sums.first(n), at);
        let std_error = self.std_error(&sum, at)?;
        Ok((sum, std_error))
    }

    pub(super) fn std_error(&self, sum: &Cumulative, at: &Relative) -> Result<f64> {
        sum.std_error(self.estimated(), self.baseline.vcov.view(), at)
    }

    pub(super) fn estimated(&self) -> Estimated<'a> {
        self.baseline.estimated()
    }

    pub(super) fn n_columns(&self) -> usize {
        self.stratum.centre.len()
    }

    pub(super) fn relative(&self, covariates: &Covariates) -> Result<Relative> {
        Relative::new(covariates, &self.stratum.at_centre(), self.estimated())
    }

    pub(super) fn reference(&self, reference: Reference) -> Vec<f64> {
        match reference {
            Reference::Zero => vec![0.0; self.n_columns()],
            Reference::SampleMean => self.baseline.sample_mean.clone(),
            Reference::StratumMean => self.stratum.mean.clone(),
        }
    }

    /// The times at which somebody left, with their places in the series.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, each with its counts"
    )]
    pub(crate) fn times(&self) -> Vec<(usize, f64)> {
        let series = &self.stratum.series;
        let left = |k: &usize| series.n_event()[*k] + series.n_censor()[*k] > 0.0;
        let places = (0..series.time().len()).filter(left);
        places.map(|k| (k, series.time()[k])).collect()
    }

    fn columns(&self) -> Result<Columns<'a>> {
        normal_multiplier(self.confidence)?;
        let series = &self.stratum.series;
        Ok(Columns::new(series, self.form, self.confidence, self.transform))
    }
}

fn a_number(time: f64) -> Result<()> {
    if time.is_nan() {
        let rule = "must be a number";
        return Err(Error::InvalidOption { option: "time", value: time, rule });
    }
    Ok(())
}
