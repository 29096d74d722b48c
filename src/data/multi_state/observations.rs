//! Observations of subjects that move between states.

use ndarray::ArrayView1;
use std::collections::HashMap;

use super::histories::Histories;
use crate::data::columns::Subjects;
use crate::data::counting_process::CountingProcess;
use crate::data::label::{Label, unique};
use crate::data::rows::{Rows, row_columns};
use crate::error::{BadCell, Error, Result};
use crate::room::room_for;

/// Histories through several states: each row is a stay in one state over (entry, exit], which ends
/// by entering another state or is censored.
///
/// The rows of a subject carry its id and follow each other without overlap or gap. A row that ends
/// without entering a state, and is followed by another one, only cuts the history, as for a
/// covariate that changes.
///
/// # Example
/// Patient 1 progresses at 2 and dies at 5, patient 2 is censored at 4:
/// ```
/// use riskset::data::MultiState;
///
/// let states = ["remission", "progression", "death"];
/// let to = [Some("progression"), Some("death"), None];
/// let data = MultiState::new(&[1, 1, 2], &[0.0, 2.0, 0.0], &[2.0, 5.0, 4.0], &to, &states)?;
/// assert_eq!(data.from(), [0, 1, 0]);
/// assert_eq!(data.to(), [Some(1), Some(2), None]);
///
/// let error = MultiState::new(&[1, 1], &[0.0, 3.0], &[2.0, 5.0], &to[..2], &states).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`entry` row 1 is 3: gap: begins after the subject's previous row has ended"
/// );
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `Surv(entry, exit, factor(to))` with `id` and, for [`with_from`](Self::with_from), `istate`;
/// the checks are those of `survcheck`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "crate::data::wire::MultiStateWire",
        into = "crate::data::wire::MultiStateWire"
    )
)]
pub struct MultiState {
    /// An event is a transition.
    pub(in crate::data) rows: Rows,
    pub(in crate::data) histories: Histories,
    pub(in crate::data) states: Vec<String>,
}

row_columns!(MultiState);

impl MultiState {
    /// From one id, entry time, exit time and state entered a row; a missing state is a censoring.
    /// Every subject begins in the first of the states.
    ///
    /// # Errors
    /// As [`CountingProcess::new`]; [`Error::LengthMismatch`]; [`Error::InvalidCells`] for a missing
    /// id, for a row that overlaps the subject's previous one or leaves a gap to it, and for a row that
    /// ends by entering the state it begins in; [`Error::UnknownLevel`] for a state that is not
    /// listed; [`Error::DuplicateName`], [`Error::SingleLevel`] and [`Error::TooLarge`] for the list.
    pub fn new<'i, 's, 't, 'o, I: Label + 'i, T: Label + 'o>(
        ids: impl Into<ArrayView1<'i, I>>,
        entry: impl Into<ArrayView1<'s, f64>>,
        exit: impl Into<ArrayView1<'t, f64>>,
        to: impl Into<ArrayView1<'o, T>>,
        states: &[&str],
    ) -> Result<Self> {
        let states = named_states(states)?;
        let to = codes("to", to.into(), &states)?;
        let (rows, subjects) = subjects(ids.into(), entry.into(), exit.into(), &to)?;
        let histories = Histories::follow(&rows, &subjects, None, to, &states)?;
        Ok(Self { rows: Rows { subjects: Some(subjects), ..rows }, histories, states })
    }

    /// The same with the state each row begins in, R's `istate`.
    ///
    /// # Errors
    /// As [`new`](Self::new), and [`Error::InvalidCells`] for a state that is missing, or is not the
    /// one in which the subject's previous row ended (a teleport; a jump where there is a gap).
    pub fn with_from<'i, 's, 't, 'f, 'o, I: Label + 'i, F: Label + 'f, T: Label + 'o>(
        ids: impl Into<ArrayView1<'i, I>>,
        entry: impl Into<ArrayView1<'s, f64>>,
        exit: impl Into<ArrayView1<'t, f64>>,
        from: impl Into<ArrayView1<'f, F>>,
        to: impl Into<ArrayView1<'o, T>>,
        states: &[&str],
    ) -> Result<Self> {
        let states = named_states(states)?;
        let to = codes("to", to.into(), &states)?;
        let (rows, subjects) = subjects(ids.into(), entry.into(), exit.into(), &to)?;
        let from = codes("from", from.into(), &states)?;
        rows.same_length("from", from.len())?;
        let from = present(from)?;
        let histories = Histories::follow(&rows, &subjects, Some(from), to, &states)?;
        Ok(Self { rows: Rows { subjects: Some(subjects), ..rows }, histories, states })
    }

