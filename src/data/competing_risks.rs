//! Competing risks: a time and the cause that ended it, if any.

use ndarray::ArrayView1;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

use super::columns::{Groups, Subjects};
use super::countable::countable;
use super::counting_process::CountingProcess;
use super::label::{Label, unique};
use super::right_censored::RightCensored;
use super::rows::{Rows, SurvivalData, row_columns};
use crate::error::{BadCell, Error, Result};

/// A cause of failure of [`CompetingRisks`]: a code from 1. There is no cause 0, which the field uses
/// for censoring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Cause(NonZeroU32);

impl Cause {
    /// The cause with this code; `None` for 0.
    #[must_use]
    pub fn new(code: u32) -> Option<Self> {
        NonZeroU32::new(code).map(Self)
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Observations that end by one of several causes, or are censored.
///
/// Rows have one time ([`from_codes`](Self::from_codes)), or are at risk on (entry, exit]
/// ([`counting_process`](Self::counting_process)); `D` is the kind of data that the projections give:
/// [`RightCensored`] or [`CountingProcess`]. Weights, strata, clusters and ids stay with the rows in
/// every projection.
///
/// This type is no [`SurvivalData`]: a Kaplan–Meier curve cannot be drawn from it by accident. Its
/// two projections say what they do.
///
/// ```
/// use riskset::{CompetingRisks, KaplanMeier};
///
/// let data = CompetingRisks::from_codes(
///     &[2.0, 3.0, 5.0, 7.0],
///     &[1, 2, 0, 2],
///     &[(1, "progression"), (2, "death")],
/// )?;
/// let death = data.cause("death")?;
/// assert_eq!(data.cause_specific(death)?.n_events(), 2);
/// assert_eq!(data.any_cause().n_events(), 3);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// ```compile_fail,E0277
/// # use riskset::{CompetingRisks, KaplanMeier};
/// # let data = CompetingRisks::from_codes(&[2.0], &[1], &[(1, "progression")]).unwrap();
/// KaplanMeier::new().fit(&data); // one minus this would not be an incidence
/// ```
///
/// # In R
/// `Surv(time, factor(cause))`, the first level being censored; `Surv(entry, exit, factor(cause))` with `id`.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(
        try_from = "super::wire::CompetingRisksWire<D>",
        into = "super::wire::CompetingRisksWire<D>",
        bound(
            serialize = "D: SurvivalData + Clone + serde::Serialize",
            deserialize = "D: SurvivalData + serde::Deserialize<'de>"
        )
    )
)]
pub struct CompetingRisks<D = RightCensored> {
    /// Events of any cause.
    rows: Rows,
    cause: Vec<Option<Cause>>,
    causes: Vec<(Cause, String)>,
    censoring_strata: Option<Groups>,
    kind: PhantomData<D>,
}

row_columns!(CompetingRisks<D>);

impl CompetingRisks {
    /// From one time and one code a row: 0 is censored, the causes are the codes listed with their
    /// names.
    ///
    /// # Errors
    /// As [`RightCensored::new`]; [`Error::InvalidCells`] for every code that is neither 0 nor
    /// listed; [`Error::InvalidOption`] for a cause 0; [`Error::DuplicateName`] for a code or name
    /// listed twice.
    pub fn from_codes<'t, 'c>(
        time: impl Into<ArrayView1<'t, f64>>,
        codes: impl Into<ArrayView1<'c, u32>>,
        names: &[(u32, &str)],
    ) -> Result<Self> {
        let (time, codes) = (time.into(), codes.into());
        countable("time", time.len())?;
        let (cause, causes) = checked_causes(codes, time.len(), names)?;
        let data = RightCensored::new(time, &events(&cause))?;
        Ok(Self::new(data.rows, cause, causes))
    }

    /// Adds one subject id a row.
    ///
    /// # Errors
    /// As [`RightCensored::with_ids`].
    pub fn with_ids<'a, L: Label + 'a>(
        mut self,
        ids: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let ids = ids.into();
        self.rows.same_length("ids", ids.len())?;
        self.rows.identify(Subjects::new(ids)?)?;
        Ok(self)
    }
}

