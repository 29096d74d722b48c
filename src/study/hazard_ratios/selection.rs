//! Which terms enter the multivariable model.

use crate::data::{Coding, TermKind};
use crate::error::Result;

/// Which terms of the design enter the multivariable model. An interaction that is named brings both of its
/// terms along; under a p-value it also enters when both of them do.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Selection {
    /// All of them: the model was written down before the data were seen.
    #[default]
    All,
    /// Those listed, for the same reason; the others are univariable only.
    Terms(Vec<String>),
    /// Those whose univariable p-value is below the threshold, and the forced ones.
    ///
    /// The rule looks at the outcome. It drops terms that matter, and what it keeps is overstated:
    /// limits and p-values of the model hold as if nothing had been chosen. (Sun, Shook & Kay 1996,
    /// doi:10.1016/0895-4356(96)00025-X; Heinze, Wallisch & Dunkler 2018, doi:10.1002/bimj.201700067.)
    PValue {
        /// In (0, 1].
        threshold: f64,
        /// Terms that enter whatever their p-value.
        forced: Vec<String>,
    },
}

/// Which test a term gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TermTestKind {
    /// The likelihood ratio of dropping the term; Wald's where the variance is robust, and so without
    /// likelihood.
    #[default]
    LikelihoodRatio,
    /// Wald's.
    Wald,
}

impl Selection {
    /// Places of the terms that enter, given the univariable p-values.
    #[expect(clippy::indexing_slicing, reason = "a product is made of terms of its design")]
    pub(super) fn choose(&self, coding: &Coding, p_values: &[Option<f64>]) -> Result<Vec<usize>> {
        let named = match self {
            Self::All => &[][..],
            Self::Terms(names) | Self::PValue { forced: names, .. } => names,
        };
        let named = named.iter().map(|name| coding.position(name)).collect::<Result<Vec<_>>>()?;
        let passes = |p: &Option<f64>| match self {
            Self::All => true,
            Self::Terms(_) => false,
            Self::PValue { threshold, .. } => p.is_some_and(|p| p < *threshold),
        };
        let mut chosen: Vec<bool> = (p_values.iter().enumerate())
            .map(|(term, p)| passes(p) || named.contains(&term))
            .collect();
        let products: Vec<(usize, [usize; 2])> = (coding.terms().iter().enumerate())
            .filter_map(|(term, kind)| match kind.kind {
                TermKind::Interaction { of } => Some((term, of)),
                _ => None,
            })
            .collect();
        // What is named brings its parts along, the last first, since a part can be a product itself.
        for &(term, [a, b]) in products.iter().rev() {
            chosen[a] |= chosen[term];
            chosen[b] |= chosen[term];
        }
        for (term, [a, b]) in products {
            chosen[term] |= !matches!(self, Self::Terms(_)) && chosen[a] && chosen[b];
        }
        Ok((0..chosen.len()).filter(|&term| chosen[term]).collect())
    }
}
