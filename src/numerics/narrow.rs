//! A column of small whole numbers.

/// Whole numbers of rows, a byte each where all of them fit. In another order than that of the rows each
/// of a million bytes is near at hand, of a million words it is not.
#[derive(Debug, Clone)]
pub(crate) enum Narrow {
    Bytes(Vec<u8>),
    Words(Vec<usize>),
}

impl Narrow {
    /// The values of `n` rows, none above `most`.
    #[expect(clippy::cast_possible_truncation, reason = "no value is above `most`")]
    pub(crate) fn new(n: usize, most: usize, value: impl Fn(usize) -> usize) -> Self {
        match u8::try_from(most) {
            Ok(_) => Self::Bytes((0..n).map(|row| value(row) as u8).collect()),
            Err(_) => Self::Words((0..n).map(value).collect()),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "a row is one of those of the column")]
    pub(crate) fn get(&self, row: usize) -> usize {
        match self {
            Self::Bytes(values) => values[row].into(),
            Self::Words(values) => values[row],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_value() {
        for most in [255, 256] {
            let values = Narrow::new(3, most, |row| [0, 7, most][row]);
            assert_eq!([0, 1, 2].map(|row| values.get(row)), [0, 7, most]);
        }
    }
}
