//! Competing risks: a time and the cause that ended it, if any.

use ndarray::ArrayView1;
use std::fmt;
use std::num::NonZeroU32;

use super::columns::Groups;
use super::label::{Label, unique};
use super::right_censored::RightCensored;
use super::rows::{Rows, countable, row_columns};
use crate::error::{BadCell, Error, Result};

/// A cause of failure: a code from 1. There is no cause 0, which the field uses for censoring.
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
/// This type is no [`SurvivalData`](super::SurvivalData): a Kaplan–Meier curve cannot be drawn from
/// it by accident. Its two projections say what they do.
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
/// ```compile_fail
/// # use riskset::{CompetingRisks, KaplanMeier};
/// # let data = CompetingRisks::from_codes(&[2.0], &[1], &[(1, "progression")]).unwrap();
/// KaplanMeier::new().fit(&data); // one minus this would not be an incidence
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(
    feature = "serde",
    serde(try_from = "super::wire::CompetingRisksWire", into = "super::wire::CompetingRisksWire")
)]
pub struct CompetingRisks {
    /// Events of any cause.
    pub(super) rows: Rows,
    pub(super) cause: Vec<Option<Cause>>,
    pub(super) causes: Vec<(Cause, String)>,
    pub(super) censoring_strata: Option<Groups>,
}

row_columns!(CompetingRisks);

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
        let causes = named_causes(names)?;
        let rule = "must be 0 (censored) or the code of a listed cause";
        let known = |code: u32| causes.iter().any(|(cause, _)| cause.code() == code);
        let cells: Vec<BadCell> = (codes.iter().enumerate())
            .filter(|(_, code)| **code != 0 && !known(**code))
            .map(|(row, code)| BadCell::new("cause", row, code, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let cause: Vec<Option<Cause>> = codes.iter().map(|&code| Cause::new(code)).collect();
        let event: Vec<bool> = cause.iter().map(Option::is_some).collect();
        let rows = RightCensored::new(time, &event)?.rows;
        Ok(Self { rows, cause, causes, censoring_strata: None })
    }

    /// Adds one subject id a row.
    ///
    /// # Errors
    /// As [`RightCensored::with_ids`].
    pub fn with_ids<'a, L: Label + 'a>(
        mut self,
        ids: impl Into<ArrayView1<'a, L>>,
    ) -> Result<Self> {
        self.rows.identify(ids.into())?;
        Ok(self)
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

    /// Events of one cause; every other cause becomes a censoring.
    ///
    /// Right for the cause-specific hazard. One minus its Kaplan–Meier curve is *not* the
    /// probability of the cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that is not listed.
    pub fn cause_specific(&self, cause: Cause) -> Result<RightCensored> {
        self.name_of(cause)?;
        let mut rows = self.rows.clone();
        rows.event = self.cause.iter().map(|status| *status == Some(cause)).collect();
        Ok(RightCensored { rows })
    }

    /// The rows, events of any cause.
    pub(crate) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The rows, events of one cause.
    ///
    /// # Errors
    /// As [`cause_specific`](Self::cause_specific).
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
    /// As [`cause_specific`](Self::cause_specific).
    pub(crate) fn name_of(&self, cause: Cause) -> Result<&str> {
        let found = self.causes.iter().find(|(known, _)| *known == cause);
        found.map(|(_, name)| name.as_str()).ok_or_else(|| Error::UnknownName {
            kind: "cause",
            name: cause.to_string(),
            known: self.causes.iter().map(|(known, _)| known.to_string()).collect(),
        })
    }

    /// Events of any cause: the time to the first event.
    #[must_use]
    pub fn any_cause(&self) -> RightCensored {
        RightCensored { rows: self.rows.clone() }
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
