//! Layouts of recurrent events.

use ndarray::ArrayView1;
use std::collections::HashMap;

use super::rows::Episodes;
use crate::data::columns::{Clusters, Strata, Subjects};
use crate::data::countable::countable;
use crate::data::counting_process::CountingProcess;
use crate::data::label::{Label, Labels};
use crate::data::right_censored::RightCensored;
use crate::error::{BadCell, Error, Result};
use crate::numerics::to_u32::to_u32;
use crate::room::room_for;

/// Events that can come several times to a subject, as lists: the end of follow-up of each subject, and
/// the times of the events.
///
/// # Definition
/// | layout | rows of a subject with events at 3 and 5, followed to 9 | strata |
/// |---|---|---|
/// | [`andersen_gill`](Self::andersen_gill) | (0, 3] event, (3, 5] event, (5, 9] | none |
/// | [`pwp_total_time`](Self::pwp_total_time) | the same | number of the event |
/// | [`pwp_gap_time`](Self::pwp_gap_time) | 3 event, 2 event, 4 | number of the event |
/// | [`wei_lin_weissfeld`](Self::wei_lin_weissfeld) | 3 event, 5 event, 9, 9, … | number of the event |
///
/// Clusters are the subjects, so that the variance of a Cox model is robust. Columns of the subjects
/// are expanded by [`Episodes::source`], which counts subjects in the order given; the
/// [`phase`](Episodes::phase) is the number of events before.
///
/// # Example
/// ```
/// use riskset::data::RecurrentEvents;
///
/// let list = RecurrentEvents::new(&["a", "b"], &[9.0, 4.0])?.events(&["a", "a"], &[5.0, 3.0])?;
/// let rows = list.andersen_gill()?;
/// assert_eq!(rows.data().entry(), [0.0, 3.0, 5.0, 0.0]);
/// assert_eq!(rows.data().time(), [3.0, 5.0, 9.0, 4.0]);
/// assert_eq!(rows.source(), [0, 0, 0, 1]);
/// let marginal = list.wei_lin_weissfeld(2)?;
/// assert_eq!(marginal.data().time(), [3.0, 5.0, 4.0, 4.0]);
/// assert_eq!(marginal.data().event(), [true, true, false, false]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// By hand, or `reda::Recur`; then `coxph(Surv(entry, exit, event) ~ x + strata(number), cluster = id)`.
///
/// # References
/// Andersen & Gill 1982, doi:10.1214/aos/1176345976; Prentice, Williams & Peterson 1981,
/// doi:10.1093/biomet/68.2.373; Wei, Lin & Weissfeld 1989, doi:10.1080/01621459.1989.10478873.
#[derive(Debug, Clone, PartialEq)]
pub struct RecurrentEvents {
    subjects: Subjects,
    end: Vec<f64>,
    /// Ascending, by subject in the order given.
    events: Vec<Vec<f64>>,
    at_most: Option<usize>,
}

/// Part of the history of a subject between events.
struct Spell {
    subject: usize,
    from: f64,
    to: f64,
    event: bool,
    /// Events before.
    number: usize,
}