impl CompetingRisks<CountingProcess> {
    /// From one entry time, exit time and code a row: at risk on (entry, exit], 0 is censored at the
    /// exit, the causes are the codes listed with their names.
    ///
    /// ```
    /// use riskset::CompetingRisks;
    ///
    /// let names = [(1, "progression"), (2, "death")];
    /// let data = CompetingRisks::counting_process(&[0., 4., 1.], &[4., 9., 6.], &[0, 2, 1], &names)?
    ///     .with_ids(&["a", "a", "b"])?;
    /// assert_eq!(data.any_cause().entry(), [0.0, 4.0, 1.0]);
    ///
    /// let error = data.with_ids(&["a", "b", "b"]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "`entry` row 1 is 4: must not be before the end of the subject's previous row"
    /// );
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`CountingProcess::new`], and [`from_codes`](CompetingRisks::from_codes) for the causes.
    pub fn counting_process<'s, 't, 'c>(
        entry: impl Into<ArrayView1<'s, f64>>,
        exit: impl Into<ArrayView1<'t, f64>>,
        codes: impl Into<ArrayView1<'c, u32>>,
        names: &[(u32, &str)],
    ) -> Result<Self> {
        let (exit, codes) = (exit.into(), codes.into());
        countable("exit", exit.len())?;
        let (cause, causes) = checked_causes(codes, exit.len(), names)?;
        let data = CountingProcess::new(entry, exit, &events(&cause))?;
        Ok(Self::new(data.rows, cause, causes))
    }

    /// Adds one subject id a row: rows with the same id are pieces of one history, which an event of
    /// any cause ends.
    ///
    /// # Errors
    /// As [`CountingProcess::with_ids`], and [`Error::InvalidCells`] for every row of a subject that
    /// comes after its event.
    pub fn with_ids<'a, L: Label + 'a>(
        mut self,
        ids: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let ids = ids.into();
        self.rows.same_length("ids", ids.len())?;
        self.rows.identify_pieces(Subjects::new(ids)?)?;
        ends_once(&self.rows)?;
        Ok(self)
    }

    /// Entry times, after the near-tie policy; one a row.
    #[must_use]
    pub fn entry(&self) -> &[f64] {
        self.rows.times.entry.as_deref().unwrap_or_default()
    }
}

impl<D> CompetingRisks<D> {
    fn new(rows: Rows, cause: Vec<Option<Cause>>, causes: Vec<(Cause, String)>) -> Self {
        Self { rows, cause, causes, censoring_strata: None, kind: PhantomData }
    }

    /// Adds one label a row: rows of one label share a distribution of the censoring times. The weights of
    /// a [Fine–Gray model](crate::competing::FineGray) then take it within each label; nothing else looks at
    /// it.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and a missing label.
    pub fn with_censoring_strata<'a, L: Label + 'a>(
        mut self,
        labels: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        let labels = labels.into();
        self.rows.same_length("censoring strata", labels.len())?;
        self.censoring_strata = Some(Groups::new(labels)?);
        Ok(self)
    }

    /// The strata of the censoring distribution, where there are any.
    #[must_use]
    pub fn censoring_strata(&self) -> Option<&Groups> {
        self.censoring_strata.as_ref()
    }

    /// The checked rows, with events of any cause.
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The causes with their names, in the order listed.
    #[must_use]
    pub fn causes(&self) -> &[(Cause, String)] {
        &self.causes
    }

    /// The cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn cause(&self, name: &str) -> Result<Cause> {
        let found = self.causes.iter().find(|(_, known)| known == name);
        found.map(|(cause, _)| *cause).ok_or_else(|| Error::UnknownName {
            kind: "cause",
            name: name.to_owned(),
            known: self.causes.iter().map(|(_, name)| name.clone()).collect(),
        })
    }

    /// The cause that ended each row; `None` where it is censored.
    #[must_use]
    pub fn status(&self) -> &[Option<Cause>] {
        &self.cause
    }

    /// Number of rows that end by a cause, not weighted; 0 for a cause that is not listed.
    #[must_use]
    pub fn n_events(&self, cause: Cause) -> usize {
        self.cause.iter().filter(|status| **status == Some(cause)).count()
    }

    /// Where a cause stands in the list.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed.
    pub(crate) fn place(&self, cause: Cause) -> Result<usize> {
        self.found(cause).map(|(place, _)| place)
    }

    /// The place of a cause in the list, and its name.
    fn found(&self, cause: Cause) -> Result<(usize, &str)> {
        let found = self.causes.iter().enumerate().find(|(_, (known, _))| *known == cause);
        let place_and_name = found.map(|(place, (_, name))| (place, name.as_str()));
        place_and_name.ok_or_else(|| Error::UnknownName {
            kind: "cause",
            name: cause.to_string(),
            known: self.causes.iter().map(|(known, _)| known.to_string()).collect(),
        })
    }

    /// The rows, events of one cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed, [`Error::NoEventsOfCause`] for one that no
    /// row has.
    pub(crate) fn rows_of(&self, cause: Cause) -> Result<Rows> {
        let name = self.name_of(cause)?;
        let event: Vec<bool> = self.cause.iter().map(|status| *status == Some(cause)).collect();
        match event.contains(&true) {
            true => Ok(Rows { event, ..self.rows.clone() }),
            false => Err(Error::NoEventsOfCause { cause: name.to_owned(), rows: self.rows.len() }),
        }
    }

    /// The name of a cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed.
    pub(crate) fn name_of(&self, cause: Cause) -> Result<&str> {
        self.found(cause).map(|(_, name)| name)
    }

    /// Tells where the cause of a row stands in the list; `None` where the row is censored.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    pub(crate) fn place_of_row(&self) -> impl Fn(usize) -> Option<u32> {
        let by_code = by_code(&self.causes);
        move |row| nearest(&by_code, self.cause[row].map_or(0, Cause::code)).1
    }
}

