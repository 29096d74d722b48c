//! Stable ascending order of finite numbers.

#![expect(
    clippy::indexing_slicing,
    reason = "a pile is at most the last, a place one of the values, and no chunk is empty"
)]

use std::sync::Arc;

use super::blocks;
use super::large::Large;
use super::to_u32::row_numbers;
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
const PILE: usize = 4;

/// Piles that are sorted on one thread.
const TOGETHER: usize = 1 << 14;

/// Up to how many a pile is ordered by counting.
const SMALL: usize = 32;

/// Values and their rows, the values ascending.
///
/// They are dealt into piles by their place between the least and the most, and each pile is sorted
/// by itself: it is small, unless nearly all values lie close together. Dealing keeps the order of
/// rows, so that a pile of equal values needs no sorting at all.
fn sorted(values: &[f64]) -> (Large, Large<u32>) {
    let Spread { least, most, whole: all_whole } = Spread::of(values);
    let last = values.len() / PILE;
    if all_whole && most - least <= last as f64 {
        return counted(values, least, whole(most - least));
    }
    let scale = last as f64 / (most - least);
    // A greater value has never a lower pile, however its place is rounded.
    let pile_of = |value: f64| whole((value - least) * scale).min(last);
    // Where the next of each pile goes: first where the pile begins, at last where it ends.
    let mut next = vec![0_u32; last + 2];
    values.iter().for_each(|&value| next[pile_of(value) + 1] += 1);
    (1..next.len()).for_each(|pile| next[pile] += next[pile - 1]);
    let (mut all_sorted, mut all_rows) = (Large::zeros(values.len()), Large::zeros(values.len()));
    let (sorted, rows): (&mut [f64], &mut [u32]) = (&mut all_sorted, &mut all_rows);
    for (&value, row) in values.iter().zip(0..) {
        let place = &mut next[pile_of(value)];
        sorted[*place as usize] = value;
        rows[*place as usize] = row;
        *place += 1;
    }
    let (mut groups, mut start) = (Vec::new(), 0);
    let (mut left, mut left_rows) = (sorted, rows);
    for ends in next.chunks(TOGETHER) {
        let end = ends.last().copied().unwrap_or(start);
        let (values, rows);
        (values, left) = left.split_at_mut((end - start) as usize);
        (rows, left_rows) = left_rows.split_at_mut((end - start) as usize);
        groups.push((start, ends, values, rows));
        start = end;
    }
    blocks::map(groups, |(start, ends, values, rows)| sort_piles(start, ends, values, rows));
    (all_sorted, all_rows)
}

/// Sorts whole numbers that are at most `last` above the least, such as days: each pile is one value, so that
/// only the rows have to be dealt.
#[expect(
    clippy::cast_possible_truncation,
    reason = "no pile is above the last, of which there are fewer than rows"
)]
fn counted(values: &[f64], least: f64, last: usize) -> (Large, Large<u32>) {
    // Whole numbers that are added to it stand in its last bits.
    let pile_of = |value: f64| ((value - least + NO_FRACTION).to_bits() as u32 as usize).min(last);
    let mut next = vec![0_u32; last + 1];
    values.iter().for_each(|&value| next[pile_of(value)] += 1);
    let (mut sorted, mut rows) = (Large::zeros(values.len()), Large::zeros(values.len()));
    let mut left: &mut [f64] = &mut sorted;
    let (mut value, mut start) = (least, 0);
    for next in &mut next {
        let pile;
        (pile, left) = left.split_at_mut(*next as usize);
        pile.fill(value);
        (*next, start, value) = (start, start + *next, value + 1.0);
    }
    let of_rows: &mut [u32] = &mut rows;
    for (&value, row) in values.iter().zip(0..) {
        let place = &mut next[pile_of(value)];
        of_rows[*place as usize] = row;
        *place += 1;
    }
    (sorted, rows)
}

/// From 2⁵² on no number has a fraction.
const NO_FRACTION: f64 = 4_503_599_627_370_496.0;

/// What finite numbers span.
struct Spread {
    least: f64,
    most: f64,
    /// Whether all are whole, and none so large that it could not be anything else.
    whole: bool,
}

impl Spread {
    /// Four at a time, none of which waits for another.
    fn of(values: &[f64]) -> Self {
        let (mut least, mut most) = ([f64::INFINITY; 4], [f64::NEG_INFINITY; 4]);
        let mut fraction = [0.0; 4];
        let (fours, rest) = values.as_chunks::<4>();
        for values in fours.iter().map(|four| &four[..]).chain([rest]) {
            let spreads = least.iter_mut().zip(&mut most).zip(&mut fraction);
            for (((least, most), fraction), &value) in spreads.zip(values) {
                *least = if value < *least { value } else { *least };
                *most = if value > *most { value } else { *most };
                let apart = ((value.abs() + NO_FRACTION) - NO_FRACTION - value.abs()).abs();
                *fraction = if apart > *fraction { apart } else { *fraction };
            }
        }
        Self {
            least: least.into_iter().fold(f64::INFINITY, f64::min),
            most: most.into_iter().fold(f64::NEG_INFINITY, f64::max),
            whole: fraction == [0.0; 4],
        }
    }
}

/// Sorts piles that lie one after the other, given where the first begins and where each ends.
fn sort_piles(start: u32, ends: &[u32], values: &mut [f64], rows: &mut [u32]) {
    let mut from = 0;
    for end in ends {
        let pile = from..(end - start) as usize;
        from = pile.end;
        sort_pile(&mut values[pile.clone()], &mut rows[pile]);
    }
}

