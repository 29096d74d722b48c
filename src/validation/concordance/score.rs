//! Scores with their direction.

use ndarray::ArrayView1;

use crate::error::{BadCell, Error, Result};
use crate::numerics::large::Large;
use crate::numerics::sort::Ascending;

/// What a higher score means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Direction {
    /// A higher score means an earlier event: a risk, a linear predictor.
    HigherIsWorse,
    /// A higher score means a later event: a predicted survival time or probability.
    HigherIsBetter,
}

/// One score a row, with what a higher one means. There is no default: the wrong direction turns a
/// concordance of 0.7 into one of 0.3.
///
/// ```
/// use riskset::validation::Score;
///
/// let risk = Score::higher_is_worse(&[0.2, 1.4, -0.3]);
/// let median_survival = Score::higher_is_better(&[30.0, 12.5, 41.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score<'a> {
    values: ArrayView1<'a, f64>,
    direction: Direction,
}

impl<'a> Score<'a> {
    /// A higher score means an earlier event.
    #[must_use]
    pub fn higher_is_worse(values: impl Into<ArrayView1<'a, f64>>) -> Self {
        Self { values: values.into(), direction: Direction::HigherIsWorse }
    }

    /// A higher score means a later event.
    #[must_use]
    pub fn higher_is_better(values: impl Into<ArrayView1<'a, f64>>) -> Self {
        Self { values: values.into(), direction: Direction::HigherIsBetter }
    }

    /// What a higher score means.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The ranks of the scores; equal scores are tied, and no others.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for every score that is not finite.
    #[expect(clippy::indexing_slicing, reason = "a row is one of the scores")]
    pub(super) fn ranks(&self) -> Result<Ranks> {
        let rule = "must be finite";
        let cells: Vec<BadCell> = (self.values.iter().enumerate())
            .filter(|(_, value)| !value.is_finite())
            .map(|(row, value)| BadCell::new("score", row, value, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        // Adding zero turns a negative zero into zero, which the sort relies on.
        let values: Vec<f64> = self.values.iter().map(|value| value + 0.0).collect();
        Ok(Ranks::new(&values, |anchor, row| values[anchor] == values[row]))
    }
}

/// Rows in the order of their scores, and the rank of each, equal for tied scores.
#[derive(Debug)]
pub(super) struct Ranks {
    pub(super) order: Large<u32>,
    pub(super) rank: Vec<u32>,
}

impl Ranks {
    /// `same(anchor, row)`: whether a row is tied with the first row of a run of ascending values.
    #[expect(clippy::indexing_slicing, reason = "a row is one of the values")]
    pub(super) fn new(values: &[f64], same: impl Fn(usize, usize) -> bool) -> Self {
        let order = Ascending::new(values).rows;
        let mut rank = vec![0; values.len()];
        let (mut anchor, mut current) = (order.first().map_or(0, |&row| row as usize), 0);
        for row in order.iter().map(|&row| row as usize) {
            if !same(anchor, row) {
                (anchor, current) = (row, current + 1);
            }
            rank[row] = current;
        }
        Self { order, rank }
    }
}
