//! The penalty of a model, and what it becomes in the scaled columns of its rows.

#![expect(
    clippy::indexing_slicing,
    reason = "a term has its columns in the design, and there is a row"
)]

use super::engine::{Ordered, Penalty, Point};
use super::ridge::Ridge;
use crate::data::{Design, Rows};
use crate::error::{Error, Result};

/// Which penalty a model has.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) enum Shrinkage {
    #[default]
    None,
    Ridge(Ridge),
    Firth,
}

impl Shrinkage {
    /// The penalty in the scaled columns; `null` is the likelihood with all coefficients 0.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for λ, [`Error::UnknownName`] for a term.
    pub(super) fn penalty(
        &self,
        rows: &Rows,
        design: &Design,
        ordered: &Ordered,
        null: &Point,
    ) -> Result<Penalty> {
        match self {
            Self::None => Ok(Penalty::None),
            Self::Firth => Ok(Penalty::Firth(null.rank().live())),
            Self::Ridge(ridge) => weights(ridge, rows, design, ordered).map(Penalty::Ridge),
        }
    }
}

/// n λ s² of each scaled column.
fn weights(ridge: &Ridge, rows: &Rows, design: &Design, ordered: &Ordered) -> Result<Vec<f64>> {
    let invalid = |rule| Error::InvalidOption { option: "ridge", value: ridge.lambda, rule };
    if !(ridge.lambda >= 0.0 && ridge.lambda.is_finite()) {
        return Err(invalid("must be finite and not negative"));
    }
    let mut penalised = vec![ridge.terms.is_none(); design.columns().len()];
    for name in ridge.terms.iter().flatten() {
        penalised[design.coding().term(name)?.columns.clone()].fill(true);
    }
    let n: f64 = (0..rows.len()).map(|row| rows.weight(row)).sum();
    let weights: Vec<f64> = (0..penalised.len())
        .map(|j| {
            let spread = if ridge.standardised { spread(rows, design, j, n) } else { 1.0 };
            let ratio = spread / ordered.scale[j];
            if penalised[j] { n * ridge.lambda * ratio * ratio } else { 0.0 }
        })
        .collect();
    match weights.iter().all(|weight| *weight <= LARGEST) {
        true => Ok(weights),
        false => Err(invalid("must be smaller: the penalty of a column overflows")),
    }
}

/// The largest weight whose square can still be taken.
const LARGEST: f64 = 1e150;

/// The standard deviation of a column over all rows, with divisor n.
fn spread(rows: &Rows, design: &Design, column: usize, n: f64) -> f64 {
    let column = design.matrix().column(column).to_owned();
    let first = column[0];
    let mean_of = |value: &dyn Fn(f64) -> f64| {
        column.iter().enumerate().map(|(row, &x)| rows.weight(row) / n * value(x)).sum::<f64>()
    };
    // From the first value on, so that a constant column has no spread at all.
    let mean = mean_of(&|x| x - first);
    mean_of(&|x| (x - first - mean).powi(2)).sqrt()
}
