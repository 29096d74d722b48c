//! Deviations from a mean that rows join one after the other.

use multiversion::multiversion;

/// Columns whose mean is kept at hand together: as many as there is room for, and what is left.
const WIDE: usize = 16;
const NARROW: usize = 4;

/// Writes of each of some rows its deviation from the mean of those before it, times its root; then the mean
/// moves by the row's share of the deviation. The rows lie one after the other, and have `width` places each
/// in what is written, of which they take as many as there are columns. The bits do not depend on the
/// processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn write_deviations(
    rows: &[f64],
    shares: &[f64],
    roots: &[f64],
    mean: &mut [f64],
    (into, width): (&mut [f64], usize),
) {
    write_columns_in_turn(rows, shares, roots, mean, (into, width));
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn write_columns_in_turn(
    rows: &[f64],
    shares: &[f64],
    roots: &[f64],
    mean: &mut [f64],
    (into, width): (&mut [f64], usize),
) {
    let (p, mut column) = (mean.len(), 0);
    while column + WIDE <= p {
        write_columns::<WIDE>(rows, shares, roots, mean, column, (into, width));
        column += WIDE;
    }
    while column + NARROW <= p {
        write_columns::<NARROW>(rows, shares, roots, mean, column, (into, width));
        column += NARROW;
    }
    for column in column..p {
        write_columns::<1>(rows, shares, roots, mean, column, (into, width));
    }
}

/// The same for some of the columns.
#[inline(always)]
fn write_columns<const COLUMNS: usize>(
    rows: &[f64],
    shares: &[f64],
    roots: &[f64],
    mean: &mut [f64],
    column: usize,
    (into, width): (&mut [f64], usize),
) {
    let p = mean.len();
    let Some(of_columns) = mean[column..].first_chunk_mut::<COLUMNS>() else { return };
    let mut mean = *of_columns;
    let rows = rows.chunks_exact(p).zip(into.chunks_exact_mut(width));
    for ((row, into), (share, root)) in rows.zip(shares.iter().zip(roots)) {
        let both =
            row[column..].first_chunk::<COLUMNS>().zip(into[column..].first_chunk_mut::<COLUMNS>());
        let Some((row, into)) = both else { continue };
        for ((mean, x), into) in mean.iter_mut().zip(row).zip(into) {
            let deviation = x - *mean;
            *into = root * deviation;
            *mean += share * deviation;
        }
    }
    *of_columns = mean;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for p in 1..40 {
            for n in [0, 1, 2, 7, 33] {
                let (rows, shares, roots) = (fractions(n * p), fractions(n), fractions(2 * n));
                let (mut chosen, mut of_chosen) = (vec![0.0; n * (p + 2)], fractions(p));
                let (mut plain, mut of_plain) = (chosen.clone(), of_chosen.clone());
                let roots = &roots[n..];
                write_deviations(&rows, &shares, roots, &mut of_chosen, (&mut chosen, p + 2));
                write_columns_in_turn(&rows, &shares, roots, &mut of_plain, (&mut plain, p + 2));
                assert!(same_bits(&chosen, &plain), "{n} x {p}");
                assert!(same_bits(&of_chosen, &of_plain), "{n} x {p}");
            }
        }
    }

    /// With the shares 1, 1/2, 1/3, … the mean is that of all rows so far.
    #[test]
    fn every_row_stands_against_the_mean_of_those_before() {
        let (n, shares) = (6, [1.0, 1.0 / 2.0, 1.0 / 3.0, 1.0 / 4.0, 1.0 / 5.0, 1.0 / 6.0]);
        for p in [1, 3, 4, 17, 21] {
            let (rows, roots) = (fractions(n * p), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
            let (mut into, mut mean, width) = (vec![0.0; n * (p + 3)], vec![0.0; p], p + 3);
            write_deviations(&rows, &shares, &roots, &mut mean, (&mut into, width));
            for j in 0..p {
                let mean_of = |n: usize| (0..n).map(|i| rows[i * p + j]).sum::<f64>() / n as f64;
                approx::assert_relative_eq!(mean[j], mean_of(n), max_relative = 1e-14);
                for i in 1..n {
                    let expected = roots[i] * (rows[i * p + j] - mean_of(i));
                    approx::assert_relative_eq!(
                        into[i * width + j],
                        expected,
                        max_relative = 1e-13
                    );
                }
            }
            assert!((0..n).all(|i| into[i * width + p..][..3] == [0.0; 3]));
        }
    }
}
