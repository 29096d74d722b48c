//! The probability of a cause that a Fine–Gray model predicts.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a time one of those asked for, a column one more than the model's"
)]

use ndarray::{Array2, ArrayView1, Axis};

use super::evaluation::Evaluated;
use super::fit::FineGrayFit;
use super::influence::{RowSteps, WeightEffects};
use super::variance::FineGrayVariance;
use crate::data::{Coding, CompetingRisks, Design, Profile, RiskTable, Rows, Strata, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::{
    Coefficient, Covariates, Cumulative, Estimated, Evaluation, HazardErrors, HazardSum, Hazards,
    Relative, StratumHazards, meat,
};
use crate::room::room_for;
use crate::statistic::{Interval, IntervalTransform, normal_multiplier};

/// The probability of the cause at one time, from [`FineGrayIncidence::at`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct PredictedIncidence {
    /// The time asked for.
    pub time: f64,
    /// F(t|x), in [0, 1].
    pub cumulative_incidence: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its limits.
    pub interval: Interval,
    /// Whether the time lies past the last exit in the stratum: F is that of the last event.
    pub beyond_follow_up: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(PredictedIncidence {
    cumulative_incidence: probability,
    std_error: not_negative,
});

/// A variance of Λ̂₀ below this has lost digits where numbers end, or all of them; times the square of a risk from
/// `FAR` on it would be one of ordinary size.
const LOST: f64 = 1e-290;
const FAR: f64 = 1e140;

/// What predicts the probability of the cause at some times, for any covariates.
///
/// # Definition
/// ```text
/// F(t|x) = 1 − exp(−Λ(t|x))       Λ(t|x) = Λ₀(t) exp(xβ + offset)
/// ```
/// with Λ₀ the sum of the jumps of Breslow's estimate, or Efron's, over the weighted risk sets. To first
/// order the error of Λ(t|x) is a sum over rows i,
/// ```text
/// exp(η) [ ∫ w_i dM_i/S0 + ψ_i(t) ] + qᵀ (β̂ − β)_i       q = ∫ (x − E) dΛ(·|x)
/// ```
/// ψ_i(t) being the part of the row in the error of the weights, and (β̂ − β)_i its dfbeta. The variance is the
/// sum of squares over rows, or over clusters of their sums. Under
/// [`FixedWeights`](FineGrayVariance::FixedWeights) ψ is 0; the
/// [model-based](FineGrayVariance::ModelBased) variance is that of a Cox model. Limits are symmetric on the scale
/// of ln Λ unless [told otherwise](Self::transform), with which they stay in [0, 1].
///
/// Each time costs one walk over the rows.
///
/// # Example
/// Without covariates and without censoring F is the share of those who have had the event:
/// ```
/// use riskset::{CompetingRisks, Design, Profile, competing::FineGray};
///
/// let codes = [1, 2, 1, 1, 2];
/// let names = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4., 5.], &codes, &names)?;
/// let design = Design::empty(5);
/// let fit = FineGray::new(data.cause("relapse")?).fit(&data, &design)?;
/// let predicted = fit.incidence(&data, &design, &[0.5, 3.0])?.at(&Profile::new())?;
/// assert_eq!(predicted[0].cumulative_incidence, 0.0);
/// // The hazard is 1/5 + 1/4: who died at 2 still counts.
/// let expected = 1.0 - (-0.45_f64).exp();
/// assert!((predicted[1].cumulative_incidence - expected).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `predict(crr)`, which has no standard error.
///
/// # References
/// Fine & Gray 1999, doi:10.1080/01621459.1999.10474144, section 5.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct FineGrayIncidence {
    coding: Coding,
    coefficients: Vec<Coefficient>,
    position: Vec<f64>,
    vcov: Array2<f64>,
    variance: FineGrayVariance,
    has_offset: bool,
    centre: Vec<f64>,
    centre_offset: f64,
    times: Vec<AtTime>,
    confidence: f64,
    transform: IntervalTransform,
}

/// One time, at the centre of the stratum.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct AtTime {
    time: f64,
    sum: HazardSum,
    /// Variance of Λ̂₀ with the coefficients held fixed.
    variance: f64,
    /// Its covariance with the coefficients.
    covariance: Vec<f64>,
    beyond_follow_up: bool,
}

impl FineGrayFit {
    /// What predicts the probability of the cause at some times, in a model without strata.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model with strata; [`Error::InvalidOption`] for a time that is not a number;
    /// [`Error::LengthMismatch`] and [`Error::OtherData`] for other rows than those of the fit.
    pub fn incidence(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
        times: &[f64],
    ) -> Result<FineGrayIncidence> {
        match data.strata() {
            None => self.incidence_of(data, design, 0, times),
            Some(_) => Err(Error::Unsupported {
                estimator: "FineGrayFit",
                what: "a prediction without a stratum from a model with strata",
                instead: "name the stratum",
            }),
        }
    }

