//! The model of Fine and Gray as a request: options, and the fit they lead to.

use ndarray::Array2;

use super::censoring::Censoring;
use super::censoring_ties::CensoringTies;
use super::evaluation::score_influences;
use super::fit::FineGrayFit;
use super::variance::FineGrayVariance;
use crate::data::{Cause, CompetingRisks, Design, Rows, SurvivalData, WeightKind};
use crate::error::{Error, Result};
use crate::linalg::Backend;
use crate::regression::cox::{
    CoxFit, CoxPh, Meat, Point, Problem, Ties, TimeFactors, meat, meat_of_scores,
};

/// The proportional subdistribution hazards model of Fine and Gray for one cause among several.
///
/// # Definition
/// F(t|x) is the probability that the cause has ended the history of a person with covariates x by t, the
/// other causes acting as they do. Its subdistribution hazard is modelled as
/// ```text
/// −d ln(1 − F(t|x)) = exp(xβ + offset) dΛ₀(t)      so that F(t|x) = 1 − exp(−Λ₀(t) exp(xβ + offset))
/// ```
/// β maximises a partial likelihood in which a row with a competing event at T stays at risk after it,
/// with the weight that it would still be observed:
/// ```text
/// w(t) = G(t−)/G(T−)      at t > T; 1 up to T
/// ```
/// G is the Kaplan–Meier estimate of the censoring distribution, failures before censorings at one time, by
/// the [strata of the censoring](CompetingRisks::with_censoring_strata) where the data have any. It
/// runs on to the last event of all. With delayed entry the weight gains the factor H(t−)/H(T−), H being
/// the estimate of the entry distribution in reversed time (Geskus 2011). Strata of the data have
/// baselines of their own and share β.
///
/// No row is repeated: the weights are products of what belongs to the row and to the time, and two running
/// sums serve all risk sets. That is so for each stratum of the censoring: time and memory grow with the
/// strata that competing events come from × the event times.
///
/// # What it says
/// exp(β) above 1 means that F is higher at all times. It is no ratio of rates among those still there:
/// one that lowers the competing cause also raises F. The models of several causes, fitted one by one,
/// need not agree with each other: their probabilities can add up to more than 1. Where that matters, or
/// where the question is what a covariate does to the rate of a cause, take the
/// [cause-specific hazards](CompetingRisks::cause_specific) of all causes, and the incidence that they lead to
/// together.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`ties`](Self::ties) | Breslow | |
/// | [`variance`](Self::variance) | with the error of the weights | |
/// | [`censoring_ties`](Self::censoring_ties) | failures first | |
/// | [`start`](Self::start) | 0 | `init` |
/// | [`tolerance`](Self::tolerance) | 1e-9 | `gtol` |
/// | [`max_iterations`](Self::max_iterations) | 50 | `maxiter` |
/// | [`backend`](Self::backend) | native | |
///
/// The search for the maximum, aliased columns and infinite coefficients are as in [`CoxPh`].
///
/// # Weights
/// They count in the likelihood and in G. A frequency stands for so many rows. Sampling weights need a
/// sandwich.
///
/// # Example
/// Nobody is censored: whoever has the competing event stays at risk to the end, as in a Cox model in which
/// these rows are censored after the last event.
/// ```
/// use riskset::{CompetingRisks, CoxPh, Design, RightCensored, Ties, competing::FineGray};
///
/// let time = [1., 2., 3., 4., 5., 6.];
/// let names = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&time, &[1, 2, 1, 1, 2, 1], &names)?;
/// let design = Design::builder().numeric("x", &[0.3, 1.2, 0.1, 0.9, -0.4, 0.2]).build()?;
/// let fit = FineGray::new(data.cause("relapse")?).fit(&data, &design)?;
///
/// let kept = RightCensored::new(
///     &[1., 9., 3., 4., 9., 6.], &[true, false, true, true, false, true])?;
/// let cox = CoxPh::new().ties(Ties::Breslow).fit(&kept, &design)?;
/// let estimate = |fit: f64, cox: f64| assert!((fit - cox).abs() < 1e-12);
/// estimate(fit.coefficients()[0].estimate.unwrap(), cox.coefficients()[0].estimate.unwrap());
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `cmprsk::crr(time, status, x, failcode)`, with
/// [`censoring_ties(CensoringTies::Cmprsk)`](CensoringTies::Cmprsk) to the last digits;
/// `survival::finegray` followed by `coxph(ties = "breslow")`, with
/// [`FineGrayVariance::FixedWeights`]. `finegray` with strata ends the weights of a stratum at its own last
/// event.
///
/// # References
/// Fine & Gray 1999, doi:10.1080/01621459.1999.10474144; Geskus 2011,
/// doi:10.1111/j.1541-0420.2010.01420.x; Kawaguchi, Shen, Suchard & Li 2021,
/// doi:10.1080/10618600.2020.1841650.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FineGray {
    cause: Cause,
    cox: CoxPh,
    variance: FineGrayVariance,
    censoring_ties: CensoringTies,
}

