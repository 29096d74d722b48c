//! Stable ascending order of finite numbers.

#![expect(
    clippy::indexing_slicing,
    reason = "a pile is at most the last, a place one of the values, and no chunk is empty"
)]

use multiversion::multiversion;
use std::sync::Arc;

use super::blocks;
use super::large::Large;
use super::to_u32::{row_numbers, to_u32};
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

/// Values of a heap where they are spread evenly, so that it is sorted in near memory, and how many heaps there
/// are at most, so that the ends of all are near.
const HEAP: usize = 1 << 12;
const MOST_HEAPS: usize = 1 << 8;

/// How many share one of the whole numbers between the least and the most, where these are counted.
const OF_ONE: usize = 4;

/// Heaps that are sorted on one thread.
const TOGETHER: usize = 8;

/// Values and their rows, the values ascending.
///
/// They are dealt into heaps by their place between the least and the most, and each heap is sorted by itself.
/// Dealing keeps the order of rows.
fn sorted(values: &[f64]) -> (Large, Large<u32>) {
    let spread = Spread::of(values);
    let most = values.len() / OF_ONE;
    if spread.range() <= most as f64 && are_whole(values) {
        return counted(values, &spread);
    }
    let (mut all_sorted, mut all_rows) = (Large::zeros(values.len()), Large::zeros(values.len()));
    let (sorted, rows): (&mut [f64], &mut [u32]) = (&mut all_sorted, &mut all_rows);
    let ends = deal(values, &spread, sorted, rows);
    let (mut groups, mut start) = (Vec::new(), 0);
    let (mut left, mut left_rows) = (sorted, rows);
    for ends in ends.chunks(TOGETHER) {
        let end = ends.last().copied().unwrap_or(start);
        let (values, rows);
        (values, left) = left.split_at_mut((end - start) as usize);
        (rows, left_rows) = left_rows.split_at_mut((end - start) as usize);
        groups.push((start, ends, values, rows));
        start = end;
    }
    blocks::map(groups, |(start, ends, values, rows)| sort_heaps(start, ends, values, rows));
    (all_sorted, all_rows)
}

/// Deals values and their rows into heaps, and returns where each ends.
fn deal(values: &[f64], spread: &Spread, dealt: &mut [f64], rows: &mut [u32]) -> Vec<u32> {
    let last = (values.len() / HEAP).min(MOST_HEAPS);
    if last == 0 {
        dealt.copy_from_slice(values);
        rows.iter_mut().zip(0..).for_each(|(to, row)| *to = row);
        return vec![to_u32(values.len())];
    }
    let heap_of = spread.places(last);
    let mut next = vec![0_u32; last + 2];
    heap_of.each(values, |_, heap| next[heap as usize + 1] += 1);
    add_up(&mut next);
    let mut row = 0;
    heap_of.each(values, |value, heap| {
        let place = &mut next[heap as usize];
        dealt[*place as usize] = value;
        rows[*place as usize] = row;
        *place += 1;
        row += 1;
    });
    next.pop();
    next
}

/// Turns numbers into their running sums, and returns the largest of them.
fn add_up(numbers: &mut [u32]) -> u32 {
    let (mut sum, mut largest) = (0, 0);
    for number in numbers {
        largest = largest.max(*number);
        sum += *number;
        *number = sum;
    }
    largest
}

/// Sorts whole numbers, such as days: each pile is one value, so that only the rows have to be dealt.
fn counted(values: &[f64], spread: &Spread) -> (Large, Large<u32>) {
    let last = whole(spread.range());
    let pile_of = spread.places(last);
    let mut next = vec![0_u32; last + 1];
    pile_of.each(values, |_, pile| next[pile as usize] += 1);
    let (mut sorted, mut rows) = (Large::zeros(values.len()), Large::zeros(values.len()));
    let mut left: &mut [f64] = &mut sorted;
    let (mut value, mut start) = (spread.least, 0);
    for next in &mut next {
        let pile;
        (pile, left) = left.split_at_mut(*next as usize);
        pile.fill(value);
        (*next, start, value) = (start, start + *next, value + 1.0);
    }
    let (of_rows, mut row): (&mut [u32], u32) = (&mut rows, 0);
    pile_of.each(values, |_, pile| {
        let place = &mut next[pile as usize];
        of_rows[*place as usize] = row;
        *place += 1;
        row += 1;
    });
    (sorted, rows)
}

