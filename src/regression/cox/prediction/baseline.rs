//! The baseline hazards of a fit, from which everything is predicted.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a stratum"
)]

use ndarray::Array2;

use super::covariates::{Covariates, Estimated};
use super::curve::CoxCurve;
use super::predicted_rows::PredictedRows;
use super::stratum_baseline::StratumBaseline;
use super::stratum_hazards::{Hazards, StratumHazards};
use crate::curve::ByGroup;
use crate::data::{Coding, Design, Profile, RiskTable, Rows, Strata, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::engine::{Ties, expected_events};
use crate::regression::cox::evaluation::{Evaluation, gives_hazards};
use crate::regression::cox::fit::{Coefficient, CoxFit};

/// The baseline hazards of a [`CoxFit`], one for each stratum: all that a prediction needs. Keeps no
/// rows, only what stands at the distinct times.
///
/// # Definition
/// With r = w exp(xβ + offset) and S0, S1 the sums of r and r x over the risk set, the baseline hazard
/// of the stratum jumps at an event time by
/// ```text
/// dΛ₀ = Σ_steps w/u       u = S0 (Breslow), or S0 less the share of the tied events gone (Efron)
/// ```
/// as in the likelihood of the fit; [`baseline_by`](CoxFit::baseline_by) takes another rule. A person
/// with covariates x has
/// ```text
/// Λ(t|x) = Λ₀(t) exp(xβ + offset)       S(t|x) = exp(−Λ(t|x))
/// Var Λ(t|x) = exp(2(xβ + offset)) Σ w/u² + qᵀ V q       q = ∫ (x − E) dΛ(·|x), E = S1/S0
/// ```
/// with V the covariance of the coefficients, robust where the fit is; the first term is not, as in R.
/// All is held relative to the mean covariates of the stratum, so that no exp(x̄β) is ever formed;
/// every result names its own reference.
///
/// # A stratum is needed
/// A model with strata has no one baseline: [`stratum`](Self::stratum) names it, and only what it
/// returns predicts. Without strata there is [`single`](Self::single). This does not compile:
/// ```compile_fail,E0599
/// # use riskset::{Profile, Result, regression::cox::{CoxBaseline, CoxCurve}};
/// fn predict(baseline: &CoxBaseline, person: &Profile) -> Result<CoxCurve> {
///     baseline.curve(person)
/// }
/// ```
///
/// # Example
/// Five of six relapse, the treated later; the hazard of the control arm is exp(β) times theirs:
/// ```
/// use riskset::{CoxPh, Design, Profile, RightCensored};
///
/// let data = RightCensored::new(
///     &[1., 2., 3., 4., 5., 6.], &[true, true, true, true, false, true])?;
/// let arm = ["control", "control", "treated", "control", "treated", "treated"];
/// let design = Design::builder().factor("arm", &arm, "treated").build()?;
/// let fit = CoxPh::new().fit(&data, &design)?;
/// let baseline = fit.baseline(&data, &design)?;
/// let of = |arm: &str| baseline.single()?.curve(&Profile::new().level("arm", arm));
/// let (control, treated) = (of("control")?, of("treated")?);
/// let ratio = fit.coefficients()[0].estimate.unwrap().exp();
/// let (a, b) = (control.cumulative_hazard()[5], treated.cumulative_hazard()[5]);
/// assert!((a / b - ratio).abs() < 1e-12);
/// // The first event meets three of each arm.
/// assert!((treated.cumulative_hazard()[0] - 1.0 / (3.0 + 3.0 * ratio)).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `basehaz`, `survfit.coxph` and `predict.coxph`, which centre at the means of the covariates unless
/// told otherwise.
///
/// # References
/// Breslow 1974, doi:10.2307/2529620; Tsiatis 1981, doi:10.1214/aos/1176345335; Link 1984, Biometrics
/// 40, 601–610.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CoxBaseline {
    pub(super) coding: Coding,
    coefficients: Vec<Coefficient>,
    position: Vec<f64>,
    pub(super) vcov: Array2<f64>,
    pub(super) robust: bool,
    ties: Ties,
    stratified: bool,
    pub(super) has_offset: bool,
    pub(super) sample_mean: Vec<f64>,
    pub(super) strata: Vec<StratumHazards>,
}

