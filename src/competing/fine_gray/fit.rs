//! A fitted Fine–Gray model.

use ndarray::ArrayView2;

use super::model::FineGray;
use super::variance::FineGrayVariance;
use crate::data::{Cause, Coding, CompetingRisks, WeightKind};
use crate::error::{Result, Warning};
use crate::regression::cox::{Coefficient, Convergence, CoxFit, Ties};
use crate::statistic::TestResult;

/// A fitted Fine–Gray model: coefficients, variance, tests. Keeps no rows.
///
/// What it estimates, and after whom: [`FineGray`](crate::competing::FineGray).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct FineGrayFit {
    model: FineGray,
    cause_name: String,
    /// Its likelihood is that of weighted rows: nothing that takes the rows again may be asked of it.
    cox: CoxFit,
    n_competing: f64,
    n_censored: f64,
    warnings: Vec<Warning>,
}

#[cfg(feature = "serde")]
crate::checked::check!(FineGrayFit { n_competing: not_negative, n_censored: not_negative });

impl FineGrayFit {
    pub(super) fn new<D>(
        model: &FineGray,
        data: &CompetingRisks<D>,
        cox: CoxFit,
        warnings: Vec<Warning>,
    ) -> Result<Self> {
        let rows = data.rows();
        let count = |of: &dyn Fn(Option<Cause>) -> bool| -> f64 {
            let counted = (data.status().iter().enumerate()).filter(|(_, status)| of(**status));
            let frequency = rows.weight_kind() == Some(WeightKind::Frequency);
            counted.map(|(row, _)| if frequency { rows.weight(row) } else { 1.0 }).sum()
        };
        Ok(Self {
            model: model.clone(),
            cause_name: data.name_of(model.cause())?.to_owned(),
            n_competing: count(&|s| s.is_some_and(|cause| cause != model.cause())),
            n_censored: count(&|status| status.is_none()),
            warnings: cox.warnings().iter().cloned().chain(warnings).collect(),
            cox,
        })
    }

    /// The fit as a Cox model of weighted rows, for what needs coefficients and covariance only.
    pub(crate) fn cox(&self) -> &CoxFit {
        &self.cox
    }

    /// The model as it was asked for.
    #[must_use]
    pub fn model(&self) -> &FineGray {
        &self.model
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.model.cause()
    }

    /// Name of the cause.
    #[must_use]
    pub fn cause_name(&self) -> &str {
        &self.cause_name
    }

    /// How tied events were treated.
    #[must_use]
    pub fn ties(&self) -> Ties {
        self.cox.ties()
    }

    /// Which variance the coefficients have.
    #[must_use]
    pub fn variance(&self) -> FineGrayVariance {
        self.model.variance_kind()
    }

    /// The coefficients, one for each column of the design: log subdistribution hazard ratios.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        self.cox.coefficients()
    }

    /// Covariance matrix of the coefficients, p × p. A coefficient that is aliased or infinite is held
    /// fixed: its row and column are 0.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.cox.vcov()
    }

    /// The inverse of the information, whatever the variance of the fit.
    #[must_use]
    pub fn vcov_model_based(&self) -> ArrayView2<'_, f64> {
        self.cox.vcov_model_based()
    }

    /// Terms and columns.
    #[must_use]
    pub fn coding(&self) -> &Coding {
        self.cox.coding()
    }

    /// Number of rows, or the sum of frequencies.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.cox.n()
    }

    /// Number of events of the cause, or the sum of their frequencies.
    #[must_use]
    pub fn n_events(&self) -> f64 {
        self.cox.n_events()
    }

    /// Number of events of other causes, or the sum of their frequencies.
    #[must_use]
    pub fn n_competing(&self) -> f64 {
        self.n_competing
    }

    /// Number of censored rows, or the sum of their frequencies.
    #[must_use]
    pub fn n_censored(&self) -> f64 {
        self.n_censored
    }

    /// The logarithm of the weighted partial likelihood at the estimate. It is no likelihood of the data:
    /// twice a difference of two is not chi-square.
    #[must_use]
    pub fn log_pseudo_likelihood(&self) -> f64 {
        self.cox.log_likelihood()
    }

    /// The same with all coefficients 0.
    #[must_use]
    pub fn log_pseudo_likelihood_null(&self) -> f64 {
        self.cox.log_likelihood_null()
    }

    /// Wald test of all coefficients, by the variance of the fit; `None` in a model without any, where one
    /// is infinite, and where the sandwich is singular because there are fewer clusters than
    /// coefficients.
    #[must_use]
    pub fn wald(&self) -> Option<&TestResult> {
        self.cox.wald()
    }

    /// Score test of all coefficients at 0, by the sandwich; `None` for the model-based variance, and where
    /// the sandwich is singular. Of groups it asks what Gray's test asks.
    #[must_use]
    pub fn robust_score(&self) -> Option<&TestResult> {
        self.cox.robust_score()
    }

    /// How the maximum was reached.
    #[must_use]
    pub fn convergence(&self) -> &Convergence {
        self.cox.convergence()
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}
