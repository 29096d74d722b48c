//! The Cox model with a shared frailty as a request.

use super::super::engine::Ties;
use super::super::model::CoxPh;
use super::super::problem::Problem;
use super::distribution::FrailtyDistribution;
use super::fit::{Estimate, FrailtyFit};
use super::membership::Membership;
use super::penalised::Penalised;
use super::profile::Profile;
use crate::data::{Design, SurvivalData, WeightKind};
use crate::error::{Error, Result};
use crate::statistic::normal_multiplier;

/// Cox's model in which the rows of a cluster share a frailty.
///
/// # Definition
/// The hazard of a row with covariates x in stratum s and cluster i is
/// ```text
/// λ_s(t) ω_i exp(xβ + offset),   ω_i = exp(b_i)
/// ```
/// with independent frailties ω of [gamma](Self::gamma) or [log-normal](Self::log_normal)
/// distribution and variance parameter θ. Clusters are those of the data or, without any, its ids. The
/// coefficients are log hazard ratios between rows of the same frailty.
///
/// At a given θ, β and b maximise the log partial likelihood PL less a penalty; the frailties are
/// then integrated out, and θ ≥ 0 maximises the marginal log-likelihood M(θ):
/// ```text
/// gamma        M = max [PL − ν Σ (exp(b) − 1 − b)] + Σ [ln Γ(d + ν)/Γ(ν) + ν ln ν − (d + ν) ln(d + ν) + d],  ν = 1/θ
/// log-normal   M = max [PL − Σ b²/2θ] − ½ ln |θ H|
/// ```
/// d being the events of a cluster, and H the penalised information of all log frailties at given
/// coefficients. In both, M(0) is the log partial likelihood without frailties.
///
/// For the gamma distribution this is the EM algorithm's maximum of the likelihood of β, θ and the
/// baseline hazards; with tied events Efron's partial likelihood stands in for Breslow's. For the
/// log-normal it is Laplace's approximation of the integral of the partial likelihood, to first order,
/// with the full matrix H, coefficients at the maximum of the penalised likelihood, and θ by maximum
/// likelihood.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`ties`](Self::ties) | Efron | | `ties` |
/// | [`theta`](Self::theta) | estimated | 0, or 1e-12 to 1e6 | `theta`; `vfixed` |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | |
/// | [`tolerance`](Self::tolerance) | 1e-9 | (0, 1) | `eps` |
/// | [`max_iterations`](Self::max_iterations) | 50 | ≥ 1 | `iter.max` |
///
/// θ is searched over 4⁻⁷, 4⁻⁴, 1/16, 1/4, 1, 4 and, where the best of them is the first or last, beyond, then
/// between the neighbours of the best, to ten digits where the likelihood tells as many. 0 is an
/// estimate like any other: clusters then differ no more than rows do by chance.
///
/// # Weights
/// Frequency weights equal repeated rows of the cluster. Case weights multiply the row's part of the
/// likelihood, and its events in d. Sampling weights are refused: they do not say how a cluster was
/// drawn.
///
/// # Delayed entry
/// A row is at risk from its entry on, and its frailty has mean 1 like any other. That is right where
/// entries cut one history into rows. Where clusters had to survive up to an entry to be seen, those
/// seen are less frail than the rest, which no partial likelihood knows: the estimates are biased.
///
/// # Example
/// Infections at the catheters of the first ten of 38 patients, two each; McGilchrist & Aisbett 1991,
/// doi:10.2307/2532138:
/// ```
/// use riskset::regression::cox::SharedFrailty;
/// use riskset::{Design, RightCensored};
///
/// let patient = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10];
/// let time = [8., 16., 23., 13., 22., 28., 447., 318., 30., 12., 24., 245., 7., 9., 511., 30., 53.,
///     196., 15., 154.];
/// let infection = [1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1].map(|e| e == 1);
/// let sex = [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 2, 2, 1, 1];
/// let data = RightCensored::new(&time, &infection)?.with_clusters(&patient)?;
/// let design = Design::builder().numeric("sex", &sex.map(f64::from)).build()?;
/// let fit = SharedFrailty::gamma().theta(0.5).fit(&data, &design)?;
/// assert!((fit.coefficients()[0].estimate.unwrap() + 2.11981885).abs() < 1e-8);
/// assert!((fit.coefficients()[0].std_error.unwrap() - 0.82384129).abs() < 1e-8);
/// assert!((fit.log_likelihood() + 36.04432914).abs() < 1e-8);
/// let mean: f64 = fit.frailties().iter().map(|frailty| frailty.estimate).sum::<f64>() / 10.0;
/// assert!((mean - 1.0).abs() < 1e-12);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `coxph(Surv(time, event) ~ x + frailty(cluster))`, whose `I-likelihood` is M, with the variance of
/// `sparse = FALSE`; `coxme(Surv(time, event) ~ x + (1 | cluster))`, whose integrated likelihood is M,
/// with `sparse = c(1000, 0)`. R stops its search for θ early. `frailty.gaussian` has another θ: it
/// sets θ to (Σ b² + trace of the variance of b)/q, a restricted maximum likelihood.
///
/// # References
/// Klein 1992, doi:10.2307/2532345; Therneau, Grambsch & Pankratz 2003, doi:10.1198/1061860031365;
/// Ripatti & Palmgren 2000, doi:10.1111/j.0006-341x.2000.01016.x.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SharedFrailty {
    distribution: FrailtyDistribution,
    cox: CoxPh,
    theta: Option<f64>,
    confidence: f64,
}

