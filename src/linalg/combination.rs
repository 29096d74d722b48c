//! Combinations of vectors.

use multiversion::multiversion;

use super::columns::{self, Lanes, OverRows};

/// Writes Σ a v, term by term, over vectors v with their multiples a. The bits do not depend on the processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn write_combination<const N: usize>(into: &mut [f64], terms: [(f64, &[f64]); N]) {
    columns::in_turn(into.len(), &mut Combination { into, terms });
}

struct Combination<'a, const N: usize> {
    into: &'a mut [f64],
    terms: [(f64, &'a [f64]); N],
}

impl<const N: usize> OverRows for Combination<'_, N> {
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "a column is one of those of each vector")]
    fn take<const W: usize, const M: usize, const S: usize>(&mut self, column: usize) {
        let mut sum = Lanes::<W, M, S>::ZERO;
        for (k, (multiple, vector)) in self.terms.into_iter().enumerate() {
            let vector = Lanes::of(&vector[column..]);
            match k {
                0 => sum = vector.times(multiple),
                _ => sum.change(&vector, |sum, x| sum + multiple * x),
            }
        }
        sum.write(&mut self.into[column..]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for p in 0..70 {
            let vectors = fractions(3 * p);
            let [a, b, c] = [0, 1, 2].map(|k| &vectors[k * p..(k + 1) * p]);
            let terms = [(0.3, a), (-1.7, b), (1e9, c)];
            let mut chosen = vec![f64::NAN; p];
            write_combination(&mut chosen, terms);
            let mut plain = vec![f64::NAN; p];
            columns::in_turn(p, &mut Combination { into: &mut plain, terms });
            assert!(same_bits(&chosen, &plain), "{p} columns");
            let expected = a.iter().zip(b).zip(c).map(|((a, b), c)| 0.3 * a - 1.7 * b + 1e9 * c);
            assert!(same_bits(&plain, &expected.collect::<Vec<f64>>()), "{p} columns");
        }
    }
}
