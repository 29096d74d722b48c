//! Right-censored observations.

use ndarray::ArrayView1;

use super::columns::Subjects;
use super::countable::countable;
use super::label::Label;
use super::rows::{HasRows, Rows, SurvivalData, row_columns, times};
use super::time_match::TimeMatch;
use super::timeline::Timeline;
use crate::error::{BadCell, Error, Result};

/// Right-censored observations: for each row a time, and whether the event happened then.
///
/// Times are finite and not negative, in any unit; an event at time 0 is allowed. Everybody is at
/// risk from the start. At equal times events come before censorings.
///
/// ```
/// use riskset::RightCensored;
///
/// let data = RightCensored::new(&[5.0, 8.0, 8.0], &[true, false, true])?;
/// assert_eq!((data.len(), data.n_events()), (3, 2));
///
/// let error = RightCensored::new(&[5.0, f64::NAN, -1.0], &[true, false, true]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`time` row 1 is NaN: must be finite and not negative; \
///      `time` row 2 is -1: must be finite and not negative"
/// );
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `Surv(time, event)`, which guesses the coding of the event from its values; a model drops rows with a
/// missing time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::RowsWire", into = "super::wire::RowsWire")
)]
pub struct RightCensored {
    pub(super) rows: Rows,
}

row_columns!(RightCensored);

impl RightCensored {
    /// From one time and one event flag a row. Checks everything once and copies once.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::InvalidCells`] with every time
    /// that is not finite or is negative.
    pub fn new<'t, 'e>(
        time: impl Into<ArrayView1<'t, f64>>,
        event: impl Into<ArrayView1<'e, bool>>,
    ) -> Result<Self> {
        let (time, event) = (time.into(), event.into());
        countable("time", time.len())?;
        if event.len() != time.len() {
            let (expected, found) = (time.len(), event.len());
            return Err(Error::LengthMismatch { what: "event".to_owned(), expected, found });
        }
        let mut bad = Vec::new();
        let exit = times("time", time, &mut bad);
        if !bad.is_empty() {
            return Err(Error::InvalidCells { cells: bad });
        }
        let timeline = Timeline::new(None, exit, TimeMatch::default());
        Ok(Self { rows: Rows::new(timeline, event.to_vec()) })
    }

    /// From status codes, with the codes for censored and event said aloud (R's `lung` has 1 and 2).
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::InvalidCells`] for every other code.
    pub fn from_codes<'t, 'c>(
        time: impl Into<ArrayView1<'t, f64>>,
        status: impl Into<ArrayView1<'c, i32>>,
        censored: i32,
        event: i32,
    ) -> Result<Self> {
        let status = status.into();
        let rule = "must be the code for censored or the code for event";
        let cells: Vec<BadCell> = (status.iter().enumerate())
            .filter(|(_, code)| ![censored, event].contains(code))
            .map(|(row, code)| BadCell::new("status", row, code, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let flags: Vec<bool> = status.iter().map(|&code| code == event).collect();
        Self::new(time, &flags)
    }

    /// Adds one subject id a row.
    ///
    /// A right-censored subject has one row. An id that stands twice is an error, unless the rows
    /// have been given [clusters](Self::with_clusters) before, which says that they may depend on
    /// each other.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::InvalidCells`] for every repeated id.
    pub fn with_ids<'a, L: Label + 'a>(
        mut self,
        ids: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let ids = ids.into();
        self.rows.same_length("ids", ids.len())?;
        self.rows.identify(Subjects::new(ids)?)?;
        Ok(self)
    }

    /// Whether each row ends with the event.
    #[must_use]
    pub fn event(&self) -> &[bool] {
        &self.rows.event
    }

    /// Number of rows that end with the event, not weighted.
    #[must_use]
    pub fn n_events(&self) -> usize {
        self.rows.n_events()
    }
}

impl HasRows for RightCensored {
    fn rows(&self) -> &Rows {
        &self.rows
    }

    fn of_rows(rows: Rows) -> Self {
        Self { rows }
    }
}

impl SurvivalData for RightCensored {}
