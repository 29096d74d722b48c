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
    /// Likelihood-ratio test.
    LikelihoodRatio,
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
            Self::LikelihoodRatio => "Likelihood ratio test",
            Self::Wald => "Wald test",
            Self::Score => "Score test",
            Self::RobustScore => "Robust score test",
        })
    }
}

/// A test statistic with its p-value.
///
/// The p-value comes from the upper tail itself, never from one minus a distribution function, and
/// its logarithm is computed apart, so that it stays right where the p-value underflows.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
