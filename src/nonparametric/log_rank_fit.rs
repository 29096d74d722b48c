//! The outcome of a log-rank test.

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::test_weight::TestWeight;
#[cfg(feature = "serde")]
use crate::error::Result;
use crate::error::Warning;
use crate::statistic::{Table, TestResult, p_value, significant};

/// Observed and expected events of one group.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct GroupCount {
    /// Rows, or the sum of their frequencies.
    pub n: f64,
    /// Events observed, each times the weight of its time.
    pub observed: f64,
    /// Events expected if all groups had one hazard, weighted likewise.
    pub expected: f64,
}

/// The outcome of a log-rank test: counts by group, their covariance, the test.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(remote = "Self"))]
pub struct LogRankFit {
    names: Vec<String>,
    counts: Vec<GroupCount>,
    strata: Vec<(String, Vec<GroupCount>)>,
    variance: Array2<f64>,
    test: TestResult,
    weight: TestWeight,
    warnings: Vec<Warning>,
}

impl LogRankFit {
    pub(super) fn new(
        names: &[String],
        counts: Vec<GroupCount>,
        strata: Vec<(String, Vec<GroupCount>)>,
        variance: Array2<f64>,
        test: TestResult,
        weight: TestWeight,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { names: names.to_vec(), counts, strata, variance, test, weight, warnings }
    }

    /// Names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.names
    }

    /// Counts of each group, over all strata.
    #[must_use]
    pub fn counts(&self) -> &[GroupCount] {
        &self.counts
    }

    /// Counts of each group within each stratum, with the stratum's name.
    #[must_use]
    pub fn by_stratum(&self) -> &[(String, Vec<GroupCount>)] {
        &self.strata
    }

    /// Covariance matrix of weighted observed − expected, k × k, singular.
    #[must_use]
    pub fn variance(&self) -> ArrayView2<'_, f64> {
        self.variance.view()
    }

    /// The test.
    #[must_use]
    pub fn test(&self) -> &TestResult {
        &self.test
    }

    /// What each event time counted.
    #[must_use]
    pub fn weight(&self) -> TestWeight {
        self.weight
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// As R prints `survdiff`.
impl fmt::Display for LogRankFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |value: &dyn Fn(usize, &GroupCount) -> Option<f64>, digits| {
            let values: Vec<Option<f64>> =
                self.counts.iter().enumerate().map(|(j, count)| value(j, count)).collect();
            significant(&values, digits, "-")
        };
        let squared = |count: &GroupCount| (count.observed - count.expected).powi(2);
        let ratio = |a: f64, b: f64| (b > 0.0).then(|| a / b);
        let table = Table::default()
            .column("", self.names.clone())
            .column("N", column(&|_, count| Some(count.n), 6))
            .column("Observed", column(&|_, count| Some(count.observed), 6))
            .column("Expected", column(&|_, count| Some(count.expected), 3))
            .column("(O-E)^2/E", column(&|_, count| ratio(squared(count), count.expected), 3))
            .column(
                "(O-E)^2/V",
                column(&|j, count| ratio(squared(count), self.variance[[j, j]]), 3),
            );
        let (statistic, df) = (self.test.statistic, self.test.df.unwrap_or(0));
        let p = p_value::text(self.test.p_value);
        write!(f, "{table}\n Chisq= {statistic:.1}  on {df} degrees of freedom, p= {p}\n")?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl LogRankFit {
    fn check(&self) -> Result<()> {
        let k = self.names.len();
        let strata = self.strata.iter().map(|(name, counts)| (name.as_str(), counts.len()));
        let rest = [
            ("counts", self.counts.len()),
            ("variance", self.variance.nrows()),
            ("variance", self.variance.ncols()),
        ];
        crate::checked::same_lengths(k, &strata.chain(rest).collect::<Vec<_>>())
    }
}

#[cfg(feature = "serde")]
crate::checked::checked!(LogRankFit);
