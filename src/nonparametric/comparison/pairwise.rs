//! Log-rank tests of every pair of groups.

use std::fmt;

use super::log_rank::{CLUSTERED, LogRank};
use crate::data::{Groups, RiskTable, SurvivalData};
use crate::error::{Error, Result};
use crate::room::room_for;
use crate::statistic::{Adjust, TestKind, TestResult, p_value};

/// Whose rows the variance of a pair comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum PairVariance {
    /// The two groups alone, a log-rank test of its own. `survminer`.
    #[default]
    OwnPair,
    /// All groups: (`U_a` − `U_b`)² / (`V_aa` + `V_bb` − 2 `V_ab`) of the test of all groups. SAS.
    Pooled,
}

/// Log-rank tests of every pair of groups, with adjusted p-values.
///
/// # Definition
/// For groups a and b with the scores z = O − E of the test, and their covariance V, the statistic is
/// ```text
/// (z_a − z_b)² / (V_aa + V_bb − 2 V_ab)
/// ```
/// over the rows of the two, where it is the log-rank test of them, or over all rows with
/// [`PairVariance::Pooled`].
///
/// # Options
/// | name | default |
/// |---|---|
/// | [`test`](Self::test) | the unweighted log-rank test |
/// | [`variance`](Self::variance) | `OwnPair` |
/// | [`adjust`](Self::adjust) | `Holm` |
///
/// # Example
/// ```
/// use riskset::{Groups, RightCensored, nonparametric::Pairwise};
///
/// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true; 6])?;
/// let dose = Groups::new(&["high", "high", "low", "low", "none", "none"])?;
/// let pairs = Pairwise::new().fit(&data, &dose)?;
/// assert_eq!(pairs.len(), 3);
/// assert_eq!((pairs[0].a.as_str(), pairs[0].b.as_str()), ("high", "low"));
/// assert!((pairs[0].test.statistic - 49.0 / 17.0).abs() < 1e-12);
/// assert!(pairs[0].adjusted >= pairs[0].test.p_value);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survminer::pairwise_survdiff`, for `OwnPair`.
///
/// # References
/// Klein & Moeschberger 2003, *Survival Analysis*, section 7.3, doi:10.1007/b97377; for the adjustments
/// see [`Adjust`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pairwise {
    test: LogRank,
    variance: PairVariance,
    adjust: Adjust,
}

/// The test of one pair of groups, from [`Pairwise`] or
/// [`GrayPairwise`](crate::competing::GrayPairwise).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct PairTest {
    /// Name of the first group.
    pub a: String,
    /// Name of the second group.
    pub b: String,
    /// The test, on one degree of freedom.
    pub test: TestResult,
    /// Its p-value, adjusted for the number of pairs.
    pub adjusted: f64,
    /// How it was adjusted.
    pub adjust: Adjust,
}

#[cfg(feature = "serde")]
crate::checked::check!(PairTest { adjusted: probability });

impl Pairwise {
    /// The tests with their defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The test of a pair, with its weight.
    #[must_use]
    pub fn test(self, test: LogRank) -> Self {
        Self { test, ..self }
    }

    /// Whose rows the variance comes from.
    #[must_use]
    pub fn variance(self, variance: PairVariance) -> Self {
        Self { variance, ..self }
    }

    /// How the p-values are adjusted.
    #[must_use]
    pub fn adjust(self, adjust: Adjust) -> Self {
        Self { adjust, ..self }
    }

    /// Tests every pair, in the order of the groups.
    ///
    /// # Errors
    /// Those of [`LogRank::fit`], for any pair.
    pub fn fit(&self, data: &impl SurvivalData, groups: &Groups) -> Result<Vec<PairTest>> {
        data.rows().independent("Pairwise", CLUSTERED)?;
        self.fit_table(&RiskTable::by(data, groups)?)
    }

    /// Tests every pair of groups of a table of counts, whose rows are taken for independent.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    #[expect(clippy::indexing_slicing, reason = "a pair is made of two of the groups")]
    pub fn fit_table(&self, table: &RiskTable) -> Result<Vec<PairTest>> {
        let names = table.groups();
        // Half as many pairs, each with its names.
        room_for::<PairTest>("the tests of all pairs", &[names.len(), names.len()])?;
        let all = self.test.fit_table(table)?;
        let mut pairs = Vec::new();
        for a in 0..names.len() {
            for b in a + 1..names.len() {
                let test = match self.variance {
                    PairVariance::OwnPair => *self.test.fit_table(&table.pair(a, b))?.test(),
                    PairVariance::Pooled => {
                        let u = |j: usize| all.counts()[j].observed - all.counts()[j].expected;
                        let v = all.variance();
                        let variance = v[[a, a]] + v[[b, b]] - 2.0 * v[[a, b]];
                        if !(variance > 0.0) {
                            return Err(Error::NothingToCompare);
                        }
                        let statistic = (u(a) - u(b)).powi(2) / variance;
                        TestResult::chi_square(TestKind::LogRank, statistic, 1)
                    }
                };
                pairs.push((a, b, test));
            }
        }
        let named =
            |(a, b, test): (usize, usize, TestResult)| (names[a].clone(), names[b].clone(), test);
        Ok(PairTest::adjusted(pairs.into_iter().map(named).collect(), self.adjust))
    }
}

impl PairTest {
    /// The tests of named pairs, their p-values adjusted for the number of pairs.
    pub(crate) fn adjusted(pairs: Vec<(String, String, TestResult)>, adjust: Adjust) -> Vec<Self> {
        let p_values: Vec<f64> = pairs.iter().map(|(_, _, test)| test.p_value).collect();
        let adjusted = adjust.apply(&p_values);
        (pairs.into_iter().zip(adjusted))
            .map(|((a, b, test), adjusted)| Self { a, b, test, adjusted, adjust })
            .collect()
    }
}

/// One line: `high against low: chi-square 2.88, p = 0.0896, adjusted 0.269`.
impl fmt::Display for PairTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { a, b, test, adjusted, .. } = self;
        let (p, adjusted) = (p_value::text(test.p_value), p_value::text(*adjusted));
        write!(f, "{a} against {b}: chi-square {:.2}, p = {p}, adjusted {adjusted}", test.statistic)
    }
}
