//! The contrast of two values of one term, at given values of the terms it interacts with.

use crate::data::{Profile, TermKind};
use crate::error::{Error, Result};
use crate::inference::HazardRatio;
use crate::regression::cox::{Coefficient, CoefficientStatus, CoxFit};

/// A value of a term, on a profile that holds the others.
pub(super) type Value<'a> = &'a dyn Fn(Profile) -> Profile;

impl CoxFit {
    /// Weights of the coefficients in the log hazard ratio of one value of a term against another.
    /// Terms that do not interact with it need no value: they cancel.
    pub(super) fn between(
        &self,
        term: &str,
        value: Value<'_>,
        reference: Value<'_>,
        at: &Profile,
    ) -> Result<Vec<f64>> {
        let coding = self.coding();
        coding.term(term)?;
        for partner in partners(self, term) {
            if !at.mentions(partner) {
                return Err(Error::IncompleteProfile { name: partner.to_owned() });
            }
        }
        let row = |value: Value<'_>| coding.partial_row(&value(at.clone()));
        Ok((row(value)? - row(reference)?).to_vec())
    }

    /// The hazard ratio of a contrast; where it has no finite estimate, a ratio that says why.
    pub(super) fn ratio_or_status(
        &self,
        name: String,
        weights: &[f64],
        level: f64,
        z: f64,
    ) -> HazardRatio {
        match (self.linear(weights), self.status_of(weights)) {
            (Ok(ln), CoefficientStatus::Finite) => {
                let std_error = self.linear_std_error(weights);
                HazardRatio::finite(name, ln, std_error, level, z)
            }
            (_, status) => HazardRatio::without(name, status),
        }
    }

    /// Infinite where all infinite coefficients pull one way; not estimable where two pull apart, or an
    /// aliased one takes part.
    fn status_of(&self, weights: &[f64]) -> CoefficientStatus {
        let parts = weights.iter().zip(self.coefficients()).filter(|(weight, _)| **weight != 0.0);
        let (mut signs, mut undetermined) = (Vec::new(), Vec::new());
        for (weight, Coefficient { name, status, .. }) in parts {
            match status {
                CoefficientStatus::PlusInfinity => signs.push(*weight > 0.0),
                CoefficientStatus::MinusInfinity => signs.push(*weight < 0.0),
                CoefficientStatus::Aliased { .. } => undetermined.push(name.clone()),
                CoefficientStatus::Finite => continue,
            }
        }
        match signs.first() {
            _ if !undetermined.is_empty() => CoefficientStatus::Aliased { of: undetermined },
            None => CoefficientStatus::Finite,
            Some(first) if signs.iter().any(|sign| sign != first) => {
                CoefficientStatus::Aliased { of: Vec::new() }
            }
            Some(true) => CoefficientStatus::PlusInfinity,
            Some(false) => CoefficientStatus::MinusInfinity,
        }
    }
}

/// Names of the main effects that a term interacts with.
#[expect(clippy::indexing_slicing, reason = "a product is made of terms of its model")]
fn partners<'a>(fit: &'a CoxFit, term: &str) -> Vec<&'a str> {
    let terms = fit.coding().terms();
    fn mains(terms: &[crate::data::Term], index: usize) -> Vec<usize> {
        match terms[index].kind {
            TermKind::Interaction { of: [a, b] } => [mains(terms, a), mains(terms, b)].concat(),
            _ => vec![index],
        }
    }
    let products = (0..terms.len()).map(|index| mains(terms, index));
    let names = products.map(|mains| {
        mains.into_iter().map(|index| terms[index].name.as_str()).collect::<Vec<&str>>()
    });
    let with_it = names.filter(|names| names.contains(&term));
    with_it.flatten().filter(|name| *name != term).collect()
}
