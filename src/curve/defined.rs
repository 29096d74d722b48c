//! A column that is defined up to some time.

/// One value for each time of a curve, as far as it is defined: the variance and the limits of a
/// survival curve are not where S is 0, and S is 0 only at the end.
///
/// ```
/// use riskset::{KaplanMeier, RightCensored};
///
/// let data = RightCensored::new(&[1.0, 2.0], &[true, true])?;
/// let fit = KaplanMeier::new().fit(&data)?;
/// let std_error = fit.curve().std_error();
/// assert_eq!(std_error.len(), 2);
/// assert!(std_error.get(0).is_some());
/// assert_eq!(std_error.get(1), None); // S is 0
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Defined<'a> {
    values: &'a [f64],
    /// What each value is to be multiplied by, where it is not 1.
    factor: Option<&'a [f64]>,
    len: usize,
}

impl<'a> Defined<'a> {
    /// The values there are, of a column of `len` places.
    pub(crate) fn new(values: &'a [f64], len: usize) -> Self {
        Self { values, factor: None, len }
    }

    /// The same values, each times the one of `factor` at its place.
    pub(crate) fn times(self, factor: &'a [f64]) -> Self {
        Self { factor: Some(factor), ..self }
    }

    /// Number of times of the curve, with a value or without.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a curve always has times")]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The value at a place; `None` where it is not defined, and past the end.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<f64> {
        let value = self.values.get(place)?;
        match self.factor {
            None => Some(*value),
            Some(factor) => factor.get(place).map(|factor| factor * value),
        }
    }

    /// One item for each time.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a> {
        let column = *self;
        (0..self.len).map(move |place| column.get(place))
    }

    /// One item for each time, as a vector.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Option<f64>> {
        self.iter().collect()
    }
}
