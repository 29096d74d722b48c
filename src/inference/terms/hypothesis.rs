//! Which model a term is dropped from.

use std::collections::BTreeSet;
use std::fmt;

use crate::data::{Coding, TermKind};
use crate::regression::cox::Split;

/// Which model a term is dropped from, where there are interactions. Without any, both are the same.
///
/// | | a term T is dropped from | the test of `a` beside `a:b` |
/// |---|---|---|
/// | `TypeII` | the model without the interactions that contain T | whether `a` matters if its effect is the same at every `b` |
/// | `TypeIII` | the whole model | whether `a` matters where the columns of `b` are 0 |
///
/// `TypeII` respects marginality and does not depend on reference levels or on where a covariate has
/// its 0. `TypeIII` of a term that takes part in an interaction does: it says something only about
/// the reference level, or about age 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TermHypothesis {
    /// Given all terms but the interactions that contain it.
    #[default]
    TypeII,
    /// Given all other terms.
    TypeIII,
}

impl fmt::Display for TermHypothesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::TypeII => "type II",
            Self::TypeIII => "type III",
        })
    }
}

impl TermHypothesis {
    /// The columns that the test of a term keeps, tests, and leaves out.
    #[expect(clippy::indexing_slicing, reason = "a term is one of the model")]
    pub(super) fn split(self, coding: &Coding, term: usize) -> Split {
        let terms = coding.terms();
        let absent = match self {
            Self::TypeIII => Vec::new(),
            Self::TypeII => {
                let own = covariates(coding, term);
                let contains = |other: &usize| {
                    let others = covariates(coding, *other);
                    others.len() > own.len() && own.is_subset(&others)
                };
                let relatives = (0..terms.len()).filter(contains);
                relatives.flat_map(|other| terms[other].columns.clone()).collect()
            }
        };
        Split::new(coding.columns().len(), terms[term].columns.clone().collect(), absent)
    }
}

/// The main effects that a term is made of.
#[expect(clippy::indexing_slicing, reason = "a product is made of terms of its model")]
pub(super) fn covariates(coding: &Coding, term: usize) -> BTreeSet<usize> {
    match coding.terms()[term].kind {
        TermKind::Interaction { of: [a, b] } => &covariates(coding, a) | &covariates(coding, b),
        _ => BTreeSet::from([term]),
    }
}
