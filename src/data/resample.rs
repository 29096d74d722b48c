//! Rows drawn from rows.

#![expect(
    clippy::indexing_slicing,
    reason = "a row drawn is one of the data, and has the code of a label"
)]

use super::columns::{Clusters, Subjects};
use super::label::Labels;
use super::rows::Rows;
use super::time_match::TimeMatch;
use super::timeline::Timeline;
use crate::numerics::to_u32::to_u32;

/// A row drawn, and for which time: copies of a cluster or subject are different ones.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick {
    pub(crate) row: u32,
    pub(crate) copy: u32,
}

impl Rows {
    /// Some of the rows, each at most once, at their times after the near-tie policy.
    pub(crate) fn only(&self, rows: &[usize]) -> Self {
        let source: Vec<u32> = rows.iter().map(|&row| to_u32(row)).collect();
        Self {
            clusters: self.clusters.as_ref().map(|column| Clusters(column.0.take(&source))),
            subjects: self.subjects.as_ref().map(|column| Subjects(column.0.take(&source))),
            ..self.at(&source)
        }
    }

    /// Rows as they stand, without clusters and ids.
    fn at(&self, source: &[u32]) -> Self {
        let of = |column: &[f64]| source.iter().map(|&row| column[row as usize]).collect();
        let entry = self.times.entry.as_deref().map(of);
        let times = Timeline::new(entry, of(&self.times.exit), TimeMatch::Exact);
        let event = source.iter().map(|&row| self.event[row as usize]).collect();
        Self { clusters: None, ..self.carry(source, times, event) }
    }

    /// The rows drawn, at their times after the near-tie policy. All rows of a cluster or subject must have
    /// been drawn together.
    pub(crate) fn resampled(&self, picks: &[Pick]) -> Self {
        let source: Vec<u32> = picks.iter().map(|pick| pick.row).collect();
        let clusters = self.clusters.as_ref();
        let subjects = self.subjects.as_ref();
        Self {
            clusters: clusters.map(|clusters| Clusters(copies(&clusters.0, picks))),
            subjects: subjects.map(|subjects| Subjects(copies(&subjects.0, picks))),
            ..self.at(&source)
        }
    }
}

/// A label of its own for each copy of a label.
fn copies(labels: &Labels, picks: &[Pick]) -> Labels {
    let code = |pick: &Pick| labels.codes[pick.row as usize] as usize;
    let mut most = vec![0; labels.names.len()];
    for pick in picks {
        most[code(pick)] = most[code(pick)].max(pick.copy + 1);
    }
    let mut names = Vec::new();
    let mut first = Vec::with_capacity(most.len());
    for (name, most) in labels.names.iter().zip(most) {
        first.push(to_u32(names.len()));
        names.extend((1..=most).map(|copy| format!("{name} ({copy})")));
    }
    Labels { codes: picks.iter().map(|pick| first[code(pick)] + pick.copy).collect(), names }
}
