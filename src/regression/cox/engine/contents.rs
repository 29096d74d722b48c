//! The order of tied rows: by the fingerprints of what they say, so that a fit has the same bits whatever
//! order they came in.

#![expect(clippy::indexing_slicing, reason = "a row is one of the data, a place one of the tied")]

use std::cmp::Ordering;
use std::ops::Range;

use super::tails::Tails;
use crate::data::{Design, Rows};
use crate::numerics::blocks;
use crate::numerics::fingerprint::{fingerprint, mixed};

/// All that a fit reads of rows.
#[derive(Debug, Clone)]
pub(super) struct Contents<'a> {
    pub(super) rows: &'a Rows,
    design: &'a Design,
    pub(super) tails: Option<&'a Tails>,
    /// Of each row, where many have the time of another.
    fingerprints: Option<Vec<u64>>,
}

/// One in so many rows with the time of another: to read all rows in turn takes less then than to look for these.
const MANY: usize = 16;

/// Rows that are put in order without room for their fingerprints.
const FEW: usize = 8;

/// Rows that are read on one thread.
const BLOCK: usize = 1 << 14;

impl<'a> Contents<'a> {
    pub(super) fn new(rows: &'a Rows, design: &'a Design, tails: Option<&'a Tails>) -> Self {
        let n = rows.len();
        let mut contents = Self { rows, design, tails, fingerprints: None };
        let exits = rows.times.by_exit.values.windows(2);
        if exits.filter(|pair| pair[0] == pair[1]).count() > n / MANY {
            let mut fingerprints = vec![0; n];
            blocks::map(fingerprints.chunks_mut(BLOCK).enumerate().collect(), |(block, chunk)| {
                let rows = (block * BLOCK..).zip(chunk);
                rows.for_each(|(row, own)| *own = contents.fingerprint(row));
            });
            contents.fingerprints = Some(fingerprints);
        }
        contents
    }

    /// Orders each of some runs of rows, which lie one after the other.
    pub(super) fn order_runs(&self, runs: &[Range<usize>], rows: &mut [u32]) {
        let (mut groups, mut group, mut n) = (Vec::new(), Vec::new(), 0);
        let (mut left, mut start) = (rows, 0);
        for run in runs {
            let (own, rest) = left[run.start - start..].split_at_mut(run.len());
            group.push(own);
            (left, start, n) = (rest, run.end, n + run.len());
            if n >= BLOCK {
                groups.push(std::mem::take(&mut group));
                n = 0;
            }
        }
        groups.push(group);
        blocks::map(groups, |group| {
            let mut room = Vec::new();
            group.into_iter().for_each(|run| self.order(run, &mut room));
        });
    }

    /// Orders rows that share a stratum, an exit time and whether it is an event. Those left in the order
    /// they came in are alike, or, for one pair in 10¹⁹, share a fingerprint by chance.
    pub(super) fn order(&self, tied: &mut [u32], room: &mut Vec<u64>) {
        match &self.fingerprints {
            _ if tied.len() < 2 => {}
            Some(kept) => self.order_by(|row| kept[row as usize], tied, room),
            None => self.order_by(|row| self.fingerprint(row as usize), tied, room),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "the last bits are a place")]
    fn order_by(&self, of: impl Fn(u32) -> u64, tied: &mut [u32], room: &mut Vec<u64>) {
        let compare = |&a: &u32, &b: &u32| of(a).cmp(&of(b)).then_with(|| self.entered(a, b));
        if tied.len() <= FEW {
            return tied.sort_by(compare);
        }
        // The last bits say which row it is, so that only numbers are moved.
        let last = u64::MAX >> (tied.len() as u64 - 1).leading_zeros();
        room.clear();
        room.extend(tied.iter().zip(0..).map(|(&row, place)| of(row) & !last | place));
        room.sort_unstable();
        let given = tied.to_vec();
        tied.iter_mut().zip(&*room).for_each(|(row, key)| *row = given[(key & last) as usize]);
        if room.windows(2).any(|pair| (pair[0] ^ pair[1]) <= last) {
            tied.sort_by(compare);
        }
    }

    /// Which of two rows entered first.
    fn entered(&self, a: u32, b: u32) -> Ordering {
        let entry = self.rows.times.entry.as_ref();
        entry.map_or(Ordering::Equal, |entry| entry[a as usize].total_cmp(&entry[b as usize]))
    }

