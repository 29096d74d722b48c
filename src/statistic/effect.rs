//! Two estimates held against each other: their difference and their ratio.

use ndarray::Array2;

use super::interval::Interval;
use super::test_result::{TestKind, TestResult};
use crate::error::{Error, Result};
use crate::linalg::Ldl;

/// The difference of two estimates, as in a
/// [`RestrictedMeanComparison`](crate::nonparametric::RestrictedMeanComparison). They are independent
/// unless the comparison says otherwise.
///
/// The limits are estimate ± z · standard error, and the test is Wald's of a difference of 0.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Difference {
    /// The difference, in the unit of the two.
    pub estimate: f64,
    /// Its standard error: the root of the sum of both variances, less twice the covariance of
    /// estimates that are dependent.
    pub std_error: f64,
    /// Its limits.
    pub interval: Interval,
    /// Two-sided test of a difference of 0; `None` where the standard error is 0
    /// or too small to divide by.
    pub test: Option<TestResult>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Difference { std_error: not_negative });

/// The ratio of two estimates above 0, with limits and test on the log scale, as in a
/// [`RestrictedMeanComparison`](crate::nonparametric::RestrictedMeanComparison). They are independent
/// unless the comparison says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Ratio {
    /// The ratio, above 0.
    pub estimate: f64,
    /// Standard error of its logarithm: the root of the sum of (standard error / estimate)², less
    /// twice the covariance of the logarithms of dependent estimates.
    pub std_error_ln: f64,
    /// Its limits: estimate · exp(± z · `std_error_ln`).
    pub interval: Interval,
    /// Two-sided test of a ratio of 1; `None` where the standard error is 0
    /// or too small to divide by.
    pub test: Option<TestResult>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Ratio { estimate: not_negative, std_error_ln: not_negative });

/// An estimate with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) std_error: f64,
}

/// The two-sided Wald test, where there is a standard error to divide by and its p-value has a
/// logarithm that an `f64` can hold.
fn wald(estimate: f64, std_error: f64) -> Option<TestResult> {
    let z = estimate / std_error;
    let test = z.is_finite().then(|| TestResult::normal(TestKind::Wald, z));
    test.filter(|test| test.ln_p_value.is_finite())
}

/// The standard error of a difference: (σ_a − σ_b)² + 2 (1 − ρ) σ_a σ_b under the root, of which no
/// term is negative.
fn of_difference(a: f64, b: f64, correlation: f64) -> f64 {
    match correlation {
        0.0 => a.hypot(b),
        rho => (a - b).hypot((2.0 * (1.0 - rho)).sqrt() * a.sqrt() * b.sqrt()),
    }
}

fn finite(lower: f64, upper: f64, level: f64) -> Interval {
    let limit = |limit: f64| limit.is_finite().then_some(limit);
    Interval { lower: limit(lower), upper: limit(upper), level }
}

impl Difference {
    /// `a` − `b`, with the multiplier `z` of the level.
    pub(crate) fn new(a: Estimate, b: Estimate, level: f64, z: f64) -> Self {
        Self::dependent(a, b, 0.0, level, z)
    }

    /// The same for estimates with a correlation.
    pub(crate) fn dependent(
        a: Estimate,
        b: Estimate,
        correlation: f64,
        level: f64,
        z: f64,
    ) -> Self {
        let std_error = of_difference(a.std_error, b.std_error, correlation);
        Self::of(a.value - b.value, std_error, level, z)
    }

    /// The same, or that its standard error is beyond the range of numbers.
    pub(crate) fn held(self, estimator: &'static str) -> Result<Self> {
        match self.std_error.is_finite() {
            true => Ok(self),
            false => Err(Error::Unsupported {
                estimator,
                what: "a standard error that no f64 can hold",
                instead: "give times or weights in another unit",
            }),
        }
    }

    /// A difference whose standard error is known.
    pub(crate) fn of(estimate: f64, std_error: f64, level: f64, z: f64) -> Self {
        let interval = finite(estimate - z * std_error, estimate + z * std_error, level);
        Self { estimate, std_error, interval, test: wald(estimate, std_error) }
    }
}

