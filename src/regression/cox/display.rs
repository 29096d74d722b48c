//! How a fitted Cox model prints.

use std::fmt;

use super::fit::{Coefficient, CoefficientStatus, CoxFit};
use crate::statistic::{Table, TestKind, TestResult, normal_multiplier, p_value, significant};

/// Estimates, standard errors and Wald tests; `se` heads the standard errors.
pub(crate) fn estimates(coefficients: &[Coefficient], se: &str) -> Table {
    let column = |value: &dyn Fn(&Coefficient) -> Option<f64>| {
        coefficients.iter().map(value).collect::<Vec<_>>()
    };
    let z = |c: &Coefficient| Some(c.estimate? / c.std_error?);
    let p = |c: &Coefficient| {
        let p = z(c).map(|z| TestResult::normal(TestKind::Wald, z).p_value);
        let instead = match c.status {
            CoefficientStatus::Finite => "NA".to_owned(),
            _ => c.status.to_string(),
        };
        p.map_or(instead, p_value::text)
    };
    let names = coefficients.iter().map(|c| c.name.clone()).collect();
    Table::default()
        .column("", names)
        .column("coef", significant(&column(&|c| c.estimate), 5, "NA"))
        .column("exp(coef)", significant(&column(&|c| c.estimate.map(f64::exp)), 5, "NA"))
        .column(se, significant(&column(&|c| c.std_error), 5, "NA"))
        .column("z", significant(&column(&z), 4, "NA"))
        .column("p", coefficients.iter().map(p).collect())
}

/// Hazard ratios with limits.
pub(crate) fn limits(coefficients: &[Coefficient]) -> Table {
    let z = normal_multiplier(0.95).unwrap_or(f64::NAN);
    let ratios = |ln: &dyn Fn(&Coefficient) -> Option<f64>| {
        let ratio = |c| ln(c).map(f64::exp).filter(|ratio| ratio.is_finite());
        significant(&coefficients.iter().map(ratio).collect::<Vec<_>>(), 4, "NA")
    };
    let limit = |z: f64| ratios(&|c| Some(c.estimate? + z * c.std_error?));
    let names = coefficients.iter().map(|c| c.name.clone()).collect();
    Table::default()
        .column("", names)
        .column("exp(coef)", ratios(&|c| c.estimate))
        .column("lower .95", limit(-z))
        .column("upper .95", limit(z))
}

/// `{}` as R prints `coxph`, `{:#}` as it prints the summary: with limits and all global tests.
impl fmt::Display for CoxFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, events) = (self.n(), self.n_events());
        if self.coefficients().is_empty() {
            writeln!(f, "Null model, log likelihood = {}", self.log_likelihood())?;
            return writeln!(f, "n= {n}, number of events= {events}");
        }
        let se = if self.is_robust() { "robust se" } else { "se(coef)" };
        writeln!(f, "{}", estimates(self.coefficients(), se))?;
        if f.alternate() {
            writeln!(f, "{}", limits(self.coefficients()))?;
        }
        let tests = match f.alternate() {
            true => vec![self.likelihood_ratio(), self.wald(), self.score(), self.robust_score()],
            false => vec![self.likelihood_ratio()],
        };
        tests.into_iter().flatten().try_for_each(|test| writeln!(f, "{test}"))?;
        if let Some(penalty) = self.penalty() {
            let (value, df) = (penalty.value, penalty.effective_df);
            writeln!(f, "Penalty on the log likelihood = {value:.3}, effective df = {df:.2}")?;
        }
        writeln!(f, "n= {n}, number of events= {events}")?;
        self.warnings().iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}
