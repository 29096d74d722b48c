//! What the rows with events add by themselves: it depends on the coefficients in one product.

use super::ordered::Ordered;
use crate::linalg::dot;
use crate::numerics::sum::Sum;

/// Σ w x and Σ w · offset over the events. A log-likelihood made of them is good to the rounding of Σ w η,
/// enough on the way to a maximum, not for its last digits.
#[derive(Debug, Clone)]
pub(super) struct EventRows {
    columns: Vec<f64>,
    offset: f64,
}

impl EventRows {
    /// Of rows whose events all take steps and whose coefficients do not vary.
    pub(super) fn new(ordered: &Ordered) -> Self {
        let (mut columns, mut of_offset) =
            (vec![Sum::default(); ordered.x.ncols()], Sum::default());
        for place in (0..ordered.event.len()).filter(|&place| ordered.event[place]) {
            let weight = ordered.weight[place];
            let row = ordered.row(place);
            columns.iter_mut().zip(row).for_each(|(sum, x)| sum.add(weight * x));
            of_offset.add(ordered.offset.as_ref().map_or(0.0, |offset| weight * offset[place]));
        }
        let columns = columns.into_iter().map(Sum::value).collect();
        Self { columns, offset: of_offset.value() }
    }

    /// Σ w η.
    pub(super) fn eta(&self, beta: &[f64]) -> f64 {
        dot(&self.columns, beta) + self.offset
    }

    /// Σ w x.
    pub(super) fn columns(&self) -> &[f64] {
        &self.columns
    }
}
