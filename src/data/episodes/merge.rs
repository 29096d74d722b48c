//! Histories merged with what happens in the course of time.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a subject"
)]

use std::collections::HashMap;

use super::history::{Piece, after_the_start, histories};
use super::rows::Episodes;
use super::time_dependent::{Column, Kind, TimeDependent};
use crate::data::columns::Subjects;
use crate::data::counting_process::CountingProcess;
use crate::data::label::unique;
use crate::data::right_censored::RightCensored;
use crate::data::rows::Rows;
use crate::error::{BadCell, Error, Result};
use crate::numerics::to_u32::row_numbers;

/// Histories cut where something changes, with a value of each time-dependent column for each new row,
/// by [`RightCensored::merge`](crate::RightCensored::merge) and its like.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Merged {
    episodes: Episodes,
    columns: Vec<(String, Vec<Option<f64>>)>,
    unused: Vec<(String, usize)>,
}

impl Merged {
    /// The new rows.
    #[must_use]
    pub fn episodes(&self) -> &Episodes {
        &self.episodes
    }

    /// A column, one value a new row; `None` before the first measurement.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn column(&self, name: &str) -> Result<&[Option<f64>]> {
        let found = self.columns.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| values.as_slice()).ok_or_else(|| Error::UnknownName {
            kind: "column",
            name: name.to_owned(),
            known: self.columns.iter().map(|(name, _)| name.clone()).collect(),
        })
    }

    /// A column without missing values.
    ///
    /// # Errors
    /// [`Error::UnknownName`], and [`Error::InvalidCells`] for every new row before the first
    /// measurement.
    pub fn numeric(&self, name: &str) -> Result<Vec<f64>> {
        let column = self.column(name)?;
        let rule = "nothing is measured yet; give an initial value or leave the row out";
        let cells: Vec<BadCell> = (column.iter().enumerate())
            .filter(|(_, value)| value.is_none())
            .map(|(row, _)| BadCell::new(name, row, "missing", rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        Ok(column.iter().copied().flatten().collect())
    }

    /// For each column how many of its times lie at or after the end of their subject's follow-up, and
    /// so change nothing.
    #[must_use]
    pub fn unused(&self) -> &[(String, usize)] {
        &self.unused
    }
}

/// A list by subject, in the order of time.
struct BySubject {
    kind: Kind,
    changes: Vec<Vec<(f64, f64)>>,
}

impl BySubject {
    fn new(column: &Column, subjects: &Subjects) -> Result<Self> {
        let Column { name, kind, ids, times, values } = column;
        let length = |what: &str, expected, found| match expected == found {
            true => Ok(()),
            false => Err(Error::LengthMismatch { what: what.to_owned(), expected, found }),
        };
        length(&format!("times of {name}"), ids.len(), times.len())?;
        if let Kind::Carried { initial } = kind {
            length(&format!("values of {name}"), ids.len(), values.len())?;
            if let Some(value) = initial.filter(|initial| !initial.is_finite()) {
                let rule = "must be finite";
                return Err(Error::InvalidOption { option: "initial", value, rule });
            }
        }
        let known: HashMap<&str, usize> =
            subjects.names().iter().map(String::as_str).zip(0..).collect();
        let mut changes = vec![Vec::new(); subjects.names().len()];
        let mut cells = Vec::new();
        for (row, (id, &time)) in ids.iter().zip(times).enumerate() {
            let value = values.get(row).copied().unwrap_or(1.0);
            let mut bad = |found: String, rule| cells.push(BadCell::new(name, row, found, rule));
            let subject = id.as_ref().and_then(|id| known.get(id.as_str()));
            match subject {
                None => {
                    let found = id.clone().unwrap_or_else(|| "missing".to_owned());
                    bad(found, "must be the id of a subject");
                }
                Some(_) if !(time.is_finite() && time >= 0.0) => {
                    bad(time.to_string(), "the time must be finite and not negative");
                }
                Some(_) if !value.is_finite() => bad(value.to_string(), "must be finite"),
                Some(&subject) => changes[subject].push((time + 0.0, value, row)),
            }
        }
        for list in &mut changes {
            list.sort_by(|a: &(f64, f64, usize), b| a.0.total_cmp(&b.0));
            if *kind != Kind::Count {
                let twice = list.iter().zip(list.iter().skip(1)).filter(|(a, b)| a.0 == b.0);
                let rule = "a subject has one value at one time";
                cells.extend(twice.map(|(_, (time, _, row))| BadCell::new(name, *row, time, rule)));
            }
        }
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let plain = |list: Vec<(f64, f64, usize)>| list.into_iter().map(|(t, v, _)| (t, v));
        let changes = changes.into_iter().map(|list| plain(list).collect()).collect();
        Ok(Self { kind: *kind, changes })
    }

    /// The times of a subject strictly within a piece.
    fn within(&self, subject: usize, piece: &Piece) -> impl Iterator<Item = f64> {
        let changes = &self.changes[subject];
        let from = changes.partition_point(|(time, _)| *time <= piece.entry);
        let to = changes.partition_point(|(time, _)| *time < piece.exit);
        changes.get(from..to).into_iter().flatten().map(|(time, _)| *time)
    }

    /// What holds on a piece that begins at a time.
    fn value(&self, subject: usize, entry: f64) -> Option<f64> {
        let changes = &self.changes[subject];
        let so_far = changes.partition_point(|(time, _)| *time <= entry);
        match self.kind {
            Kind::Carried { initial } => match so_far.checked_sub(1) {
                Some(last) => Some(changes[last].1),
                None => initial,
            },
            _ => Some(so_far as f64),
        }
    }

    fn happens(&self, subject: usize, time: f64) -> bool {
        let found = self.changes[subject].binary_search_by(|(known, _)| known.total_cmp(&time));
        self.kind == Kind::Events && found.is_ok()
    }
}

fn merge(rows: &Rows, history: &TimeDependent) -> Result<Merged> {
    let Some(subjects) = &rows.subjects else {
        return Err(Error::Unsupported {
            estimator: "merge",
            what: "a merge into rows without ids",
            instead: "add them with with_ids",
        });
    };
    after_the_start(rows)?;
    unique(&history.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>())?;
    let lists: Vec<BySubject> = (history.columns.iter())
        .map(|column| BySubject::new(column, subjects))
        .collect::<Result<_>>()?;
    let mut pieces = Vec::with_capacity(rows.len());
    for row in row_numbers(rows.len()) {
        let subject = subjects.codes()[row as usize] as usize;
        let whole = Piece::whole(rows, row);
        let mut cuts: Vec<f64> =
            lists.iter().flat_map(|list| list.within(subject, &whole)).collect();
        cuts.sort_unstable_by(f64::total_cmp);
        cuts.dedup();
        for (phase, piece) in whole.cut(cuts.into_iter()).enumerate() {
            let event = piece.event || lists.iter().any(|list| list.happens(subject, piece.exit));
            pieces.push(Piece { phase, event, ..piece });
        }
    }
    let end = ends(rows, subjects);
    events_within(rows, subjects, history, &lists)?;
    let named = || history.columns.iter().zip(&lists);
    let column = |list: &BySubject| {
        let subject = |piece: &Piece| subjects.codes()[piece.source as usize] as usize;
        pieces.iter().map(|piece| list.value(subject(piece), piece.entry)).collect()
    };
    let columns = named().filter(|(_, list)| list.kind != Kind::Events);
    let columns = columns.map(|(named, list)| (named.name.clone(), column(list))).collect();
    let late = |list: &BySubject| {
        let both = list.changes.iter().zip(&end);
        both.map(|(list, end)| list.iter().filter(|(time, _)| time >= end).count()).sum()
    };
    let unused = named().filter(|(_, list)| list.kind != Kind::Events);
    let unused = unused.map(|(named, list)| (named.name.clone(), late(list))).collect();
    Ok(Merged { episodes: Episodes::of_pieces(rows, &pieces, "episodes")?, columns, unused })
}

/// The end of follow-up of each subject.
fn ends(rows: &Rows, subjects: &Subjects) -> Vec<f64> {
    let mut end = vec![0.0_f64; subjects.names().len()];
    for (&code, &exit) in subjects.codes().iter().zip(&rows.times.exit) {
        end[code as usize] = end[code as usize].max(exit);
    }
    end
}

/// Fails for an event that lies in no row of its subject.
fn events_within(
    rows: &Rows,
    subjects: &Subjects,
    history: &TimeDependent,
    lists: &[BySubject],
) -> Result<()> {
    let mut of_subject = vec![Vec::new(); subjects.names().len()];
    for row in histories(rows).into_iter().flatten() {
        of_subject[subjects.codes()[row as usize] as usize].push(Piece::whole(rows, row));
    }
    let known: HashMap<&str, usize> =
        subjects.names().iter().map(String::as_str).zip(0..).collect();
    let rule = "an event must lie within the follow-up of its subject";
    let seen = |id: &Option<String>, time: f64| {
        let subject = id.as_ref().and_then(|id| known.get(id.as_str()));
        subject.is_some_and(|&subject| {
            let rows: &[Piece] = &of_subject[subject];
            let begun = rows.partition_point(|piece| piece.entry < time);
            let last = begun.checked_sub(1).and_then(|last| rows.get(last));
            last.is_some_and(|row| time <= row.exit)
        })
    };
    let lists = history.columns.iter().zip(lists).filter(|(_, list)| list.kind == Kind::Events);
    let cells: Vec<BadCell> = lists
        .flat_map(|(column, _)| column.ids.iter().zip(&column.times).enumerate())
        .filter(|(_, (id, time))| !seen(id, **time))
        .map(|(row, (_, time))| BadCell::new("events", row, time, rule))
        .collect();
    if cells.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells }) }
}