/// The name of the stratum of a model without strata.
const ALL: &str = "all";

impl CoxFit {
    /// The baseline hazards, from the rows and the design that the fit was made of. Ties as in the
    /// fit.
    ///
    /// # Errors
    /// [`Error::OtherData`] and [`Error::LengthMismatch`] for other rows.
    pub fn baseline(&self, data: &impl SurvivalData, design: &Design) -> Result<CoxBaseline> {
        self.baseline_by(self.ties(), data, design)
    }

    /// The baseline hazards with a tie rule of their own; the coefficients stay. R's `ctype`: 1 is
    /// Breslow's, 2 Efron's.
    ///
    /// # Errors
    /// As [`baseline`](Self::baseline); [`Error::TooManyTies`]; and [`Error::Unsupported`] for
    /// [`Ties::ExactPartial`], which gives time no hazard.
    pub fn baseline_by(
        &self,
        ties: Ties,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<CoxBaseline> {
        let rows = data.rows();
        gives_hazards(ties)?;
        if ties != self.ties() {
            rows.same_length("design", design.n_rows())?;
            self.model().clone().ties(ties).order(rows, design)?;
        }
        let evaluation = self.evaluate(rows, design)?;
        Ok(CoxBaseline::new(self, ties, &evaluation, rows, design))
    }

    /// The events expected of each row of the fit over the time it was at risk, its share of its own
    /// tied events included. Weighted, they add up to the events of each stratum; event less expected
    /// is the martingale residual.
    ///
    /// In R `predict(fit, type = "expected")` without `newdata`.
    ///
    /// # Errors
    /// [`Error::OtherData`] and [`Error::LengthMismatch`] for other rows.
    pub fn expected_events(&self, data: &impl SurvivalData, design: &Design) -> Result<Vec<f64>> {
        let Evaluation { ordered, times } = self.evaluate(data.rows(), design)?;
        let mut expected = vec![0.0; data.rows().len()];
        for (place, events) in expected_events(&ordered, &times).into_iter().enumerate() {
            expected[ordered.source[place] as usize] = events / ordered.weight[place];
        }
        Ok(expected)
    }
}

impl CoxBaseline {
    fn new(
        fit: &CoxFit,
        ties: Ties,
        evaluation: &Evaluation,
        rows: &Rows,
        design: &Design,
    ) -> Self {
        let codes = rows.strata.as_ref().map(Strata::codes);
        let code = |row: usize| codes.map_or(0, |codes| codes[row] as usize);
        let names = rows.strata.as_ref().map_or(vec![ALL.to_owned()], |s| s.names().to_vec());
        let mut members = vec![Vec::new(); names.len()];
        (0..rows.len()).for_each(|row| members[code(row)].push(row));
        let table = RiskTable::of(rows, true, None);
        let series = table.by_stratum().filter_map(|groups| groups.first().cloned());
        let mut strata: Vec<StratumHazards> = (names.into_iter().zip(&members).zip(series))
            .map(|((name, members), series)| {
                StratumHazards::without_events(name, mean(rows, design, members), series)
            })
            .collect();
        let estimated = Estimated { coefficients: fit.coefficients(), position: fit.position() };
        let Evaluation { ordered, times } = evaluation;
        let hazards = Hazards { ordered, times, ties, estimated };
        for stratum in &ordered.strata {
            let place = &mut strata[code(ordered.source[stratum.rows.start] as usize)];
            *place = place.clone().with_hazards(&hazards, stratum, design);
        }
        let all: Vec<usize> = (0..rows.len()).collect();
        Self {
            coding: fit.coding().clone(),
            coefficients: fit.coefficients().to_vec(),
            position: fit.position().to_vec(),
            vcov: fit.vcov().to_owned(),
            robust: fit.is_robust(),
            ties,
            stratified: rows.strata.is_some(),
            has_offset: design.offset().is_some(),
            sample_mean: sample_mean(rows, design, &all),
            strata,
        }
    }

    /// How ties are treated in the hazard.
    #[must_use]
    pub fn ties(&self) -> Ties {
        self.ties
    }

    /// Terms and columns of the model.
    pub(crate) fn coding(&self) -> &Coding {
        &self.coding
    }

    /// Whether the model has strata.
    #[must_use]
    pub fn is_stratified(&self) -> bool {
        self.stratified
    }

