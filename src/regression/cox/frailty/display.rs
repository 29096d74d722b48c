//! How a fitted Cox model with a shared frailty prints.

use std::fmt;

use super::super::display::{estimates, limits};
use super::fit::FrailtyFit;
use crate::statistic::percent;

/// `{}` as R prints a `coxph` with a frailty, `{:#}` with the hazard ratios' limits.
impl fmt::Display for FrailtyFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.coefficients().is_empty() {
            writeln!(f, "{}", estimates(self.coefficients(), "se(coef)"))?;
            if f.alternate() {
                writeln!(f, "{}", limits(self.coefficients()))?;
            }
        }
        let n_clusters = self.frailties().len();
        write!(
            f,
            "Shared {} frailty of {n_clusters} clusters: variance = {:.4}",
            self.distribution(),
            self.theta()
        )?;
        match self.theta_interval() {
            Some(interval) => writeln!(f, " ({} {interval:.4})", percent(interval.level))?,
            None => writeln!(f, " (given)")?,
        }
        if let Some(df) = self.effective_df() {
            writeln!(f, "Effective degrees of freedom = {df:.2}")?;
        }
        let (with, without) = (self.log_likelihood(), self.log_likelihood_without_frailty());
        writeln!(f, "Marginal log-likelihood = {with:.4}, without frailty = {without:.4}")?;
        if let Some(test) = self.frailty_test() {
            writeln!(f, "{test}")?;
        }
        writeln!(f, "n= {}, number of events= {}", self.n(), self.n_events())?;
        self.warnings().iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}
