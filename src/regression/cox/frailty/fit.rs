//! A fitted Cox model with a shared frailty.

use ndarray::{Array2, ArrayView2};

use super::super::engine::{Maximum, Ties};
use super::super::fit::{Coefficient, coefficients, counts, unscaled, warnings};
use super::super::problem::Problem;
use super::distribution::FrailtyDistribution;
use super::marginal::Spread;
use super::model::SharedFrailty;
use super::penalised::State;
use super::profile::Profile;
use crate::data::{Coding, Design, Rows};
use crate::error::{Error, Result, Warning};
use crate::statistic::{Interval, TestResult};

/// The frailty of one cluster, in a [`FrailtyFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Frailty {
    /// Name of the cluster.
    pub cluster: String,
    /// Its events, weighted.
    pub n_events: f64,
    /// The events expected of it at the estimate if its frailty were 1.
    pub expected: f64,
    /// The frailty ω: for gamma frailties the mean given the data, (d + 1/θ)/(expected + 1/θ); for
    /// log-normal ones exp of the mode of b.
    pub estimate: f64,
    /// Standard error of b = ln ω, from the inverse of the penalised information of frailties and
    /// coefficients; `None` with more than 1000 clusters. 0 where θ is 0.
    pub std_error_ln: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Frailty {
    n_events: not_negative,
    expected: not_negative,
    estimate: not_negative,
    std_error_ln: not_negative,
});

/// A fitted Cox model with a shared frailty. Keeps no rows.
///
/// What it estimates, and after whom: [`SharedFrailty`](crate::regression::cox::SharedFrailty).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct FrailtyFit {
    model: SharedFrailty,
    coding: Coding,
    coefficients: Vec<Coefficient>,
    vcov: Array2<f64>,
    frailties: Vec<Frailty>,
    theta: f64,
    theta_interval: Option<Interval>,
    test: Option<TestResult>,
    n: f64,
    n_events: f64,
    log_likelihood: f64,
    log_likelihood_without: f64,
    log_likelihood_null: f64,
    log_likelihood_partial: f64,
    effective_df: Option<f64>,
    warnings: Vec<Warning>,
}

/// Where the search ended.
pub(super) struct Estimate {
    pub(super) theta: f64,
    /// Marginal log-likelihood there.
    pub(super) marginal: f64,
    pub(super) state: State,
    /// Limits of θ, where it is estimated.
    pub(super) limits: Option<(Option<f64>, Option<f64>)>,
}

impl FrailtyFit {
    pub(super) fn new(
        model: &SharedFrailty,
        (rows, design): (&Rows, &Design),
        problem: &Problem,
        plain: Maximum,
        profile: &Profile,
        estimate: Estimate,
    ) -> Result<Self> {
        let Estimate { theta, marginal, state, limits } = estimate;
        let scale = &problem.ordered.scale;
        let Spread { vcov, frailties, effective_df } =
            profile.penalised().spread(theta, &state, &plain);
        let vcov = unscaled(&vcov, scale, &plain.infinite);
        let log_likelihood_partial = state.point.log_likelihood();
        let frailties = frailty_records(profile, &state, frailties);
        let maximum = Maximum { point: state.point, ..plain };
        let coefficients =
            coefficients(design.columns(), &problem.ordered, &problem.null, &maximum, &vcov);
        let without = profile.log_likelihood_without();
        let mut warnings = warnings(rows, &coefficients);
        if limits.is_some() && theta == 0.0 {
            warnings.push(Warning::NoFrailty);
        }
        let numbers = frailties.iter().flat_map(|f| [f.expected, f.estimate]);
        let errors = frailties.iter().filter_map(|f| f.std_error_ln);
        if !vcov.iter().copied().chain(numbers).chain(errors).all(f64::is_finite) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        let (n, n_events) = counts(rows);
        let level = model.level();
        Ok(Self {
            model: model.clone(),
            coding: design.coding().clone(),
            coefficients,
            vcov,
            frailties,
            theta,
            theta_interval: limits.map(|(lower, upper)| Interval { lower, upper, level }),
            test: limits.map(|_| TestResult::boundary_likelihood_ratio(2.0 * (marginal - without))),
            n,
            n_events,
            log_likelihood: marginal,
            log_likelihood_without: without,
            log_likelihood_null: problem.null.log_likelihood(),
            log_likelihood_partial,
            effective_df,
            warnings,
        })
    }