/// From 2⁵² on no number has a fraction.
const NO_FRACTION: f64 = 4_503_599_627_370_496.0;

/// The places of numbers between the least and the most of them, from 0 to the last, which 32 bits hold.
struct Places {
    least: f64,
    scale: f64,
    last: f64,
}

/// Numbers whose places are found at once.
const BLOCK: usize = 256;

impl Places {
    /// Shows each number and the place nearest to it. A greater number has never a lower place, however it is
    /// rounded.
    #[inline]
    fn each(&self, values: &[f64], mut show: impl FnMut(f64, u32)) {
        let mut room = [0; BLOCK];
        for values in values.chunks(BLOCK) {
            let places = &mut room[..values.len()];
            write_places(self, values, places);
            values.iter().zip(places).for_each(|(&value, place)| show(value, *place));
        }
    }
}

/// Writes the place of each number.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
#[expect(clippy::cast_possible_truncation, reason = "the last bits are the place")]
fn write_places(of: &Places, values: &[f64], places: &mut [u32]) {
    let &Places { least, scale, last } = of;
    for (place, value) in places.iter_mut().zip(values) {
        // Whole numbers that are added to it stand in its last bits.
        *place = (((value - least) * scale).min(last) + NO_FRACTION).to_bits() as u32;
    }
}

/// What finite numbers span.
struct Spread {
    least: f64,
    most: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Self {
        let (least, most) = ends(values);
        Self { least, most }
    }

    fn range(&self) -> f64 {
        self.most - self.least
    }

    /// Places up to the last.
    fn places(&self, last: usize) -> Places {
        let last = last as f64;
        // A number, so that the least is at 0 wherever the others are.
        let scale = (last / self.range()).min(f64::MAX);
        Places { least: self.least, scale, last }
    }
}

