//! Two independent estimates held against each other: their difference and their ratio.

use super::interval::Interval;
use super::test_result::{TestKind, TestResult};

/// The difference of two independent estimates.
///
/// The limits are estimate ± z · standard error, and the test is Wald's of a difference of 0.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Difference {
    /// The difference, in the unit of the two.
    pub estimate: f64,
    /// Its standard error: the root of the sum of both variances.
    pub std_error: f64,
    /// Its limits.
    pub interval: Interval,
    /// Two-sided test of a difference of 0; `None` where the standard error is 0.
    pub test: Option<TestResult>,
}

/// The ratio of two independent estimates above 0, with limits and test on the log scale.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Ratio {
    /// The ratio, above 0.
    pub estimate: f64,
    /// Standard error of its logarithm: the root of the sum of (standard error / estimate)².
    pub std_error_ln: f64,
    /// Its limits: estimate · exp(± z · `std_error_ln`).
    pub interval: Interval,
    /// Two-sided test of a ratio of 1; `None` where the standard error is 0.
    pub test: Option<TestResult>,
}

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) std_error: f64,
}

/// The two-sided Wald test, where there is a standard error to divide by.
fn wald(estimate: f64, std_error: f64) -> Option<TestResult> {
    let z = estimate / std_error;
    z.is_finite().then(|| TestResult::normal(TestKind::Wald, z))
}

fn finite(lower: f64, upper: f64, level: f64) -> Interval {
    let limit = |limit: f64| limit.is_finite().then_some(limit);
    Interval { lower: limit(lower), upper: limit(upper), level }
}

impl Difference {
    /// `a` − `b`, with the multiplier `z` of the level.
    pub(crate) fn new(a: Estimate, b: Estimate, level: f64, z: f64) -> Self {
        let (estimate, std_error) = (a.value - b.value, a.std_error.hypot(b.std_error));
        let interval = finite(estimate - z * std_error, estimate + z * std_error, level);
        Self { estimate, std_error, interval, test: wald(estimate, std_error) }
    }
}

impl Ratio {
    /// `a` / `b`; `None` unless both are above 0 and their ratio is a number.
    pub(crate) fn new(a: Estimate, b: Estimate, level: f64, z: f64) -> Option<Self> {
        if !(a.value > 0.0 && b.value > 0.0) {
            return None;
        }
        let (estimate, ln) = (a.value / b.value, a.value.ln() - b.value.ln());
        let std_error_ln = (a.std_error / a.value).hypot(b.std_error / b.value);
        if !(estimate > 0.0 && estimate.is_finite() && std_error_ln.is_finite()) {
            return None;
        }
        let limit = |z: f64| (ln + z * std_error_ln).exp();
        let interval = finite(limit(-z), limit(z), level);
        Some(Self { estimate, std_error_ln, interval, test: wald(ln, std_error_ln) })
    }
}

/// Wald's test that independent estimates have one value: a chi-square on one degree of freedom
/// fewer than there are estimates.
///
/// ```text
/// χ² = Σ (θⱼ − θ̄)²/σⱼ²      θ̄ = Σ (θⱼ/σⱼ²) / Σ (1/σⱼ²)
/// ```
/// which is the quadratic form of any k − 1 independent contrasts. An estimate without error is θ̄;
/// with two of them there is no test.
pub(crate) fn homogeneity(estimates: &[Estimate]) -> Option<TestResult> {
    let df = estimates.len().checked_sub(1).filter(|&df| df > 0)?;
    if estimates.iter().filter(|estimate| estimate.std_error == 0.0).count() > 1 {
        return None;
    }
    let least = estimates.iter().map(|estimate| estimate.std_error).fold(f64::INFINITY, f64::min);
    let weight = |std_error: f64| match std_error == least {
        true => 1.0,
        false => (least / std_error).powi(2),
    };
    // Held against the first, so that near estimates lose nothing to their common size.
    let origin = estimates[0].value;
    let (sum, weights) = estimates.iter().fold((0.0, 0.0), |(sum, weights), estimate| {
        let weight = weight(estimate.std_error);
        (sum + weight * (estimate.value - origin), weights + weight)
    });
    let mean = sum / weights;
    let statistic: f64 = (estimates.iter().filter(|estimate| estimate.std_error > 0.0))
        .map(|estimate| ((estimate.value - origin - mean) / estimate.std_error).powi(2))
        .sum();
    statistic.is_finite().then(|| TestResult::chi_square(TestKind::Wald, statistic, df))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, std_error: f64) -> Estimate {
        Estimate { value, std_error }
    }

    #[test]
    fn two_estimates_give_the_square_of_their_difference() {
        let (a, b) = (estimate(5.0, 3.0), estimate(2.0, 4.0));
        let difference = Difference::new(a, b, 0.95, 2.0);
        assert_eq!((difference.estimate, difference.std_error), (3.0, 5.0));
        assert_eq!(difference.interval, Interval::new(-7.0, 13.0, 0.95));
        approx::assert_relative_eq!(homogeneity(&[a, b]).unwrap().statistic, 0.36);
        let ratio = Ratio::new(a, b, 0.95, 2.0).unwrap();
        assert_eq!((ratio.estimate, ratio.std_error_ln), (2.5, 0.6_f64.hypot(2.0)));
    }

    #[test]
    fn three_estimates_by_hand() {
        // Weights 1, 1, 1/4: mean 16/9, squares (16/9)², (2/9)²·1, (38/9)²/4.
        let statistic = homogeneity(&[estimate(0.0, 1.0), estimate(2.0, 1.0), estimate(8.0, 2.0)]);
        let mean: f64 = 4.0 / 2.25;
        let by_hand = mean * mean + (2.0 - mean).powi(2) + (8.0 - mean).powi(2) / 4.0;
        approx::assert_relative_eq!(statistic.unwrap().statistic, by_hand, epsilon = 1e-14);
    }

    #[test]
    fn estimates_without_error() {
        let exact = estimate(1.0, 0.0);
        assert_eq!(homogeneity(&[exact, exact, estimate(2.0, 1.0)]), None);
        assert_eq!(homogeneity(&[exact, estimate(4.0, 1.5)]).unwrap().statistic, 4.0);
        assert_eq!(homogeneity(&[exact]), None);
        assert_eq!(Difference::new(exact, exact, 0.95, 2.0).test, None);
        assert_eq!(Ratio::new(exact, estimate(0.0, 1.0), 0.95, 2.0), None);
    }
}
