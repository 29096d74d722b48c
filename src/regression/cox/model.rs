//! The Cox model as a request: options, and the fit they lead to.

use super::engine::{Control, EventTime, Ordered, Penalty, Point, Ties};
use super::fit::CoxFit;
use super::likelihood::LikelihoodAt;
use super::problem::Problem;
use super::ridge::Ridge;
use super::shrinkage::Shrinkage;
use crate::data::{Design, Rows, SurvivalData, Variance};
use crate::error::{Error, Result};
use crate::linalg::Backend;
use crate::numerics::MAX_TIED;

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
///
/// Newton's method with step halving stops when the log-likelihood changes by less than
/// `tolerance`, relatively, *and* half the squared Newton decrement is below it; then it takes one
/// more step. A column that is a combination of earlier ones is aliased, a coefficient along which
/// the likelihood has no maximum is infinite: both are a status of the coefficient, not a number.
///
/// # Weights
/// Frequency weights equal repeated rows, also under Efron's ties. Case weights are R's: tied events
/// share their mean weight. Sampling weights are taken like case weights and force the robust
/// variance.
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

    /// Coefficients to start from, one a column.
    #[must_use]
    pub fn start(self, coefficients: &[f64]) -> Self {
        Self { start: Some(coefficients.to_vec()), ..self }
    }

    /// The convergence tolerance.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// The most iterations before the fit is given up.
    #[must_use]
    pub fn max_iterations(self, iterations: usize) -> Self {
        Self { max_iterations: iterations, ..self }
    }

    /// Who solves the p × p systems.
    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { backend, ..self }
    }

    /// Fits the model.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless the design has a row for each row of the data;
    /// [`Error::InvalidOption`]; [`Error::NoEvents`]; [`Error::Unsupported`] for the model-based
    /// variance under sampling weights and the robust one of a penalised fit;
    /// [`Error::UnknownName`] for a term that ridge is to be on; [`Error::TooManyTies`] for Efron's treatment of more than
    /// 10⁷ events at one time; [`Error::ColumnScale`], [`Error::NotFinite`] and [`Error::NotConverged`].
    pub fn fit(&self, data: &impl SurvivalData, design: &Design) -> Result<CoxFit> {
        let rows = data.rows();
        let robust = rows.robust("CoxPh", self.variance)?;
        if robust && self.shrinkage != Shrinkage::None {
            return Err(Error::Unsupported {
                estimator: "CoxPh",
                what: "the robust variance of a penalised fit",
                instead: "use Variance::ModelBased, or no penalty",
            });
        }
        let start = self.check(rows, design)?;
        let problem = Problem::new(self, rows, design)?;
        let from = match &self.start {
            None => problem.null.clone(),
            Some(_) => problem.point(&start, "the starting values")?,
        };
        let maximum = problem.maximise(from)?;
        CoxFit::new(self, rows, design, &problem, &maximum, robust)
    }

    /// Log-likelihood, score and information at given coefficients, one a column, without penalty.
    ///
    /// These pieces add up over strata, and so over centres that keep their rows.
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

    pub(super) fn control(&self) -> Control {
        Control {
            ties: self.ties,
            tolerance: self.tolerance,
            max_iterations: self.max_iterations,
            backend: self.backend,
            penalty: Penalty::None,
        }
    }

    pub(super) fn shrinkage(&self) -> &Shrinkage {
        &self.shrinkage
    }

    /// The rows in order.
    pub(super) fn order(&self, rows: &Rows, design: &Design) -> Result<Ordered> {
        let ordered = Ordered::new(rows, design);
        let mut columns = design.columns().iter().zip(&ordered.scale);
        if let Some((column, &scale)) = columns.find(|(_, s)| !(1e-100..=1e100).contains(*s)) {
            return Err(Error::ColumnScale { column: column.clone(), scale });
        }
        let mut times = ordered.strata.iter().flat_map(|stratum| &stratum.times);
        match times.find(|time| self.ties == Ties::Efron && time.steps > MAX_TIED) {
            Some(EventTime { time, steps, .. }) => {
                Err(Error::TooManyTies { time: *time, tied: *steps, limit: MAX_TIED })
            }
            None => Ok(ordered),
        }
    }

    /// The starting values, once options and shapes have passed.
    fn check(&self, rows: &Rows, design: &Design) -> Result<Vec<f64>> {
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
        let p = design.columns().len();
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
