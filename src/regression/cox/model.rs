//! The Cox model as a request: options, and the fit they lead to.

use super::engine::{Control, EventTime, Ordered, Penalty, Point, Tails, Ties, too_many};
use super::evaluation::Evaluation;
use super::fit::{CoxFit, Meat};
use super::likelihood::LikelihoodAt;
use super::problem::Problem;
use super::residuals::CoxResiduals;
use super::ridge::Ridge;
use super::robust;
use super::shrinkage::Shrinkage;
use super::time_function::TimeFunction;
use super::time_varying::TimeVarying;
use crate::data::{Design, Rows, SurvivalData, Variance, WeightKind};
use crate::error::{Error, Result};
use crate::linalg::Backend;
use crate::numerics::{FINEST_TOLERANCE, MAX_TIED};
use crate::room::room_for;

/// Cox's proportional hazards model.
///
/// # Definition
/// The hazard of a row with covariates x in stratum s is λ_s(t) exp(xβ + offset). β maximises the
/// partial likelihood; the risk set at t holds the rows of the stratum with entry < t ≤ exit.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`ties`](Self::ties) | Efron | | `ties` |
/// | [`variance`](Self::variance) | automatic | | `robust` |
/// | [`ridge`](Self::ridge) | none | λ ≥ 0 | `ridge` |
/// | [`firth`](Self::firth) | off | | `coxphf` |
/// | [`start`](Self::start) | 0 | finite | `init` |
/// | [`tolerance`](Self::tolerance) | 1e-9 | (0, 1) | `eps` |
/// | [`max_iterations`](Self::max_iterations) | 50 | ≥ 1 | `iter.max` |
/// | [`backend`](Self::backend) | native | | |
/// | [`time_varying`](Self::time_varying) | none | | `tt` |
///
/// Newton's method with step halving stops when the log-likelihood changes by less than
/// `tolerance`, relatively, *and* half the squared Newton decrement is below it; then it takes one
/// more step. A column that is a combination of earlier ones is aliased, a coefficient along which
/// the likelihood has no maximum is infinite: both are a status of the coefficient, not a number.
///
/// # Weights
/// Frequency weights equal repeated rows, also under Efron's ties. Case weights are R's: tied events
/// share their mean weight. Sampling weights are taken like case weights and force the robust
/// variance. Exact ties take frequencies only.
///
/// # Example
/// Freireich et al. 1963; published as 1.57 with standard error 0.41:
/// ```
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
///     22., 23.];
/// let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
///     32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
/// let arm = [["control"; 21], ["6-MP"; 21]].concat();
/// let design = Design::builder().factor("arm", &arm, "6-MP").build()?;
/// let fit = CoxPh::new().fit(&data, &design)?;
/// let coefficient = &fit.coefficients()[0];
/// assert_eq!(coefficient.name, "arm=control");
/// assert!((coefficient.estimate.unwrap() - 1.5721251).abs() < 1e-7);
/// assert!((coefficient.std_error.unwrap() - 0.4123967).abs() < 1e-7);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `coxph(Surv(time, event) ~ arm)`.
///
/// # References
/// Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x; Cox 1975, doi:10.1093/biomet/62.2.269.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct CoxPh {
    ties: Ties,
    variance: Variance,
    start: Option<Vec<f64>>,
    tolerance: f64,
    max_iterations: usize,
    backend: Backend,
    varying: Vec<TimeVarying>,
    shrinkage: Shrinkage,
}

impl Default for CoxPh {
    fn default() -> Self {
        Self {
            ties: Ties::default(),
            variance: Variance::default(),
            start: None,
            tolerance: 1e-9,
            max_iterations: 50,
            backend: Backend::default(),
            varying: Vec::new(),
            shrinkage: Shrinkage::default(),
        }
    }
}

