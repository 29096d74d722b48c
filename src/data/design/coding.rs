//! How terms become columns: levels, knots, products. Kept by a fit, so that new rows are coded
//! the same way.

use ndarray::Array1;
use std::ops::Range;

use super::profile::{Profile, Value};
use super::spline;
use crate::error::{Error, Result};

/// One term of a [`Coding`]: a named covariate or a product of two, and the columns it stands for.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Term {
    /// Name as given; `a:b` for an interaction.
    pub name: String,
    /// What it is.
    pub kind: TermKind,
    /// Its columns in the design.
    pub columns: Range<usize>,
}

/// The kind of a term, with what is needed to code a new row.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TermKind {
    /// The number itself: one column.
    Numeric,
    /// A 0/1 column for every level but the reference, which is the first.
    Factor {
        /// The levels, reference first.
        levels: Vec<String>,
    },
    /// Restricted cubic spline: linear beyond the outer knots; one column fewer than knots.
    Spline {
        /// The knots, ascending.
        knots: Vec<f64>,
    },
    /// All products of the columns of two terms, those of the first running fastest.
    Interaction {
        /// Indices of the two terms.
        of: [usize; 2],
    },
}

/// The terms of a [`Design`](crate::data::Design) and the names of its columns.
///
/// Columns are named after their term: `age`; `arm=Lev` for a level of a factor; `age`, `age'`,
/// `age''` for a spline; `age:arm=Lev` for a product.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Coding {
    pub(super) terms: Vec<Term>,
    pub(super) columns: Vec<String>,
}