    /// The one baseline of a model without strata.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a model with strata.
    pub fn single(&self) -> Result<StratumBaseline<'_>> {
        match self.strata.first().filter(|_| !self.stratified) {
            Some(stratum) => Ok(StratumBaseline::new(self, stratum)),
            None => Err(Error::Unsupported {
                estimator: "CoxBaseline",
                what: "a prediction without a stratum from a model with strata",
                instead: "name the stratum",
            }),
        }
    }

    /// The baseline of one stratum.
    ///
    /// # Errors
    /// [`Error::UnknownName`], and [`Error::Unsupported`] for a model without strata.
    pub fn stratum(&self, name: &str) -> Result<StratumBaseline<'_>> {
        self.place(name).map(|place| StratumBaseline::new(self, &self.strata[place]))
    }

    /// The baselines of all strata, in order; the one of a model without strata.
    pub fn by_stratum(&self) -> impl Iterator<Item = StratumBaseline<'_>> {
        self.strata.iter().map(|stratum| StratumBaseline::new(self, stratum))
    }

    /// The curve of one person in every stratum, with the options of
    /// [`StratumBaseline`] at their defaults.
    ///
    /// # Errors
    /// As [`StratumBaseline::curve`].
    pub fn curves_by_stratum(&self, profile: &Profile) -> Result<ByGroup<CoxCurve>> {
        let names: Vec<String> = self.strata.iter().map(|stratum| stratum.name.clone()).collect();
        ByGroup::try_new(&names, |place, _| {
            StratumBaseline::new(self, &self.strata[place]).curve(profile)
        })
    }

    /// Predictions for rows of data with the columns of the model; each row in its own stratum. Strata
    /// of the data do not matter to a model without strata.
    ///
    /// # Errors
    /// [`Error::OtherData`] unless the design is coded like that of the fit,
    /// [`Error::LengthMismatch`], [`Error::IncompleteProfile`] when the fit had an offset and the
    /// design has none, [`Error::UnknownName`] for a stratum that the fit did not have, and
    /// [`Error::Unsupported`] for data without strata.
    pub fn rows<'a>(
        &'a self,
        data: &'a impl SurvivalData,
        design: &'a Design,
    ) -> Result<PredictedRows<'a>> {
        PredictedRows::new(self, data.rows(), design)
    }

    /// Where the stratum of a name stands.
    pub(super) fn place(&self, name: &str) -> Result<usize> {
        if !self.stratified {
            return Err(Error::Unsupported {
                estimator: "CoxBaseline",
                what: "a stratum of a model without strata",
                instead: "use single",
            });
        }
        let found = self.strata.iter().position(|stratum| stratum.name == name);
        found.ok_or_else(|| Error::UnknownName {
            kind: "stratum",
            name: name.to_owned(),
            known: self.strata.iter().map(|stratum| stratum.name.clone()).collect(),
        })
    }

    pub(super) fn estimated(&self) -> Estimated<'_> {
        Estimated { coefficients: &self.coefficients, position: &self.position }
    }

    pub(super) fn covariates(&self, profile: &Profile) -> Result<Covariates> {
        Covariates::new(profile, &self.coding, self.has_offset)
    }
}

/// Weighted mean of each column over some rows, taken from the first of them unless that overflows.
fn mean(rows: &Rows, design: &Design, members: &[usize]) -> Vec<f64> {
    let matrix = design.matrix();
    let Some(&first) = members.first() else { return vec![0.0; matrix.ncols()] };
    let total: f64 = members.iter().map(|&row| rows.weight(row)).sum();
    let origin = matrix.row(first);
    let mut distance = vec![0.0; matrix.ncols()];
    for &row in members {
        let weight = rows.weight(row) / total;
        for ((sum, x), first) in distance.iter_mut().zip(matrix.row(row)).zip(origin) {
            *sum += weight * (x - first);
        }
    }
    let plain = |j: usize| -> f64 {
        members.iter().map(|&row| rows.weight(row) / total * matrix[[row, j]]).sum()
    };
    let means = origin.iter().zip(distance).map(|(first, distance)| first + distance);
    let or_plain = |(j, mean): (usize, f64)| if mean.is_finite() { mean } else { plain(j) };
    means.enumerate().map(or_plain).collect()
}