/// The variances that can be asked for, besides 0.
const VARIANCES: std::ops::RangeInclusive<f64> = 1e-12..=1e6;

impl SharedFrailty {
    fn of(distribution: FrailtyDistribution) -> Self {
        Self { distribution, cox: CoxPh::new(), theta: None, confidence: 0.95 }
    }

    /// Gamma frailties with mean 1; θ is their variance.
    #[must_use]
    pub fn gamma() -> Self {
        Self::of(FrailtyDistribution::Gamma)
    }

    /// Log-normal frailties; their logarithms have mean 0, and θ is their variance. For up to 1000
    /// clusters.
    #[must_use]
    pub fn log_normal() -> Self {
        Self::of(FrailtyDistribution::LogNormal)
    }

    /// How tied events are treated.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { cox: self.cox.ties(ties), ..self }
    }

    /// Holds θ at a value instead of estimating it.
    #[must_use]
    pub fn theta(self, theta: f64) -> Self {
        Self { theta: Some(theta), ..self }
    }

    /// Confidence level of the limits of θ.
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// The convergence tolerance at a given θ, for half the squared Newton decrement; one more step
    /// follows. Below 1e-15, which rounding does not reach, it counts as 1e-15.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { cox: self.cox.tolerance(tolerance), ..self }
    }

    /// The most Newton steps at a given θ before the fit is given up.
    #[must_use]
    pub fn max_iterations(self, iterations: usize) -> Self {
        Self { cox: self.cox.max_iterations(iterations), ..self }
    }

    /// The distribution of the frailties.
    #[must_use]
    pub fn distribution(&self) -> FrailtyDistribution {
        self.distribution
    }

    /// Fits the model.
    ///
    /// # Errors
    /// As [`CoxPh::fit`]; [`Error::Unsupported`] for data without clusters and ids, for sampling
    /// weights, and for a log-normal frailty of more than 1000 clusters; [`Error::SingleLevel`] for a
    /// single cluster; [`Error::NothingToCompare`] where no two clusters are ever at risk together.
    pub fn fit(&self, data: &impl SurvivalData, design: &Design) -> Result<FrailtyFit> {
        let rows = data.rows();
        if rows.weight_kind() == Some(WeightKind::Sampling) {
            return Err(Error::Unsupported {
                estimator: "SharedFrailty",
                what: "a frailty under sampling weights",
                instead: "use CoxPh, whose variance is robust",
            });
        }
        self.cox.check(rows, design)?;
        let z = normal_multiplier(self.confidence)?;
        if let Some(value) = self.theta
            && !(value == 0.0 || VARIANCES.contains(&value))
        {
            let rule = "must be 0 or from 1e-12 to 1e6";
            return Err(Error::InvalidOption { option: "theta", value, rule });
        }
        let problem = Problem::new(&self.cox, rows, design)?;
        let plain = problem.maximise(problem.null.clone())?;
        let membership = Membership::new(rows, &problem.ordered)?;
        let ordered = problem.ordered.clone();
        let penalised =
            Penalised::new(self.distribution, problem.control.clone(), ordered, &plain, membership);
        let without = penalised.without(&plain);
        penalised.check(&without)?;
        let mut profile = Profile::new(penalised, without);
        let theta = match self.theta {
            Some(theta) => theta,
            None => profile.maximise()?,
        };
        let (state, marginal) = profile.at(theta)?;
        let limits = match self.theta {
            Some(_) => None,
            None => Some(profile.limits(theta, marginal, z * z / 2.0)?),
        };
        let estimate = Estimate { theta, marginal, state, limits };
        FrailtyFit::new(self, (rows, design), &problem, plain, &profile, estimate)
    }

    pub(super) fn cox(&self) -> &CoxPh {
        &self.cox
    }

    pub(super) fn level(&self) -> f64 {
        self.confidence
    }
}