    /// Of all that tells a row from those of its time but when it entered, where only the order of times has
    /// a say.
    #[inline]
    fn fingerprint(&self, row: usize) -> u64 {
        let Self { rows, design, tails, .. } = self;
        let weight = rows.weight(row).to_bits();
        let offset = design.offset().map_or(0, |offset| offset[row].to_bits());
        let curve =
            tails.and_then(|tails| tails.follows[row]).map_or(0, |curve| u64::from(curve) + 1);
        fingerprint(mixed(weight, mixed(offset, curve)), design.row(row))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::tails::TailWeight;
    use super::*;
    use crate::data::{CountingProcess, RightCensored, SurvivalData, Weights};

    fn rows(data: &impl SurvivalData) -> &Rows {
        data.rows()
    }

    /// Whatever one row alone has of its own.
    #[test]
    fn rows_that_differ_in_anything_have_different_fingerprints() {
        let other = |row: usize, at: usize| f64::from(u8::from(row == at));
        let of = |at: usize| -> Vec<f64> { (0..7).map(|row| other(row, at)).collect() };
        let weights: Vec<f64> = of(1).iter().map(|other| 1.0 + other).collect();
        let data = RightCensored::new(&[5.0; 7], &[true; 7]).unwrap();
        let data = data.with_weights(Weights::case(&weights).unwrap()).unwrap();
        let design = Design::builder().offset(&of(2)).numeric("x", &of(3)).numeric("y", &of(4));
        let design = design.numeric("z", &of(5)).build().unwrap();
        let mut follows = vec![None; 7];
        follows[0] = Some(0);
        let tails = Tails { follows, weights: vec![TailWeight::new([].into_iter())] };
        let contents = Contents::new(rows(&data), &design, Some(&tails));
        let numbers: HashSet<u64> = (0..7).map(|row| contents.fingerprint(row)).collect();
        assert_eq!(numbers.len(), 7);
    }

    /// Whether the fingerprint of each row is kept or found when it is asked for.
    #[test]
    fn tied_rows_stand_in_the_order_of_what_they_say() {
        for ties in [1, 40] {
            // Of 40 times one has two rows; or all have one time.
            let time: Vec<f64> =
                (0..40).map(|row| f64::from(i32::max(row % 40, 1) % ties)).collect();
            let x: Vec<f64> = (0..40).map(f64::from).collect();
            let data = RightCensored::new(&time, &[true; 40]).unwrap();
            let design = Design::builder().numeric("x", &x).build().unwrap();
            let contents = Contents::new(rows(&data), &design, None);
            assert_eq!(contents.fingerprints.is_none(), ties == 40);
            let (mut found, mut backwards): (Vec<u32>, Vec<u32>) =
                ((0..40).collect(), (0..40).rev().collect());
            contents.order(&mut found, &mut Vec::new());
            contents.order(&mut backwards, &mut Vec::new());
            assert_eq!(found, backwards);
            assert!(found.is_sorted_by_key(|&row| contents.fingerprint(row as usize)));
        }
    }

    #[test]
    fn of_rows_alike_the_first_to_enter_comes_first() {
        let data = CountingProcess::new(&[0.5, 0.2, 0.3, 0.1], &[1.0; 4], &[true; 4]).unwrap();
        let design = Design::builder().numeric("x", &[7.0; 4]).build().unwrap();
        let contents = Contents::new(rows(&data), &design, None);
        let in_order = |mut rows: Vec<u32>| {
            contents.order(&mut rows, &mut Vec::new());
            rows
        };
        assert_eq!(in_order(vec![0, 1, 2, 3]), [3, 1, 2, 0]);
        assert_eq!(in_order(vec![0, 1]), [1, 0]);
    }

    #[test]
    fn every_thread_finds_the_fingerprints_of_its_own_rows() {
        let n = 2 * BLOCK + 5;
        let x: Vec<f64> = (0..n).map(|row| row as f64).collect();
        let data = RightCensored::new(&vec![1.0; n], &vec![true; n]).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let contents = Contents::new(rows(&data), &design, None);
        let kept = contents.fingerprints.as_ref().unwrap();
        assert!((0..n).all(|row| kept[row] == contents.fingerprint(row)));
    }

    /// Groups of runs, the last of them not full, and rows between that stay where they are.
    #[test]
    fn every_run_is_ordered_by_itself() {
        let n = 3 * BLOCK;
        let x: Vec<f64> = (0..n).map(|row| row as f64).collect();
        let data = RightCensored::new(&x, &vec![true; n]).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let contents = Contents::new(rows(&data), &design, None);
        let runs: Vec<Range<usize>> = (0..n / 700).map(|k| 700 * k + 5..700 * (k + 1)).collect();
        let given: Vec<u32> = (0..n as u32).rev().collect();
        let (mut found, mut expected) = (given.clone(), given);
        contents.order_runs(&runs, &mut found);
        runs.into_iter().for_each(|run| contents.order(&mut expected[run], &mut Vec::new()));
        assert_eq!(found, expected);
        assert!(!expected.is_sorted_by(|a, b| a > b));
    }

    /// They agree in all but their last bits.
    #[test]
    fn near_fingerprints_are_told_apart() {
        let data = RightCensored::new(&[1.0; 5], &[true; 5]).unwrap();
        let design = Design::builder().numeric("x", &[0.0; 5]).build().unwrap();
        let fingerprints = Some(vec![7, 3, u64::MAX, 4, 3]);
        let contents = Contents { fingerprints, ..Contents::new(rows(&data), &design, None) };
        let mut rows = [0, 1, 2, 3, 4];
        contents.order(&mut rows, &mut Vec::new());
        assert_eq!(rows, [1, 4, 3, 0, 2]);
    }
}