impl FineGray {
    /// The model of one cause, with its defaults.
    #[must_use]
    pub fn new(cause: Cause) -> Self {
        Self {
            cause,
            cox: CoxPh::new().ties(Ties::Breslow),
            variance: FineGrayVariance::default(),
            censoring_ties: CensoringTies::default(),
        }
    }

    /// How tied events of the cause are treated.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { cox: self.cox.ties(ties), ..self }
    }

    /// Which variance the coefficients get.
    #[must_use]
    pub fn variance(self, variance: FineGrayVariance) -> Self {
        Self { variance, ..self }
    }

    /// Who is at risk of being censored at a time at which others fail.
    #[must_use]
    pub fn censoring_ties(self, censoring_ties: CensoringTies) -> Self {
        Self { censoring_ties, ..self }
    }

    /// Coefficients to start from, one a column.
    #[must_use]
    pub fn start(self, coefficients: &[f64]) -> Self {
        Self { cox: self.cox.start(coefficients), ..self }
    }

    /// The convergence tolerance. Below 1e-15, which rounding does not reach, it counts as 1e-15.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { cox: self.cox.tolerance(tolerance), ..self }
    }

    /// The most iterations before the fit is given up, counted anew after each way to infinity.
    #[must_use]
    pub fn max_iterations(self, iterations: usize) -> Self {
        Self { cox: self.cox.max_iterations(iterations), ..self }
    }

    /// Who solves the p × p systems.
    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { cox: self.cox.backend(backend), ..self }
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Fits the model.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that the data do not list, [`Error::NoEventsOfCause`] for one that
    /// no row has; [`Error::UndefinedWeight`] under delayed entry, where at some time nobody is left of
    /// those observed before; [`Error::Unsupported`] for exact ties and for the model-based variance
    /// under sampling weights, and for subjects of several rows, since a covariate that changes says
    /// nothing of the time after a competing event; and as [`CoxPh::fit`].
    pub fn fit(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<FineGrayFit> {
        let rows = data.rows_of(self.cause)?;
        self.supported(&rows)?;
        let start = self.cox.check(&rows, design)?;
        let censoring = Censoring::new(data, self.censoring_ties);
        let (tails, warnings) = censoring.tails(data, &rows, self.cause)?;
        let ordered = self.cox.order_with_tails(&rows, design, Some(&tails))?;
        let problem = Problem::of_ordered(&self.cox, &rows, design, ordered)?;
        let from = match self.cox.has_start() {
            true => problem.point(&start, "the starting values")?,
            false => problem.null.clone(),
        };
        let maximum = problem.maximise(from)?;
        let (ordered, ties) = (&problem.ordered, problem.control.ties);
        let fixed = |point: &Point| -> Result<Array2<f64>> {
            Ok(meat_of_scores(&rows, ordered, ties, &point.times))
        };
        let estimated = |point: &Point| -> Result<Array2<f64>> {
            let (times, one) = (&point.times, TimeFactors::ONE);
            let influences = score_influences(ordered, ties, times, &censoring, data.rows(), one);
            Ok(meat(&rows, &influences))
        };
        let meat: Option<Meat<'_>> = match self.variance {
            FineGrayVariance::EstimatedWeights => Some(&estimated),
            FineGrayVariance::FixedWeights => Some(&fixed),
            FineGrayVariance::ModelBased => None,
        };
        let cox = CoxFit::new(&self.cox, &rows, design, &problem, &maximum, meat)?;
        FineGrayFit::new(self, data, cox, warnings)
    }

    pub(super) fn variance_kind(&self) -> FineGrayVariance {
        self.variance
    }

    pub(super) fn cox(&self) -> &CoxPh {
        &self.cox
    }

    pub(super) fn censoring<D>(&self, data: &CompetingRisks<D>) -> Censoring {
        Censoring::new(data, self.censoring_ties)
    }

    /// Fails for options that the model does not have.
    fn supported(&self, rows: &Rows) -> Result<()> {
        let refuse =
            |what, instead| Err(Error::Unsupported { estimator: "FineGray", what, instead });
        if self.cox.tie_rule() == Ties::ExactPartial {
            return refuse("Ties::ExactPartial", "use Ties::Breslow or Ties::Efron");
        }
        let pieces = rows.times.entry.is_some()
            && rows.subjects.as_ref().is_some_and(|ids| !rows.successions(ids).is_empty());
        if pieces {
            let what = "a subject of several rows";
            return refuse(what, "give each subject one row from its entry to its exit");
        }
        let sampling = rows.weight_kind() == Some(WeightKind::Sampling);
        if sampling && self.variance == FineGrayVariance::ModelBased {
            let what = "the model-based variance under sampling weights";
            return refuse(what, "use FineGrayVariance::EstimatedWeights");
        }
        Ok(())
    }
}
