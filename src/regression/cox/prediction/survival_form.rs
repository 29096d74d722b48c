//! How a survival curve is made of a baseline hazard.

use super::covariates::Cumulative;

/// The two ways from the baseline hazard to S(t|x); without many ties they are nearly equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum SurvivalForm {
    /// S = exp(−Λ), which never reaches 0. R's `stype = 2`.
    #[default]
    ExpHazard,
    /// The product of α(t)^exp(xβ), where α(t) solves Σ r/(1 − α^exp(xβ)) = S0 over the events at t
    /// (Kalbfleisch & Prentice 1973, doi:10.1093/biomet/60.2.267). Without covariates it is the
    /// Kaplan–Meier curve; it is 0 once everybody at risk has the event. It does not depend on the tie
    /// rule of the hazard.
    ///
    /// ln S has the standard error of Λ here. R's `stype = 1` takes a term of Greenwood's kind,
    /// d/(S0 (S0 − d)), which changes with the values at which covariates are centred.
    ProductLimit,
}

impl SurvivalForm {
    /// S at a cumulative hazard.
    pub(super) fn survival(self, sum: &Cumulative) -> f64 {
        match self {
            Self::ExpHazard => (-sum.hazard).exp(),
            Self::ProductLimit => sum.product_limit.map_or(0.0, |ln| (-ln).exp()),
        }
    }
}
