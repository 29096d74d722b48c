//! Gray's tests of every pair of groups.

use super::estimator::GrayTest;
use super::fit::{CauseTest, Untested};
use crate::data::{Cause, CompetingRisks, Groups, SurvivalData};
use crate::error::Result;
use crate::nonparametric::{PairTest, PairVariance};
use crate::room::room_for;
use crate::statistic::{Adjust, TestKind, TestResult};

/// Gray's test of every pair of groups, for each cause, with p-values adjusted over the pairs.
///
/// # Definition
/// For groups a and b with the scores z of [`GrayTest`] and their covariance V, the statistic is
/// ```text
/// (z_a − z_b)² / (V_aa + V_bb − 2 V_ab)
/// ```
/// over the rows of the two, where it is the test of them, or over all rows with
/// [`PairVariance::Pooled`].
///
/// # Options
/// | name | default |
/// |---|---|
/// | [`test`](Self::test) | ρ = 0 |
/// | [`variance`](Self::variance) | `OwnPair` |
/// | [`adjust`](Self::adjust) | `Holm` |
///
/// # Example
/// ```
/// use riskset::competing::GrayPairwise;
/// use riskset::{CompetingRisks, Groups};
///
/// let time = [1., 2., 3., 4., 5., 6., 7., 8., 9.];
/// let causes = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&time, &[1, 1, 1, 1, 0, 2, 1, 0, 1], &causes)?;
/// let arm = Groups::new(&["a", "b", "c", "a", "b", "c", "a", "b", "c"])?;
/// let relapse = &GrayPairwise::new().fit(&data, &arm)?[0];
/// assert_eq!((relapse.name.as_str(), relapse.pairs.len()), ("relapse", 3));
/// // `cmprsk::cuminc` on the rows of a and c; the smallest of three p-values is tripled.
/// let [ab, ac] = [&relapse.pairs[0], &relapse.pairs[1]];
/// assert!((ac.test.statistic - 1.547777).abs() < 1e-6 && (ab.test.statistic - 1.276546).abs() < 1e-6);
/// assert!((ac.adjusted - 3.0 * ac.test.p_value).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `cmprsk::cuminc` on the rows of each pair, then `p.adjust`, for `OwnPair`.
///
/// # References
/// Gray 1988, doi:10.1214/aos/1176350951; for the adjustments see [`Adjust`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GrayPairwise {
    test: GrayTest,
    variance: PairVariance,
    adjust: Adjust,
}

/// The pairs of one cause, from [`GrayPairwise`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CausePairs {
    /// The cause.
    pub cause: Cause,
    /// Its name.
    pub name: String,
    /// The pairs with a test, in the order of the groups; p-values are adjusted for their number.
    pub pairs: Vec<PairTest>,
    /// The pairs without one.
    pub untested: Vec<UntestedPair>,
}

/// A pair of groups without a test, in [`CausePairs`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct UntestedPair {
    /// Name of the first group.
    pub a: String,
    /// Name of the second group.
    pub b: String,
    /// Why there is no test.
    pub reason: Untested,
}

impl GrayPairwise {
    /// The tests with their defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The test of a pair, with its ρ.
    #[must_use]
    pub fn test(self, test: GrayTest) -> Self {
        Self { test, ..self }
    }

    /// Whose rows the variance comes from; with `Pooled` the scores, too, are those of the test of
    /// all groups.
    #[must_use]
    pub fn variance(self, variance: PairVariance) -> Self {
        Self { variance, ..self }
    }

    /// How the p-values are adjusted.
    #[must_use]
    pub fn adjust(self, adjust: Adjust) -> Self {
        Self { adjust, ..self }
    }

    /// Tests every pair, for each cause in the order of the data.
    ///
    /// # Errors
    /// Those of [`GrayTest::fit`].
    #[expect(clippy::indexing_slicing, reason = "a pair is made of two of the groups")]
    pub fn fit(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<Vec<CausePairs>> {
        // Half as many pairs, each with its names.
        let (k, n_causes) = (groups.names().len(), data.causes().len());
        room_for::<PairTest>("the tests of all pairs", &[n_causes, k, k])?;
        let all = self.test.fit(data, groups)?;
        let tables = self.test.tables(data, groups)?;
        let names = all.groups();
        let mut causes = Vec::new();
        for (whole, (cause, name, table)) in all.causes().iter().zip(&tables.causes) {
            let (mut tested, mut untested) = (Vec::new(), Vec::new());
            for (a, b) in (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b))) {
                let test = match self.variance {
                    PairVariance::Pooled => pooled(whole, a, b),
                    PairVariance::OwnPair => {
                        let (own, any) = (table.pair(a, b), tables.any.pair(a, b));
                        self.test.test(*cause, name, &own, &any).test
                    }
                };
                let (a, b) = (names[a].clone(), names[b].clone());
                match test {
                    Ok(test) => tested.push((a, b, test)),
                    Err(reason) => untested.push(UntestedPair { a, b, reason }),
                }
            }
            let pairs = PairTest::adjusted(tested, self.adjust);
            causes.push(CausePairs { cause: *cause, name: name.clone(), pairs, untested });
        }
        Ok(causes)
    }
}

/// (z_a − z_b)² / (V_aa + V_bb − 2 V_ab) of the test of all groups.
#[expect(clippy::indexing_slicing, reason = "a pair is made of two of the groups")]
fn pooled(whole: &CauseTest, a: usize, b: usize) -> Result<TestResult, Untested> {
    whole.test?;
    let scores = whole.scores[a].score.zip(whole.scores[b].score);
    let Some(((z_a, z_b), v)) = scores.zip(whole.variance.as_ref()) else {
        return Err(Untested::NothingToCompare);
    };
    let variance = v[[a, a]] + v[[b, b]] - 2.0 * v[[a, b]];
    if !(variance > 0.0) {
        return Err(Untested::NothingToCompare);
    }
    Ok(TestResult::chi_square(TestKind::Gray, (z_a - z_b).powi(2) / variance, 1))
}
