//! The tests of one term.

use std::fmt;

use crate::error::Result;
use crate::regression::cox::{NotTested, Split, Submodels};
use crate::statistic::TestResult;

/// Why there is no test of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum NoTest {
    /// The other columns say all that these say: there is nothing to test.
    Aliased,
    /// A coefficient is infinite, or nothing is left for the score once another one is. Wald's
    /// statistic means nothing there; the likelihood ratio does.
    InfiniteCoefficient,
    /// The variance is robust, so that the likelihood is not that of the data: rows of a cluster
    /// depend on each other, a sampling weight is no number of rows.
    RobustVariance,
    /// The variance of the coefficients is singular, as with fewer clusters than columns, or too
    /// small to divide by.
    SingularVariance,
}

impl fmt::Display for NoTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Aliased => "the other columns say all that these say",
            Self::InfiniteCoefficient => "a coefficient is infinite",
            Self::RobustVariance => {
                "the likelihood ratio has no distribution under a robust variance"
            }
            Self::SingularVariance => "the variance of the coefficients is singular",
        })
    }
}

impl From<NotTested> for NoTest {
    fn from(reason: NotTested) -> Self {
        match reason {
            NotTested::Aliased => Self::Aliased,
            NotTested::Infinite => Self::InfiniteCoefficient,
            NotTested::Robust => Self::RobustVariance,
            NotTested::Singular => Self::SingularVariance,
        }
    }
}

/// Whether the columns of a term are needed: three tests of one hypothesis, from
/// [`CoxFit::term_tests`](crate::regression::cox::CoxFit::term_tests).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TermTest {
    /// Name of the term.
    pub term: String,
    /// Degrees of freedom: the rank that its columns add to those of the other terms.
    pub df: usize,
    /// 2 (ℓ − ℓ₀), ℓ₀ the maximum without the columns, on the same rows.
    pub likelihood_ratio: Result<TestResult, NoTest>,
    /// βᵀ V⁻¹ β, by the variance of the fit.
    pub wald: Result<TestResult, NoTest>,
    /// The score test of adding the columns to the maximum without them; with the sandwich variance
    /// where that of the fit is. Beside an infinite coefficient it can have fewer degrees of freedom.
    pub score: Result<TestResult, NoTest>,
}

impl TermTest {
    pub(super) fn new(term: String, models: &mut Submodels<'_>, split: &Split) -> Result<Self> {
        Ok(Self {
            term,
            df: models.rank(split),
            likelihood_ratio: models.likelihood_ratio(split)?.map_err(NoTest::from),
            wald: models.wald(split).map_err(NoTest::from),
            score: models.score(split)?.map_err(NoTest::from),
        })
    }

    /// The likelihood-ratio test, or where there is none Wald's.
    #[must_use]
    pub fn preferred(&self) -> Option<&TestResult> {
        self.likelihood_ratio.as_ref().or(self.wald.as_ref()).ok()
    }
}
