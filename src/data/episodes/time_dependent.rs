//! What happens to subjects in the course of time, as long lists.

use ndarray::ArrayView1;

use crate::data::label::Label;

/// Measurements and happenings of subjects, to be [merged](crate::RightCensored::merge) into their
/// histories: lists of ids and times, several or none for each subject, in any order.
///
/// | method | becomes | in R's `tmerge` |
/// |---|---|---|
/// | [`carried`](Self::carried) | a column: the last value measured, missing before the first | `tdc` |
/// | [`carried_from`](Self::carried_from) | the same from an initial value on | `tdc` with a default |
/// | [`count`](Self::count) | a column: how often it has happened so far | `cumtdc` |
/// | [`events`](Self::events) | events of the rows | `event` |
///
/// What is measured or has happened at time t holds on (t, …]: an event at t does not see it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TimeDependent {
    pub(super) columns: Vec<Column>,
}

/// One list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// `None` where an id is missing.
    pub(super) ids: Vec<Option<String>>,
    pub(super) times: Vec<f64>,
    /// One a time, where the kind has values.
    pub(super) values: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Carried { initial: Option<f64> },
    Count,
    Events,
}

impl TimeDependent {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a column of values measured at times, each carried forward to the next.
    #[must_use]
    pub fn carried<'i, 't, 'v, L: Label + 'i>(
        self,
        name: &str,
        ids: impl Into<ArrayView1<'i, L>>,
        times: impl Into<ArrayView1<'t, f64>>,
        values: impl Into<ArrayView1<'v, f64>>,
    ) -> Self {
        self.with(name, Kind::Carried { initial: None }, ids.into(), times.into(), values.into())
    }

    /// The same with a value that holds before the first measurement.
    #[must_use]
    pub fn carried_from<'i, 't, 'v, L: Label + 'i>(
        self,
        name: &str,
        initial: f64,
        ids: impl Into<ArrayView1<'i, L>>,
        times: impl Into<ArrayView1<'t, f64>>,
        values: impl Into<ArrayView1<'v, f64>>,
    ) -> Self {
        let kind = Kind::Carried { initial: Some(initial) };
        self.with(name, kind, ids.into(), times.into(), values.into())
    }

    /// Adds a column that counts, from 0, how often something has happened so far.
    #[must_use]
    pub fn count<'i, 't, L: Label + 'i>(
        self,
        name: &str,
        ids: impl Into<ArrayView1<'i, L>>,
        times: impl Into<ArrayView1<'t, f64>>,
    ) -> Self {
        self.with(name, Kind::Count, ids.into(), times.into(), (&[]).into())
    }

    /// Adds events: a row ends there with an event, besides those that the data have.
    #[must_use]
    pub fn events<'i, 't, L: Label + 'i>(
        self,
        ids: impl Into<ArrayView1<'i, L>>,
        times: impl Into<ArrayView1<'t, f64>>,
    ) -> Self {
        self.with("events", Kind::Events, ids.into(), times.into(), (&[]).into())
    }

    fn with<L: Label>(
        mut self,
        name: &str,
        kind: Kind,
        ids: ArrayView1<'_, L>,
        times: ArrayView1<'_, f64>,
        values: ArrayView1<'_, f64>,
    ) -> Self {
        self.columns.push(Column {
            name: name.to_owned(),
            kind,
            ids: ids.iter().map(Label::text).collect(),
            times: times.to_vec(),
            values: values.to_vec(),
        });
        self
    }
}
