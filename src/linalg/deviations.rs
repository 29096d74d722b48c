//! Deviations from a mean that rows join one after the other.

use multiversion::multiversion;

use super::columns::{self, Lanes, OverRows};

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
    columns::in_turn(mean.len(), &mut Deviations { rows, shares, roots, mean, into, width });
}

struct Deviations<'a> {
    rows: &'a [f64],
    shares: &'a [f64],
    roots: &'a [f64],
    mean: &'a mut [f64],
    into: &'a mut [f64],
    width: usize,
}

impl OverRows for Deviations<'_> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a column is one of those of each row")]
    fn take<const W: usize, const M: usize, const S: usize>(&mut self, column: usize) {
        let mut mean = Lanes::<W, M, S>::of(&self.mean[column..]);
        let rows = self.rows.chunks_exact(self.mean.len());
        let rows = rows.zip(self.into.chunks_exact_mut(self.width));
        for ((row, into), (share, root)) in rows.zip(self.shares.iter().zip(self.roots)) {
            let mut deviation = Lanes::of(&row[column..]);
            deviation.change(&mean, |x, mean| x - mean);
            mean.change(&deviation, |mean, deviation| mean + share * deviation);
            deviation.times(*root).write(&mut into[column..]);
        }
        mean.write(&mut self.mean[column..]);
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
                let (rows, shares, roots) = (fractions(n * p), fractions(n), fractions(2 * n));
                let (mut chosen, mut of_chosen) = (vec![0.0; n * (p + 2)], fractions(p));
                let (mut plain, mut of_plain) = (chosen.clone(), of_chosen.clone());
                let roots = &roots[n..];
                write_deviations(&rows, &shares, roots, &mut of_chosen, (&mut chosen, p + 2));
                let (rows, shares, width) = (&rows, &shares, p + 2);
                let (mean, into) = (&mut of_plain[..], &mut plain[..]);
                let mut work = Deviations { rows, shares, roots, mean, into, width };
                columns::in_turn(p, &mut work);
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
