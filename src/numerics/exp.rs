//! exp of many numbers at once.

use multiversion::multiversion;

/// log₂ e.
const LOG2_E: f64 = std::f64::consts::LOG2_E;

/// The first 32 bits of ln 2, of which a multiple by up to 2²⁰ is exact, and the rest.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Added to a number below 2⁵¹ it leaves the nearest whole number in the last bits.
const SHIFT: f64 = 6_755_399_441_055_744.0;

/// 1/2!, 1/3!, … 1/13!: up to ln 2 / 2 the next term is below a twentieth of the last digit.
const COEFFICIENTS: [f64; 12] = inverse_factorials();

#[expect(clippy::indexing_slicing, reason = "k is below the length")]
const fn inverse_factorials() -> [f64; 12] {
    let mut inverses = [0.0; 12];
    let (mut factorial, mut k) = (1.0, 0);
    while k < inverses.len() {
        factorial *= (k + 2) as f64;
        inverses[k] = 1.0 / factorial;
        k += 1;
    }
    inverses
}

/// Replaces each x, of at most 700 in size, by exp(x), to less than one unit of its last digit.
/// The bits do not depend on the processor.
///
/// With k the whole number nearest to x / ln 2, exp(x) is 2ᵏ exp(r) for a rest r of at most ln 2 / 2 in
/// size, whose exponential is a polynomial. The rest is kept in two parts, so that its own rounding does
/// not show. There is no branch: the compiler takes several numbers at a time.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(crate) fn exp_all(values: &mut [f64]) {
    exp_each(values);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
pub(crate) fn exp_each(values: &mut [f64]) {
    for x in values {
        let shifted = *x * LOG2_E + SHIFT;
        let k = shifted - SHIFT;
        let high = *x - k * LN_2_HIGH;
        let low = k * LN_2_LOW;
        let r = high - low;
        let rest = (high - r) - low;
        let mut series = 0.0;
        for coefficient in COEFFICIENTS.iter().rev() {
            series = series * r + coefficient;
        }
        let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
        *x = power * (1.0 + (r + (r * r * series + rest)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::test_numbers::same_bits;

    /// A number as an unevaluated sum of two.
    type Double = (f64, f64);

    fn add((a, b): Double, (c, d): Double) -> Double {
        let total = a + c;
        let part = total - a;
        let error = (a - (total - part)) + (c - part) + b + d;
        (total + error, error - ((total + error) - total))
    }

    fn times((a, b): Double, (c, d): Double) -> Double {
        let product = a * c;
        let error = a.mul_add(c, -product) + a * d + b * c;
        (product + error, error - ((product + error) - product))
    }

    /// exp by its series at x / 1024, squared ten times, to about 28 digits.
    fn reference(x: f64) -> Double {
        let x = (x / 1024.0, 0.0);
        let mut sum: Double = (1.0, 0.0);
        for k in (1..=24).rev() {
            let k = f64::from(k);
            let inverse = (1.0 / k, -(1.0 / k).mul_add(k, -1.0) / k);
            sum = add((1.0, 0.0), times(times(x, inverse), sum));
        }
        (0..10).for_each(|_| sum = times(sum, sum));
        sum
    }

    #[test]
    fn below_one_unit_of_the_last_digit() {
        let inputs: Vec<f64> = (-70_000..=70_000_i32)
            .map(|k| f64::from(k) * 0.01 * (1.0 - f64::from(k % 97) * 1e-6))
            .chain((-3_000..3_000).map(|k| f64::from(k) * 1.234_567e-4))
            .collect();
        let mut all = inputs.clone();
        exp_all(&mut all);
        let worst = inputs.iter().zip(&all).map(|(&x, &value)| {
            let (high, low) = reference(x);
            let unit = f64::from_bits(high.to_bits() + 1) - high;
            (((value - high) - low) / unit).abs()
        });
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 0.9, "{worst} units of the last digit");
    }

    #[test]
    fn same_bits_on_every_processor() {
        let numbers = [0.0, -0.0, 1e-310, -5e-324, 700.0, -700.0, 0.5_f64.ln(), 1.0].into_iter();
        let numbers =
            numbers.chain((0..5_000).map(|k| f64::from(k * 7919 % 10_007) * 0.14 - 700.0));
        let numbers: Vec<f64> = numbers.collect();
        for n in (0..=67).chain([numbers.len()]) {
            let (mut chosen, mut plain) = (numbers[..n].to_vec(), numbers[..n].to_vec());
            exp_all(&mut chosen);
            exp_each(&mut plain);
            assert!(same_bits(&chosen, &plain), "{n} numbers");
        }
    }

    #[test]
    fn exact_at_zero_and_alike_at_every_place() {
        let mut all = vec![0.7; 13];
        all[5] = 0.0;
        exp_all(&mut all);
        assert_eq!(all[5], 1.0);
        assert!(all.iter().enumerate().all(|(place, &value)| place == 5 || value == all[0]));
    }
}
