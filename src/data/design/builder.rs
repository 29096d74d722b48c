//! Builds a design from named columns.

use ndarray::ArrayView1;

use super::coding::{Coding, TermKind};
use super::matrix::{Design, all_finite, not_finite};
use super::spline;
use crate::data::label::{Label, Labels, unique};
use crate::error::{BadCell, Error, Result};
use crate::linalg::RowMajor;
use crate::numerics::blocks;
use crate::room::room_for;

/// Collects named columns; [`build`](Self::build) checks them all and codes them.
///
/// | method | columns | rule |
/// |---|---|---|
/// | [`numeric`](Self::numeric) | 1 | finite |
/// | [`factor`](Self::factor) | levels − 1 | reference named, at least two levels, none missing |
/// | [`factor_with_levels`](Self::factor_with_levels) | levels − 1 | the same, levels in the order listed |
/// | [`spline`](Self::spline) | knots − 1 | finite, at least three ascending knots |
/// | [`interaction`](Self::interaction) | products | both terms are in the design |
/// | [`offset`](Self::offset) | none | finite |
#[derive(Debug, Clone, Default)]
pub struct DesignBuilder {
    pieces: Vec<Piece>,
    offset: Option<Vec<f64>>,
}

#[derive(Debug, Clone)]
struct Piece {
    name: String,
    values: Result<Values>,
}

#[derive(Debug, Clone)]
enum Values {
    Numeric(Vec<f64>),
    Factor(Labels),
    Spline { values: Vec<f64>, knots: Vec<f64> },
    Interaction([String; 2]),
}

impl DesignBuilder {
    /// Adds a numeric column.
    #[must_use]
    pub fn numeric<'a>(self, name: &str, values: impl Into<ArrayView1<'a, f64>>) -> Self {
        self.with(name, Ok(Values::Numeric(values.into().to_vec())))
    }

    /// Adds a factor against a named reference level; the other levels take the labels' own order.
    #[must_use]
    pub fn factor<'a, L: Label + 'a>(
        self,
        name: &str,
        labels: impl Into<ArrayView1<'a, L>>,
        reference: &str,
    ) -> Self {
        let labels =
            Labels::sorted(name, labels.into()).and_then(|labels| refer(name, labels, reference));
        self.with(name, labels.map(Values::Factor))
    }

    /// Adds a factor against a named reference level; the other levels keep the order listed.
    ///
    /// A level listed that no row has keeps its column, which will be aliased in a fit.
    #[must_use]
    pub fn factor_with_levels<'a, L: Label + 'a>(
        self,
        name: &str,
        labels: impl Into<ArrayView1<'a, L>>,
        levels: &[&str],
        reference: &str,
    ) -> Self {
        let labels = Labels::with_levels(name, labels.into(), levels)
            .and_then(|labels| refer(name, labels, reference));
        self.with(name, labels.map(Values::Factor))
    }

    /// Adds a restricted cubic spline of a numeric column: linear beyond the outer knots.
    #[must_use]
    pub fn spline<'a>(
        self,
        name: &str,
        values: impl Into<ArrayView1<'a, f64>>,
        knots: &[f64],
    ) -> Self {
        let (values, knots) = (values.into().to_vec(), knots.to_vec());
        let checked = spline::check(&knots);
        self.with(name, checked.map(|()| Values::Spline { values, knots }))
    }

    /// Adds all products of the columns of two terms that the design has.
    #[must_use]
    pub fn interaction(self, a: &str, b: &str) -> Self {
        let name = format!("{a}:{b}");
        self.with(&name, Ok(Values::Interaction([a.to_owned(), b.to_owned()])))
    }

    /// Sets an offset: a known part of the linear predictor, with coefficient 1.
    #[must_use]
    pub fn offset<'a>(mut self, values: impl Into<ArrayView1<'a, f64>>) -> Self {
        self.offset = Some(values.into().to_vec());
        self
    }

    fn with(mut self, name: &str, values: Result<Values>) -> Self {
        self.pieces.push(Piece { name: name.to_owned(), values });
        self
    }

    /// Checks and codes the columns.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], [`Error::DuplicateName`],
    /// [`Error::UnknownName`] for an interaction of a term that is not there,
    /// [`Error::UnknownLevel`] for a reference that no row has, [`Error::SingleLevel`], [`Error::TooLarge`], and
    /// [`Error::InvalidCells`] with every value of every column that is missing or not finite.
    pub fn build(self) -> Result<Design> {
        let rows = self.check()?;
        let mut coding = Coding::default();
        let (mut mains, mut made) = (Vec::new(), 0_usize);
        for Piece { name, values } in self.pieces {
            let values = values?;
            let kind = match &values {
                Values::Numeric(_) => TermKind::Numeric,
                Values::Factor(labels) => TermKind::Factor { levels: labels.names.clone() },
                Values::Spline { knots, .. } => TermKind::Spline { knots: knots.clone() },
                Values::Interaction([a, b]) => {
                    TermKind::Interaction { of: [coding.position(a)?, coding.position(b)?] }
                }
            };
            // A numeric column is as large as what was given; those that are made of levels, knots and products
            // are not.
            if kind != TermKind::Numeric {
                made = made.saturating_add(coding.n_columns(&kind));
                // The names of a spline grow by a character each.
                let name = match &kind {
                    TermKind::Spline { knots } => NAME + knots.len() / size_of::<f64>(),
                    _ => NAME,
                };
                room_for::<f64>("the columns of the terms", &[rows.saturating_add(name), made])?;
            }
            coding.push(name, kind);
            mains.push(values);
        }
        let mut matrix = RowMajor::zeros(rows, coding.columns().len());
        blocks::map(matrix.blocks_mut(BLOCK), |(start, rows)| {
            fill(rows, start, &coding, &mains);
        });
        all_finite(coding.columns(), matrix.view())?;
        Ok(Design { matrix, coding, offset: self.offset })
    }

    /// The number of rows, once every column has passed.
    fn check(&self) -> Result<usize> {
        unique(&self.pieces.iter().map(|piece| piece.name.clone()).collect::<Vec<_>>())?;
        let mut cells = Vec::new();
        let mut rows: Option<usize> = None;
        for piece in &self.pieces {
            let found = match &piece.values {
                Err(Error::InvalidCells { cells: bad }) => {
                    cells.extend(bad.iter().cloned());
                    continue;
                }
                Err(error) => return Err(error.clone()),
                Ok(Values::Interaction(_)) => continue,
                Ok(values) => values.check(&piece.name, &mut cells)?,
            };
            same_rows(&piece.name, found, &mut rows)?;
        }
        if let Some(offset) = &self.offset {
            cells.extend(not_finite("offset", offset.iter()));
            same_rows("offset", offset.len(), &mut rows)?;
        }
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        rows.filter(|&rows| rows > 0).ok_or(Error::Empty { what: "design".to_owned() })
    }
}

