//! Coefficients that follow time: which columns they add, and what they are at a time.

use std::borrow::Cow;

use super::fit::CoxFit;
use super::model::CoxPh;
use super::time_function::TimeFunction;
use crate::data::{Coding, Term};
use crate::error::{Error, Result};
use crate::statistic::{Interval, normal_multiplier};

/// A term whose coefficients follow a function of time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct TimeVarying {
    pub(super) term: String,
    pub(super) function: TimeFunction,
}

/// A coefficient at one time, from [`CoxFit::coefficient_at`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CoefficientAt {
    /// The time.
    pub time: f64,
    /// β(t) = β + γ g(t), a log hazard ratio for one unit.
    pub estimate: f64,
    /// Its standard error, by the variance of the fit.
    pub std_error: f64,
    /// β(t) ± z σ.
    pub interval: Interval,
}

#[cfg(feature = "serde")]
crate::checked::check!(CoefficientAt { std_error: not_negative });

impl CoxPh {
    /// The columns of the model: those of the design, then the products with functions of time, by
    /// term, function and column in the order given.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a term the design does not have, [`Error::DuplicateName`] for a
    /// function given twice, [`Error::InvalidOption`] for cuts or times that do not ascend.
    pub(super) fn coding<'a>(&self, design: &'a Coding) -> Result<Cow<'a, Coding>> {
        if self.varying().is_empty() {
            return Ok(Cow::Borrowed(design));
        }
        design.with_numeric(self.products(design)?).map(Cow::Owned)
    }

    /// The names of the products, in that order. Checks the functions.
    #[expect(clippy::indexing_slicing, reason = "a term has its columns in the design")]
    pub(super) fn products(&self, design: &Coding) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for TimeVarying { term, function } in self.varying() {
            function.check()?;
            let columns = &design.columns()[design.term(term)?.columns.clone()];
            for g in function.names() {
                names.extend(columns.iter().map(|column| format!("{column}:{g}")));
            }
        }
        Ok(names)
    }

    /// Which column of the design each product takes.
    pub(super) fn varying_columns(&self, design: &Coding) -> Result<Vec<usize>> {
        let mut all = Vec::new();
        for TimeVarying { term, function } in self.varying() {
            let Term { columns, .. } = design.term(term)?;
            function.names().iter().for_each(|_| all.extend(columns.clone()));
        }
        Ok(all)
    }

    /// The functions at a time, one value for each product.
    pub(super) fn functions_at(&self, design: &Coding, time: f64) -> Result<Vec<f64>> {
        let mut all = Vec::new();
        for TimeVarying { term, function } in self.varying() {
            let n = design.term(term)?.columns.len();
            for value in function.at(time)? {
                all.extend(std::iter::repeat_n(value, n));
            }
        }
        Ok(all)
    }

    /// The same for one column of the design, 0 for the products of the others: a function of another
    /// term need not be defined at the time.
    fn functions_of(&self, own: usize, design: &Coding, time: f64) -> Result<Vec<f64>> {
        let mut all = Vec::new();
        for TimeVarying { term, function } in self.varying() {
            let columns = design.term(term)?.columns.clone();
            let values = match columns.contains(&own) {
                true => function.at(time)?,
                false => vec![0.0; function.names().len()],
            };
            for g in values {
                all.extend(columns.clone().map(|column| if column == own { g } else { 0.0 }));
            }
        }
        Ok(all)
    }
}

impl CoxFit {
    /// The coefficient of a column at the times asked for, with limits at `level`. Where it follows
    /// no function of time it is the same throughout. A time may be infinite: after the last cut a step
    /// goes on without end. Under t or ln t there is no such coefficient, because the function itself is
    /// infinite there, and tabulated values say nothing about it. There is an example in
    /// [`CoxPh::time_varying`](crate::CoxPh::time_varying).
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a column the design did not have; [`Error::TimeFunction`] for a time
    /// at which the function has no finite value; [`Error::NotEstimable`] when a coefficient that
    /// takes part has no finite estimate; [`Error::InvalidOption`] for the level, and for a time that is
    /// not a number.
    #[expect(
        clippy::indexing_slicing,
        reason = "the products come after the columns of the design"
    )]
    pub fn coefficient_at(
        &self,
        column: &str,
        times: &[f64],
        level: f64,
    ) -> Result<Vec<CoefficientAt>> {
        let z = normal_multiplier(level)?;
        if let Some(&value) = times.iter().find(|time| time.is_nan()) {
            return Err(Error::InvalidOption { option: "time", value, rule: "must be a number" });
        }
        let names = self.coding().columns();
        let n_constant = names.len() - self.model().varying_columns(self.coding())?.len();
        let own = names[..n_constant].iter().position(|name| name == column).ok_or_else(|| {
            let known = names[..n_constant].to_vec();
            Error::UnknownName { kind: "column", name: column.to_owned(), known }
        })?;
        let at = |&time: &f64| {
            let mut weights = vec![0.0; n_constant];
            weights[own] = 1.0;
            weights.extend(self.model().functions_of(own, self.coding(), time)?);
            let mut estimate = 0.0;
            for (weight, coefficient) in weights.iter().zip(self.coefficients()) {
                estimate += match coefficient.estimate {
                    Some(value) => weight * value,
                    None if *weight == 0.0 => 0.0,
                    None => return Err(Error::NotEstimable { column: coefficient.name.clone() }),
                };
            }
            let weights = ndarray::Array1::from(weights);
            let std_error = weights.dot(&self.vcov().dot(&weights)).max(0.0).sqrt();
            if !(estimate.is_finite() && std_error.is_finite()) {
                return Err(Error::TimeFunction { function: column.to_owned(), time });
            }
            let limit = |z: f64| Some(estimate + z * std_error).filter(|limit| limit.is_finite());
            let interval = Interval { lower: limit(-z), upper: limit(z), level };
            Ok(CoefficientAt { time, estimate, std_error, interval })
        };
        times.iter().map(at).collect()
    }
}
