//! Two concordances of the same rows.

use std::fmt;

use super::fit::ConcordanceFit;
use crate::statistic::{Difference, percent};

/// The concordances of two scores of the same rows, and their difference with the variance that takes
/// account of their dependence.
///
/// # Definition
/// Var(C₁ − C₂) = V₁₁ + V₂₂ − 2 V₁₂, with V_jk = Σ ψ_j ψ_k over clusters, subjects or rows, and ψ their
/// influence on each C. The scores are taken for given: when both come from models fitted to these
/// rows, one nested in the other, the test is not valid.
///
/// # Example
/// ```
/// use riskset::{RightCensored, validation::{Concordance, Score}};
///
/// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6.], &[true; 6])?;
/// let both = Concordance::new().compare(
///     &data,
///     Score::higher_is_worse(&[6., 5., 4., 3., 1., 2.]),
///     Score::higher_is_better(&[1., 3., 2., 4., 6., 5.]),
/// )?;
/// assert_eq!(both.first.concordance, 14.0 / 15.0);
/// assert_eq!(both.second.concordance, 13.0 / 15.0);
/// assert!((both.difference.estimate - 1.0 / 15.0).abs() < 1e-15);
/// // Variances of 2/337.5 each and half of it for the covariance, as R's `vcov`.
/// assert!((both.covariance - 1.0 / 337.5).abs() < 1e-15);
/// assert!((both.difference.std_error - (2.0_f64 / 337.5).sqrt()).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `concordance(fit1, fit2)`, and the contrast (1, −1) of its result; `compareC::compareC`.
///
/// # References
/// Kang, Chen, Petrick & Gallas 2015, doi:10.1002/sim.6370; Han, Zhang & Shao 2017, doi:10.1002/sim.7414, on
/// when the test is one of equal concordance.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ConcordanceComparison {
    /// The first score.
    pub first: ConcordanceFit,
    /// The second score.
    pub second: ConcordanceFit,
    /// Covariance of the two concordances.
    pub covariance: f64,
    /// C of the first less C of the second, with limits and test.
    pub difference: Difference,
}

/// Both concordances and their difference.
impl fmt::Display for ConcordanceComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, fit) in [("first", &self.first), ("second", &self.second)] {
            let ConcordanceFit { concordance, std_error, .. } = fit;
            writeln!(f, "C of the {name} = {concordance:.4}, se = {std_error:.4}")?;
        }
        let Difference { estimate, std_error, interval, test } = self.difference;
        let level = percent(interval.level);
        writeln!(
            f,
            "difference = {estimate:.4}, se = {std_error:.4}, {level} limits {interval:.4}"
        )?;
        test.map_or(Ok(()), |test| writeln!(f, "{test}"))
    }
}
