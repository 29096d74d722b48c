//! Which rows have a value in every column, and how many each column costs.

use ndarray::ArrayView1;

use crate::data::countable::nameable;
use crate::data::label::Label;
use crate::error::{Error, Result};

/// The rows that are complete in a set of columns, with the count of missing values by column.
///
/// A number is missing when it is NaN, a label when it is `None`. Nothing is dropped silently: the
/// counts are for the flow chart, and [`select`](Self::select) takes the same rows of any column.
///
/// ```
/// use riskset::data::CompleteCases;
///
/// let nodes = [1.0, f64::NAN, 3.0, f64::NAN];
/// let grade = [Some("low"), Some("high"), None, None];
/// let complete = CompleteCases::new(4)?.numeric("nodes", &nodes)?.labels("grade", &grade)?;
/// assert_eq!(complete.rows(), [0]);
/// assert_eq!(complete.missing(), [("nodes".to_owned(), 2), ("grade".to_owned(), 2)]);
/// assert_eq!(complete.select(&["a", "b", "c", "d"])?, ["a"]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `complete.cases`, and `na.action = na.omit` in a model, which says how many rows it has dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteCases {
    complete: Vec<bool>,
    missing: Vec<(String, usize)>,
}

impl CompleteCases {
    /// All of `n` rows, before any column is looked at.
    ///
    /// # Errors
    /// [`Error::TooManyRows`].
    pub fn new(n: usize) -> Result<Self> {
        nameable(n)?;
        Ok(Self { complete: vec![true; n], missing: Vec::new() })
    }

    /// Leaves out the rows where a number is NaN.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn numeric<'a>(self, name: &str, values: impl Into<ArrayView1<'a, f64>>) -> Result<Self> {
        let values = values.into();
        self.column(name, values.len(), values.iter().map(|value| value.is_nan()))
    }

    /// Leaves out the rows where a label is missing.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn labels<'a, L: Label + 'a>(
        self,
        name: &str,
        labels: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let labels = labels.into();
        self.column(name, labels.len(), labels.iter().map(|label| label.text().is_none()))
    }

    fn column(
        mut self,
        name: &str,
        found: usize,
        missing: impl Iterator<Item = bool>,
    ) -> Result<Self> {
        let expected = self.complete.len();
        if found != expected {
            return Err(Error::LengthMismatch { what: name.to_owned(), expected, found });
        }
        let mut count = 0;
        for (complete, missing) in self.complete.iter_mut().zip(missing) {
            *complete &= !missing;
            count += usize::from(missing);
        }
        self.missing.push((name.to_owned(), count));
        Ok(self)
    }

    /// Whether each row is complete.
    #[must_use]
    pub fn mask(&self) -> &[bool] {
        &self.complete
    }

    /// The complete rows, ascending.
    #[must_use]
    pub fn rows(&self) -> Vec<usize> {
        let complete = self.complete.iter().enumerate().filter(|(_, complete)| **complete);
        complete.map(|(row, _)| row).collect()
    }

    /// Missing values of each column, in the order looked at; a row may count in several.
    #[must_use]
    pub fn missing(&self) -> &[(String, usize)] {
        &self.missing
    }

    /// The complete rows of a column.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`].
    pub fn select<T: Clone>(&self, column: &[T]) -> Result<Vec<T>> {
        let (expected, found) = (self.complete.len(), column.len());
        if found != expected {
            return Err(Error::LengthMismatch { what: "column".to_owned(), expected, found });
        }
        let complete = column.iter().zip(&self.complete).filter(|(_, complete)| **complete);
        Ok(complete.map(|(value, _)| value.clone()).collect())
    }
}