impl Ratio {
    /// `a` / `b` with their correlation; `None` unless both are above 0 and their ratio is a number.
    pub(crate) fn new(
        a: Estimate,
        b: Estimate,
        correlation: f64,
        level: f64,
        z: f64,
    ) -> Option<Self> {
        if !(a.value > 0.0 && b.value > 0.0) {
            return None;
        }
        let (estimate, ln) = (a.value / b.value, a.value.ln() - b.value.ln());
        let std_error_ln = of_difference(a.std_error / a.value, b.std_error / b.value, correlation);
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
    let origin = estimates.first()?.value;
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

/// The same for estimates with a correlation matrix: the quadratic form of their differences from
/// the first. `None` when the covariance of these is singular.
#[expect(clippy::indexing_slicing, reason = "there is a row and a column for each estimate")]
pub(crate) fn homogeneity_dependent(
    estimates: &[Estimate],
    correlation: &Array2<f64>,
) -> Option<TestResult> {
    let (first, others) = estimates.split_first()?;
    let unit = estimates.iter().map(|estimate| estimate.std_error).fold(0.0, f64::max);
    let sigma: Vec<f64> = estimates.iter().map(|estimate| estimate.std_error / unit).collect();
    let covariance = |j: usize, l: usize| sigma[j] * sigma[l] * correlation[[j, l]];
    let place: Vec<usize> = (1..estimates.len()).collect();
    let of_differences = Array2::from_shape_fn((others.len(), others.len()), |(j, l)| {
        let (j, l) = (place[j], place[l]);
        covariance(j, l) - covariance(j, 0) - covariance(0, l) + covariance(0, 0)
    });
    let ldl = Ldl::new(&of_differences);
    let differences: Vec<f64> =
        others.iter().map(|other| (other.value - first.value) / unit).collect();
    let statistic = ldl.quadratic_form(&differences);
    let whole = !others.is_empty() && ldl.rank() == others.len() && statistic.is_finite();
    whole.then(|| TestResult::chi_square(TestKind::Wald, statistic, others.len()))
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
        assert_eq!(difference.interval, Interval::between(-7.0, 13.0, 0.95));
        approx::assert_relative_eq!(homogeneity(&[a, b]).unwrap().statistic, 0.36);
        let ratio = Ratio::new(a, b, 0.0, 0.95, 2.0).unwrap();
        assert_eq!((ratio.estimate, ratio.std_error_ln), (2.5, 0.6_f64.hypot(2.0)));
    }

    #[test]
    fn dependent_estimates() {
        let (a, b) = (estimate(5.0, 3.0), estimate(2.0, 4.0));
        // 9 + 16 − 2 · 0.5 · 12 = 13.
        let difference = Difference::dependent(a, b, 0.5, 0.95, 2.0);
        approx::assert_relative_eq!(difference.std_error, 13.0_f64.sqrt(), epsilon = 1e-15);
        let correlation = ndarray::array![[1.0, 0.5], [0.5, 1.0]];
        let test = homogeneity_dependent(&[a, b], &correlation).unwrap();
        approx::assert_relative_eq!(test.statistic, 9.0 / 13.0, epsilon = 1e-15);
        let all = [a, b, estimate(4.0, 1.5)];
        let independent = homogeneity_dependent(&all, &Array2::eye(3)).unwrap();
        let expected = homogeneity(&all).unwrap();
        approx::assert_relative_eq!(independent.statistic, expected.statistic, epsilon = 1e-14);
        assert_eq!(independent.df, expected.df);
        let same = ndarray::array![[1.0, 1.0], [1.0, 1.0]];
        assert_eq!(homogeneity_dependent(&[a, a], &same), None);
        assert_eq!(Difference::dependent(a, a, 1.0, 0.95, 2.0).test, None);
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
        assert_eq!(Ratio::new(exact, estimate(0.0, 1.0), 0.0, 0.95, 2.0), None);
    }
}
