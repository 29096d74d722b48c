//! Ridge's penalty as a request.

/// Ridge's penalty on the coefficients, for [`CoxPh::ridge`](super::CoxPh::ridge).
///
/// # Definition
/// The fit maximises
/// ```text
/// ℓ(β) − ½ n λ Σ s_j² β_j²
/// ```
/// with ℓ the log partial likelihood and n the sum of the weights, or the number of rows without any.
/// So λ belongs to the log-likelihood *per row*, and means the same in a half and in the whole of the
/// data. s is 1, so that the penalty depends on the unit of a column; or, once
/// [`standardised`](Self::standardised), the standard deviation of the column over all rows, weighted
/// and with divisor n, so that it does not. Unless [`on`](Self::on) names some, all terms are
/// penalised.
///
/// # In R and elsewhere
/// | | raw columns | standardised columns |
/// |---|---|---|
/// | here | `Ridge::new(λ)` | `Ridge::new(λ).standardised()` |
/// | R `survival` | `ridge(…, theta = n λ, scale = FALSE)` | `ridge(…, theta = (n − 1) λ, scale = TRUE)` |
/// | R `glmnet`, `alpha = 0` | `lambda = λ, standardize = FALSE` | `lambda = λ, standardize = TRUE` |
/// | scikit-survival `CoxPHSurvivalAnalysis` | `alpha = n λ` | |
/// | scikit-survival `CoxnetSurvivalAnalysis` | `alphas = [λ]`, `l1_ratio` near 0, `normalize = False` | |
/// | lifelines | | `penalizer = λ, l1_ratio = 0` |
///
/// R takes the variance with divisor n − 1. `glmnet` treats ties as Breslow does, scikit-survival's
/// first by default, too.
///
/// # Variance
/// With I the information at the estimate and P the diagonal of n λ s², [`vcov`](super::CoxFit::vcov)
/// is (I + P)⁻¹, R's `var`: the covariance of β given the data when the penalty is read as a normal
/// prior. [`PenaltyFit::vcov_sampling`](super::PenaltyFit::vcov_sampling) is (I + P)⁻¹ I (I + P)⁻¹,
/// R's `var2`: the covariance of the estimate under repeated sampling, its bias left out. No variance
/// makes the estimate unbiased: an interval from either covers the coefficient that is shrunk, not
/// the one that is not.
///
/// # Example
/// The numbers of `coxph(Surv(time, event) ~ ridge(x, theta = 0.6, scale = FALSE))`, n λ being 6 · 0.1:
/// ```
/// use riskset::{CoxPh, Design, RightCensored, regression::cox::Ridge};
///
/// let data = RightCensored::new(
///     &[1., 2., 3., 4., 5., 6.], &[true, true, false, true, true, false])?;
/// let design = Design::builder().numeric("x", &[0.3, 1.2, 0.1, 0.9, -0.4, 0.2]).build()?;
/// let fit = CoxPh::new().ridge(Ridge::new(0.1)).fit(&data, &design)?;
/// assert!((fit.coefficients()[0].estimate.unwrap() - 0.688587).abs() < 1e-6);
/// assert!((fit.vcov()[[0, 0]].sqrt() - 0.807159).abs() < 1e-6); // `var`
/// assert!((fit.penalty().unwrap().vcov_sampling[[0, 0]].sqrt() - 0.629944).abs() < 1e-6); // `var2`
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # References
/// Verweij & van Houwelingen 1994, doi:10.1002/sim.4780132307; Gray 1992,
/// doi:10.1080/01621459.1992.10476248.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Ridge {
    pub(super) lambda: f64,
    pub(super) standardised: bool,
    pub(super) terms: Option<Vec<String>>,
}

impl Ridge {
    /// λ on every column as it is.
    #[must_use]
    pub fn new(lambda: f64) -> Self {
        Self { lambda, standardised: false, terms: None }
    }

    /// Penalises the coefficients of the columns divided by their standard deviations. They are
    /// reported for the columns as given.
    #[must_use]
    pub fn standardised(self) -> Self {
        Self { standardised: true, ..self }
    }

    /// Penalises these terms alone.
    #[must_use]
    pub fn on(self, terms: &[&str]) -> Self {
        Self { terms: Some(terms.iter().map(ToString::to_string).collect()), ..self }
    }
}

/// λ on every column as it is.
impl From<f64> for Ridge {
    fn from(lambda: f64) -> Self {
        Self::new(lambda)
    }
}