/// What the name of a column takes, in numbers.
const NAME: usize = 8;

impl Values {
    /// Notes the bad cells of a main effect and counts its rows.
    fn check(&self, name: &str, cells: &mut Vec<BadCell>) -> Result<usize> {
        match self {
            Self::Numeric(values) | Self::Spline { values, .. } => {
                cells.extend(not_finite(name, values.iter()));
                Ok(values.len())
            }
            Self::Factor(labels) => match labels.names.as_slice() {
                [level] => Err(Error::SingleLevel { what: name.to_owned(), level: level.clone() }),
                _ => Ok(labels.len()),
            },
            Self::Interaction(_) => Ok(0),
        }
    }
}

fn same_rows(what: &str, found: usize, rows: &mut Option<usize>) -> Result<()> {
    let expected = *rows.get_or_insert(found);
    if found == expected {
        return Ok(());
    }
    Err(Error::LengthMismatch { what: what.to_owned(), expected, found })
}

/// Moves the reference level to the front.
fn refer(name: &str, labels: Labels, reference: &str) -> Result<Labels> {
    let Labels { mut codes, mut names } = labels;
    let place = names.iter().position(|level| level == reference);
    let place = place.ok_or_else(|| Error::UnknownLevel {
        column: name.to_owned(),
        level: reference.to_owned(),
        known: names.clone(),
    })?;
    let level = names.remove(place);
    names.insert(0, level);
    for code in &mut codes {
        *code = match (*code as usize).cmp(&place) {
            std::cmp::Ordering::Less => *code + 1,
            std::cmp::Ordering::Equal => 0,
            std::cmp::Ordering::Greater => *code,
        };
    }
    Ok(Labels { codes, names })
}

/// Rows whose columns are written while they are near.
const BLOCK: usize = 256;

/// Writes all columns of the rows from `start` on.
#[expect(clippy::indexing_slicing, reason = "a term has its columns, and its values, in every row")]
fn fill(rows: &mut [f64], start: usize, coding: &Coding, mains: &[Values]) {
    let p = coding.columns().len();
    for (term, values) in coding.terms().iter().zip(mains) {
        let columns = term.columns.clone();
        let all = rows.chunks_exact_mut(p);
        match values {
            Values::Numeric(values) => {
                for (row, value) in all.zip(&values[start..]) {
                    row[columns.start] = *value;
                }
            }
            Values::Factor(labels) => {
                for (row, code) in all.zip(&labels.codes[start..]) {
                    if *code > 0 {
                        row[columns.start + *code as usize - 1] = 1.0;
                    }
                }
            }
            Values::Spline { values, knots } => {
                for (row, value) in all.zip(&values[start..]) {
                    let basis = spline::basis(*value, knots);
                    row[columns.clone()].iter_mut().zip(basis).for_each(|(x, basis)| *x = basis);
                }
            }
            Values::Interaction(_) => {
                let TermKind::Interaction { of } = term.kind else { continue };
                let [a, b] = of.map(|term| coding.terms()[term].columns.clone());
                for row in all {
                    let pairs = b.clone().flat_map(|b| a.clone().map(move |a| (a, b)));
                    for (column, (a, b)) in columns.clone().zip(pairs) {
                        row[column] = row[a] * row[b];
                    }
                }
            }
        }
    }
}
