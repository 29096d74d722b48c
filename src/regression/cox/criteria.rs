//! Information criteria and explained variation of a fit.

use super::fit::CoxFit;

impl CoxFit {
    /// Number of coefficients that the likelihood was maximised over: the columns that are not aliased.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.likelihood_ratio().and_then(|test| test.df).unwrap_or(0)
    }

    /// Akaike's information criterion, −2 ℓ + 2 · [`rank`](Self::rank). Comparable between models of the
    /// same rows and strata with the same treatment of ties.
    ///
    /// *In R* `AIC(fit)`. Akaike 1974, doi:10.1109/TAC.1974.1100705.
    #[must_use]
    pub fn aic(&self) -> f64 {
        self.information_criterion(2.0)
    }

    /// Schwarz's information criterion, −2 ℓ + rank · ln(events). The penalty counts events, since a
    /// censored row brings the partial likelihood no term of its own.
    ///
    /// *In R* `BIC(fit)`. Schwarz 1978, doi:10.1214/aos/1176344136; Volinsky & Raftery 2000,
    /// doi:10.1111/j.0006-341X.2000.00256.x.
    #[must_use]
    pub fn bic(&self) -> f64 {
        self.information_criterion(self.n_events().ln())
    }

    fn information_criterion(&self, penalty: f64) -> f64 {
        -2.0 * self.log_likelihood() + penalty * self.rank() as f64
    }

    /// The R² of Cox and Snell, 1 − exp(−2 (ℓ − ℓ₀)/n) with n the number of rows. It stays below
    /// 1 − exp(2 ℓ₀/n) and falls with censoring.
    ///
    /// *In R* the first of `summary(fit)$rsq`. Nagelkerke 1991, doi:10.1093/biomet/78.3.691.
    #[must_use]
    pub fn cox_snell_r_squared(&self) -> f64 {
        -(-2.0 * (self.log_likelihood() - self.log_likelihood_null()) / self.n()).exp_m1()
    }

    /// Nagelkerke's R²: that of Cox and Snell as a fraction of its largest value; `None` where that
    /// is 0, because the likelihood without covariates is 1.
    ///
    /// *In R* the ratio of both values of `summary(fit)$rsq`.
    #[must_use]
    pub fn nagelkerke_r_squared(&self) -> Option<f64> {
        let largest = -(2.0 * self.log_likelihood_null() / self.n()).exp_m1();
        (largest > 0.0).then(|| self.cox_snell_r_squared() / largest)
    }
}
