//! Predicted incidences in one stratum.

use super::baseline::CauseSpecificBaseline;
use super::incidence::{CauseSpecificIncidence, Growing};
use super::incidence_form::IncidenceForm;
use super::person::{Event, Person};
use super::time_lost::time_lost;
use crate::competing::time_lost::{CauseTimeLost, TimeLostFit};
use crate::data::{Cause, Profile};
use crate::error::{Error, Result};
use crate::regression::cox::{PersonHazard, StratumBaseline};
use crate::statistic::{Interval, IntervalTransform, normal_multiplier};

/// The hazards of all causes in one stratum of a [`CauseSpecificBaseline`], with the options of a
/// prediction.
///
/// # Definition
/// A person with covariates x has the hazards dΛₖ(t|x) of the [models of the
/// causes](crate::regression::cox::CoxBaseline) and the cumulative incidences
/// ```text
/// Fₖ(t|x) = Σ_{u ≤ t} S(u−|x) dΛₖ(u|x)      S = Π exp(−Σₖ dΛₖ), or Π (1 − Σₖ dΛₖ)
/// ```
/// in the two [forms](IncidenceForm), of which the first spreads the hazard of a jump evenly.
///
/// # Variance
/// By the delta method, all jumps and all coefficients being estimates:
/// ```text
/// Var Fₖ(t) = Σⱼ Σ_{u ≤ t} Dⱼₖ(u, t)² Var dΛⱼ(u) + qₖᵀ V qₖ
/// qₖ = Σ_{u ≤ t} Dⱼₖ(u, t) (x − Eⱼ(u)) dΛⱼ(u|x), cause j after cause j
/// Dₖₖ(u, t) = S(t) + Σ_{l ≠ k} Fₗ(t) − Fₗ(u)      Dⱼₖ(u, t) = −(Fₖ(t) − Fₖ(u))
/// ```
/// with Var dΛⱼ = exp(2η) Σ w/u² and E as in [`CoxBaseline`](crate::regression::cox::CoxBaseline), and V the
/// [covariance of all coefficients](super::CauseSpecificCoxFit::vcov), robust where the fit is; the first term is
/// not, as for a predicted survival curve. D is the derivative of Fₖ(t) by dΛⱼ(u): who is spared cause k
/// at u may be alive at t or lost to another cause by then. In the product form D is divided by 1 − dΛ(u);
/// in the exponential form ties of causes add a term of the order of dΛ. The cost is O(m) for m event times.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | `conf.int` |
/// | [`transform`](Self::transform) | log-log | | `conf.type` |
/// | [`form`](Self::form) | exponential | | `stype` |
///
/// # Example
/// Five patients, no covariates: a relapse at 1, a death at 2, one lost at 3, a relapse at 4.
/// ```
/// use riskset::competing::CauseSpecificCox;
/// use riskset::{CompetingRisks, CoxPh, Design, Profile};
///
/// let causes = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4., 5.], &[1, 2, 0, 1, 0], &causes)?;
/// let design = Design::empty(5);
/// let fit = CauseSpecificCox::new(CoxPh::new()).fit(&data, &design)?;
/// let baseline = fit.baseline(&data, &design)?;
/// let stratum = baseline.single()?;
/// let person = stratum.incidence(&Profile::new())?;
/// let relapse = &person.incidence_of("relapse")?.at(&[3.0, 4.0])?;
/// // One of five at 1; then one of two at 4, of those whom hazards of 1/5 and 1/4 have left.
/// let [first, second] = [1.0 - (-0.2_f64).exp(), (-0.45_f64).exp() * (1.0 - (-0.5_f64).exp())];
/// assert!((relapse[0].incidence - first).abs() < 1e-15);
/// assert!((relapse[1].incidence - (first + second)).abs() < 1e-15);
/// // The derivative of 1 − exp(−Λ) is exp(−Λ), the variance of Λ 1/25; death takes nothing back.
/// assert!((person.incidence_of("relapse")?.at(&[1.0])?[0].std_error - (-0.2_f64).exp() / 5.0).abs() < 1e-15);
/// let lost = stratum.time_lost(&Profile::new(), 4.0)?;
/// assert!((lost.time_lost_of("relapse")?.time_lost - 3.0 * first).abs() < 1e-14);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(coxph(Surv(time, factor(cause)) ~ x, id = id), newdata)`, which has no standard errors.
/// DIFFERENCE: after Efron's ties the hazards of survival 3.5-3 are too low there; after Breslow's they are
/// right. `riskRegression::predict(CSC(..), cause, times, se = TRUE)` has the product form and takes its
/// standard errors from the influence of every row, which is robust: the two agree in the large, within a tenth
/// or so where there are some dozens of events.
///
/// # References
/// Cheng, Fine & Wei 1998, *Biometrics* 54:219; Rosthøj, Andersen & Abildstrom 2004,
/// doi:10.1016/S0169-2607(03)00069-5; Ozenne et al. 2017, doi:10.32614/RJ-2017-062.
#[derive(Debug, Clone)]
pub struct CauseSpecificStratum<'a> {
    baseline: &'a CauseSpecificBaseline,
    /// One for each cause that has a hazard.
    hazards: Vec<StratumBaseline<'a>>,
    confidence: f64,
    transform: IntervalTransform,
    form: IncidenceForm,
}

