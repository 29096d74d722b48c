//! Counting-process observations: delayed entry, time-varying covariates, repeated events.

use ndarray::ArrayView1;

use super::columns::Subjects;
use super::countable::countable;
use super::label::Label;
use super::rows::{HasRows, Rows, SurvivalData, not_before, row_columns, times};
use super::time_match::TimeMatch;
use super::timeline::Timeline;
use crate::error::{Error, Result};

/// Counting-process observations: each row is at risk on (entry, exit] and may end with an event.
///
/// A row is at risk at time t when entry < t ≤ exit: who enters at t is not yet at risk at t, who
/// leaves at t still is. A subject may have several rows, which carry the same
/// [id](Self::with_ids) and must not overlap.
///
/// ```
/// use riskset::CountingProcess;
///
/// let data = CountingProcess::new(&[0.0, 5.0], &[5.0, 9.0], &[false, true])?;
/// assert_eq!(data.entry(), [0.0, 5.0]);
///
/// let error = CountingProcess::new(&[3.0], &[3.0], &[true]).unwrap_err();
/// assert_eq!(error.to_string(), "`entry` row 0 is 3: must be before the exit time");
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `Surv(entry, exit, event)`, with `id` for the subjects. R makes a row with entry ≥ exit missing, with a
/// warning.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::RowsWire", into = "super::wire::RowsWire")
)]
pub struct CountingProcess {
    pub(super) rows: Rows,
}

row_columns!(CountingProcess);

impl CountingProcess {
    /// From one entry time, exit time and event flag a row. Checks once and copies once.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::InvalidCells`] with every time
    /// that is not finite or is negative and every entry that is not before its exit.
    pub fn new<'s, 't, 'e>(
        entry: impl Into<ArrayView1<'s, f64>>,
        exit: impl Into<ArrayView1<'t, f64>>,
        event: impl Into<ArrayView1<'e, bool>>,
    ) -> Result<Self> {
        Self::under(TimeMatch::default(), [entry.into(), exit.into()], event.into())
    }

    /// The same under a near-tie policy from the start.
    pub(super) fn under(
        policy: TimeMatch,
        [entry, exit]: [ArrayView1<'_, f64>; 2],
        event: ArrayView1<'_, bool>,
    ) -> Result<Self> {
        policy.check()?;
        countable("exit", exit.len())?;
        for (what, found) in [("entry", entry.len()), ("event", event.len())] {
            if found != exit.len() {
                let expected = exit.len();
                return Err(Error::LengthMismatch { what: what.to_owned(), expected, found });
            }
        }
        let mut bad = Vec::new();
        let entry = times("entry", entry, &mut bad);
        let exit = times("exit", exit, &mut bad);
        bad.extend(not_before(&entry, &exit, "must be before the exit time"));
        if !bad.is_empty() {
            return Err(Error::InvalidCells { cells: bad });
        }
        let timeline = Timeline::new(Some(entry), exit, policy);
        Rows::new(timeline, event.to_vec()).entries_before_exits().map(|rows| Self { rows })
    }

    /// Adds one subject id a row: rows with the same id are pieces of one history.
    ///
    /// A row that ends without an event where the next row of the subject begins is then not
    /// counted as a censoring.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::InvalidCells`] for every row that begins before the
    /// subject's previous row has ended.
    pub fn with_ids<'a, L: Label + 'a>(
        mut self,
        ids: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let ids = ids.into();
        self.rows.same_length("ids", ids.len())?;
        self.rows.identify_pieces(Subjects::new(ids)?)?;
        Ok(self)
    }

    /// Number of times a subject is out of sight between two of its rows; 0 without ids.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub fn n_gaps(&self) -> usize {
        let Some(subjects) = &self.rows.subjects else { return 0 };
        (self.rows.successions(subjects).into_iter())
            .filter(|&(before, after)| self.entry()[after] > self.time()[before])
            .count()
    }

    /// Entry times, after the near-tie policy; one a row.
    #[must_use]
    pub fn entry(&self) -> &[f64] {
        self.rows.times.entry.as_deref().unwrap_or_default()
    }

    /// Whether each row ends with an event.
    #[must_use]
    pub fn event(&self) -> &[bool] {
        &self.rows.event
    }

    /// Number of rows that end with an event, not weighted.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.rows.n_events()
    }
}

impl HasRows for CountingProcess {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn of_rows(rows: Rows) -> Self {
        Self { rows }
    }
}

impl SurvivalData for CountingProcess {}
