//! What the rows with events add by themselves: it depends on the coefficients in one product.

use ndarray::ArrayView2;

use super::stratum::{EventTime, StratumRows};
use crate::linalg::dot;
use crate::numerics::sum::Sum;

/// Σ w x and Σ w · offset over the events of all event times, those set apart left out. A log-likelihood made of
/// them is good to the rounding of Σ w η, enough on the way to a maximum, not for its last digits.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventRows {
    columns: Vec<f64>,
    offset: f64,
}

impl EventRows {
    pub(super) fn new(
        strata: &[StratumRows],
        x: ArrayView2<'_, f64>,
        weight: &[f64],
        offset: Option<&[f64]>,
    ) -> Self {
        let mut columns = vec![Sum::default(); x.ncols()];
        for place in places(strata) {
            let weight = weight[place];
            columns.iter_mut().zip(x.row(place)).for_each(|(sum, x)| sum.add(weight * x));
        }
        let columns = columns.into_iter().map(Sum::value).collect();
        Self { columns, offset: offset.map_or(0.0, |offset| sum_of(strata, weight, offset)) }
    }

    /// Takes another offset.
    pub(super) fn set_offset(&mut self, strata: &[StratumRows], weight: &[f64], offset: &[f64]) {
        self.offset = sum_of(strata, weight, offset);
    }

    /// Σ w η.
    pub(super) fn eta(&self, beta: &[f64]) -> f64 {
        dot(&self.columns, &beta[..self.columns.len()]) + self.offset
    }

    /// Σ w x.
    pub(super) fn columns(&self) -> &[f64] {
        &self.columns
    }

    /// Divides the columns.
    pub(super) fn rescale(&mut self, scale: &[f64]) {
        self.columns.iter_mut().zip(scale).for_each(|(sum, scale)| *sum /= scale);
    }
}

fn places(strata: &[StratumRows]) -> impl Iterator<Item = usize> {
    strata.iter().flat_map(|stratum| &stratum.times).flat_map(EventTime::events)
}

fn sum_of(strata: &[StratumRows], weight: &[f64], offset: &[f64]) -> f64 {
    let mut sum = Sum::default();
    places(strata).for_each(|place| sum.add(weight[place] * offset[place]));
    sum.value()
}