/// The same over all rows, but 0 where a column only says −1, 0 or 1.
fn sample_mean(rows: &Rows, design: &Design, all: &[usize]) -> Vec<f64> {
    let indicator =
        |j: usize| design.matrix().column(j).iter().all(|&x| x == 0.0 || x.abs() == 1.0);
    let means = mean(rows, design, all).into_iter().enumerate();
    means.map(|(j, mean)| if indicator(j) { 0.0 } else { mean }).collect()
}

#[cfg(feature = "serde")]
impl CoxBaseline {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { vcov: covariance })?;
        self.coding.check()?;
        let p = self.coding.columns().len();
        crate::checked::same_lengths(
            p,
            &[
                ("coefficients", self.coefficients.len()),
                ("position", self.position.len()),
                ("vcov", self.vcov.nrows()),
                ("vcov", self.vcov.ncols()),
                ("sample_mean", self.sample_mean.len()),
            ],
        )?;
        let named = self.stratified || self.strata.len() == 1;
        match named && self.strata.iter().all(|stratum| stratum.mean.len() == p) {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "baseline" }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RightCensored;
    use crate::regression::cox::model::CoxPh;
    use crate::regression::cox::problem::Problem;

    /// A fit whose coefficients are held at 0.
    fn at_zero(model: &CoxPh, data: &impl SurvivalData, design: &Design) -> CoxFit {
        let problem = Problem::new(model, data.rows(), design).unwrap();
        let held = vec![true; design.columns().len()];
        let point = problem.maximise_holding(problem.null.clone(), &held).unwrap();
        CoxFit::new(model, data.rows(), design, &problem, &point, None).unwrap()
    }

    /// Therneau & Grambsch, appendix E, data set 1 with all coefficients 0: everything is a fraction.
    #[test]
    fn fractions_at_a_coefficient_of_zero() {
        let event = [true, true, false, true, true, false].to_vec();
        let data = RightCensored::new(&[9., 1., 1., 6., 6., 8.], &event).unwrap();
        let design = Design::builder().numeric("x", &[0., 1., 1., 1., 0., 0.]).build().unwrap();
        let fit = at_zero(&CoxPh::new().ties(Ties::Breslow), &data, &design);
        let mut baseline = fit.baseline(&data, &design).unwrap();
        // The information at 0 is 5/8.
        baseline.vcov[[0, 0]] = 8.0 / 5.0;
        let person = Profile::new().number("x", 0.0);
        let curve = baseline.single().unwrap().curve(&person).unwrap();
        assert_eq!(curve.time(), [1.0, 6.0, 8.0, 9.0]);
        let close = |found: &[f64], expected: [f64; 4]| {
            for (found, expected) in found.iter().zip(expected) {
                approx::assert_relative_eq!(*found, expected, max_relative = 1e-15);
            }
        };
        let hazard = [1.0 / 6.0, 2.0 / 3.0, 2.0 / 3.0, 5.0 / 3.0];
        close(curve.cumulative_hazard(), hazard);
        let variance: Vec<f64> =
            curve.cumulative_hazard_std_error().iter().map(|sigma| sigma * sigma).collect();
        close(&variance, [7.0 / 180.0, 2.0 / 9.0, 2.0 / 9.0, 11.0 / 9.0]);
        close(curve.survival(), hazard.map(|hazard| (-hazard).exp()));
    }

    fn means(data: &impl SurvivalData, design: &Design) -> Vec<f64> {
        mean(data.rows(), design, &(0..data.rows().len()).collect::<Vec<_>>())
    }

    /// A constant column is its own mean to the last digit, and no distance is too large for a mean.
    #[test]
    fn means_keep_their_digits_and_their_range() {
        let data = RightCensored::new(&[1.0; 13], &[true; 13]).unwrap();
        let far: Vec<f64> =
            (0..13).map(|row| if row % 2 == 0 { 1.5e308 } else { -1.5e308 }).collect();
        let design = Design::builder().numeric("same", &[0.7; 13]).numeric("far", &far);
        let means = means(&data, &design.build().unwrap());
        assert_eq!(means[0], 0.7);
        approx::assert_relative_eq!(means[1], 1.5e308 / 13.0, max_relative = 1e-14);
    }
}