    /// The names of the states, in the order listed.
    #[must_use]
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// The place of the state of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn state(&self, name: &str) -> Result<usize> {
        self.states.iter().position(|state| state == name).ok_or_else(|| Error::UnknownName {
            kind: "state",
            name: name.to_owned(),
            known: self.states.clone(),
        })
    }

    /// Entry times, after the near-tie policy; one a row.
    #[must_use]
    pub fn entry(&self) -> &[f64] {
        self.rows.times.entry.as_deref().unwrap_or_default()
    }

    /// The state each row begins in, an index into [`states`](Self::states).
    #[must_use]
    pub fn from(&self) -> &[u32] {
        &self.histories.from
    }

    /// The state each row ends by entering, an index into [`states`](Self::states); `None` where it
    /// is censored.
    #[must_use]
    pub fn to(&self) -> &[Option<u32>] {
        &self.histories.to
    }

    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// Whether each row is followed by another one of its subject.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(crate) fn continues(&self) -> Vec<bool> {
        let mut continues = vec![false; self.rows.len()];
        let subjects = self.rows.subjects.as_ref();
        let pairs = subjects.map(|subjects| self.rows.successions(subjects)).unwrap_or_default();
        pairs.into_iter().for_each(|(before, _)| continues[before] = true);
        continues
    }

    /// Put together again from checked rows that carry ids.
    #[cfg(feature = "serde")]
    pub(in crate::data) fn of(
        rows: Rows,
        histories: Histories,
        states: Vec<String>,
    ) -> Result<Self> {
        let inconsistent = Err(Error::Inconsistent { what: "MultiState" });
        let names: Vec<&str> = states.iter().map(String::as_str).collect();
        let states = named_states(&names)?;
        rows.same_length("from", histories.from.len())?;
        rows.same_length("to", histories.to.len())?;
        let used = histories.from.iter().chain(histories.to.iter().flatten());
        let Some(subjects) = rows.subjects.clone() else { return inconsistent };
        let events = histories.to.iter().map(Option::is_some);
        if used.copied().any(|state| state as usize >= states.len())
            || !events.eq(rows.event.iter().copied())
        {
            return inconsistent;
        }
        let Histories { from, to } = histories;
        let histories = Histories::follow(&rows, &subjects, Some(from), to, &states)?;
        Ok(Self { rows, histories, states })
    }
}

/// Rows without their subjects, and the subjects.
fn subjects<I: Label>(
    ids: ArrayView1<'_, I>,
    entry: ArrayView1<'_, f64>,
    exit: ArrayView1<'_, f64>,
    to: &[Option<u32>],
) -> Result<(Rows, Subjects)> {
    let event: Vec<bool> = to.iter().map(Option::is_some).collect();
    let (expected, found) = (exit.len(), to.len());
    if found != expected {
        return Err(Error::LengthMismatch { what: "to".to_owned(), expected, found });
    }
    let rows = CountingProcess::new(entry, exit, &event)?.rows;
    rows.same_length("ids", ids.len())?;
    Ok((rows, Subjects::new(ids)?))
}

fn named_states(states: &[&str]) -> Result<Vec<String>> {
    let states: Vec<String> = states.iter().map(ToString::to_string).collect();
    unique(&states)?;
    match states.as_slice() {
        [] => Err(Error::Empty { what: "states".to_owned() }),
        [state] => Err(Error::SingleLevel { what: "states".to_owned(), level: state.clone() }),
        // What becomes of each state is counted for all pairs of them.
        _ => room_for::<[usize; 3]>("a table of states × states", &[states.len(), states.len()])
            .map(|()| states),
    }
}

/// Labels as places among the names; `None` where a label is missing.
fn codes<L: Label>(
    column: &str,
    labels: ArrayView1<'_, L>,
    states: &[String],
) -> Result<Vec<Option<u32>>> {
    let place: HashMap<&str, u32> = states.iter().map(String::as_str).zip(0..).collect();
    let code = |label: &L| match label.text() {
        None => Ok(None),
        Some(name) => match place.get(name.as_str()) {
            Some(&code) => Ok(Some(code)),
            None => Err(Error::UnknownLevel {
                column: column.to_owned(),
                level: name,
                known: states.to_vec(),
            }),
        },
    };
    labels.iter().map(code).collect()
}

fn present(from: Vec<Option<u32>>) -> Result<Vec<u32>> {
    let rule = "every row begins in a state";
    let cells: Vec<BadCell> = (from.iter().enumerate())
        .filter(|(_, state)| state.is_none())
        .map(|(row, _)| BadCell::new("from", row, "missing", rule))
        .collect();
    if cells.is_empty() {
        Ok(from.into_iter().flatten().collect())
    } else {
        Err(Error::InvalidCells { cells })
    }
}
