//! Symmetric rank-k updates.

use multiversion::multiversion;
use ndarray::Array2;

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
    /// Vectors that are not in the sum yet, one after the other.
    block: Vec<f64>,
    /// Empty before the first block is full.
    sum: Vec<f64>,
}

impl Gram {
    /// An empty sum for p columns.
    pub(crate) fn new(p: usize) -> Self {
        Self { p, block: Vec::new(), sum: Vec::new() }
    }

    /// Adds the outer product of a vector with itself.
    #[inline]
    pub(crate) fn push(&mut self, vector: impl Iterator<Item = f64>) {
        let (width, filled) = (self.width(), self.block.len());
        if filled == 0 {
            self.block.reserve_exact(self.room());
        }
        self.block.extend(vector);
        if self.p < width {
            self.block.resize(filled + width, 0.0);
        }
        if self.block.len() + width > self.room() {
            self.flush();
        }
    }

    /// Adds Σ f x xᵀ over rows that lie one after the other, where no f is negative.
    pub(crate) fn push_rows(&mut self, rows: &[f64], factors: &[f64]) {
        for (row, factor) in rows.chunks_exact(self.p.max(1)).zip(factors) {
            let root = factor.sqrt();
            self.push(row.iter().map(|x| root * x));
        }
    }

    /// Adds what another has collected.
    pub(crate) fn merge(&mut self, mut other: Self) {
        if self.sum.is_empty() && self.block.is_empty() {
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

    fn flush(&mut self) {
        let width = self.width();
        self.sum.resize(width * width, 0.0);
        add_products(&self.block, width, &mut self.sum);
        self.block.clear();
    }
}

/// Adds Bᵀ B on and below the diagonal, by tiles.
#[multiversion(targets("x86_64+avx2"))]
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
            }
        }
    }
}
