//! Tests of a baseline characteristic between groups.

use std::fmt;

/// Which test compares a number between groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum NumberTest {
    /// Kruskal and Wallis' rank test with correction for ties, by chi-square. R: `kruskal.test`.
    KruskalWallis,
    /// One-way analysis of variance, equal variances; of two groups it is Student's t test squared. R:
    /// `anova(lm(x ~ group))`.
    Anova,
    /// Welch's t test of two groups with unequal variances; more groups get the analysis of variance.
    /// R: `t.test`.
    WelchT,
    /// Wilcoxon's rank sum test of two groups by the normal distribution, with corrections for ties
    /// and continuity; more groups get Kruskal–Wallis. R: `wilcox.test(exact = FALSE)`.
    Wilcoxon,
}

/// Which test compares the levels of a factor between groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LevelTest {
    /// Pearson's chi-square without correction for continuity; where an expected count is below 5,
    /// its p-value is that among random permutations of the groups. R: `chisq.test(correct = FALSE)`.
    Pearson,
    /// Fisher's exact test for two levels in two groups; larger tables get the other. R:
    /// `fisher.test`.
    FisherExact,
}

/// Which test a [`BaselineTest`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum BaselineTestKind {
    /// Pearson's chi-square.
    Pearson,
    /// Pearson's chi-square, its p-value by permutation.
    PearsonByPermutation,
    /// Fisher's exact test.
    FisherExact,
    /// Kruskal–Wallis.
    KruskalWallis,
    /// Wilcoxon's rank sum test.
    Wilcoxon,
    /// Analysis of variance.
    Anova,
    /// Welch's t test.
    WelchT,
}

impl fmt::Display for BaselineTestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pearson => "Pearson's chi-square test",
            Self::PearsonByPermutation => "Pearson's chi-square test by permutation",
            Self::FisherExact => "Fisher's exact test",
            Self::KruskalWallis => "Kruskal–Wallis test",
            Self::Wilcoxon => "Wilcoxon rank sum test",
            Self::Anova => "analysis of variance",
            Self::WelchT => "Welch's t test",
        })
    }
}

/// A test that groups have the same distribution of a characteristic, asked for by
/// [`Baseline::number_test`](crate::study::Baseline::number_test) or
/// [`Baseline::level_test`](crate::study::Baseline::level_test).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct BaselineTest {
    /// Which test it is.
    pub kind: BaselineTestKind,
    /// The statistic: chi-square, F, t, or z of Wilcoxon's; `None` of Fisher's.
    pub statistic: Option<f64>,
    /// Degrees of freedom, of F those of the groups; `None` of Fisher's and Wilcoxon's.
    pub df: Option<f64>,
    /// Degrees of freedom of the error of F.
    pub df_error: Option<f64>,
    /// The p-value, two-sided.
    pub p_value: f64,
    /// The smallest expected count of a table.
    pub min_expected: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(BaselineTest {
    df: not_negative,
    df_error: not_negative,
    p_value: probability,
    min_expected: not_negative,
});