impl RecurrentEvents {
    /// One id and one end of follow-up a subject; nobody has had an event yet.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::LengthMismatch`], and [`Error::InvalidCells`] for an id that is missing
    /// or stands twice and an end that is not finite and above 0.
    pub fn new<'i, 't, L: Label + 'i>(
        ids: impl Into<ArrayView1<'i, L>>,
        end: impl Into<ArrayView1<'t, f64>>,
    ) -> Result<Self> {
        let (ids, end) = (ids.into(), end.into());
        if ids.len() != end.len() {
            let (expected, found) = (ids.len(), end.len());
            return Err(Error::LengthMismatch { what: "end".to_owned(), expected, found });
        }
        let rule = "must be finite and above 0";
        let ok = |end: f64| end > 0.0 && end.is_finite();
        let cells: Vec<BadCell> = (end.iter().enumerate())
            .filter(|(_, end)| !ok(**end))
            .map(|(row, end)| BadCell::new("end", row, end, rule))
            .collect();
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        // Right-censored rows without clusters take each id once.
        let none = vec![false; end.len()];
        let subjects = RightCensored::new(end, &none)?.with_ids(ids)?.rows.subjects;
        let subjects = subjects.ok_or(Error::Empty { what: "ids".to_owned() })?;
        let events = vec![Vec::new(); end.len()];
        Ok(Self { subjects, end: end.to_vec(), events, at_most: None })
    }

    /// Adds events, in any order: one id and one time each.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::InvalidCells`] for an id that is no subject's, a time that is not
    /// above 0 and at most the end of follow-up, and two events of a subject at one time.
    #[expect(
        clippy::indexing_slicing,
        reason = "codes are those of the names, a subject is one of those known"
    )]
    pub fn events<'i, 't, L: Label + 'i>(
        mut self,
        ids: impl Into<ArrayView1<'i, L>>,
        times: impl Into<ArrayView1<'t, f64>>,
    ) -> Result<Self> {
        let (ids, times) = (ids.into(), times.into());
        if ids.len() != times.len() {
            let (expected, found) = (ids.len(), times.len());
            return Err(Error::LengthMismatch { what: "event times".to_owned(), expected, found });
        }
        let names = self.subjects.names();
        let known: HashMap<&str, usize> = (self.subjects.codes().iter().enumerate())
            .map(|(subject, &code)| (names[code as usize].as_str(), subject))
            .collect();
        let mut cells = Vec::new();
        let mut given: Vec<(usize, f64, usize)> = Vec::with_capacity(ids.len());
        for (row, (id, &time)) in ids.iter().zip(times).enumerate() {
            let id = id.text();
            match id.as_ref().and_then(|id| known.get(id.as_str())) {
                None => {
                    let found = id.unwrap_or_else(|| "missing".to_owned());
                    cells.push(BadCell::new("ids", row, found, "must be the id of a subject"));
                }
                Some(&subject) if !(time > 0.0 && time <= self.end[subject]) => {
                    let rule = "must be above 0 and within the follow-up of its subject";
                    cells.push(BadCell::new("event times", row, time, rule));
                }
                Some(&subject) => given.push((subject, time, row)),
            }
        }
        let earlier = self.events.iter().enumerate();
        given.extend(
            earlier.flat_map(|(subject, times)| times.iter().map(move |&t| (subject, t, 0))),
        );
        given.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let pairs = given.iter().zip(given.iter().skip(1));
        let twice = pairs.filter(|(a, b)| (a.0, a.1) == (b.0, b.1));
        let rule = "a subject has one event at one time";
        cells
            .extend(twice.map(|(_, (_, time, row))| BadCell::new("event times", *row, time, rule)));
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        self.events.iter_mut().for_each(Vec::clear);
        given.into_iter().for_each(|(subject, time, _)| self.events[subject].push(time));
        Ok(self)
    }

    /// Follows each subject to its `events`-th event at most, where strata of later events would hold
    /// too few.
    #[must_use]
    pub fn at_most(self, events: usize) -> Self {
        Self { at_most: Some(events), ..self }
    }

    /// Andersen and Gill: time goes on, events are alike, whatever came before.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for no events at most; [`Error::InvalidCells`] when the near-tie policy
    /// takes two events for one time.
    pub fn andersen_gill(&self) -> Result<Episodes> {
        let spells = self.spells()?;
        let column = |of: fn(&Spell) -> f64| spells.iter().map(of).collect::<Vec<f64>>();
        let event: Vec<bool> = spells.iter().map(|spell| spell.event).collect();
        let (from, to) = (column(|spell| spell.from), column(|spell| spell.to));
        let mut data = CountingProcess::new(&from, &to, &event)?;
        let subjects = self.labels(spells.iter().map(|spell| spell.subject));
        data.rows.clusters = Some(Clusters(subjects.clone()));
        data.rows.identify_pieces(Subjects(subjects))?;
        Ok(self.episodes(data, spells.iter().map(|spell| (spell.subject, spell.number))))
    }

    /// Prentice, Williams and Peterson: time goes on, and only who has had k events is at risk of event
    /// k + 1, a stratum of its own.
    ///
    /// # Errors
    /// As [`andersen_gill`](Self::andersen_gill).
    pub fn pwp_total_time(&self) -> Result<Episodes> {
        let mut rows = self.andersen_gill()?;
        let numbers: Vec<usize> = rows.phase().iter().map(|events| events + 1).collect();
        let mut data = rows.data().clone();
        data.rows.strata = Some(Strata::new(&numbers)?);
        rows = rows.with_data(data);
        Ok(rows)
    }

    /// The same with time counted from the event before.
    ///
    /// # Errors
    /// As [`andersen_gill`](Self::andersen_gill).
    pub fn pwp_gap_time(&self) -> Result<Episodes<RightCensored>> {
        self.starting_at_zero(&self.spells()?, |spell| spell.to - spell.from)
    }

    /// Wei, Lin and Weissfeld: everybody is at risk of the first, the second, … up to event `k` from
    /// the start, each a stratum of its own, until it comes or follow-up ends.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for no events; [`Error::TooManyRows`]; [`Error::TooLarge`].
    pub fn wei_lin_weissfeld(&self, k: usize) -> Result<Episodes<RightCensored>> {
        at_least_one("k", k)?;
        let rows = k.saturating_mul(self.end.len());
        countable("subject", rows)?;
        // With the columns that are made from them, and the labels of strata and subjects.
        room_for::<[Spell; 4]>("rows of subjects × events", &[rows])?;
        let mut spells = Vec::with_capacity(rows);
        for (subject, (times, &end)) in self.events.iter().zip(&self.end).enumerate() {
            spells.extend((0..k).map(|number| {
                let time = times.get(number).copied();
                Spell { subject, from: 0.0, to: time.unwrap_or(end), event: time.is_some(), number }
            }));
        }
        self.starting_at_zero(&spells, |spell| spell.to)
    }

    fn spells(&self) -> Result<Vec<Spell>> {
        let most = self.at_most.unwrap_or(usize::MAX);
        at_least_one("at_most", most)?;
        let mut spells = Vec::new();
        for (subject, (times, &end)) in self.events.iter().zip(&self.end).enumerate() {
            let mut from = 0.0;
            for (number, &to) in times.iter().enumerate().take(most) {
                spells.push(Spell { subject, from, to, event: true, number });
                from = to;
            }
            if from < end && times.len() < most {
                let number = times.len();
                spells.push(Spell { subject, from, to: end, event: false, number });
            }
        }
        Ok(spells)
    }

    /// Rows from time 0, in strata by the number of the event.
    fn starting_at_zero(
        &self,
        spells: &[Spell],
        time: impl Fn(&Spell) -> f64,
    ) -> Result<Episodes<RightCensored>> {
        let time: Vec<f64> = spells.iter().map(time).collect();
        let event: Vec<bool> = spells.iter().map(|spell| spell.event).collect();
        let numbers: Vec<usize> = spells.iter().map(|spell| spell.number + 1).collect();
        let mut data = RightCensored::new(&time, &event)?.with_strata(&numbers)?;
        let subjects = self.labels(spells.iter().map(|spell| spell.subject));
        data.rows.clusters = Some(Clusters(subjects));
        Ok(self.episodes(data, spells.iter().map(|spell| (spell.subject, spell.number))))
    }

    fn labels(&self, subjects: impl Iterator<Item = usize>) -> Labels {
        self.subjects.0.take(&subjects.map(to_u32).collect::<Vec<_>>())
    }

    fn episodes<D>(&self, data: D, rows: impl Iterator<Item = (usize, usize)>) -> Episodes<D> {
        let (source, phase) = rows.unzip();
        Episodes::new(data, self.end.len(), source, phase)
    }
}

fn at_least_one(option: &'static str, events: usize) -> Result<()> {
    match events {
        0 => Err(Error::InvalidOption { option, value: 0.0, rule: "must be at least 1" }),
        _ => Ok(()),
    }
}
