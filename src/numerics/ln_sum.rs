//! Sums of logarithms.

use super::sum::Sum;

/// The first 32 bits of ln 2, of which a multiple by up to 2²⁰ is exact, and the rest.
pub(super) const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
pub(super) const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

const FRACTION: u64 = (1 << 52) - 1;
const BIAS: i32 = 1023;

/// Factors that are multiplied before their logarithm is taken.
const FACTORS: u32 = 256;

/// A running sum Σ w ln u.
///
/// With u = 2ᵏ f and f from 1 to 2, the f of terms with the same w are multiplied and their k are added:
/// one logarithm serves them all, and the rounding of the products is below that of so many logarithms.
#[derive(Debug, Clone)]
pub(crate) struct LnSum {
    sum: Sum,
    weight: f64,
    /// Π f and Σ k of the last terms.
    product: f64,
    exponent: i32,
    factors: u32,
}

impl Default for LnSum {
    fn default() -> Self {
        Self { sum: Sum::default(), weight: 1.0, product: 1.0, exponent: 0, factors: 0 }
    }
}

impl LnSum {
    /// Adds w ln u, where u is not negative.
    #[inline]
    pub(crate) fn add(&mut self, weight: f64, u: f64) {
        if !u.is_normal() {
            self.sum.add(weight * u.ln());
            return;
        }
        if weight != self.weight || self.factors == FACTORS {
            self.flush();
            self.weight = weight;
        }
        let (fraction, exponent) = split(u);
        self.product *= fraction;
        self.exponent += exponent;
        self.factors += 1;
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, mut other: Self) {
        other.flush();
        self.sum.merge(other.sum);
    }

    /// The sum, in twice the working precision.
    pub(crate) fn sum(mut self) -> Sum {
        self.flush();
        self.sum
    }

    fn flush(&mut self) {
        let (fraction, exponent) = split(self.product);
        let twos = f64::from(self.exponent + exponent);
        self.sum.add_product(self.weight, twos * LN_2_HIGH);
        self.sum.add(self.weight * (fraction.ln() + twos * LN_2_LOW));
        (self.product, self.exponent, self.factors) = (1.0, 0, 0);
    }
}

/// f and k of a normal positive number.
#[inline]
fn split(u: f64) -> (f64, i32) {
    let bits = u.to_bits();
    let exponent = ((bits >> 52) as u32).cast_signed() - BIAS;
    (f64::from_bits((bits & FRACTION) | 1.0_f64.to_bits()), exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of which all, some or none come with the same weight, in one sum or two.
    #[test]
    fn equals_the_sum_of_the_logarithms() {
        let numbers = |k: u32| f64::from(k % 1013 + 1) * 10_f64.powi((k % 61).cast_signed() - 30);
        let weights: [fn(u32) -> f64; 3] =
            [|_| 1.0, |k| f64::from(k / 400), |k| f64::from(k % 7) + 0.3];
        for weight in weights {
            let (mut one, mut other) = (LnSum::default(), LnSum::default());
            let mut plain = Sum::default();
            for k in 0..3000 {
                let part = if k < 1111 { &mut one } else { &mut other };
                part.add(weight(k), numbers(k));
                plain.add_product(weight(k), numbers(k).ln());
            }
            one.merge(other);
            // The logarithms themselves are right to 16 digits.
            approx::assert_relative_eq!(one.sum().value(), plain.value(), max_relative = 2e-15);
        }
    }

    #[test]
    fn factors_take_no_digits() {
        let mut sum = LnSum::default();
        (0..1_000_000).for_each(|_| sum.add(1.0, 1.25));
        let exact = 1e6 * 1.25_f64.ln();
        approx::assert_relative_eq!(sum.sum().value(), exact, max_relative = 1e-15);
    }

    #[test]
    fn numbers_out_of_range() {
        for u in [0.0, f64::INFINITY, f64::NAN] {
            let mut sum = LnSum::default();
            sum.add(1.0, 2.0);
            sum.add(1.0, u);
            assert!(!sum.sum().value().is_finite(), "{u}");
        }
        let mut tiny = LnSum::default();
        tiny.add(1.0, 5e-324);
        assert_eq!(tiny.sum().value(), 5e-324_f64.ln());
    }
}