    /// What predicts the probability of the cause at some times, in one stratum.
    ///
    /// # Errors
    /// As [`incidence`](Self::incidence), and [`Error::UnknownName`] for the stratum.
    pub fn incidence_in(
        &self,
        stratum: &str,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
        times: &[f64],
    ) -> Result<FineGrayIncidence> {
        let names = data.strata().map_or(&[][..], Strata::names);
        let code = names.iter().position(|name| name == stratum);
        let code = code.ok_or_else(|| Error::UnknownName {
            kind: "stratum",
            name: stratum.to_owned(),
            known: names.to_vec(),
        })?;
        self.incidence_of(data, design, code, times)
    }

    fn incidence_of(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
        code: usize,
        times: &[f64],
    ) -> Result<FineGrayIncidence> {
        if let Some(&value) = times.iter().find(|time| time.is_nan()) {
            return Err(Error::InvalidOption { option: "times", value, rule: "must be a number" });
        }
        let evaluated = self.evaluate(data, design)?;
        let hazards = self.hazards(&evaluated, design, code);
        let (variance, covariance) = self.covariances(data.rows(), &evaluated, code, times)?;
        let last = hazards.last_time();
        let at = |(k, &time): (usize, &f64)| AtTime {
            time,
            sum: hazards.sums.first(hazards.n_until(time)).clone(),
            variance: variance[k],
            covariance: covariance.row(k).to_vec(),
            beyond_follow_up: last.is_none_or(|last| time > last),
        };
        Ok(FineGrayIncidence {
            coding: self.coding().clone(),
            coefficients: self.coefficients().to_vec(),
            position: self.cox().position().to_vec(),
            vcov: self.vcov().to_owned(),
            variance: self.variance(),
            has_offset: design.offset().is_some(),
            times: times.iter().enumerate().map(at).collect(),
            centre: hazards.centre,
            centre_offset: hazards.centre_offset,
            confidence: 0.95,
            transform: IntervalTransform::LogLog,
        })
    }

    /// The hazards of one stratum of the data.
    fn hazards(&self, evaluated: &Evaluated, design: &Design, code: usize) -> StratumHazards {
        let Evaluated { rows, evaluation: Evaluation { ordered, times }, .. } = evaluated;
        let table = RiskTable::of(rows, true, None);
        let series = table.by_stratum().nth(code).and_then(|groups| groups.first().cloned());
        let mean = vec![0.0; self.coding().columns().len()];
        let empty = StratumHazards::without_events(String::new(), mean, series.unwrap_or_default());
        let estimated =
            Estimated { coefficients: self.coefficients(), position: self.cox().position() };
        let hazards = Hazards { ordered, times, ties: self.ties(), estimated };
        match evaluated.place(code) {
            Some(s) => empty.with_hazards(&hazards, &ordered.strata[s], design),
            None => empty,
        }
    }

    /// The variance of Λ̂₀ at each time, the coefficients held fixed, and its covariance with them, times ×
    /// columns; by the sandwich. Both are 0 where the variance is model-based.
    fn covariances(
        &self,
        data: &Rows,
        evaluated: &Evaluated,
        code: usize,
        times: &[f64],
    ) -> Result<(Vec<f64>, Array2<f64>)> {
        let p = self.coding().columns().len();
        // Sums of the hazard and covariances, each as it comes and in the result.
        room_for::<[f64; 6]>("sums of times × columns", &[times.len(), p + 8])?;
        let none = (vec![0.0; times.len()], Array2::zeros((times.len(), p)));
        let Some(scores) = self.influences(data, evaluated, self.variance()) else {
            return Ok(none);
        };
        let Some(place) = evaluated.place(code) else { return Ok(none) };
        let Evaluated { censoring, evaluation: Evaluation { ordered, times: at, .. }, .. } =
            evaluated;
        let hazard = HazardErrors::new(ordered, self.ties(), at, place);
        let estimated = self.variance() == FineGrayVariance::EstimatedWeights;
        let places = estimated.then(|| RowSteps::new(censoring, data));
        // The last column is that of one time after the other.
        let mut both = Array2::zeros((data.len(), p + 1));
        both.slice_axis_mut(Axis(1), (..p).into()).assign(&scores);
        let (mut variance, mut covariance) = none;
        for (k, &time) in times.iter().enumerate() {
            both.column_mut(p).fill(0.0);
            hazard.influences(time, |place, influence| {
                both[[ordered.source[place] as usize, p]] += influence;
            });
            if let Some(places) = &places {
                let mut effects = WeightEffects::new(censoring, 1);
                hazard.weight_effects(time, |effect| effects.add(&effect));
                effects.spread(places, both.slice_axis_mut(Axis(1), (p..).into()));
            }
            let meat = meat(data, &both);
            if !meat.iter().all(|value| value.is_finite()) {
                return Err(Error::NotFinite { at: "the estimate" });
            }
            variance[k] = meat[[p, p]];
            let cross = meat.row(p);
            let cross = cross.slice_axis(Axis(0), (..p).into());
            covariance.row_mut(k).assign(&cross.dot(&self.vcov_model_based()));
        }
        Ok((variance, covariance))
    }
}