macro_rules! merge {
    ($data:ident) => {
        impl $data {
            /// Cuts the histories where something changes: covariates carried forward, counts so far,
            /// events. The rows must carry ids.
            ///
            /// ```
            /// use riskset::{RightCensored, data::TimeDependent};
            ///
            /// let data = RightCensored::new(&[10.0, 6.0], &[true, false])?.with_ids(&["a", "b"])?;
            /// let history = TimeDependent::new()
            ///     .carried_from("dose", 0.0, &["a", "a"], &[4.0, 7.0], &[50.0, 80.0])
            ///     .count("infections", &["b", "a"], &[2.0, 7.0]);
            /// let merged = data.merge(&history)?;
            /// let rows = merged.episodes().data();
            /// assert_eq!(rows.entry(), [0.0, 4.0, 7.0, 0.0, 2.0]);
            /// assert_eq!(rows.time(), [4.0, 7.0, 10.0, 2.0, 6.0]);
            /// assert_eq!(rows.event(), [false, false, true, false, false]);
            /// assert_eq!(merged.numeric("dose")?, [0.0, 50.0, 80.0, 0.0, 0.0]);
            /// assert_eq!(merged.numeric("infections")?, [0.0, 0.0, 1.0, 0.0, 1.0]);
            /// # Ok::<(), riskset::Error>(())
            /// ```
            ///
            /// # Errors
            /// [`Error::Unsupported`] without ids; [`Error::LengthMismatch`]; [`Error::DuplicateName`];
            /// [`Error::InvalidOption`] for an initial value that is not finite; [`Error::InvalidCells`]
            /// for an unknown id, a time that is not finite or is negative, a value that is not finite,
            /// two values or events of a subject at one time, an event outside the follow-up of its
            /// subject, a row that ends at time 0, and where a change and an end of a row are one time
            /// by the near-tie policy but not equal.
            ///
            /// # In R
            /// `tmerge(data, changes, id = id, dose = tdc(time, dose), infections = cumtdc(time))`.
            pub fn merge(&self, history: &TimeDependent) -> Result<Merged> {
                merge(&self.rows, history)
            }
        }
    };
}

merge!(RightCensored);
merge!(CountingProcess);
