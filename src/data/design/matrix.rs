//! The coded matrix.

use ndarray::{Array2, ArrayView2, Axis};

use super::builder::DesignBuilder;
use super::coding::{Coding, Term, TermKind};
use crate::data::label::unique;
use crate::error::{BadCell, Error, Result};
use crate::linalg::RowMajor;
use crate::numerics::blocks;

/// Covariates coded as a matrix, with the map from terms to columns and an optional offset.
///
/// ```
/// use riskset::Design;
///
/// let design = Design::builder()
///     .numeric("age", &[61.0, 55.0, 70.0])
///     .factor("arm", &["Obs", "Lev", "Obs"], "Obs")
///     .interaction("age", "arm")
///     .build()?;
/// assert_eq!(design.columns(), ["age", "arm=Lev", "age:arm=Lev"]);
/// assert_eq!(design.matrix().row(1).to_vec(), [55.0, 1.0, 55.0]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `model.matrix(~ age * arm)` with treatment contrasts, without the intercept; `rms::rcs` for splines.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "crate::data::wire::DesignWire", into = "crate::data::wire::DesignWire")
)]
pub struct Design {
    pub(super) matrix: RowMajor,
    pub(super) coding: Coding,
    pub(super) offset: Option<Vec<f64>>,
}

impl Design {
    /// Starts a design; terms are added by name.
    #[must_use]
    pub fn builder() -> DesignBuilder {
        DesignBuilder::default()
    }

    /// From a matrix that is coded already, one name a column; each column becomes a numeric term.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless there is one name a column, [`Error::DuplicateName`], and
    /// [`Error::InvalidCells`] for every value that is not finite.
    pub fn from_matrix<'a>(matrix: impl Into<ArrayView2<'a, f64>>, names: &[&str]) -> Result<Self> {
        let matrix = matrix.into();
        let coding = numeric_coding(matrix, names)?;
        Ok(Self { matrix: RowMajor::of(matrix), coding, offset: None })
    }

    /// The same from a matrix that the design keeps: nothing is copied where its rows lie one after the
    /// other in memory.
    ///
    /// ```
    /// use riskset::{Design, ndarray::array};
    ///
    /// let design = Design::from_owned(array![[0.5, 1.0], [2.0, 0.0]], &["dose", "node"])?;
    /// assert_eq!(design.matrix().row(1).to_vec(), [2.0, 0.0]);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`from_matrix`](Self::from_matrix).
    pub fn from_owned(matrix: Array2<f64>, names: &[&str]) -> Result<Self> {
        let coding = numeric_coding(matrix.view(), names)?;
        Ok(Self { matrix: matrix.into(), coding, offset: None })
    }

    /// Replaces the coding of a checked matrix, as it was serialised.
    #[cfg(feature = "serde")]
    pub(in crate::data) fn with_coding(
        self,
        coding: Coding,
        offset: Option<Vec<f64>>,
    ) -> Result<Self> {
        coding.check()?;
        if let Some(offset) = &offset {
            crate::checked::same_lengths(self.n_rows(), &[("offset", offset.len())])?;
            let cells: Vec<BadCell> = not_finite("offset", offset.iter()).collect();
            if !cells.is_empty() {
                return Err(Error::InvalidCells { cells });
            }
        }
        Ok(Self { coding, offset, ..self })
    }

    /// A design without covariates, for the null model. No array has more rows than `isize::MAX`, and no
    /// data have: beyond it the design has as many.
    #[must_use]
    pub fn empty(rows: usize) -> Self {
        let rows = rows.min(usize::MAX / 2);
        Self { matrix: RowMajor::zeros(rows, 0), coding: Coding::default(), offset: None }
    }

    /// The coded matrix: a row for each row of the data, a column for each name.
    #[must_use]
    pub fn matrix(&self) -> ArrayView2<'_, f64> {
        self.matrix.view()
    }

    /// One row of it.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        self.matrix.row(row)
    }

    /// Names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.coding.columns()
    }

    /// The terms and their columns.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        self.coding.terms()
    }

    /// How terms become columns.
    #[must_use]
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// Some terms of the design, ascending; with an interaction both of its terms must be among them.
    #[expect(clippy::indexing_slicing, reason = "the terms are those of the design")]
    pub(crate) fn of_terms(&self, terms: &[usize]) -> Self {
        let mut coding = Coding::default();
        let mut columns = Vec::new();
        for term in terms.iter().map(|&term| &self.terms()[term]) {
            let place = |of: usize| terms.iter().position(|&kept| kept == of).unwrap_or_default();
            let kind = match &term.kind {
                TermKind::Interaction { of: [a, b] } => {
                    TermKind::Interaction { of: [place(*a), place(*b)] }
                }
                kind => kind.clone(),
            };
            coding.push(term.name.clone(), kind);
            columns.extend(term.columns.clone());
        }
        let matrix = self.matrix().select(Axis(1), &columns).into();
        Self { matrix, coding, offset: self.offset.clone() }
    }

    /// Some rows of the design, in their order, coded as before.
    #[expect(clippy::indexing_slicing, reason = "the rows are those of the design")]
    pub(crate) fn take(&self, rows: impl Iterator<Item = usize> + Clone) -> Self {
        Self {
            matrix: self.matrix().select(Axis(0), &rows.clone().collect::<Vec<_>>()).into(),
            coding: self.coding.clone(),
            offset: self.offset.as_ref().map(|offset| rows.map(|row| offset[row]).collect()),
        }
    }

    /// The offset of each row, where there is one.
    #[must_use]
    pub fn offset(&self) -> Option<&[f64]> {
        self.offset.as_deref()
    }

    /// Number of rows.
    #[must_use]
    pub fn n_rows(&self) -> usize {
        self.matrix.n_rows()
    }
}

