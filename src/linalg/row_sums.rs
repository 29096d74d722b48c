//! Weighted sums of rows.

#![expect(
    clippy::indexing_slicing,
    reason = "a column is one of those of each row, and a row has its factors"
)]

use multiversion::multiversion;

use super::columns::{self, Lanes, OverRows};

/// Adds Σ f x over rows that lie one after the other, for one or more factors f of each row. The bits do
/// not depend on the processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_row_sums<const N: usize>(
    rows: &[f64],
    factors: [&[f64]; N],
    sums: [&mut [f64]; N],
) {
    columns::in_turn(sums[0].len(), &mut RowSums { rows, factors, sums });
}

/// Adds Σ f x² over rows that lie one after the other, for each column. The bits do not depend on the
/// processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_row_squares(rows: &[f64], factors: &[f64], sums: &mut [f64]) {
    columns::in_turn(sums.len(), &mut RowSquares { rows, factors, sums });
}

struct RowSums<'a, 's, const N: usize> {
    rows: &'a [f64],
    factors: [&'a [f64]; N],
    sums: [&'s mut [f64]; N],
}

impl<const N: usize> OverRows for RowSums<'_, '_, N> {
    #[inline(always)]
    fn take<const W: usize, const M: usize, const S: usize>(&mut self, column: usize) {
        let p = self.sums[0].len();
        let n = self.rows.len() / p;
        let factors = self.factors.map(|factors| &factors[..n]);
        let mut parts = [Lanes::<W, M, S>::ZERO; N];
        for (i, row) in self.rows.chunks_exact(p).enumerate() {
            let x = Lanes::of(&row[column..]);
            for (part, factors) in parts.iter_mut().zip(factors) {
                let factor = factors[i];
                part.change(&x, |sum, x| sum + factor * x);
            }
        }
        for (sums, part) in self.sums.iter_mut().zip(parts) {
            let mut sum = Lanes::of(&sums[column..]);
            sum.change(&part, |sum, part| sum + part);
            sum.write(&mut sums[column..]);
        }
    }
}

struct RowSquares<'a> {
    rows: &'a [f64],
    factors: &'a [f64],
    sums: &'a mut [f64],
}

impl OverRows for RowSquares<'_> {
    #[inline(always)]
    fn take<const W: usize, const M: usize, const S: usize>(&mut self, column: usize) {
        let mut part = Lanes::<W, M, S>::ZERO;
        for (row, factor) in self.rows.chunks_exact(self.sums.len()).zip(self.factors) {
            part.change(&Lanes::of(&row[column..]), |sum, x| sum + factor * x * x);
        }
        let mut sum = Lanes::of(&self.sums[column..]);
        sum.change(&part, |sum, part| sum + part);
        sum.write(&mut self.sums[column..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for p in 1..40 {
            for n in [0, 1, 2, 7, 33] {
                let (rows, factors) = (fractions(n * p), fractions(2 * n));
                let factors = [&factors[..n], &factors[n..]];
                let start = fractions(2 * p);
                let (mut chosen, mut plain) = (start.clone(), start.clone());
                let (first, second) = chosen.split_at_mut(p);
                add_row_sums(&rows, factors, [first, second]);
                let (first, second) = plain.split_at_mut(p);
                columns::in_turn(p, &mut RowSums { rows: &rows, factors, sums: [first, second] });
                assert!(same_bits(&chosen, &plain), "{n} x {p}");
                let (mut chosen, mut plain) = (fractions(p), fractions(p));
                add_row_squares(&rows, factors[0], &mut chosen);
                let (rows, factors) = (&rows, factors[0]);
                columns::in_turn(p, &mut RowSquares { rows, factors, sums: &mut plain });
                assert!(same_bits(&chosen, &plain), "squares, {n} x {p}");
            }
        }
    }

    #[test]
    fn every_width() {
        for p in 0..40 {
            let rows: Vec<f64> = (0..7 * p).map(|k| (k % 13) as f64).collect();
            let (a, b) = ([1.0, 2.0, 0.0, -1.0, 3.0, 1.0, 5.0], [0.5; 7]);
            let (mut of_a, mut of_b) = (vec![1.0; p], vec![0.0; p]);
            add_row_sums(&rows, [&a, &b], [&mut of_a, &mut of_b]);
            let mut squares = vec![1.0; p];
            if p > 0 {
                add_row_squares(&rows, &a, &mut squares);
            }
            for j in 0..p {
                let square = |(x, a): (f64, f64)| a * x * x;
                let column = || (0..7).map(|i| rows[i * p + j]);
                assert_eq!(of_a[j], 1.0 + column().zip(a).map(|(x, a)| a * x).sum::<f64>());
                assert_eq!(of_b[j], column().sum::<f64>() / 2.0);
                assert_eq!(squares[j], 1.0 + column().zip(a).map(square).sum::<f64>());
            }
        }
    }
}
