//! Which cluster each row in order belongs to.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a cluster"
)]

use super::super::engine::Ordered;
use crate::data::Rows;
use crate::error::{Error, Result};

/// The clusters of the rows: those declared, or the subjects.
#[derive(Debug, Clone)]
pub(super) struct Membership {
    pub(super) names: Vec<String>,
    /// The cluster at each place.
    pub(super) codes: Vec<u32>,
    /// Σ w over the events of each cluster.
    pub(super) events: Vec<f64>,
}

impl Membership {
    /// # Errors
    /// [`Error::Unsupported`] without clusters or ids, [`Error::SingleLevel`] for a single cluster.
    pub(super) fn new(rows: &Rows, ordered: &Ordered) -> Result<Self> {
        let names = match (&rows.clusters, &rows.subjects) {
            (Some(clusters), _) => clusters.names(),
            (None, Some(subjects)) => subjects.names(),
            (None, None) => &[],
        };
        let Some((n_clusters, codes)) = rows.cluster_codes() else {
            return Err(Error::Unsupported {
                estimator: "SharedFrailty",
                what: "a frailty without clusters",
                instead: "give the data clusters or ids",
            });
        };
        if let ([level], 1) = (names, n_clusters) {
            let what = "clusters".to_owned();
            return Err(Error::SingleLevel { what, level: level.clone() });
        }
        let codes = ordered.source.iter().map(|&row| codes[row as usize]).collect();
        let mut membership = Self { names: names.to_vec(), codes, events: vec![0.0; n_clusters] };
        let event = ordered.event.iter().zip(ordered.weight.iter());
        let events: Vec<f64> =
            event.map(|(&event, &weight)| if event { weight } else { 0.0 }).collect();
        membership.events = membership.sums(&events);
        Ok(membership)
    }

    pub(super) fn n_clusters(&self) -> usize {
        self.names.len()
    }

    /// The cluster at a place.
    pub(super) fn of(&self, place: usize) -> usize {
        self.codes[place] as usize
    }

    /// Sums over the rows of each cluster.
    pub(super) fn sums(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_clusters()];
        for (&code, value) in self.codes.iter().zip(values) {
            sums[code as usize] += value;
        }
        sums
    }
}
