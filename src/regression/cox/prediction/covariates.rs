//! One person's covariates, and where they stand relative to a stratum.

#![expect(
    clippy::indexing_slicing,
    reason = "a column with an infinite coefficient is one of the model"
)]

use ndarray::{ArrayView1, ArrayView2};

use super::hazard_sums::HazardSum;
use crate::data::{Coding, Profile};
use crate::error::{Error, Result};
use crate::regression::cox::engine::{Scaled, ScaledSum, power};
use crate::regression::cox::fit::{Coefficient, CoefficientStatus};

/// A row of the design and its offset.
#[derive(Debug, Clone)]
pub(crate) struct Covariates {
    pub(crate) x: Vec<f64>,
    pub(crate) offset: f64,
}

impl Covariates {
    /// Those of a profile. In a model with an offset the profile must have one.
    pub(crate) fn new(profile: &Profile, coding: &Coding, needs_offset: bool) -> Result<Self> {
        let x = coding.row(profile)?.to_vec();
        match profile.known_offset()? {
            None if needs_offset => Err(Error::IncompleteProfile { name: "offset".to_owned() }),
            offset => Ok(Self { x, offset: offset.unwrap_or(0.0) }),
        }
    }
}

/// The estimate as predictions need it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Estimated<'a> {
    pub(crate) coefficients: &'a [Coefficient],
    pub(crate) position: &'a [f64],
}

impl Estimated<'_> {
    /// Σ β d.
    pub(crate) fn dot(self, difference: &[f64]) -> f64 {
        self.position.iter().zip(difference).map(|(b, d)| b * d).sum()
    }

    /// The columns whose coefficient is infinite.
    pub(crate) fn infinite(self) -> impl Iterator<Item = usize> {
        let infinite = |coefficient: &Coefficient| {
            let status = &coefficient.status;
            matches!(status, CoefficientStatus::PlusInfinity | CoefficientStatus::MinusInfinity)
        };
        let numbered = self.coefficients.iter().enumerate();
        numbered.filter(move |(_, coefficient)| infinite(coefficient)).map(|(j, _)| j)
    }

    /// Fails when a column with an infinite coefficient is not 0.
    pub(crate) fn finite(self, x: &[f64]) -> Result<()> {
        self.infinite().find(|&j| x[j] != 0.0).map_or(Ok(()), |j| Err(self.not_estimable(j)))
    }

    fn not_estimable(self, j: usize) -> Error {
        Error::NotEstimable { column: self.coefficients[j].name.clone() }
    }
}

/// The largest distance from the centre whose exponential is taken.
const FARTHEST: f64 = 1e9;

/// A person's covariates less the centre of a stratum, and exp of the linear predictor of that.
#[derive(Debug, Clone)]
pub(crate) struct Relative {
    pub(crate) z: Vec<f64>,
    pub(crate) eta: f64,
    risk: Scaled,
}

impl Relative {
    pub(crate) fn new(
        covariates: &Covariates,
        centre: &Covariates,
        estimated: Estimated<'_>,
    ) -> Result<Self> {
        estimated.finite(&covariates.x)?;
        let z: Vec<f64> = covariates.x.iter().zip(&centre.x).map(|(x, c)| x - c).collect();
        let eta = estimated.dot(&z) + (covariates.offset - centre.offset);
        if !(eta.abs() < FARTHEST) {
            return Err(Error::BeyondRange { distance: eta });
        }
        Ok(Self { z, eta, risk: Scaled::exp(eta, 1.0) })
    }

    /// exp(η), `times` over, on the exponent of a sum.
    fn factor(&self, sum: &ScaledSum, times: i32) -> f64 {
        let exponent = times * self.risk.exponent + sum.exponent;
        let scale = if exponent > 2 { f64::INFINITY } else { power(exponent) };
        self.risk.mantissa.powi(times) * scale
    }
}

