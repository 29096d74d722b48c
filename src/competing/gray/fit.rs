//! The outcome of Gray's test.

use ndarray::Array2;
use std::fmt;

use crate::competing::of_cause::{self, of_cause};
use crate::data::Cause;
use crate::error::{Result, Warning};
use crate::statistic::{Table, TestResult, p_value, significant};

/// Why a cause, or a pair of groups, has no test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Untested {
    /// No row ends by the cause.
    #[error("nobody has the event")]
    NoEvents,
    /// No two groups are at risk together when the cause strikes.
    #[error("no two groups are at risk together at any event time")]
    NothingToCompare,
    /// Under delayed entry everybody at risk in a group failed while others entered later: its
    /// Kaplan–Meier curve is 0, and those at risk cannot be divided by it.
    #[error("the risk set of a group emptied while others entered later")]
    RiskSetEmptied,
    /// The pooled incidence, a sum over groups that die out one after the other, reaches 1 while
    /// groups are still compared.
    #[error("the pooled incidence reaches 1 while groups are still at risk")]
    PooledIncidence,
    /// The correction for ties takes off more than there is: many tied events beside a group of which
    /// nearly nobody is left.
    #[error("the correction for ties makes a variance negative")]
    NegativeVariance,
}

/// One group in the test of one cause: a line of [`CauseTest`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct GroupScore {
    /// Rows, or the sum of their frequencies.
    pub n: f64,
    /// Events of the cause.
    pub n_event: f64,
    /// The score z_k: above 0 where the cause strikes more often than in the pooled groups. The
    /// scores of all groups sum to 0. `None` where they cannot be formed.
    pub score: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(GroupScore { n: not_negative, n_event: not_negative });

/// Gray's test of one cause, in a [`GrayFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CauseTest {
    /// The cause.
    pub cause: Cause,
    /// Its name.
    pub name: String,
    /// Each group, in the order of [`GrayFit::groups`].
    pub scores: Vec<GroupScore>,
    /// Covariance matrix of the scores, k × k, singular; `None` where they cannot be formed.
    pub variance: Option<Array2<f64>>,
    /// The test, or why there is none.
    pub test: Result<TestResult, Untested>,
}

/// Gray's test of every cause.
///
/// What it estimates, and after whom: [`GrayTest`](crate::competing::GrayTest).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct GrayFit {
    groups: Vec<String>,
    causes: Vec<CauseTest>,
    rho: f64,
    warnings: Vec<Warning>,
}

of_cause!(CauseTest, name);

impl GrayFit {
    pub(super) fn new(
        groups: &[String],
        causes: Vec<CauseTest>,
        rho: f64,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { groups: groups.to_vec(), causes, rho, warnings }
    }

    /// Names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The test of each cause, in the order of the data.
    #[must_use]
    pub fn causes(&self) -> &[CauseTest] {
        &self.causes
    }

    /// The test of the cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn cause(&self, name: &str) -> Result<&CauseTest> {
        of_cause::named(&self.causes, name)
    }

    /// The power ρ of the weight.
    #[must_use]
    pub fn rho(&self) -> f64 {
        self.rho
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// As R prints the tests of `cuminc`, each by the name of its cause.
impl fmt::Display for GrayFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tests = || self.causes.iter().map(|cause| cause.test.ok());
        let statistics: Vec<Option<f64>> =
            tests().map(|test| test.map(|test| test.statistic)).collect();
        let text = |of: fn(TestResult) -> String| {
            tests().map(|test| test.map_or_else(|| "-".to_owned(), of)).collect()
        };
        let table = Table::default()
            .column("", self.causes.iter().map(|cause| cause.name.clone()).collect())
            .column("stat", significant(&statistics, 6, "-"))
            .column("pv", text(|test| p_value::text(test.p_value)))
            .column("df", text(|test| test.df.unwrap_or(0).to_string()));
        write!(f, "Tests:\n{table}")?;
        for cause in &self.causes {
            if let Err(reason) = cause.test {
                writeln!(f, "{}: no test, {reason}", cause.name)?;
            }
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl GrayFit {
    fn check(&self) -> Result<()> {
        let k = self.groups.len();
        for cause in &self.causes {
            crate::checked::same_lengths(k, &[("scores", cause.scores.len())])?;
            if let Some(variance) = &cause.variance {
                let (rows, columns) = variance.dim();
                crate::checked::same_lengths(k, &[("variance", rows), ("variance", columns)])?;
            }
        }
        Ok(())
    }
}
