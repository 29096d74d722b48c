//! Symmetric rank-k updates.

#![expect(
    clippy::indexing_slicing,
    reason = "a tile lies within the width of a row, and a block ends where it is filled"
)]

use multiversion::multiversion;
use ndarray::Array2;
use std::ops::Range;

use super::dot::{add_multiple, write_multiple};

/// Numbers a block holds, so that it stays in the nearest cache, and vectors it holds at the least: where
/// they are long, the sums of the tiles are not fetched for a few of them.
const BLOCK: usize = 2048;
const LEAST: usize = 64;

/// Rows of a tile, and the width of a block's rows in multiples.
const STEP: usize = 4;

/// Collects vectors v of p numbers for Σ v vᵀ.
///
/// They are gathered in blocks, whose rows are filled up with zeros to a multiple of four; of the
/// product the tiles on and below the diagonal are formed. The bits do not depend on the processor.
#[derive(Debug, Clone)]
pub(crate) struct Gram {
    p: usize,
    /// Empty before the first vector; it begins with those that are not in the sum yet.
    block: Vec<f64>,
    /// How many numbers these take.
    filled: usize,
    /// Empty before the first block is full.
    sum: Vec<f64>,
}

impl Gram {
    /// An empty sum for p columns.
    pub(crate) fn new(p: usize) -> Self {
        Self { p, block: Vec::new(), filled: 0, sum: Vec::new() }
    }

    /// Adds the outer product of a vector with itself. It is compiled for the processor of its caller.
    #[inline(always)]
    pub(crate) fn push(&mut self, vector: impl Iterator<Item = f64>) {
        let p = self.p;
        let free = self.free();
        free.iter_mut().take(p).zip(vector).for_each(|(to, value)| *to = value);
        self.filled += self.width();
    }

    /// The same for a vector a x, or a x + b y. It is compiled for the processor of its caller.
    #[inline(always)]
    pub(crate) fn push_combination(&mut self, (a, x): (f64, &[f64]), other: Option<(f64, &[f64])>) {
        let p = self.p;
        let vector = &mut self.free()[..p];
        write_multiple(vector, a, x);
        if let Some((b, y)) = other {
            add_multiple(vector, b, y);
        }
        self.filled += self.width();
    }

    /// Adds Σ f x xᵀ over rows that lie one after the other, where no f is negative.
    pub(crate) fn push_rows(&mut self, rows: &[f64], factors: &[f64]) {
        let p = self.p;
        self.push_each(factors.len(), |range, into, _| {
            let rows = &rows[range.start * p..range.end * p];
            multiply_rows(rows, &factors[range], p, into);
        });
    }

    /// Adds the outer products of `n` vectors, which `write` is asked for, some at a time: it is told which
    /// they are, where they belong, and the width of each there, of which it leaves what is above p as it is.
    pub(crate) fn push_each(
        &mut self,
        n: usize,
        mut write: impl FnMut(Range<usize>, &mut [f64], usize),
    ) {
        let (width, mut next) = (self.width(), 0);
        while next < n && width > 0 {
            let free = self.free();
            let end = n.min(next + free.len() / width);
            write(next..end, &mut free[..(end - next) * width], width);
            self.filled += (end - next) * width;
            next = end;
        }
    }

    /// Where the next vectors belong, at least one; what fills them up is 0 there.
    #[inline(always)]
    fn free(&mut self) -> &mut [f64] {
        if self.filled == self.block.len() {
            self.flush();
            self.block.resize(self.room(), 0.0);
        }
        &mut self.block[self.filled..]
    }

    /// Adds what another has collected.
    pub(crate) fn merge(&mut self, mut other: Self) {
        if self.block.is_empty() {
            *self = other;
            return;
        }
        self.flush();
        other.flush();
        self.sum.iter_mut().zip(other.sum).for_each(|(sum, other)| *sum += other);
    }

    /// The whole symmetric matrix.
    pub(crate) fn symmetric(mut self) -> Array2<f64> {
        self.flush();
        let width = self.width();
        Array2::from_shape_fn((self.p, self.p), |(i, j)| self.sum[i.max(j) * width + i.min(j)])
    }

    fn width(&self) -> usize {
        self.p.next_multiple_of(STEP)
    }

