//! Weighted sums of rows.

use multiversion::multiversion;

/// Columns whose sums are kept at hand together: as many as there is room for, and what is left.
const WIDE: usize = 16;
const NARROW: usize = 4;

/// Adds Σ f x over rows that lie one after the other, for one or more factors f of each row. The bits do
/// not depend on the processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_row_sums<const N: usize>(
    rows: &[f64],
    factors: [&[f64]; N],
    sums: [&mut [f64]; N],
) {
    add_columns_in_turn(rows, factors, sums);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn add_columns_in_turn<const N: usize>(
    rows: &[f64],
    factors: [&[f64]; N],
    mut sums: [&mut [f64]; N],
) {
    let p = sums[0].len();
    let mut column = 0;
    while column + WIDE <= p {
        add_columns::<N, WIDE>(rows, p, column, factors, &mut sums);
        column += WIDE;
    }
    while column + NARROW <= p {
        add_columns::<N, NARROW>(rows, p, column, factors, &mut sums);
        column += NARROW;
    }
    (column..p).for_each(|column| add_columns::<N, 1>(rows, p, column, factors, &mut sums));
}

/// The same for some of the columns.
#[inline(always)]
fn add_columns<const N: usize, const COLUMNS: usize>(
    rows: &[f64],
    p: usize,
    column: usize,
    factors: [&[f64]; N],
    sums: &mut [&mut [f64]; N],
) {
    let n = rows.len() / p;
    let factors = factors.map(|factor| &factor[..n]);
    let mut parts = [[0.0; COLUMNS]; N];
    for (i, row) in rows.chunks_exact(p).enumerate() {
        let Some(x) = row[column..].first_chunk::<COLUMNS>() else { continue };
        for (part, factor) in parts.iter_mut().zip(factors) {
            let factor = factor[i];
            part.iter_mut().zip(x).for_each(|(sum, x)| *sum += factor * x);
        }
    }
    for (sum, part) in sums.iter_mut().zip(parts) {
        sum[column..].iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
    }
}

/// Adds Σ f x² over rows that lie one after the other, for each column. The bits do not depend on the
/// processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn add_row_squares(rows: &[f64], factors: &[f64], sums: &mut [f64]) {
    add_squares_in_turn(rows, factors, sums);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn add_squares_in_turn(rows: &[f64], factors: &[f64], sums: &mut [f64]) {
    let (p, mut column) = (sums.len(), 0);
    while column + WIDE <= p {
        add_squares::<WIDE>(rows, column, factors, sums);
        column += WIDE;
    }
    while column + NARROW <= p {
        add_squares::<NARROW>(rows, column, factors, sums);
        column += NARROW;
    }
    (column..p).for_each(|column| add_squares::<1>(rows, column, factors, sums));
}

/// The same for some of the columns.
#[inline(always)]
fn add_squares<const COLUMNS: usize>(
    rows: &[f64],
    column: usize,
    factors: &[f64],
    sums: &mut [f64],
) {
    let mut part = [0.0; COLUMNS];
    for (row, factor) in rows.chunks_exact(sums.len()).zip(factors) {
        let Some(x) = row[column..].first_chunk::<COLUMNS>() else { continue };
        part.iter_mut().zip(x).for_each(|(sum, x)| *sum += factor * x * x);
    }
    sums[column..].iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
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
                add_columns_in_turn(&rows, factors, [first, second]);
                assert!(same_bits(&chosen, &plain), "{n} x {p}");
                let (mut chosen, mut plain) = (fractions(p), fractions(p));
                add_row_squares(&rows, factors[0], &mut chosen);
                add_squares_in_turn(&rows, factors[0], &mut plain);
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
