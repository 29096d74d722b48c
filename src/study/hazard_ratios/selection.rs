//! Which terms enter the multivariable model.

use crate::data::{Coding, TermKind};
use crate::error::Result;

/// Which terms of the design enter the multivariable model. An interaction enters when both of its terms
/// do, unless the terms are listed.
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
    pub(super) fn choose(&self, coding: &Coding, p_values: &[Option<f64>]) -> Result<Vec<usize>> {
        let place = |name: &String| coding.position(name);
        let mut chosen: Vec<bool> = match self {
            Self::All => vec![true; p_values.len()],
            Self::Terms(names) => {
                let listed = names.iter().map(place).collect::<Result<Vec<_>>>()?;
                (0..p_values.len()).map(|term| listed.contains(&term)).collect()
            }
            Self::PValue { threshold, forced } => {
                let forced = forced.iter().map(place).collect::<Result<Vec<_>>>()?;
                let below = |p: &Option<f64>| p.is_some_and(|p| p < *threshold);
                (p_values.iter().enumerate())
                    .map(|(term, p)| below(p) || forced.contains(&term))
                    .collect()
            }
        };
        for (term, kind) in coding.terms().iter().map(|term| &term.kind).enumerate() {
            let TermKind::Interaction { of: [a, b] } = *kind else { continue };
            match self {
                // What is listed brings its parts along.
                Self::Terms(_) => {
                    chosen[a] |= chosen[term];
                    chosen[b] |= chosen[term];
                }
                _ => chosen[term] = chosen[a] && chosen[b],
            }
        }
        Ok((0..chosen.len()).filter(|&term| chosen[term]).collect())
    }
}
