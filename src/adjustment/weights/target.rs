//! The population that a weighted comparison speaks of.

#![expect(clippy::indexing_slicing, reason = "there is a probability for each group")]

use ndarray::ArrayView1;

/// The population to which weights carry every group.
///
/// With e the probabilities of the groups for a row, of which e_own is that of the group it is in:
///
/// | target | weight | speaks of |
/// |---|---|---|
/// | `Everyone` | 1/e_own | all patients (ATE) |
/// | `Group(a)` | e_a/e_own | patients like those of group a (ATT) |
/// | `Overlap` | (1/e_own)/Σ_g 1/e_g | patients who could be in any group |
///
/// Overlap weights lie below 1, and give least weight to rows that are all but certain of their group:
/// no truncation is needed.
///
/// Source: Li & Li 2019, doi:10.1214/19-AOAS1282.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TargetPopulation {
    /// All rows: inverse probability weights.
    Everyone,
    /// The rows of one group, which get weight 1.
    Group(String),
    /// The rows that overlap most in covariates.
    Overlap,
}

/// The same with the place of its group.
#[derive(Debug, Clone, Copy)]
pub(in crate::adjustment) enum Tilt {
    Everyone,
    Group(usize),
    Overlap,
}

impl Tilt {
    /// The weight of a row in group `own`.
    pub(super) fn weight(self, e: ArrayView1<'_, f64>, own: usize) -> f64 {
        match self {
            Self::Everyone => 1.0 / e[own],
            Self::Group(target) if target == own => 1.0,
            Self::Group(target) => e[target] / e[own],
            // (1/e_own) / Σ 1/e_g without dividing by a probability of 0.
            Self::Overlap => 1.0 / e.iter().map(|other| e[own] / other).sum::<f64>(),
        }
    }

    /// The derivative of ln(weight) by the linear predictor of group `g`.
    pub(in crate::adjustment) fn slope(self, e: ArrayView1<'_, f64>, own: usize, g: usize) -> f64 {
        let is = |group: usize| f64::from(u8::from(group == g));
        match self {
            Self::Everyone => e[g] - is(own),
            Self::Group(target) => is(target) - is(own),
            Self::Overlap => Self::Overlap.weight(e, g) - is(own),
        }
    }
}
