//! Sums of risks, of risks times covariates, and of hazards, that cannot overflow.

use crate::linalg::add_multiple;
use crate::numerics::whole::whole_signed;

/// Numbers are kept as mantissa · STEP^exponent, so that no η overflows or vanishes beside others
/// of its size. Nearly always every exponent is 0.
const LN_STEP: f64 = 400.0 * std::f64::consts::LN_2;

/// The exponential of an η below this in size is taken as it is.
pub(super) const ORDINARY: f64 = LN_STEP / 2.0;

/// 2^400.
const STEP: f64 = 2.582_249_878_086_908_6e120;

/// 2^200.
const HALF_STEP: f64 = 1.606_938_044_258_990_3e60;

/// A positive number of any size: a weighted risk w exp(η), or a jump of a hazard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scaled {
    pub(crate) mantissa: f64,
    pub(crate) exponent: i32,
}

impl Scaled {
    pub(crate) const ZERO: Self = Self { mantissa: 0.0, exponent: 0 };
    pub(crate) const ONE: Self = Self { mantissa: 1.0, exponent: 0 };

    /// The product with a factor of ordinary size.
    pub(crate) fn multiplied(self, factor: f64) -> Self {
        let mantissa = self.mantissa * factor;
        match mantissa.abs() {
            size if size > HALF_STEP => {
                Self { mantissa: mantissa / STEP, exponent: self.exponent + 1 }
            }
            size if size < 1.0 / HALF_STEP && size > 0.0 => {
                Self { mantissa: mantissa * STEP, exponent: self.exponent - 1 }
            }
            _ => Self { mantissa, ..self },
        }
    }

    pub(crate) fn is_zero(self) -> bool {
        self.mantissa == 0.0
    }

    /// One over it; it is not 0.
    pub(crate) fn inverse(self) -> Self {
        Self { mantissa: 1.0 / self.mantissa, exponent: -self.exponent }
    }

    /// The product of two numbers whose exponents about cancel.
    pub(crate) fn times(self, other: Self) -> f64 {
        self.mantissa * other.mantissa * power(self.exponent + other.exponent)
    }

    /// The product of two numbers.
    pub(crate) fn product(self, other: Self) -> Self {
        Self { mantissa: self.mantissa * other.mantissa, exponent: self.exponent + other.exponent }
    }

    /// The sum with another number.
    #[inline]
    pub(crate) fn plus(self, other: Self) -> Self {
        if self.exponent == other.exponent {
            return Self { mantissa: self.mantissa + other.mantissa, ..self };
        }
        match (self.is_zero(), other.is_zero()) {
            (true, _) => other,
            (_, true) => self,
            _ => {
                let exponent = self.exponent.max(other.exponent);
                let on = |number: Self| number.mantissa * power(number.exponent - exponent);
                Self { mantissa: on(self) + on(other), exponent }
            }
        }
    }

    /// The ratio to a number that is not much smaller, and not 0.
    #[inline]
    pub(crate) fn over(self, other: Self) -> f64 {
        self.mantissa / other.mantissa * power(self.exponent - other.exponent)
    }

    /// weight · exp(η).
    pub(crate) fn exp(eta: f64, weight: f64) -> Self {
        if eta.abs() < ORDINARY {
            return Self { mantissa: weight * eta.exp(), exponent: 0 };
        }
        let exponent = (eta / LN_STEP).round();
        let mantissa = weight * (eta - exponent * LN_STEP).exp();
        Self { mantissa, exponent: whole_signed(exponent) }
    }
}

/// STEP^steps; 0 where that is negligible, and never above 1 for the steps this module takes.
pub(crate) fn power(steps: i32) -> f64 {
    match steps {
        0 => 1.0,
        ..=-4 => 0.0,
        _ => STEP.powi(steps.min(2)),
    }
}

/// ln of STEP^exponent.
pub(crate) fn ln_scale(exponent: i32) -> f64 {
    f64::from(exponent) * LN_STEP
}

/// Σ r and Σ r x over a set of rows or times, on a common exponent.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(crate) struct ScaledSum {
    pub(crate) exponent: i32,
    /// Σ r.
    pub(crate) total: f64,
    /// Σ r x, one for each column.
    pub(crate) first: Vec<f64>,
}

