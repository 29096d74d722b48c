//! Weights whose kind chooses the variance.

use ndarray::ArrayView1;

use crate::error::{BadCell, Error, Result};

/// What a weight means, and so which variance belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum WeightKind {
    /// The row stands for so many identical rows.
    Frequency,
    /// The inverse of a probability of being sampled or treated: only a robust variance is right.
    Sampling,
    /// R's case weight: a factor of the row's contribution to the likelihood.
    Case,
}

/// One weight a row, of one kind.
///
/// | constructor | meaning | variance |
/// |---|---|---|
/// | [`frequency`](Self::frequency) | as many identical rows, also for ties and counts | model-based |
/// | [`case`](Self::case) | factor in the likelihood, R's `weights` with `robust = FALSE` | model-based |
/// | [`sampling`](Self::sampling) | inverse probability | robust, always |
///
/// The kind is never guessed from the numbers. A weight of 0 is refused: leave the row out.
///
/// ```
/// use riskset::{Error, Weights};
///
/// assert!(Weights::case(&[0.5, 2.0]).is_ok());
/// let error = Weights::sampling(&[0.5, 0.0]).unwrap_err();
/// assert_eq!(error.to_string(), "`weight` row 1 is 0: must be above 0, from 1e-100 to 1e100");
/// ```
///
/// # In R
/// `weights`, of one kind for all: where one is not whole, `survfit` and `coxph` turn to the robust variance.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::WeightsWire", into = "super::wire::WeightsWire")
)]
pub struct Weights {
    kind: WeightKind,
    values: Vec<f64>,
}

/// Above this, whole numbers are no longer exact in an `f64`.
const MAX_FREQUENCY: u64 = 1 << 53;

impl Weights {
    /// Each row stands for `counts` identical rows.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for a count of 0 or above 2⁵³.
    pub fn frequency<'a>(counts: impl Into<ArrayView1<'a, u64>>) -> Result<Self> {
        let counts = counts.into();
        let rule = "must be at least 1 and at most 2^53";
        let ok = |&count: &u64| (1..=MAX_FREQUENCY).contains(&count);
        Self::checked(WeightKind::Frequency, counts, ok, |&count| count as f64, rule)
    }

    /// Inverse-probability weights.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for a weight that is not from 1e-100 to 1e100: outside, its square would
    /// leave the range of numbers.
    pub fn sampling<'a>(values: impl Into<ArrayView1<'a, f64>>) -> Result<Self> {
        Self::positive(WeightKind::Sampling, values.into())
    }

    /// Case weights.
    ///
    /// # Errors
    /// [`Error::InvalidCells`] for a weight that is not from 1e-100 to 1e100: outside, its square would
    /// leave the range of numbers.
    pub fn case<'a>(values: impl Into<ArrayView1<'a, f64>>) -> Result<Self> {
        Self::positive(WeightKind::Case, values.into())
    }

    pub(super) fn positive(kind: WeightKind, values: ArrayView1<'_, f64>) -> Result<Self> {
        let ok = |value: &f64| (1e-100..=1e100).contains(value);
        Self::checked(kind, values, ok, |&value| value, "must be above 0, from 1e-100 to 1e100")
    }

    /// The square of each weight.
    pub(super) fn squared(&self) -> Self {
        Self { kind: self.kind, values: self.values.iter().map(|weight| weight * weight).collect() }
    }

    /// The weights of some rows, in their order.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(super) fn take(&self, rows: &[u32]) -> Self {
        let values = rows.iter().map(|&row| self.values[row as usize]).collect();
        Self { kind: self.kind, values }
    }

    fn checked<T: ToString>(
        kind: WeightKind,
        column: ArrayView1<'_, T>,
        ok: impl Fn(&T) -> bool,
        value: impl Fn(&T) -> f64,
        rule: &'static str,
    ) -> Result<Self> {
        let cells: Vec<BadCell> = (column.iter().enumerate())
            .filter(|(_, weight)| !ok(weight))
            .map(|(row, weight)| BadCell::new("weight", row, weight.to_string(), rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        Ok(Self { kind, values: column.iter().map(value).collect() })
    }

    /// What the weights mean.
    #[must_use]
    pub fn kind(&self) -> WeightKind {
        self.kind
    }

    /// One weight a row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}
