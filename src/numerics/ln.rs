//! ln of many numbers at once.

use multiversion::multiversion;

use super::ln_sum::{LN_2_HIGH, LN_2_LOW};

/// What a number of at least √½ has above it in its bits stands in the bits of its power of two.
const ROOT_HALF: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
const ONE: u64 = 1.0_f64.to_bits();
const FRACTION: u64 = (1 << 52) - 1;

/// 2/3, 2/5, … 2/23: for a square of at most 0.0295 the next term is below a hundredth of the last digit.
const COEFFICIENTS: [f64; 11] = odd_fractions();

#[expect(clippy::indexing_slicing, reason = "k is below the length")]
const fn odd_fractions() -> [f64; 11] {
    let mut fractions = [0.0; 11];
    let mut k = 0;
    while k < fractions.len() {
        fractions[k] = 2.0 / (2 * k + 3) as f64;
        k += 1;
    }
    fractions
}

/// Replaces each x, of at least 1e-300, by ln x, to less than one unit of its last digit. The bits do not
/// depend on the processor.
///
/// With x = 2ᵏ (1 + f) and 1 + f between √½ and √2, ln x is k ln 2 + ln (1 + f), and with s = f/(2 + f)
/// ```text
/// ln (1 + f) = 2s + 2s³/3 + 2s⁵/5 + … = f − (f²/2 − s (f²/2 + 2s²/3 + 2s⁴/5 + …))
/// ```
/// of which f is exact and the rest small. There is no branch: the compiler takes several numbers at a
/// time.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn ln_all(values: &mut [f64]) {
    ln_each(values);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn ln_each(values: &mut [f64]) {
    for x in values {
        // k stands above the fraction of these bits, counted from 1023.
        let shifted = x.to_bits().wrapping_add(ONE - ROOT_HALF);
        let k = ((shifted >> 52) as u32).cast_signed() - 1023;
        let f = f64::from_bits((shifted & FRACTION) + ROOT_HALF) - 1.0;
        let k = f64::from(k);
        let s = f / (2.0 + f);
        let square = s * s;
        let mut series = 0.0;
        for coefficient in COEFFICIENTS.iter().rev() {
            series = (series + coefficient) * square;
        }
        let half = 0.5 * f * f;
        *x = k * LN_2_HIGH - ((half - (s * (half + series) + k * LN_2_LOW)) - f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::{fractions, same_bits};

    #[test]
    fn same_bits_on_every_processor() {
        for n in 0..70 {
            let mut chosen: Vec<f64> = fractions(n).iter().map(|x| x.abs() + 1e-9).collect();
            let mut plain = chosen.clone();
            ln_all(&mut chosen);
            ln_each(&mut plain);
            assert!(same_bits(&chosen, &plain), "{n} numbers");
        }
    }

    /// ln at twice the precision by one Newton step: with y near ln x, ln x = y + ln (x e⁻ʸ), and e⁻ʸ as
    /// an unevaluated sum by its series.
    fn error_in_units(x: f64, value: f64) -> f64 {
        let (mut high, mut low) = (1.0_f64, 0.0_f64);
        // e^(−y / 1024), then squared ten times.
        let r = -value / 1024.0;
        for k in (1..=20).rev() {
            let k = f64::from(k);
            // 1 + r/k · sum
            let factor = r / k;
            let rest = (-factor).mul_add(k, r) / k;
            let product = factor * high;
            let error = factor.mul_add(high, -product) + factor * low + rest * high;
            let total = 1.0 + product;
            let part = (1.0 - total) + product;
            high = total + (part + error);
            low = (part + error) - (high - total);
        }
        for _ in 0..10 {
            let product = high * high;
            let error = high.mul_add(high, -product) + 2.0 * high * low;
            high = product + error;
            low = error - (high - product);
        }
        let product = x * high;
        let excess = (product - 1.0) + (x.mul_add(high, -product) + x * low);
        let unit = f64::from_bits(value.abs().to_bits() + 1) - value.abs();
        (excess - excess * excess / 2.0).abs() / unit
    }

    #[test]
    fn below_one_unit_of_the_last_digit() {
        let inputs: Vec<f64> = (1..=40_000_u32)
            .map(|k| f64::from(k) / 20_011.0)
            .chain((0..2_000_i32).map(|k| (1.0 + f64::from(k) * 1e-4) * 2.0_f64.powi(k / 2 - 900)))
            .chain((1..2_000).map(|k| 1.0 - f64::from(k) * 1e-9))
            .collect();
        let mut all = inputs.clone();
        ln_all(&mut all);
        let worst = inputs.iter().zip(&all).map(|(&x, &value)| error_in_units(x, value));
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 1.0, "{worst} units of the last digit");
    }

    #[test]
    fn exact_at_one_and_alike_at_every_place() {
        let mut all = vec![0.7; 13];
        all[5] = 1.0;
        ln_all(&mut all);
        assert_eq!(all[5], 0.0);
        assert!(all.iter().enumerate().all(|(place, &value)| place == 5 || value == all[0]));
    }
}
