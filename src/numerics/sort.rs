//! Stable ascending order of finite numbers.

use super::whole::whole;

/// Maps a finite number to an integer that sorts the same way.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | (1 << 63) } else { !bits }
}

/// The number that `key` was made of.
fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key ^ (1 << 63) } else { !key })
}

/// How many values share a pile where they are spread evenly.
const PILE: usize = 8;

/// Keys with their rows, in ascending order.
///
/// They are dealt into piles by their place between the least and the most, and each pile is sorted
/// by itself: it is small, unless nearly all values lie close together. Dealing keeps the order of
/// rows, so that a pile of equal values, such as whole days, needs no sorting at all.
fn sorted(values: &[f64]) -> Vec<(u64, u32)> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let last = values.len() / PILE;
    let scale = last as f64 / (most - least);
    // A greater value has never a lower pile, however its place is rounded.
    let pile_of = |value: f64| whole((value - least) * scale).min(last);
    // Where the next of each pile goes: first where the pile begins, at last where it ends.
    let mut next = vec![0_u32; last + 2];
    values.iter().for_each(|&value| next[pile_of(value) + 1] += 1);
    (1..next.len()).for_each(|pile| next[pile] += next[pile - 1]);
    let mut sorted = vec![(0, 0); values.len()];
    for (&value, row) in values.iter().zip(0..) {
        let place = &mut next[pile_of(value)];
        sorted[*place as usize] = (key(value), row);
        *place += 1;
    }
    let (mut rest, mut start) = (&mut sorted[..], 0);
    for end in next {
        let (pile, others) = rest.split_at_mut((end - start) as usize);
        if !pile.is_sorted() {
            pile.sort_unstable();
        }
        (rest, start) = (others, end);
    }
    sorted
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
        let keyed = sorted(values);
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

    /// Whatever the spread: whole days, one value, skewed, the whole range of numbers and its least part.
    #[test]
    fn equals_a_stable_sort() {
        let tiny = f64::from_bits(1);
        let shapes: [&dyn Fn(u64) -> f64; 6] = [
            &|k| (k % 11) as f64,
            &|_| 7.0,
            &|k| (k as f64 / 50.0).exp(),
            &|k| if k % 2 == 0 { f64::MAX } else { -f64::MAX / (k as f64) },
            &|k| tiny * (k % 5) as f64,
            &|k| 1e9 + (k as f64) / 1e6,
        ];
        for shape in shapes {
            for n in [2, 7, 8, 9, 64, 1000_u64] {
                let values: Vec<f64> = (0..n).map(|k| shape(k * 7919 % n)).collect();
                let mut rows: Vec<u32> = (0..n as u32).collect();
                rows.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
                let ascending = Ascending::new(&values);
                let in_order: Vec<f64> = rows.iter().map(|&row| values[row as usize]).collect();
                assert_eq!(ascending.rows, rows);
                assert_eq!(ascending.values, in_order);
            }
        }
    }
}
