//! How a fitted Fine–Gray model prints.

use std::fmt;

use super::fit::FineGrayFit;
use super::variance::FineGrayVariance;
use crate::regression::cox::{estimates, limits};

/// `{}` the estimates with standard errors and Wald tests as R prints `crr`, `{:#}` also limits and tests of
/// all coefficients.
impl fmt::Display for FineGrayFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Fine-Gray model of the cause {}", self.cause_name())?;
        if !self.coefficients().is_empty() {
            let se = match self.variance() {
                FineGrayVariance::ModelBased => "se(coef)",
                _ => "robust se",
            };
            writeln!(f, "{}", estimates(self.coefficients(), se))?;
            if f.alternate() {
                writeln!(f, "{}", limits(self.coefficients()))?;
            }
            let tests = [self.wald(), self.robust_score().filter(|_| f.alternate())];
            tests.into_iter().flatten().try_for_each(|test| writeln!(f, "{test}"))?;
        }
        let [n, events, competing, censored] =
            [self.n(), self.n_events(), self.n_competing(), self.n_censored()];
        writeln!(
            f,
            "n= {n}, events= {events}, competing events= {competing}, censored= {censored}"
        )?;
        self.warnings().iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}