impl<'a> CauseSpecificStratum<'a> {
    pub(super) fn new(
        baseline: &'a CauseSpecificBaseline,
        hazards: Vec<StratumBaseline<'a>>,
    ) -> Self {
        let (transform, form) = (IntervalTransform::LogLog, IncidenceForm::default());
        Self { baseline, hazards, confidence: 0.95, transform, form }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Scale of the limits of F and of S.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// How F is made of the hazards.
    #[must_use]
    pub fn form(self, form: IncidenceForm) -> Self {
        Self { form, ..self }
    }

    /// Name of the stratum; `all` in a model without strata.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.hazards.first().map_or("", StratumBaseline::name)
    }

    /// The cumulative incidence of every cause for one person, at all times at which somebody left.
    ///
    /// A design of its own for each cause lets a profile have covariates that some causes do not use.
    ///
    /// # Errors
    /// Those of [`StratumBaseline::curve`].
    pub fn incidence(&self, profile: &Profile) -> Result<CauseSpecificIncidence> {
        normal_multiplier(self.confidence)?;
        let person = self.person(profile)?;
        let events = person.events();
        let warnings = events.iter().filter_map(Event::warning).collect();
        let mut next = events.iter().peekable();
        let series = self.hazards.iter().map(StratumBaseline::series).collect();
        let mut growing = Growing::new(&person, series);
        for (place, time) in self.times() {
            growing.push(place, next.next_if(|event| event.time == time));
        }
        let robust = self.baseline.is_robust();
        let causes = self.baseline.causes_with_hazards();
        let predicted = growing.finish(causes, (self.confidence, self.transform), robust)?;
        let predicted = predicted.map(|predicted| predicted.with_warnings(warnings));
        predicted.ok_or_else(|| Error::BeyondRange { distance: person.distance() })
    }

    /// The time that one person loses to every cause up to τ, the area under its incidence.
    ///
    /// Over all causes it adds up to τ less the [mean](StratumBaseline::restricted_mean) of min(T, τ), T
    /// being the time to the first event. The variance is by the delta method, with D of
    /// [the incidence](Self) summed over time.
    ///
    /// # Errors
    /// As [`incidence`](Self::incidence); [`Error::InvalidOption`] for τ, and [`Error::BeyondFollowUp`] when it
    /// lies past the last time and S is not 0 there.
    ///
    /// # References
    /// Andersen 2013, doi:10.1002/sim.5903.
    pub fn time_lost(&self, profile: &Profile, tau: f64) -> Result<TimeLostFit> {
        if !(tau > 0.0 && tau < f64::INFINITY) {
            let rule = "must be above 0 and finite";
            return Err(Error::InvalidOption { option: "tau", value: tau, rule });
        }
        let z = normal_multiplier(self.confidence)?;
        let person = self.person(profile)?;
        let events = person.events();
        let last = self.last_time();
        if tau > last && events.last().is_none_or(|event| event.passage.survival > 0.0) {
            let what = self.name().to_owned();
            return Err(Error::BeyondFollowUp { what, time: tau, last });
        }
        let one = |((cause, name), place): ((Cause, String), Option<usize>)| {
            let (time_lost, variance) =
                place.map_or((0.0, 0.0), |k| time_lost(&person, &events, k, tau));
            if !variance.is_finite() {
                return Err(Error::BeyondRange { distance: person.distance() });
            }
            let std_error = variance.sqrt();
            let limit = |z: f64| (time_lost + z * std_error).clamp(0.0, tau);
            let interval = Interval::between(limit(-z), limit(z), self.confidence);
            Ok(CauseTimeLost { cause, name, time_lost, std_error, interval })
        };
        let causes = self.baseline.causes_with_hazards().map(one).collect::<Result<_>>()?;
        Ok(TimeLostFit { tau, level: self.confidence, causes })
    }

    fn person(&self, profile: &Profile) -> Result<Person<'a>> {
        let profiles = self.baseline.profiles(profile)?;
        let both = self.hazards.iter().zip(&profiles);
        let persons = both.map(|(hazard, profile)| hazard.person(profile));
        let hazards = persons.collect::<Result<Vec<PersonHazard>>>()?;
        Ok(Person::new(hazards, self.baseline.columns(), self.baseline.vcov().view(), self.form))
    }

    /// The times at which somebody left, with their places in the series, which is the same for every
    /// cause but for what counts as an event.
    fn times(&self) -> Vec<(usize, f64)> {
        self.hazards.first().map_or(Vec::new(), StratumBaseline::times)
    }

    fn last_time(&self) -> f64 {
        self.hazards.first().and_then(StratumBaseline::last_time).unwrap_or(0.0)
    }
}