/// The least and the most of some numbers: sixteen at a time, none of which waits for another.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn ends(values: &[f64]) -> (f64, f64) {
    let (mut least, mut most) = ([f64::INFINITY; 16], [f64::NEG_INFINITY; 16]);
    let (whole, rest) = values.as_chunks::<16>();
    for values in whole.iter().map(|values| &values[..]).chain([rest]) {
        for ((least, most), &value) in least.iter_mut().zip(&mut most).zip(values) {
            *least = if value < *least { value } else { *least };
            *most = if value > *most { value } else { *most };
        }
    }
    let least = least.into_iter().fold(f64::INFINITY, f64::min);
    (least, most.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// Whether all of some numbers are whole, and none so large that it could not be anything else. Where one is
/// not, it is mostly among the first.
fn are_whole(values: &[f64]) -> bool {
    let fraction = |value: f64| (value.abs() + NO_FRACTION) - NO_FRACTION - value.abs();
    let whole = |values: &[f64]| values.iter().fold(true, |all, &v| all & (fraction(v) == 0.0));
    values.chunks(HEAP).all(whole)
}

/// Sorts heaps that lie one after the other, given where the first begins and where each ends.
fn sort_heaps(start: u32, ends: &[u32], values: &mut [f64], rows: &mut [u32]) {
    let (mut room, mut from) = (Room::default(), 0);
    for end in ends {
        let heap = from..(end - start) as usize;
        from = heap.end;
        room.sort(&mut values[heap.clone()], &mut rows[heap]);
    }
}

/// Piles for each value of a heap: most have one value then, or none.
const PILES: usize = 3;

/// What is counted in 32 bits.
const MOST_PILES: usize = (u32::MAX - 1) as usize;

/// Up to how many a pile is sorted by moving each value past the greater ones before it.
const SMALL: u32 = 32;

/// Memory to sort heaps in.
#[derive(Default)]
struct Room {
    /// Of each value its pile.
    pile: Vec<u32>,
    /// Where the next of each pile goes: first where the pile begins, at last where it ends.
    next: Vec<u32>,
    /// The values by piles, and their rows.
    values: Vec<f64>,
    rows: Vec<u32>,
}

impl Room {
    /// Sorts a heap by its values; equal ones stay in their order. Its values are dealt into piles as it was
    /// itself.
    fn sort(&mut self, values: &mut [f64], rows: &mut [u32]) {
        if values.is_sorted() {
            return;
        }
        let last = (PILES * values.len()).min(MOST_PILES);
        let pile_of = Spread::of(values).places(last);
        let Self { pile, next, values: of_piles, rows: rows_of_piles } = self;
        pile.resize(values.len(), 0);
        write_places(&pile_of, values, pile);
        next.clear();
        next.resize(last + 2, 0);
        pile.iter().for_each(|&pile| next[pile as usize + 1] += 1);
        let largest = add_up(next);
        of_piles.resize(values.len(), 0.0);
        rows_of_piles.resize(values.len(), 0);
        for ((&value, &row), &pile) in values.iter().zip(&*rows).zip(&*pile) {
            let place = &mut next[pile as usize];
            of_piles[*place as usize] = value;
            rows_of_piles[*place as usize] = row;
            *place += 1;
        }
        if largest > SMALL {
            self.sort_large_piles();
        }
        self.insert(values, rows);
    }

    /// Sorts piles of many values.
    fn sort_large_piles(&mut self) {
        let mut start = 0;
        for &end in &self.next {
            let pile = start as usize..end as usize;
            if end - std::mem::replace(&mut start, end) > SMALL {
                sort_pile(&mut self.values[pile.clone()], &mut self.rows[pile]);
            }
        }
    }

    /// Writes the values by piles where they belong, each past the greater ones before it.
    fn insert(&self, values: &mut [f64], rows: &mut [u32]) {
        for (at, (&value, &row)) in self.values.iter().zip(&self.rows).enumerate() {
            let mut place = at;
            while place > 0 && values[place - 1] > value {
                values[place] = values[place - 1];
                rows[place] = rows[place - 1];
                place -= 1;
            }
            (values[place], rows[place]) = (value, row);
        }
    }
}

/// Sorts values, of which equal ones stay in their order.
fn sort_pile(values: &mut [f64], rows: &mut [u32]) {
    if values.is_sorted() {
        return;
    }
    let keys = values.iter().map(|&value| key(value));
    let mut pile: Vec<(u64, u32)> = keys.zip(rows.iter().copied()).collect();
    pile.sort_unstable();
    for ((to, of), (key, row)) in values.iter_mut().zip(rows).zip(pile) {
        (*to, *of) = (value(key), row);
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
    let mut values = values;
    in_blocks(rows, fetch, |mut fetched| {
        let of_block;
        (of_block, values) = values.split_at(fetched.len());
        for run in of_block.chunk_by(|a, b| a == b) {
            let found;
            (found, fetched) = fetched.split_at(run.len());
            visit(run[0], found);
        }
    });
}

/// Shows what `fetch` finds for some rows, a block of them at a time.
fn in_blocks<T>(rows: &[u32], fetch: impl Fn(usize) -> T, mut visit: impl FnMut(&[T])) {
    let mut fetched = Vec::with_capacity(FETCH);
    for rows in rows.chunks(FETCH) {
        fetched.clear();
        fetched.extend(rows.iter().map(|&row| fetch(row as usize)));
        visit(&fetched);
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

    /// Shows what `fetch` finds for the rows, in order, some of them at a time.
    pub(crate) fn fetch<T>(&self, fetch: impl Fn(usize) -> T, visit: impl FnMut(&[T])) {
        in_blocks(&self.rows, fetch, visit);
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
            for n in [2, 7, 8, 9, 64, 1000, 5 * HEAP as u64 + 3] {
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