impl Evaluated {
    /// Where a stratum of the data stands among those with events.
    fn place(&self, code: usize) -> Option<usize> {
        let Evaluation { ordered, .. } = &self.evaluation;
        let codes = self.rows.strata.as_ref().map(Strata::codes);
        let of = |row: u32| codes.map_or(0, |codes| codes[row as usize] as usize);
        ordered.strata.iter().position(|s| of(ordered.source[s.rows.start]) == code)
    }
}

impl FineGrayIncidence {
    /// Confidence level of the limits, in (0, 1); 0.95 unless set.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The scale of 1 − F on which limits are symmetric; `LogLog` unless set.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// The probability of the cause for a person, one for each time.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the confidence level; those of [`Coding::row`](crate::data::Coding::row);
    /// [`Error::IncompleteProfile`] when the fit had an offset and the profile has none;
    /// [`Error::NotEstimable`] where an infinite coefficient takes part; [`Error::BeyondRange`].
    pub fn at(&self, profile: &Profile) -> Result<Vec<PredictedIncidence>> {
        let z = normal_multiplier(self.confidence)?;
        let person = Covariates::new(profile, &self.coding, self.has_offset)?;
        let centre = Covariates { x: self.centre.clone(), offset: self.centre_offset };
        let estimated = Estimated { coefficients: &self.coefficients, position: &self.position };
        let at = Relative::new(&person, &centre, estimated)?;
        self.times.iter().map(|time| self.predict(time, &at, estimated, z)).collect()
    }

    fn predict(
        &self,
        time: &AtTime,
        at: &Relative,
        estimated: Estimated<'_>,
        z: f64,
    ) -> Result<PredictedIncidence> {
        let mut cumulative = Cumulative::new(at.z.len());
        cumulative.add(&time.sum, at);
        let std_error = match self.variance {
            FineGrayVariance::ModelBased => {
                cumulative.std_error(estimated, self.vcov.view(), at)?
            }
            _ => {
                cumulative.settled(estimated, at)?;
                let slope = ArrayView1::from(&cumulative.slope);
                let risk = at.eta.exp();
                // The centre is so far from the person that no number holds its variance.
                if cumulative.hazard > 0.0 && risk > FAR && time.variance < LOST {
                    return Err(Error::BeyondRange { distance: at.eta });
                }
                let cross = slope.dot(&ArrayView1::from(&time.covariance));
                let variance =
                    slope.dot(&self.vcov.dot(&slope)) + risk * (2.0 * cross + risk * time.variance);
                match variance.is_finite() {
                    true => variance.max(0.0).sqrt(),
                    false => return Err(Error::BeyondRange { distance: at.eta }),
                }
            }
        };
        let survival = (-cumulative.hazard).exp();
        let limits = self.transform.limits(survival, std_error, z);
        let (lower, upper) = limits.map_or((None, None), |(a, b)| (Some(1.0 - b), Some(1.0 - a)));
        Ok(PredictedIncidence {
            time: time.time,
            cumulative_incidence: -(-cumulative.hazard).exp_m1(),
            std_error: survival * std_error,
            interval: Interval { lower, upper, level: self.confidence },
            beyond_follow_up: time.beyond_follow_up,
        })
    }
}

#[cfg(feature = "serde")]
impl FineGrayIncidence {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { vcov: covariance, confidence: level })?;
        self.coding.check()?;
        let p = self.coding.columns().len();
        let columns = [
            ("coefficients", self.coefficients.len()),
            ("position", self.position.len()),
            ("vcov", self.vcov.nrows()),
            ("vcov", self.vcov.ncols()),
            ("centre", self.centre.len()),
        ];
        crate::checked::same_lengths(p, &columns)?;
        let whole = |at: &AtTime| at.covariance.len() == p && at.sum.holds(p);
        if !self.times.iter().all(whole) {
            return Err(Error::Inconsistent { what: "incidence" });
        }
        let hazards = HazardSum::hazards(self.times.iter().map(|at| &at.sum));
        let times: Vec<f64> = self.times.iter().map(|at| at.time).collect();
        crate::checked::Course::Rises.over(&times, "hazard", &hazards)
    }
}
