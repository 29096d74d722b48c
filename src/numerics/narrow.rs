//! A column of small whole numbers.

/// Whole numbers of rows, a byte each where all of them fit. In another order than that of the rows each
/// of a million bytes is near at hand, of a million words it is not.
#[derive(Debug, Clone)]
pub(crate) enum Narrow {
    Bytes(Vec<u8>),
    Words(Vec<usize>),
}

impl Narrow {
    /// The values of rows in turn, none above `most`.
    #[expect(clippy::cast_possible_truncation, reason = "no value is above `most`")]
    pub(crate) fn new(most: usize, values: impl Iterator<Item = usize>) -> Self {
        match u8::try_from(most) {
            Ok(_) => Self::Bytes(values.map(|value| value as u8).collect()),
            Err(_) => Self::Words(values.collect()),
        }
    }

    /// How many rows have each of the values below `n_values`.
    pub(crate) fn tally(&self, n_values: usize) -> Vec<u32> {
        match self {
            Self::Bytes(values) => tally(values, n_values, |&value| value.into()),
            Self::Words(values) => tally(values, n_values, |&value| value),
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

/// In four tables in turn, so that a count seldom waits for the one before.
#[expect(clippy::indexing_slicing, reason = "a value is one of those counted")]
fn tally<T>(values: &[T], n_values: usize, of: impl Fn(&T) -> usize) -> Vec<u32> {
    let mut tables = vec![[0; 4]; n_values];
    for four in values.chunks(4) {
        for (table, value) in four.iter().enumerate() {
            tables[of(value)][table] += 1;
        }
    }
    tables.into_iter().map(|tables| tables.into_iter().sum()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_every_value() {
        for most in [255, 256] {
            let values = Narrow::new(most, [0, 7, most, 7, 7, 7].into_iter());
            assert_eq!([0, 1, 2].map(|row| values.get(row)), [0, 7, most]);
            let tally = values.tally(most + 1);
            assert_eq!((tally[0], tally[1], tally[7], tally[most]), (1, 0, 4, 1));
        }
    }
}