impl Coding {
    /// The terms, in the order given.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The term of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn term(&self, name: &str) -> Result<&Term> {
        self.found(name).map(|(_, term)| term)
    }

    /// Index of the term of this name.
    pub(crate) fn position(&self, name: &str) -> Result<usize> {
        self.found(name).map(|(index, _)| index)
    }

    /// The term of this name, and its index.
    fn found(&self, name: &str) -> Result<(usize, &Term)> {
        let found = self.terms.iter().enumerate().find(|(_, term)| term.name == name);
        found.ok_or_else(|| Error::UnknownName {
            kind: "term",
            name: name.to_owned(),
            known: self.terms.iter().map(|term| term.name.clone()).collect(),
        })
    }

    /// The same with numeric terms after the others.
    ///
    /// # Errors
    /// [`Error::DuplicateName`].
    pub(crate) fn with_numeric(&self, names: Vec<String>) -> Result<Self> {
        let mut coding = self.clone();
        for name in names {
            if coding.position(&name).is_ok() || coding.columns.contains(&name) {
                return Err(Error::DuplicateName { name });
            }
            coding.push(name, TermKind::Numeric);
        }
        Ok(coding)
    }

    /// Whether terms and columns fit together, as they do when built.
    #[cfg(feature = "serde")]
    pub(crate) fn check(&self) -> Result<()> {
        let mut rebuilt = Self::default();
        for term in &self.terms {
            if let TermKind::Interaction { of: [a, b] } = term.kind
                && a.max(b) >= rebuilt.terms.len()
            {
                return Err(Error::Inconsistent { what: "coding" });
            }
            // A few products of products would name more columns than memory holds.
            if rebuilt.n_columns(&term.kind) > self.columns.len() {
                return Err(Error::Inconsistent { what: "coding" });
            }
            if matches!(&term.kind, TermKind::Factor { levels } if levels.len() < 2) {
                return Err(Error::Inconsistent { what: "coding" });
            }
            rebuilt.push(term.name.clone(), term.kind.clone());
        }
        let fits = |(built, read): (&Term, &Term)| built.columns == read.columns;
        match rebuilt.columns == self.columns && rebuilt.terms.iter().zip(&self.terms).all(fits) {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "coding" }),
        }
    }

    /// How many columns a term of this kind has.
    pub(super) fn n_columns(&self, kind: &TermKind) -> usize {
        let of = |term: usize| self.terms.get(term).map_or(0, |term| term.columns.len());
        match kind {
            TermKind::Numeric => 1,
            TermKind::Factor { levels } => levels.len().saturating_sub(1),
            TermKind::Spline { knots } => knots.len().saturating_sub(1),
            TermKind::Interaction { of: [a, b] } => of(*a).saturating_mul(of(*b)),
        }
    }

    /// Adds a term, naming its columns.
    #[expect(clippy::indexing_slicing, reason = "the terms of an interaction come before it")]
    pub(super) fn push(&mut self, name: String, kind: TermKind) {
        let start = self.columns.len();
        let names: Vec<String> = match &kind {
            TermKind::Numeric => vec![name.clone()],
            TermKind::Factor { levels } => {
                levels.iter().skip(1).map(|level| format!("{name}={level}")).collect()
            }
            TermKind::Spline { knots } => {
                (1..knots.len()).map(|j| format!("{name}{}", "'".repeat(j - 1))).collect()
            }
            TermKind::Interaction { of: [a, b] } => {
                let of = |term: usize| &self.columns[self.terms[term].columns.clone()];
                let pairs = of(*b).iter().flat_map(|b| of(*a).iter().map(move |a| (a, b)));
                pairs.map(|(a, b)| format!("{a}:{b}")).collect()
            }
        };
        self.columns.extend(names);
        self.terms.push(Term { name, kind, columns: start..self.columns.len() });
    }

    /// Codes one profile as a row of the design.
    ///
    /// # Errors
    /// [`Error::IncompleteProfile`] for a term the profile does not mention,
    /// [`Error::UnknownName`] for a name that is no term, [`Error::UnknownLevel`], and
    /// [`Error::InvalidCells`] for a value that does not fit its term.
    pub fn row(&self, profile: &Profile) -> Result<Array1<f64>> {
        self.fill(profile, |_| true)
    }

    /// The same with 0 in the columns of a main effect that the profile does not mention, and in its
    /// interactions.
    pub(crate) fn partial_row(&self, profile: &Profile) -> Result<Array1<f64>> {
        self.fill(profile, |name| profile.mentions(name))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "terms have their columns in the row, and come after those they are made of"
    )]
    fn fill(&self, profile: &Profile, takes_part: impl Fn(&str) -> bool) -> Result<Array1<f64>> {
        for (name, value) in profile.values() {
            if let TermKind::Interaction { .. } = self.term(name)?.kind {
                return Err(value.misfit(name, "an interaction takes the values of its covariates"));
            }
        }
        let mut row = Array1::zeros(self.columns.len());
        for term in &self.terms {
            let columns = term.columns.clone();
            match &term.kind {
                TermKind::Interaction { of: [a, b] } => {
                    let of = |term: usize| self.terms[term].columns.clone();
                    let pairs = of(*b).flat_map(|b| of(*a).map(move |a| (a, b)));
                    for (column, (a, b)) in columns.zip(pairs) {
                        row[column] = row[a] * row[b];
                    }
                }
                kind if takes_part(&term.name) => {
                    for (column, value) in columns.zip(kind.code(&term.name, profile)?) {
                        row[column] = value;
                    }
                }
                _ => {}
            }
        }
        Ok(row)
    }
}

impl TermKind {
    /// The columns of a main effect for one profile.
    fn code(&self, name: &str, profile: &Profile) -> Result<Vec<f64>> {
        match (self, profile.get(name)?) {
            (Self::Numeric, Value::Number(x)) => Ok(vec![*x]),
            (Self::Spline { knots }, Value::Number(x)) => Ok(spline::basis(*x, knots)),
            (Self::Factor { levels }, Value::Level(level)) => {
                let place = levels.iter().position(|known| known == level);
                let place = place.ok_or_else(|| Error::UnknownLevel {
                    column: name.to_owned(),
                    level: level.clone(),
                    known: levels.clone(),
                })?;
                Ok((1..levels.len()).map(|j| f64::from(u8::from(j == place))).collect())
            }
            (Self::Factor { .. }, value) => Err(value.misfit(name, "a factor takes a level")),
            (_, value) => Err(value.misfit(name, "a numeric term takes a number")),
        }
    }
}

#[cfg(all(test, feature = "serde"))]
mod tests {
    use super::*;

    /// A factor has a reference and something to hold against it.
    #[test]
    fn a_factor_of_one_level_or_none_is_not_read() {
        for (levels, whole) in [(&["a", "b"][..], true), (&["a"], false), (&[], false)] {
            let mut coding = Coding::default();
            let levels = levels.iter().map(ToString::to_string).collect();
            coding.push("arm".to_owned(), TermKind::Factor { levels });
            assert_eq!(coding.check().is_ok(), whole);
        }
    }
}