    /// The model as it was asked for.
    #[must_use]
    pub fn model(&self) -> &SharedFrailty {
        &self.model
    }

    /// The distribution of the frailties.
    #[must_use]
    pub fn distribution(&self) -> FrailtyDistribution {
        self.model.distribution()
    }

    /// How ties were treated.
    #[must_use]
    pub fn ties(&self) -> Ties {
        self.model.cox().control().ties
    }

    /// Terms and columns.
    #[must_use]
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// The coefficients, one for each column of the design: log hazard ratios at the same frailty.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.coefficients
    }

    /// Covariance matrix of the coefficients, p × p: their block of the inverse of the penalised
    /// information of coefficients and log frailties, exact for any number of clusters. θ counts as
    /// known, as in R. A coefficient that is aliased or infinite has row and column 0.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.vcov.view()
    }

    /// The frailties, one a cluster, in the order of the clusters' names. Gamma frailties have mean
    /// 1, the logarithms of log-normal ones mean 0.
    #[must_use]
    pub fn frailties(&self) -> &[Frailty] {
        &self.frailties
    }

    /// θ: the variance of gamma frailties, or of the logarithm of log-normal ones.
    #[must_use]
    pub fn theta(&self) -> f64 {
        self.theta
    }

    /// Profile-likelihood limits of θ: the values at which 2 (M(θ̂) − M(θ)) is the quantile of χ²₁. The
    /// lower one is 0 where M(0) is not below that; the upper one is `None` beyond 4¹⁰. `None` where θ
    /// was given.
    #[must_use]
    pub fn theta_interval(&self) -> Option<Interval> {
        self.theta_interval
    }

    /// Likelihood-ratio test of θ = 0, against ½ χ²₀ + ½ χ²₁ since 0 is the least that θ can be; `None`
    /// where θ was given.
    ///
    /// Source: Self & Liang 1987, doi:10.1080/01621459.1987.10478472.
    #[must_use]
    pub fn frailty_test(&self) -> Option<&TestResult> {
        self.test.as_ref()
    }

    /// Number of rows, or the sum of frequencies.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.n
    }

    /// Number of events, or the sum of their frequencies.
    #[must_use]
    pub fn n_events(&self) -> f64 {
        self.n_events
    }

    /// The marginal log-likelihood M(θ), R's `I-likelihood`.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// M(0): the log partial likelihood of the same coefficients without frailties, at its maximum.
    #[must_use]
    pub fn log_likelihood_without_frailty(&self) -> f64 {
        self.log_likelihood_without
    }

    /// Log partial likelihood without frailties and with all coefficients 0.
    #[must_use]
    pub fn log_likelihood_null(&self) -> f64 {
        self.log_likelihood_null
    }

    /// Log partial likelihood at the estimates of coefficients and frailties, without the penalty:
    /// the second of R's `loglik`.
    #[must_use]
    pub fn log_likelihood_partial(&self) -> f64 {
        self.log_likelihood_partial
    }

    /// Effective degrees of freedom of coefficients and frailties together: the trace of the
    /// information times the inverse of the penalised information; `None` with more than 1000 clusters.
    ///
    /// Source: Gray 1992, doi:10.1080/01621459.1992.10476248.
    #[must_use]
    pub fn effective_df(&self) -> Option<f64> {
        self.effective_df
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

#[expect(clippy::indexing_slicing, reason = "a cluster has its number of events, and its frailty")]
fn frailty_records(profile: &Profile, state: &State, std_errors: Option<Vec<f64>>) -> Vec<Frailty> {
    let membership = &profile.penalised().membership;
    let expected = membership.sums(&state.expected);
    (membership.names.iter().enumerate())
        .map(|(code, name)| {
            let estimate = state.ln_frailty[code].exp();
            Frailty {
                cluster: name.clone(),
                n_events: membership.events[code],
                expected: expected[code] / estimate,
                estimate,
                std_error_ln: std_errors.as_ref().map(|errors| errors[code]),
            }
        })
        .collect()
}

#[cfg(feature = "serde")]
impl FrailtyFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            vcov: covariance,
            theta: not_negative,
            n: not_negative,
            n_events: not_negative,
        })?;
        self.coding.check()?;
        crate::checked::same_lengths(
            self.coding.columns().len(),
            &[
                ("coefficients", self.coefficients.len()),
                ("vcov", self.vcov.nrows()),
                ("vcov", self.vcov.ncols()),
            ],
        )
    }
}
