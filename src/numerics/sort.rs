//! Stable ascending order of finite numbers.

/// Maps a finite number to an integer that sorts the same way.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | (1 << 63) } else { !bits }
}

/// The number that `key` was made of.
fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key ^ (1 << 63) } else { !key })
}

/// Rows in ascending order of a value, equal values in row order, and the values in that order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ascending {
    pub(crate) rows: Vec<u32>,
    pub(crate) values: Vec<f64>,
}

impl Ascending {
    /// Orders `values`, which the caller has made sure are finite, carry no negative zero, and are at
    /// most `u32::MAX` in number. Input that is sorted already is recognised in one pass.
    pub(crate) fn new(values: &[f64]) -> Self {
        let rows = 0..values.len() as u32;
        if values.is_sorted() {
            return Self { rows: rows.collect(), values: values.to_vec() };
        }
        let mut keyed: Vec<(u64, u32)> = values.iter().map(|&v| key(v)).zip(rows).collect();
        keyed.sort_unstable();
        Self {
            rows: keyed.iter().map(|&(_, row)| row).collect(),
            values: keyed.iter().map(|&(key, _)| value(key)).collect(),
        }
    }

    /// Each row with its value, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, f64)> {
        self.rows.iter().map(|&row| row as usize).zip(self.values.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_stably_across_signs_and_scales() {
        let values = [3.0, -1.0, 0.0, 3.0, 1e-300, -1e300, 1e300];
        let ascending = Ascending::new(&values);
        assert_eq!(ascending.rows, [5, 1, 2, 4, 0, 3, 6]);
        assert_eq!(ascending.values, [-1e300, -1.0, 0.0, 1e-300, 3.0, 3.0, 1e300]);
        assert_eq!(Ascending::new(&[1.0, 1.0, 2.0]).rows, [0, 1, 2]);
    }
}