/// Sorts a pile by its values; equal ones stay in their order.
fn sort_pile(values: &mut [f64], rows: &mut [u32]) {
    match values.len() {
        0 | 1 => {}
        2..=SMALL => count_into_place(values, rows),
        _ if values.is_sorted() => {}
        _ => {
            let keys = values.iter().map(|&value| key(value));
            let mut pile: Vec<(u64, u32)> = keys.zip(rows.iter().copied()).collect();
            pile.sort_unstable();
            for ((to, of), (key, row)) in values.iter_mut().zip(rows).zip(pile) {
                (*to, *of) = (value(key), row);
            }
        }
    }
}

/// Puts each value behind as many as come before it. Which of two is less follows no pattern: to
/// compare all pairs without a branch takes less than to guess some of them wrong.
fn count_into_place(values: &mut [f64], rows: &mut [u32]) {
    let (mut of_value, mut of_row) = ([0.0; SMALL], [0; SMALL]);
    let (of_value, of_row) = (&mut of_value[..values.len()], &mut of_row[..values.len()]);
    of_value.copy_from_slice(values);
    of_row.copy_from_slice(rows);
    for (at, (&value, &row)) in of_value.iter().zip(of_row.iter()).enumerate() {
        let (before, after) = of_value.split_at(at);
        let place = before.iter().map(|&other| usize::from(other <= value)).sum::<usize>()
            + after.iter().map(|&other| usize::from(other < value)).sum::<usize>();
        values[place] = value;
        rows[place] = row;
    }
}

/// How many rows are fetched ahead.
const FETCH: usize = 1024;

/// Shows each value, and what `fetch` finds for its rows; a value of many rows more than once, with some of
/// them each time.
///
/// In the order of values the columns of the rows lie scattered. Next to a visit that takes a branch
/// without a pattern each fetch would wait for the one before; so blocks of them are fetched ahead.
pub(crate) fn each<T>(
    rows: &[u32],
    values: &[f64],
    fetch: impl Fn(usize) -> T,
    mut visit: impl FnMut(f64, &[T]),
) {
    let mut fetched = Vec::with_capacity(FETCH);
    for (rows, values) in rows.chunks(FETCH).zip(values.chunks(FETCH)) {
        fetched.clear();
        fetched.extend(rows.iter().map(|&row| fetch(row as usize)));
        let mut left = &fetched[..];
        for run in values.chunk_by(|a, b| a == b) {
            let found;
            (found, left) = left.split_at(run.len());
            visit(run[0], found);
        }
    }
}

/// Rows in ascending order of a value, equal values in row order, and the values in that order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ascending {
    pub(crate) rows: Large<u32>,
    /// Shared with what is made of them, which needs no copy then.
    pub(crate) values: Arc<Large>,
}

impl Ascending {
    /// Orders `values`, which the caller has made sure are finite, carry no negative zero, and are at
    /// most `u32::MAX` in number. Input that is sorted already is recognised in one pass.
    pub(crate) fn new(values: &[f64]) -> Self {
        let (values, rows) = match values.is_sorted() {
            true => (values.iter().copied().collect(), row_numbers(values.len()).collect()),
            false => sorted(values),
        };
        Self { rows, values: Arc::new(values) }
    }

    /// Shows each value, in order, and what `fetch` finds for its rows.
    pub(crate) fn each<T>(&self, fetch: impl Fn(usize) -> T, visit: impl FnMut(f64, &[T])) {
        each(&self.rows, &self.values, fetch, visit);
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
        assert_eq!(ascending.rows[..], [5, 1, 2, 4, 0, 3, 6]);
        assert_eq!(ascending.values[..], [-1e300, -1.0, 0.0, 1e-300, 3.0, 3.0, 1e300]);
        assert_eq!(Ascending::new(&[1.0, 1.0, 2.0]).rows[..], [0, 1, 2]);
    }

    /// Of values that differ, and of one of many rows.
    #[test]
    fn shows_every_row_with_its_value() {
        for of_value in [1, 9, 3 * FETCH as u32] {
            let values: Vec<f64> =
                (0..2 * FETCH as u32 + 5).rev().map(|k| f64::from(k / of_value)).collect();
            let mut seen = Vec::new();
            Ascending::new(&values).each(
                |row| (values[row], row),
                |value, found| seen.extend(found.iter().map(|&(own, row)| (value, own, row))),
            );
            assert!(
                seen.iter().all(|(value, own, _)| value == own)
                    && seen.is_sorted_by(|a, b| a.0 <= b.0)
            );
            let rows: Vec<u32> = seen.iter().map(|&(_, _, row)| row as u32).collect();
            assert_eq!(rows, Ascending::new(&values).rows[..]);
        }
    }

    /// Whatever the spread: whole days, one value, skewed, skewed with ties, the whole range of numbers and its least part.
    #[test]
    fn equals_a_stable_sort() {
        let tiny = f64::from_bits(1);
        let shapes: [&dyn Fn(u64) -> f64; 9] = [
            &|k| (k % 13) as f64 - 5.0,
            &|k| (k % 9) as f64 + NO_FRACTION,
            &|k| (k % 11) as f64,
            &|_| 7.0,
            &|k| (k as f64 / 50.0).exp(),
            &|k| if k == 0 { 1e12 } else { (k % 97) as f64 },
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
                assert_eq!(ascending.rows[..], rows);
                assert_eq!(ascending.values[..], in_order);
            }
        }
    }
}
