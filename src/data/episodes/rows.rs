//! New rows that know the rows they come from.

use super::history::Piece;
use crate::data::columns::Subjects;
use crate::data::countable::countable;
use crate::data::counting_process::CountingProcess;
use crate::data::design::Design;
use crate::data::label::Labels;
use crate::data::rows::Rows;
use crate::data::timeline::Timeline;
use crate::error::{BadCell, Error, Result};
use crate::room::room_for;

/// Rows made from the rows of other data, with the row that each comes from.
///
/// Weights, strata and clusters come along. So do ids; pieces of rows without ids get the number of
/// their row for an id, so that a cut is not taken for a censoring. Other columns are
/// [expanded](Self::expand) by the source.
///
/// ```
/// use riskset::{Design, RightCensored};
///
/// let data = RightCensored::new(&[5.0, 8.0], &[true, false])?;
/// let age = Design::builder().numeric("age", &[61.0, 55.0]).build()?;
/// let episodes = data.split_at(&[6.0])?;
/// assert_eq!(episodes.source(), [0, 1, 1]);
/// assert_eq!(episodes.data().entry(), [0.0, 0.0, 6.0]);
/// assert_eq!(episodes.data().event(), [true, false, false]);
/// assert_eq!(episodes.expand(&["a", "b"])?, ["a", "b", "b"]);
/// assert_eq!(episodes.expand_design(&age)?.matrix().column(0).to_vec(), [61.0, 55.0, 55.0]);
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "read::Episodes<D>",
        bound(deserialize = "D: crate::data::rows::HasRows + serde::Deserialize<'de>")
    )
)]
pub struct Episodes<D = CountingProcess> {
    data: D,
    n_source: usize,
    source: Vec<usize>,
    phase: Vec<usize>,
}

impl<D> Episodes<D> {
    pub(super) fn new(data: D, n_source: usize, source: Vec<usize>, phase: Vec<usize>) -> Self {
        Self { data, n_source, source, phase }
    }

    /// The new rows.
    #[must_use]
    pub fn data(&self) -> &D {
        &self.data
    }

    /// The new rows, handed over.
    #[must_use]
    pub fn into_data(self) -> D {
        self.data
    }

    /// The row of the data given, counted from 0, that each new row takes its columns from.
    #[must_use]
    pub fn source(&self) -> &[usize] {
        &self.source
    }

    /// Which part of its history each new row is, counted from 0: after how many cuts, after how many
    /// changes within its row, or after how many events. Labels for strata, or a factor of time.
    #[must_use]
    pub fn phase(&self) -> &[usize] {
        &self.phase
    }

    /// A column of the data given, for the new rows.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`] unless it has a value for each row of the data given.
    #[expect(clippy::indexing_slicing, reason = "a source is one of the rows that were cut")]
    pub fn expand<T: Clone>(&self, column: &[T]) -> Result<Vec<T>> {
        self.same_length("column", column.len())?;
        Ok(self.source.iter().map(|&row| column[row].clone()).collect())
    }

    /// A design of the data given, for the new rows.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::TooLarge`].
    pub fn expand_design(&self, design: &Design) -> Result<Design> {
        self.same_length("design", design.n_rows())?;
        room_for::<f64>("a design of episodes", &[self.source.len(), design.columns().len()])?;
        Ok(design.take(self.source.iter().copied()))
    }

    fn same_length(&self, what: &str, found: usize) -> Result<()> {
        let expected = self.n_source;
        if found == expected {
            return Ok(());
        }
        Err(Error::LengthMismatch { what: what.to_owned(), expected, found })
    }

    /// The same for other rows in the same places.
    pub(super) fn with_data(&self, data: D) -> Self
    where
        D: Clone,
    {
        Self { data, ..self.clone() }
    }
}

impl Episodes {
    /// Rows from pieces of rows.
    ///
    /// # Errors
    /// [`Error::Empty`] without pieces; [`Error::TooManyRows`]; [`Error::InvalidCells`] when the near-tie
    /// policy makes the ends of a piece one time, and where rows of a subject overlap, naming the row
    /// that the piece comes from.
    pub(super) fn of_pieces(rows: &Rows, pieces: &[Piece], what: &str) -> Result<Self> {
        countable(what, pieces.len())?;
        let source: Vec<u32> = pieces.iter().map(|piece| piece.source).collect();
        let entry = pieces.iter().map(|piece| piece.entry).collect();
        let exit = pieces.iter().map(|piece| piece.exit).collect();
        let event = pieces.iter().map(|piece| piece.event).collect();
        let times = Timeline::new(Some(entry), exit, rows.times.policy);
        let of_source = |error| named_by_source(error, &source);
        let made = rows.carry(&source, times, event).entries_before_exits();
        let mut made = made.map_err(of_source)?;
        let subjects = match &rows.subjects {
            Some(subjects) => subjects.0.take(&source),
            None => Labels::numbered(rows.len()).take(&source),
        };
        made.identify_pieces(Subjects(subjects)).map_err(of_source)?;
        Ok(Self {
            data: CountingProcess { rows: made },
            n_source: rows.len(),
            source: source.iter().map(|&row| row as usize).collect(),
            phase: pieces.iter().map(|piece| piece.phase).collect(),
        })
    }
}

/// The same error about the rows that the new rows come from.
#[expect(clippy::indexing_slicing, reason = "a cell lies in one of the new rows")]
fn named_by_source(error: Error, source: &[u32]) -> Error {
    let Error::InvalidCells { cells } = error else { return error };
    let of_source = |cell: BadCell| BadCell { row: source[cell.row] as usize, ..cell };
    Error::InvalidCells { cells: cells.into_iter().map(of_source).collect() }
}

#[cfg(feature = "serde")]
mod read {
    use crate::checked::same_lengths;
    use crate::data::rows::HasRows;
    use crate::error::{Error, Result};

    /// The same columns before they are known to fit each other.
    #[derive(serde::Deserialize)]
    pub(super) struct Episodes<D> {
        data: D,
        n_source: usize,
        source: Vec<usize>,
        phase: Vec<usize>,
    }

    impl<D: HasRows> TryFrom<Episodes<D>> for super::Episodes<D> {
        type Error = Error;

        fn try_from(read: Episodes<D>) -> Result<Self> {
            let Episodes { data, n_source, source, phase } = read;
            let lengths = [("source", source.len()), ("phase", phase.len())];
            same_lengths(data.rows().len(), &lengths)?;
            match source.iter().all(|&row| row < n_source) {
                true => Ok(Self { data, n_source, source, phase }),
                false => Err(Error::Inconsistent { what: "episodes" }),
            }
        }
    }
}
