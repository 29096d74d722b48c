//! The outcome of a log-rank test.

use ndarray::{Array2, ArrayView1, ArrayView2};
use std::fmt;

use super::test_weight::TestWeight;
use crate::error::{Error, Result, Warning};
use crate::statistic::{Table, TestKind, TestResult, p_value, significant};

/// Observed and expected events of one group in a [`LogRankFit`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct GroupCount {
    /// Rows, or the sum of their frequencies.
    pub n: f64,
    /// Events observed, each times the weight of its time.
    pub observed: f64,
    /// Events expected if all groups had one hazard, weighted likewise.
    pub expected: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(GroupCount {
    n: not_negative,
    observed: not_negative,
    expected: not_negative,
});

/// The outcome of a log-rank test: counts by group, their covariance, the test.
///
/// What it estimates, and after whom: [`LogRank`](crate::nonparametric::LogRank).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
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

    /// Test for trend over the groups with scores 0, 1, 2, …, see [`trend_by`](Self::trend_by).
    ///
    /// # Errors
    /// [`Error::NothingToCompare`] when the trend has no variance.
    pub fn trend(&self) -> Result<TrendTest> {
        let scores: Vec<f64> = (0..self.names.len()).map(|j| j as f64).collect();
        self.trend_by(&scores)
    }

    /// Test for trend over the groups with a score a_j for each:
    /// ```text
    /// z = Σ a_j U_j / √(aᵀ V a)
    /// ```
    /// Positive when higher scores have more events than expected. Only the spacing of the scores
    /// matters. (Tarone 1975, doi:10.1093/biomet/62.3.679.)
    ///
    /// ```
    /// use riskset::{Groups, LogRank, RightCensored};
    ///
    /// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true; 6])?;
    /// let dose = Groups::new(&["high", "high", "low", "low", "none", "none"])?;
    /// let trend = LogRank::new().fit(&data, &dose)?.trend_by(&[2.0, 1.0, 0.0])?;
    /// assert!((trend.test.statistic - 2.5829597).abs() < 1e-7); // early deaths at a high dose
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* by hand from `survdiff`: `sum(a * (obs - exp)) / sqrt(a %*% var %*% a)`.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidOption`] for a score that is not finite;
    /// [`Error::NothingToCompare`] when the trend has no variance.
    #[expect(clippy::indexing_slicing, reason = "there is a score for each group, as is checked")]
    pub fn trend_by(&self, scores: &[f64]) -> Result<TrendTest> {
        let (expected, found) = (self.names.len(), scores.len());
        if found != expected {
            return Err(Error::LengthMismatch { what: "scores".to_owned(), expected, found });
        }
        if let Some(&value) = scores.iter().find(|score| !score.is_finite()) {
            let rule = "must be finite";
            return Err(Error::InvalidOption { option: "scores", value, rule });
        }
        let a = ArrayView1::from(scores);
        let variance = a.dot(&self.variance.dot(&a));
        let scale: f64 = (0..expected).map(|j| a[j] * a[j] * self.variance[[j, j]]).sum();
        if !(variance > 1e-12 * scale) {
            return Err(Error::NothingToCompare);
        }
        let difference = |count: &GroupCount| count.observed - count.expected;
        let sum: f64 = self.counts.iter().zip(scores).map(|(c, a)| a * difference(c)).sum();
        let test = TestResult::normal(TestKind::Trend, sum / variance.sqrt());
        Ok(TrendTest { scores: scores.to_vec(), test })
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

/// A test for trend with the scores it took, from [`LogRankFit::trend_by`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TrendTest {
    /// The score of each group.
    pub scores: Vec<f64>,
    /// The test, a two-sided z.
    pub test: TestResult,
}

impl fmt::Display for TrendTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores: Vec<String> = self.scores.iter().map(f64::to_string).collect();
        write!(f, "{} (scores {})", self.test, scores.join(", "))
    }
}

/// As R prints `survdiff`.
impl fmt::Display for LogRankFit {
    #[expect(clippy::indexing_slicing, reason = "the covariance has a row for each group counted")]
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
        crate::checked::numbers!(self { variance: covariance })?;
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