impl CoxPh {
    /// The model with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How tied events are treated.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { ties, ..self }
    }

    /// Which variance the coefficients get.
    #[must_use]
    pub fn variance(self, variance: Variance) -> Self {
        Self { variance, ..self }
    }

    /// Shrinks the coefficients by a [`Ridge`], or by the λ of one on the columns as they are. It
    /// replaces Firth's penalty.
    ///
    /// The estimate is biased on purpose: tests of all coefficients are `None`, and there are no
    /// profile limits. Two columns of which one is a multiple of the other share their
    /// coefficient instead of being aliased.
    ///
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(
    ///     &[1., 2., 3., 4., 5., 6.], &[true, true, false, true, true, false])?;
    /// let design = Design::builder().numeric("x", &[0.3, 1.2, 0.1, 0.9, -0.4, 0.2]).build()?;
    /// let plain = CoxPh::new().fit(&data, &design)?.coefficients()[0].estimate.unwrap();
    /// let fit = CoxPh::new().ridge(0.1).fit(&data, &design)?;
    /// let shrunk = fit.coefficients()[0].estimate.unwrap();
    /// assert!(0.0 < shrunk && shrunk < plain);
    /// // n λ / 2 times the square of the coefficient.
    /// let penalty = fit.penalty().unwrap();
    /// assert!((penalty.value + 6.0 * 0.1 / 2.0 * shrunk * shrunk).abs() < 1e-15);
    /// assert!(penalty.effective_df < 1.0);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    #[must_use]
    pub fn ridge(self, ridge: impl Into<Ridge>) -> Self {
        Self { shrinkage: Shrinkage::Ridge(ridge.into()), ..self }
    }

    /// Maximises Firth's penalised likelihood ℓ(β) + ½ ln|I(β)|, with I the information. It replaces
    /// ridge.
    ///
    /// The penalty, Jeffreys' prior, takes the bias of order 1/n off the estimate, and keeps it finite
    /// where the likelihood has no maximum. It works with every treatment of ties, strata, delayed
    /// entry and frequency or case weights. The
    /// [likelihood-ratio test](crate::regression::cox::CoxFit::likelihood_ratio) is that of the
    /// penalised likelihood, and so are the limits and tests of
    /// [`profile_hazard_ratios`](crate::regression::cox::CoxFit::profile_hazard_ratios), which suit the
    /// estimate better than Wald's. Standard errors come from I⁻¹. The score test is that of the
    /// partial likelihood, which the penalty does not touch. An iteration costs two further passes
    /// over the rows and a product of all rows with a p × p matrix, O(n p²), and holds one more copy of
    /// the columns. The second derivative of the penalty is learnt from the steps, so that there are
    /// a few more of them.
    ///
    /// Two subjects, of whom the one with x = 1 dies first. With q the probability of that, the
    /// penalised likelihood is ln q + ½ ln(q (1 − q)), which is largest at q = 3/4:
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(&[1.0, 2.0], &[true, false])?;
    /// let design = Design::builder().numeric("x", &[1.0, 0.0]).build()?;
    /// assert!(CoxPh::new().fit(&data, &design)?.coefficients()[0].estimate.is_none());
    /// let fit = CoxPh::new().firth().fit(&data, &design)?;
    /// assert!((fit.coefficients()[0].estimate.unwrap() - 3.0_f64.ln()).abs() < 1e-9);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # In R
    /// `coxphf::coxphf(formula)`, with Breslow's ties only.
    ///
    /// # References
    /// Firth 1993, doi:10.1093/biomet/80.1.27; Heinze & Schemper 2001,
    /// doi:10.1111/j.0006-341X.2001.00114.x.
    #[must_use]
    pub fn firth(self) -> Self {
        Self { shrinkage: Shrinkage::Firth, ..self }
    }

    /// Coefficients to start from, one a column, then those of functions of time.
    #[must_use]
    pub fn start(self, coefficients: &[f64]) -> Self {
        Self { start: Some(coefficients.to_vec()), ..self }
    }

    /// The convergence tolerance. Below 1e-15, which rounding does not reach, it counts as 1e-15.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// The most iterations before the fit is given up, counted anew after each way to infinity.
    #[must_use]
    pub fn max_iterations(self, iterations: usize) -> Self {
        Self { max_iterations: iterations, ..self }
    }

    /// Who solves the p × p systems.
    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// Lets the coefficients of a term follow time: β + γ g(t) in the place of β.
    ///
    /// For each column of the term and each g the model gets one more coefficient γ, named after both:
    /// `karno:ln(time)`. All γ = 0 is proportional hazards, and their test is one of it. The columns are
    /// ordinary numeric terms of the fit's coding, and a profile states the product, z g(t), at the
    /// time it is for. [`CoxFit::coefficient_at`] gives β + γ g(t) with its limits.
    ///
    /// g is evaluated at the event times inside the sweep over risk sets; rows are not cut, and memory is
    /// that of a fit without it. A factor or another column with few distinct values costs about as
    /// much as several ordinary fits, and so does a step function with few cuts; a column of many values
    /// under a smooth g costs a sum over each risk set, n m p² operations for m event times, in
    /// each iteration.
    ///
    /// Residuals, baseline hazards and what is made of them are not there for such a fit.
    ///
    /// # Example
    /// Does the effect of treatment wane? ln of the hazard ratio is β + γ ln t:
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored, regression::cox::TimeFunction};
    ///
    /// let time = [1., 2., 3., 4., 5., 6., 7., 8.];
    /// let treated = [0., 0., 1., 0., 1., 0., 1., 1.];
    /// let data = RightCensored::new(&time, &[true; 8])?;
    /// let design = Design::builder().numeric("treated", &treated).build()?;
    /// let model = CoxPh::new().time_varying("treated", TimeFunction::step(&[4.5]));
    /// let fit = model.fit(&data, &design)?;
    /// assert_eq!(fit.coefficients()[1].name, "treated:(4.5, ∞)");
    /// // Later, one of three treated and one control are at risk at 5 and 6, then the treated alone.
    /// let later = &fit.coefficient_at("treated", &[6.0], 0.95)?[0];
    /// assert!((later.estimate - (1.0_f64 / 6.0_f64.sqrt()).ln()).abs() < 1e-9);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # In R
    /// `coxph(Surv(time, event) ~ treated + tt(treated), tt = function(x, t, ...) x * log(t))`, which
    /// builds one row for each row at risk at each event time; for steps, `survSplit` and an interaction
    /// with the interval.
    #[must_use]
    pub fn time_varying(mut self, term: &str, function: TimeFunction) -> Self {
        self.varying.push(TimeVarying { term: term.to_owned(), function });
        self
    }

    /// Fits the model.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless the design has a row for each row of the data;
    /// [`Error::InvalidOption`]; [`Error::NoEvents`]; [`Error::Unsupported`] for the model-based
    /// variance under sampling weights, for the robust one of a penalised fit, and for weights other than
    /// frequencies and the robust variance under [`Ties::ExactPartial`]; [`Error::TooManyTies`] for Efron's
    /// treatment of more than 10⁷ events at one time, and for the exact one of d among n rows when the
    /// smaller of d and n − d, times n, is above 4 · 10⁹; [`Error::UnknownName`] for a term that ridge is to
    /// be on; for coefficients that follow time [`Error::UnknownName`], [`Error::DuplicateName`] and
    /// [`Error::TimeFunction`]; [`Error::ColumnScale`], [`Error::NotFinite`] and [`Error::NotConverged`].
    pub fn fit(&self, data: &impl SurvivalData, design: &Design) -> Result<CoxFit> {
        Ok(self.fit_rows(data.rows(), design)?.0)
    }

    /// Fits the model and gives its residuals from the rows as the fit has ordered them, which
    /// [`CoxFit::residuals`] would have to take and to order again. The residuals hold a copy of the
    /// rows; the fit itself keeps none.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit) and of [`CoxFit::residuals`].
    ///
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(&[1., 2., 3., 4.], &[true, true, false, true])?;
    /// let design = Design::builder().numeric("x", &[0.3, 1.2, 0.1, 0.9]).build()?;
    /// let (fit, residuals) = CoxPh::new().fit_with_residuals(&data, &design)?;
    /// assert_eq!(residuals.martingale(), fit.residuals(&data, &design)?.martingale());
    /// # Ok::<(), riskset::Error>(())
    /// ```
    pub fn fit_with_residuals(
        &self,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<(CoxFit, CoxResiduals)> {
        let (fit, evaluation) = self.fit_rows(data.rows(), design)?;
        fit.has_hazards()?;
        let residuals = CoxResiduals::of_evaluation(&fit, data.rows(), evaluation)?;
        Ok((fit, residuals))
    }

    /// The fit, and its rows at the estimate.
    fn fit_rows(&self, rows: &Rows, design: &Design) -> Result<(CoxFit, Evaluation)> {
        let robust = rows.robust("CoxPh", self.variance)?;
        self.compatible(robust)?;
        let start = self.check(rows, design)?;
        let mut problem = Problem::new(self, rows, design)?;
        let from = match &self.start {
            None => problem.start(robust)?,
            Some(_) => problem.point(&start, "the starting values")?.into(),
        };
        if !robust {
            problem.null.times.release();
        }
        let maximum = problem.maximise(from)?;
        let Problem { ordered, control, .. } = &problem;
        let meat =
            |point: &Point| Ok(robust::meat_of_scores(rows, ordered, control.ties, &point.times));
        let meat: Option<Meat<'_>> = if robust { Some(&meat) } else { None };
        let fit = CoxFit::new(self, rows, design, &problem, &maximum, meat)?;
        Ok((fit, Evaluation { ordered: problem.ordered, times: maximum.point.times }))
    }

    /// Log-likelihood, score and information at given coefficients, one a column, without penalty.
    ///
    /// These pieces add up over strata, and so over centres that keep their rows.
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
    /// let at = |beta: f64| CoxPh::new().likelihood_at(&data, &design, &[beta]);
    /// assert!((at(0.0)?.log_likelihood() + 93.184270).abs() < 1e-6);
    /// assert!((at(1.0)?.log_likelihood() + 86.031866).abs() < 1e-6);
    /// assert!((at(1.0)?.information()[[0, 0]] - 6.844659).abs() < 1e-6);
    /// // From there one Newton step leads next to the estimate of 1.5721.
    /// let step = 1.0 + at(1.0)?.score()[0] / at(1.0)?.information()[[0, 0]];
    /// assert!((step - 1.5721).abs() < 0.1);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `coxph(.., init = beta, iter.max = 0)`: `loglik`, and the inverse of `var`.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), convergence aside.
    pub fn likelihood_at(
        &self,
        data: &impl SurvivalData,
        design: &Design,
        coefficients: &[f64],
    ) -> Result<LikelihoodAt> {
        let model = self.clone().start(coefficients);
        let start = model.check(data.rows(), design)?;
        let ordered = self.order(data.rows(), design)?;
        let beta = start.iter().zip(&ordered.scale).map(|(b, s)| b * s).collect();
        Point::new(&ordered, self.ties, beta)
            .map(|point| LikelihoodAt::new(&point, &ordered.scale))
            .filter(LikelihoodAt::is_finite)
            .ok_or(Error::NotFinite { at: "the given coefficients" })
    }

    /// The terms that follow time.
    pub(super) fn varying(&self) -> &[TimeVarying] {
        &self.varying
    }

    /// How tied events are to be treated.
    pub(crate) fn tie_rule(&self) -> Ties {
        self.ties
    }

    /// Whether there are starting values.
    pub(crate) fn has_start(&self) -> bool {
        self.start.is_some()
    }

    pub(super) fn control(&self) -> Control {
        Control {
            ties: self.ties,
            tolerance: self.tolerance.max(FINEST_TOLERANCE),
            max_iterations: self.max_iterations,
            backend: self.backend,
            penalty: Penalty::None,
        }
    }

    /// Fails for options that do not go together.
    fn compatible(&self, robust: bool) -> Result<()> {
        let refuse = |what, instead| Err(Error::Unsupported { estimator: "CoxPh", what, instead });
        let penalised = self.shrinkage != Shrinkage::None;
        let exact = self.ties == Ties::ExactPartial;
        match &self.shrinkage {
            _ if robust && exact => refuse(
                "the robust variance under Ties::ExactPartial",
                "use Ties::Efron or Ties::Breslow, or Variance::ModelBased",
            ),
            _ if robust && penalised => refuse(
                "the robust variance of a penalised fit",
                "use Variance::ModelBased, or no penalty",
            ),
            Shrinkage::Firth if exact => refuse(
                "Firth's penalty under Ties::ExactPartial",
                "use Ties::Efron or Ties::Breslow",
            ),
            _ if penalised && !self.varying.is_empty() => refuse(
                "a penalty on coefficients that follow time",
                "cut the rows as a CountingProcess, with the product as a column",
            ),
            _ => Ok(()),
        }
    }

    pub(super) fn shrinkage(&self) -> &Shrinkage {
        &self.shrinkage
    }

    /// The rows in order.
    pub(super) fn order(&self, rows: &Rows, design: &Design) -> Result<Ordered> {
        self.order_with_tails(rows, design, None)
    }

    /// The same, where some rows stay at risk after their exit.
    pub(crate) fn order_with_tails(
        &self,
        rows: &Rows,
        design: &Design,
        tails: Option<&Tails>,
    ) -> Result<Ordered> {
        let weighted = matches!(rows.weight_kind(), Some(WeightKind::Case | WeightKind::Sampling));
        if weighted && self.ties == Ties::ExactPartial {
            return Err(Error::Unsupported {
                estimator: "CoxPh",
                what: "a weight other than a frequency under Ties::ExactPartial",
                instead: "use Ties::Efron or Ties::Breslow, or Weights::frequency",
            });
        }
        let ordered = Ordered::new(rows, design, self.ties, tails);
        let coding = self.coding(design.coding())?;
        let ordered = match self.varying.is_empty() {
            true => ordered,
            false => {
                let columns = self.varying_columns(&coding)?;
                ordered.with_varying(columns, |time| self.functions_at(&coding, time))?
            }
        };
        let mut columns = coding.columns().iter().zip(&ordered.scale);
        if let Some((column, &scale)) = columns.find(|(_, s)| !(1e-100..=1e100).contains(*s)) {
            return Err(Error::ColumnScale { column: column.clone(), scale });
        }
        // No time has more steps than there are events: nearly always too few to ask any.
        let most = ordered.total_event_weight.max(ordered.event.len() as f64);
        let found = match self.ties {
            Ties::Efron if most > MAX_TIED => {
                let mut times = ordered.strata.iter().flat_map(|stratum| stratum.times.iter());
                times.find(|time| time.steps() > MAX_TIED)
            }
            _ => None,
        };
        let steps = |time: EventTime| (time.time, time.steps(), MAX_TIED);
        match found.map(steps).or_else(|| too_many(&ordered)) {
            Some((time, tied, limit)) => Err(Error::TooManyTies { time, tied, limit }),
            None => Ok(ordered),
        }
    }

    /// The starting values, once options and shapes have passed.
    pub(crate) fn check(&self, rows: &Rows, design: &Design) -> Result<Vec<f64>> {
        rows.same_length("design", design.n_rows())?;
        let option = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return option("tolerance", self.tolerance, "must be between 0 and 1");
        }
        if self.max_iterations == 0 {
            return option("max_iterations", 0.0, "must be at least 1");
        }
        if rows.n_events() == 0 {
            return Err(Error::NoEvents { rows: rows.len() });
        }
        let p = self.coding(design.coding())?.columns().len();
        // The information, its factors and inverses, and what is left of them for the fit.
        room_for::<[f64; 8]>("the information of columns × columns", &[p, p])?;
        let start = self.start.clone().unwrap_or_else(|| vec![0.0; p]);
        if start.len() != p {
            let (what, found) = ("start".to_owned(), start.len());
            return Err(Error::LengthMismatch { what, expected: p, found });
        }
        match start.iter().find(|value| !value.is_finite()) {
            Some(&value) => option("start", value, "must be finite"),
            None => Ok(start),
        }
    }
}