/// A numeric term for each column of a checked matrix.
fn numeric_coding(matrix: ArrayView2<'_, f64>, names: &[&str]) -> Result<Coding> {
    if matrix.nrows() == 0 {
        return Err(Error::Empty { what: "design".to_owned() });
    }
    if names.len() != matrix.ncols() {
        let (expected, found) = (matrix.ncols(), names.len());
        return Err(Error::LengthMismatch { what: "column names".to_owned(), expected, found });
    }
    unique(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())?;
    all_finite(names, matrix)?;
    let mut coding = Coding::default();
    for name in names {
        coding.push((*name).to_owned(), TermKind::Numeric);
    }
    Ok(coding)
}

/// Numbers that are looked at on one thread.
const CHUNK: usize = 1 << 18;

/// Fails with every cell of a coded matrix that is not finite.
pub(super) fn all_finite<S: AsRef<str>>(names: &[S], matrix: ArrayView2<'_, f64>) -> Result<()> {
    let finite = match matrix.as_slice_memory_order() {
        // Without a way out in between, several are looked at together.
        Some(values) => blocks::map(values.chunks(CHUNK).collect(), |chunk: &[f64]| {
            chunk.iter().fold(true, |all, value| all & value.is_finite())
        })
        .into_iter()
        .all(|finite| finite),
        None => matrix.iter().all(|value| value.is_finite()),
    };
    if finite {
        return Ok(());
    }
    let columns = names.iter().zip(matrix.columns());
    let cells = columns
        .flat_map(|(name, column)| not_finite(name.as_ref(), column.iter()).collect::<Vec<_>>());
    Err(Error::InvalidCells { cells: cells.collect() })
}

/// The cells of a numeric column that are not finite.
pub(super) fn not_finite<'a>(
    name: &'a str,
    values: impl Iterator<Item = &'a f64> + 'a,
) -> impl Iterator<Item = BadCell> + 'a {
    let rule = "must be finite; leave out incomplete rows first";
    (values.enumerate())
        .filter(|(_, value)| !value.is_finite())
        .map(move |(row, value)| BadCell::new(name, row, value, rule))
}
