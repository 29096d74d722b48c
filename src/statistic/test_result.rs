//! The outcome of a hypothesis test.

use std::fmt;

use super::p_value;
use crate::numerics::{chi_square, normal};

/// Which test it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TestKind {
    /// Log-rank test.
    LogRank,
    /// Test for trend over ordered groups.
    Trend,
    /// One-sample log-rank test.
    OneSampleLogRank,
    /// Gray's test of cumulative incidences.
    Gray,
    /// Likelihood-ratio test.
    LikelihoodRatio,
    /// Likelihood-ratio test of a variance of 0, which lies on the boundary: the statistic is 0 with
    /// probability ½, and chi-square on one degree of freedom otherwise.
    BoundaryLikelihoodRatio,
    /// Wald test.
    Wald,
    /// Score test.
    Score,
    /// Score test with the sandwich variance.
    RobustScore,
}

impl fmt::Display for TestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::LogRank => "Log-rank test",
            Self::Trend => "Test for trend",
            Self::OneSampleLogRank => "One-sample log-rank test",
            Self::Gray => "Gray's test",
            Self::LikelihoodRatio => "Likelihood ratio test",
            Self::BoundaryLikelihoodRatio => "Likelihood ratio test at the boundary",
            Self::Wald => "Wald test",
            Self::Score => "Score test",
            Self::RobustScore => "Robust score test",
        })
    }
}

/// A test statistic with its p-value; [`TestKind`] says of which test.
///
/// The p-value comes from the upper tail itself, never from one minus a distribution function, and
/// its logarithm is computed apart, so that it stays right where the p-value underflows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TestResult {
    /// Which test it is.
    pub kind: TestKind,
    /// The statistic: chi-square, or z where `df` is `None`.
    pub statistic: f64,
    /// Degrees of freedom of a chi-square statistic; `None` for a two-sided z.
    pub df: Option<usize>,
    /// The p-value, in [0, 1].
    pub p_value: f64,
    /// Its natural logarithm.
    pub ln_p_value: f64,
}

impl TestResult {
    /// A chi-square test with at least one degree of freedom.
    pub(crate) fn chi_square(kind: TestKind, statistic: f64, df: usize) -> Self {
        let statistic = statistic.max(0.0);
        let p_value = chi_square::chi_square_sf(statistic, df as f64);
        let ln_p_value = chi_square::chi_square_ln_sf(statistic, df as f64);
        Self { kind, statistic, df: Some(df), p_value, ln_p_value }
    }

    /// A likelihood-ratio test of a variance of 0, against ½ χ²₀ + ½ χ²₁.
    pub(crate) fn boundary_likelihood_ratio(statistic: f64) -> Self {
        let test = Self::chi_square(TestKind::BoundaryLikelihoodRatio, statistic, 1);
        if !(test.statistic > 0.0) {
            return Self { p_value: 1.0, ln_p_value: 0.0, ..test };
        }
        let ln_p_value = test.ln_p_value - std::f64::consts::LN_2;
        Self { p_value: test.p_value / 2.0, ln_p_value, ..test }
    }

    /// A two-sided normal test.
    pub(crate) fn normal(kind: TestKind, z: f64) -> Self {
        let (p_value, ln_p_value) = normal::normal_two_sided(z);
        Self { kind, statistic: z, df: None, p_value, ln_p_value }
    }

    /// The p-value as clinical papers write it: `<0.001`, `0.049`, `0.23`.
    #[must_use]
    pub fn p_text(&self) -> String {
        p_value::short(self.p_value)
    }
}

#[cfg(feature = "serde")]
impl TestResult {
    fn check(&self) -> crate::error::Result<()> {
        crate::checked::numbers!(self { p_value: probability })?;
        // A chi-square statistic is a square. The logarithm is that of the p-value but for rounding, and goes
        // on where the p-value is 0.
        let square = self.df.is_none() || self.statistic >= 0.0;
        let off = (self.ln_p_value.exp() - self.p_value).abs();
        match square && off <= f64::MIN_POSITIVE.max(1e-9 * self.p_value) {
            true => Ok(()),
            false => Err(crate::error::Error::Inconsistent { what: "test" }),
        }
    }
}

impl fmt::Display for TestResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, statistic, df, p_value, .. } = self;
        let p = p_value::text(*p_value);
        match df {
            Some(df) => write!(f, "{kind} = {statistic:.2} on {df} df, p = {p}"),
            None => write!(f, "{kind}: z = {statistic:.3}, p = {p}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_halves_the_tail() {
        let test = TestResult::boundary_likelihood_ratio(2.705_543_454_095_404);
        approx::assert_relative_eq!(test.p_value, 0.05, epsilon = 1e-14);
        approx::assert_relative_eq!(test.ln_p_value, 0.05_f64.ln(), epsilon = 1e-14);
        let far = TestResult::boundary_likelihood_ratio(4000.0);
        assert_eq!(far.p_value, 0.0);
        let whole = chi_square::chi_square_ln_sf(4000.0, 1.0);
        approx::assert_relative_eq!(far.ln_p_value, whole - std::f64::consts::LN_2);
        for statistic in [0.0, -1e-15] {
            let none = TestResult::boundary_likelihood_ratio(statistic);
            assert_eq!((none.statistic, none.p_value, none.ln_p_value), (0.0, 1.0, 0.0));
        }
    }

    /// From the middle of a distribution to where the p-value is 0, on few and on many degrees of freedom.
    #[cfg(feature = "serde")]
    #[test]
    fn what_is_computed_is_read() {
        for step in -1000..=1000 {
            let statistic = 10_f64.powf(f64::from(step) / 100.0);
            for df in [1, 2, 3, 10, 99, 1000, 100_000, 10_000_000] {
                let around = df as f64 * statistic;
                for statistic in [0.0, statistic, around] {
                    let test = TestResult::chi_square(TestKind::LogRank, statistic, df);
                    assert!(test.check().is_ok(), "{test:?}");
                }
            }
            for z in [statistic, -statistic] {
                let test = TestResult::normal(TestKind::Wald, z);
                assert!(test.check().is_ok(), "{test:?}");
            }
            let test = TestResult::boundary_likelihood_ratio(statistic);
            assert!(test.check().is_ok(), "{test:?}");
        }
    }
}