impl ScaledSum {
    pub(crate) fn new(p: usize) -> Self {
        Self { exponent: 0, total: 0.0, first: vec![0.0; p] }
    }

    pub(crate) fn clear(&mut self) {
        self.exponent = 0;
        self.total = 0.0;
        self.first.fill(0.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0.0
    }

    /// Moves the sum to another exponent.
    pub(crate) fn rescale(&mut self, exponent: i32) {
        if exponent != self.exponent {
            if !self.is_empty() {
                let factor = power(self.exponent - exponent);
                self.total *= factor;
                self.first.iter_mut().for_each(|value| *value *= factor);
            }
            self.exponent = exponent;
        }
    }

    /// The factor for something on `exponent` that is about to be added, once the sum has made
    /// room for it.
    fn admit(&mut self, exponent: i32) -> f64 {
        if exponent == self.exponent {
            return 1.0;
        }
        if self.is_empty() || exponent > self.exponent {
            self.rescale(exponent);
        }
        power(exponent - self.exponent)
    }

    /// Adds r and r x.
    #[inline]
    pub(crate) fn add(&mut self, number: Scaled, x: &[f64]) {
        let r = number.mantissa * self.admit(number.exponent);
        self.total += r;
        add_multiple(&mut self.first, r, x);
    }

    /// Adds r to the total, and to one column or none: x is an indicator.
    #[expect(clippy::indexing_slicing, reason = "a column is one of those summed")]
    pub(crate) fn add_indicator(&mut self, number: Scaled, column: Option<usize>) {
        let r = number.mantissa * self.admit(number.exponent);
        self.total += r;
        if let Some(column) = column {
            self.first[column] += r;
        }
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.is_empty() {
            return;
        }
        let factor = self.admit(other.exponent);
        self.total += factor * other.total;
        add_multiple(&mut self.first, factor, &other.first);
    }

    /// Adds another sum, multiplied. 0 times a sum adds nothing: what counts stays on its exponent.
    pub(crate) fn merge_times(&mut self, other: &Self, by: Scaled) {
        if other.is_empty() || by.is_zero() {
            return;
        }
        let factor = by.mantissa * self.admit(other.exponent + by.exponent);
        self.total += factor * other.total;
        add_multiple(&mut self.first, factor, &other.first);
    }

    /// Adds a total and a combination of two moments, the second of which may be empty.
    pub(crate) fn merge_moments(
        &mut self,
        exponent: i32,
        total: f64,
        (a, first): (f64, &[f64]),
        (b, second): (f64, &[f64]),
    ) {
        let factor = self.admit(exponent);
        self.total += factor * total;
        let (a, b) = (factor * a, factor * b);
        add_multiple(&mut self.first, a, first);
        if !second.is_empty() {
            add_multiple(&mut self.first, b, second);
        }
    }

    /// Becomes another sum, in the memory there is.
    pub(crate) fn copy_from(&mut self, other: &Self) {
        self.exponent = other.exponent;
        self.total = other.total;
        self.first.clone_from(&other.first);
    }

    /// What `total` and `first` are to be multiplied by for their product with a number.
    pub(crate) fn factor_of(&self, number: Scaled) -> f64 {
        number.mantissa * power(self.exponent + number.exponent)
    }

    /// Brings two sums to one exponent, and names it.
    pub(crate) fn align(&mut self, other: &mut Self) -> i32 {
        let exponent = match (self.is_empty(), other.is_empty()) {
            (true, _) => other.exponent,
            (_, true) => self.exponent,
            _ => self.exponent.max(other.exponent),
        };
        self.rescale(exponent);
        other.rescale(exponent);
        exponent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enormous_and_tiny_risks_keep_their_ratio() {
        let mut sum = ScaledSum::new(1);
        sum.add(Scaled::exp(-2000.0, 1.0), &[1.0]);
        sum.add(Scaled::exp(-2000.0 + 1.0, 1.0), &[3.0]);
        let e = 1.0_f64.exp();
        approx::assert_relative_eq!(
            sum.first[0] / sum.total,
            (1.0 + 3.0 * e) / (1.0 + e),
            epsilon = 1e-13
        );
        let ln = sum.total.ln() + ln_scale(sum.exponent);
        approx::assert_relative_eq!(ln, -2000.0 + e.ln_1p(), epsilon = 1e-14);
        sum.add(Scaled::exp(5000.0, 1.0), &[7.0]);
        approx::assert_relative_eq!(sum.first[0] / sum.total, 7.0, epsilon = 1e-14);
    }

    #[test]
    fn long_products_neither_overflow_nor_vanish() {
        for factor in [1e50_f64, 1e-50, 3.0] {
            let of = |n: usize| (0..n).fold(Scaled::ONE, |product, _| product.multiplied(factor));
            let ratio = of(300).times(of(299).inverse());
            approx::assert_relative_eq!(ratio, factor, max_relative = 1e-12);
            let ln = of(300).mantissa.ln() + ln_scale(of(300).exponent);
            approx::assert_relative_eq!(ln, 300.0 * factor.ln(), max_relative = 1e-13);
        }
    }

    #[test]
    fn products_change_their_exponent_only_where_they_must() {
        for (factor, mantissa, exponent) in [
            (3.0, 3.0, 7),
            (0.5, 0.5, 7),
            (0.0, 0.0, 7),
            (1e50, 1e50, 7),
            (1e-50, 1e-50, 7),
            (1e100, 1e100 / STEP, 8),
            (1e-100, 1e-100 * STEP, 6),
        ] {
            let product = Scaled { mantissa: 1.0, exponent: 7 }.multiplied(factor);
            assert_eq!(product, Scaled { mantissa, exponent });
        }
    }

    #[test]
    fn products_of_any_size_are_products() {
        for (a, b) in [(2000.0, 1500.0), (-3000.0, 900.0), (700.0, -700.0)] {
            let product = Scaled::exp(a, 1.0).product(Scaled::exp(b, 1.0));
            let ln = product.mantissa.ln() + ln_scale(product.exponent);
            approx::assert_abs_diff_eq!(ln, a + b, epsilon = 1e-12 * f64::abs(a));
        }
    }

    #[test]
    fn sums_and_ratios_of_any_size() {
        let of = |eta: f64| Scaled::exp(eta, 1.0);
        for (a, b) in [(-2000.0, -2001.0), (300.0, 290.0), (0.5, 0.25), (700.0, 690.0)] {
            let sum = of(a).plus(of(b));
            let ln = sum.mantissa.ln() + ln_scale(sum.exponent);
            approx::assert_abs_diff_eq!(ln, a + (b - a).exp().ln_1p(), epsilon = 1e-12);
            approx::assert_relative_eq!(of(b).over(of(a)), (b - a).exp(), max_relative = 1e-12);
            assert_eq!(of(a).plus(Scaled::ZERO), of(a));
            assert_eq!(Scaled::ZERO.plus(of(b)), of(b));
        }
        assert_eq!(of(5000.0).plus(of(-5000.0)), of(5000.0));
        assert_eq!(of(-5000.0).over(of(5000.0)), 0.0);
    }

    /// 2⁴¹⁰ + 2⁻¹⁰ · 2⁴²⁰, on different exponents.
    #[test]
    fn a_multiple_is_added_on_the_exponent_of_the_sum() {
        let two = |power: i32| 2_f64.powi(power);
        let mut sum = ScaledSum { exponent: 1, total: two(10), first: vec![3.0 * two(10)] };
        let other = ScaledSum { exponent: 0, total: two(420), first: vec![two(420)] };
        sum.merge_times(&other, Scaled { mantissa: two(-10), exponent: 0 });
        assert_eq!((sum.exponent, sum.total, sum.first[0]), (1, two(11), two(12)));
        let (before, enormous) = (sum.clone(), ScaledSum { exponent: 5, ..other });
        sum.merge_times(&enormous, Scaled { mantissa: 0.0, exponent: 0 });
        assert_eq!(sum, before);
        // 2¹⁰ + (2⁻¹⁰ · 2⁻⁴⁰⁰) (2²⁰ · 2⁴⁰⁰).
        let mut sum = ScaledSum { exponent: 0, total: two(10), first: vec![0.0] };
        let other = ScaledSum { exponent: 1, total: two(20), first: vec![two(21)] };
        sum.merge_times(&other, Scaled { mantissa: two(-10), exponent: -1 });
        assert_eq!((sum.exponent, sum.total, sum.first[0]), (0, two(11), two(11)));
    }

    /// 2³⁹⁰ + 2⁻¹⁰ · 2⁴⁰⁰, the one or the other first: whatever adds goes to the higher exponent.
    #[test]
    fn every_way_to_add_makes_room() {
        let two = |power: i32| 2_f64.powi(power);
        let low = ScaledSum { exponent: 0, total: two(390), first: vec![3.0 * two(390), two(391)] };
        let high = ScaledSum { exponent: 1, total: two(-10), first: vec![two(-9), 5.0 * two(-10)] };
        let both =
            ScaledSum { exponent: 1, total: two(-9), first: vec![5.0 * two(-10), 7.0 * two(-10)] };
        for (sum, other) in [(&low, &high), (&high, &low)] {
            let number = Scaled { mantissa: other.total, exponent: other.exponent };
            let x: Vec<f64> = other.first.iter().map(|first| first / other.total).collect();
            let by = Scaled { mantissa: 0.25, exponent: -1 };
            let quarter = other.first.iter().map(|first| first * 4.0).collect();
            let quarter = ScaledSum {
                exponent: other.exponent + 1,
                total: other.total * 4.0,
                first: quarter,
            };
            let halves: Vec<f64> = other.first.iter().map(|first| first / 6.0).collect();
            let adds: [&dyn Fn(&mut ScaledSum); 5] = [
                &|sum| sum.add(number, &x),
                &|sum| sum.merge(other),
                &|sum| sum.merge_times(&quarter, by),
                &|sum| {
                    let (exponent, total) = (other.exponent, other.total);
                    sum.merge_moments(exponent, total, (4.0, &halves), (2.0, &halves));
                },
                &|sum| {
                    let (exponent, total) = (other.exponent, other.total);
                    sum.merge_moments(exponent, total, (1.0, &other.first), (9.0, &[]));
                },
            ];
            for (way, add) in adds.into_iter().enumerate() {
                let mut sum = sum.clone();
                add(&mut sum);
                approx::assert_relative_eq!(sum.first[..], both.first[..], max_relative = 1e-15);
                assert_eq!((sum.exponent, sum.total), (both.exponent, both.total), "{way}");
                // The first to be added is as it is.
                let mut alone = ScaledSum::new(2);
                add(&mut alone);
                assert_eq!((alone.exponent, alone.total), (other.exponent, other.total), "{way}");
            }
            let mut sum = sum.clone();
            sum.add_indicator(number, Some(1));
            sum.add_indicator(number, None);
            assert_eq!((sum.exponent, sum.total), (1, 3.0 * two(-10)));
        }
        let mut sum = high.clone();
        sum.add_indicator(Scaled { mantissa: two(390), exponent: 0 }, Some(1));
        assert_eq!(sum.first, [two(-9), 6.0 * two(-10)]);
        // A product with a number, on the exponent 0.
        let inverse = Scaled { mantissa: two(12), exponent: -1 };
        assert_eq!(high.total * high.factor_of(inverse), 4.0);
        let mut copy = ScaledSum::new(2);
        copy.copy_from(&high);
        assert_eq!(copy, high);
        copy.clear();
        assert_eq!(copy, ScaledSum::new(2));
    }

    #[test]
    fn aligned_sums_are_on_the_exponent_of_the_larger() {
        let of =
            |exponent: i32, total: f64| ScaledSum { exponent, total, first: vec![3.0 * total] };
        let low = 2_f64.powi(390);
        for (a, b, exponent) in [
            (of(2, 1.0), of(1, low), 2),
            (of(1, low), of(2, 1.0), 2),
            (of(3, 0.0), of(1, low), 1),
            (of(-2, low), of(1, 0.0), -2),
            (of(-5, 1.0), of(-5, low), -5),
        ] {
            let (mut first, mut second) = (a.clone(), b.clone());
            assert_eq!(first.align(&mut second), exponent);
            for (sum, before) in [(first, a), (second, b)] {
                let total = before.total * 2_f64.powi(400 * (before.exponent - exponent));
                assert_eq!(sum, of(exponent, if before.is_empty() { 0.0 } else { total }));
            }
        }
        // What is smaller by 2¹⁶⁰⁰ is nothing beside it.
        assert_eq!([0, 1, -1, -3, -4].map(power), [1.0, STEP, 1.0 / STEP, 0.0, 0.0]);
    }
}