    /// Numbers a block holds.
    fn room(&self) -> usize {
        let width = self.width();
        width * (BLOCK / width.max(1)).max(LEAST)
    }

    /// Takes the vectors into the sum.
    fn flush(&mut self) {
        let width = self.width();
        self.sum.resize(width * width, 0.0);
        add_products(&self.block[..self.filled], width, &mut self.sum);
        self.filled = 0;
    }
}

/// Writes each row times the root of its factor, in `width` places of which it takes p.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn multiply_rows(rows: &[f64], factors: &[f64], p: usize, into: &mut [f64]) {
    multiply_each_row(rows, factors, p, into);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn multiply_each_row(rows: &[f64], factors: &[f64], p: usize, into: &mut [f64]) {
    let width = p.next_multiple_of(STEP);
    for ((row, factor), into) in rows.chunks_exact(p).zip(factors).zip(into.chunks_exact_mut(width))
    {
        let root = factor.sqrt();
        into.iter_mut().zip(row).for_each(|(to, x)| *to = root * x);
    }
}

/// Adds Bᵀ B on and below the diagonal, by tiles.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn add_products(block: &[f64], width: usize, sum: &mut [f64]) {
    add_tiles(block, width, sum);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn add_tiles(block: &[f64], width: usize, sum: &mut [f64]) {
    for i in (0..width).step_by(STEP) {
        let mut j = 0;
        while j + STEP <= i {
            add_tile::<{ 2 * STEP }>(block, width, (i, j), sum);
            j += 2 * STEP;
        }
        if j <= i {
            add_tile::<STEP>(block, width, (i, j), sum);
        }
    }
}

/// One tile, whose sums are kept at hand.
#[inline(always)]
fn add_tile<const COLUMNS: usize>(
    block: &[f64],
    width: usize,
    (i, j): (usize, usize),
    sum: &mut [f64],
) {
    let mut tile = [[0.0; COLUMNS]; STEP];
    for row in block.chunks_exact(width) {
        let left = row[i..].first_chunk::<STEP>();
        let (Some(left), Some(right)) = (left, row[j..].first_chunk::<COLUMNS>()) else { continue };
        for (sums, a) in tile.iter_mut().zip(left) {
            for (sum, b) in sums.iter_mut().zip(right) {
                *sum += a * b;
            }
        }
    }
    for (sums, row) in tile.iter().zip(sum[i * width..].chunks_mut(width)) {
        row[j..].iter_mut().zip(sums).for_each(|(sum, part)| *sum += part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn equals_the_full_product() {
        for p in [0, 1, 3, 4, 5, 12, 32, 33, 70] {
            for n in [0, 1, 17, 2000] {
                let b = Array2::from_shape_fn((n, p), |(i, j)| ((i * 7 + j * 3) % 11) as f64 - 5.0);
                let (mut gram, mut rest) = (Gram::new(p), Gram::new(p));
                for (i, row) in b.rows().into_iter().enumerate() {
                    let part = if i < 9 { &mut gram } else { &mut rest };
                    part.push(row.iter().copied());
                }
                gram.merge(rest);
                assert_eq!(gram.symmetric(), b.t().dot(&b));
                let (mut gram, ones) = (Gram::new(p), vec![1.0; n]);
                gram.push_rows(b.as_slice().unwrap(), &ones);
                assert_eq!(gram.symmetric(), b.t().dot(&b));
            }
        }
    }

    #[test]
    fn same_bits_on_every_processor() {
        for width in (STEP..=72).step_by(STEP) {
            for n in [0, 1, 2, 3, 17, 64] {
                let block = fractions(n * width);
                let mut chosen = fractions(width * width);
                let mut plain = chosen.clone();
                add_products(&block, width, &mut chosen);
                add_tiles(&block, width, &mut plain);
                assert!(same_bits(&chosen, &plain), "{n} x {width}");
                let factors: Vec<f64> = fractions(n).iter().map(|factor| factor.abs()).collect();
                for p in width - STEP + 1..=width {
                    let (mut chosen, mut plain) = (vec![0.0; n * width], vec![0.0; n * width]);
                    multiply_rows(&block[..n * p], &factors, p, &mut chosen);
                    multiply_each_row(&block[..n * p], &factors, p, &mut plain);
                    assert!(same_bits(&chosen, &plain), "{n} x {p}");
                }
            }
        }
    }
}