impl<D: SurvivalData> CompetingRisks<D> {
    /// Events of one cause; every other cause becomes a censoring.
    ///
    /// Right for the cause-specific hazard. One minus its Kaplan–Meier curve is *not* the
    /// probability of the cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed.
    pub fn cause_specific(&self, cause: Cause) -> Result<D> {
        self.place(cause)?;
        let event = self.cause.iter().map(|status| *status == Some(cause)).collect();
        Ok(D::of_rows(Rows { event, ..self.rows.clone() }))
    }

    /// Events of any cause: the time to the first event.
    #[must_use]
    pub fn any_cause(&self) -> D {
        D::of_rows(self.rows.clone())
    }

    /// Rows read back, with the code that ended each and the names of the causes.
    #[cfg(feature = "serde")]
    pub(super) fn from_parts(
        rows: &Rows,
        codes: &[u32],
        names: &[(u32, &str)],
        censoring_strata: Option<Groups>,
    ) -> Result<Self> {
        let (cause, causes) = checked_causes(codes.into(), rows.len(), names)?;
        let rows = Rows { event: events(&cause), ..rows.clone() };
        ends_once(&rows)?;
        let strata = censoring_strata.as_ref().map_or(rows.len(), Groups::len);
        rows.same_length("censoring strata", strata)?;
        Ok(Self { censoring_strata, ..Self::new(rows, cause, causes) })
    }
}

/// Fails where a subject has a row after its event.
#[expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, whose columns are of one length"
)]
fn ends_once(rows: &Rows) -> Result<()> {
    let (Some(entry), Some(subjects)) = (&rows.times.entry, &rows.subjects) else { return Ok(()) };
    let rule = "must not come after the subject's event";
    let cells: Vec<BadCell> = (rows.successions(subjects).into_iter())
        .filter(|&(before, _)| rows.event[before])
        .map(|(_, after)| BadCell::new("entry", after, entry[after], rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

fn events(cause: &[Option<Cause>]) -> Vec<bool> {
    cause.iter().map(Option::is_some).collect()
}

/// The codes in ascending order, each with the place of its cause in the list: none for 0.
fn by_code(causes: &[(Cause, String)]) -> Vec<(u32, Option<u32>)> {
    let of_causes = causes.iter().zip(0..).map(|((cause, _), place)| (cause.code(), Some(place)));
    let mut by_code: Vec<_> = std::iter::once((0, None)).chain(of_causes).collect();
    by_code.sort_unstable();
    by_code
}

/// The greatest known code that is not above `code`, and its place. It is found without a branch on the
/// code, which follows no pattern.
#[inline]
#[expect(clippy::indexing_slicing, reason = "0 is always known, and nothing comes before it")]
fn nearest(by_code: &[(u32, Option<u32>)], code: u32) -> (u32, Option<u32>) {
    by_code[by_code.partition_point(|&(known, _)| known <= code).saturating_sub(1)]
}

type Causes = (Vec<Option<Cause>>, Vec<(Cause, String)>);

/// The cause of each of `n` rows, and the causes listed.
fn checked_causes(codes: ArrayView1<'_, u32>, n: usize, names: &[(u32, &str)]) -> Result<Causes> {
    if codes.len() != n {
        let (what, found) = ("codes".to_owned(), codes.len());
        return Err(Error::LengthMismatch { what, expected: n, found });
    }
    let causes = named_causes(names)?;
    let by_code = by_code(&causes);
    let known = |code: u32| nearest(&by_code, code).0 == code;
    let rule = "must be 0 (censored) or the code of a listed cause";
    let cells: Vec<BadCell> = (codes.iter().enumerate())
        .filter(|(_, code)| !known(**code))
        .map(|(row, code)| BadCell::new("cause", row, code, rule))
        .collect();
    match cells.is_empty() {
        true => Ok((codes.iter().map(|&code| Cause::new(code)).collect(), causes)),
        false => Err(Error::InvalidCells { cells }),
    }
}

fn named_causes(names: &[(u32, &str)]) -> Result<Vec<(Cause, String)>> {
    unique(&names.iter().map(|(code, _)| code.to_string()).collect::<Vec<_>>())?;
    unique(&names.iter().map(|(_, name)| (*name).to_owned()).collect::<Vec<_>>())?;
    let cause = |&(code, name): &(u32, &str)| {
        let rule = "0 means censored and cannot be a cause";
        let cause = Cause::new(code);
        let cause = cause.ok_or(Error::InvalidOption { option: "cause", value: 0.0, rule })?;
        Ok((cause, name.to_owned()))
    };
    names.iter().map(cause).collect()
}