/// The cumulative hazard of a person, with what its error is made of.
#[derive(Debug, Clone)]
pub(crate) struct Cumulative {
    /// Λ.
    pub(crate) hazard: f64,
    /// q = ∫ (x − E) dΛ, the derivative of Λ by the coefficients.
    pub(crate) slope: Vec<f64>,
    /// The variance of Λ with the coefficients known.
    pub(crate) variance: f64,
    /// −ln S of the product-limit form; `None` where S is 0.
    pub(crate) product_limit: Option<f64>,
}

impl Cumulative {
    pub(crate) fn new(p: usize) -> Self {
        Self { hazard: 0.0, slope: vec![0.0; p], variance: 0.0, product_limit: Some(0.0) }
    }

    /// Adds event times met with the covariates given.
    pub(crate) fn add(&mut self, sum: &HazardSum, at: &Relative) {
        if sum.hazard.is_empty() {
            return;
        }
        let factor = at.factor(&sum.hazard, 1);
        let total = sum.hazard.total;
        self.hazard += factor * total;
        for (slope, (z, first)) in self.slope.iter_mut().zip(at.z.iter().zip(&sum.hazard.first)) {
            *slope += factor * (z * total - first);
        }
        self.variance += at.factor(&sum.variance, 2) * sum.variance.total;
        let product_limit = sum.product_limit.as_ref();
        let more = product_limit.map(|sum| at.factor(sum, 1) * sum.total);
        self.product_limit = self.product_limit.zip(more).map(|(sum, more)| sum + more);
    }

    /// Σ w/u² exp(2η) + qᵀ V q, its root: the standard error of Λ.
    ///
    /// # Errors
    /// [`Error::NotEstimable`] when Λ still moves along an infinite coefficient, and
    /// [`Error::BeyondRange`] when a number is too large.
    pub(crate) fn std_error(
        &self,
        estimated: Estimated<'_>,
        vcov: ArrayView2<'_, f64>,
        at: &Relative,
    ) -> Result<f64> {
        self.settled(estimated, at)?;
        let slope = ArrayView1::from(&self.slope);
        let variance = self.variance + slope.dot(&vcov.dot(&slope)).max(0.0);
        match variance.is_finite() {
            true => Ok(variance.sqrt()),
            false => Err(Error::BeyondRange { distance: at.eta }),
        }
    }

    /// Fails where [`std_error`](Self::std_error) does for the sake of Λ itself.
    pub(crate) fn settled(&self, estimated: Estimated<'_>, at: &Relative) -> Result<()> {
        for j in estimated.infinite() {
            let moves = (self.slope[j] * estimated.position[j]).abs();
            if !(moves <= SETTLED * (1.0 + self.hazard)) {
                return Err(estimated.not_estimable(j));
            }
        }
        match self.hazard.is_finite() {
            true => Ok(()),
            false => Err(Error::BeyondRange { distance: at.eta }),
        }
    }
}

/// How much of Λ may still move with an infinite coefficient where it counts as settled.
const SETTLED: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    /// Λ = 3 counts as settled where an infinite coefficient, held at 40, moves it by 4e-6 at the most.
    #[test]
    fn a_hazard_that_an_infinite_coefficient_moves_is_not_settled() {
        let coefficient = Coefficient {
            name: "x".to_owned(),
            status: CoefficientStatus::PlusInfinity,
            estimate: None,
            std_error: None,
        };
        let estimated = Estimated { coefficients: &[coefficient], position: &[40.0] };
        let at = Relative { z: vec![0.0], eta: 0.0, risk: Scaled::ONE };
        for (slope, settled) in [(0.9e-7, true), (-1.1e-7, false), (1.1e-7, false)] {
            let sum = Cumulative { hazard: 3.0, slope: vec![slope], ..Cumulative::new(1) };
            assert_eq!(sum.settled(estimated, &at).is_ok(), settled, "{slope}");
        }
    }
}
