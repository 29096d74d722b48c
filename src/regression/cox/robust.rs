//! The middle of the sandwich variance.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has the code of a cluster"
)]

use ndarray::Array2;

use super::engine::{Ordered, Ties, TimeFactors, TimesPass, each_score_residual};
use crate::data::{Rows, WeightKind};
use crate::linalg::{Gram, add_multiple};
use crate::numerics::fingerprint::{by_fingerprint, fingerprint};

/// Σ s sᵀ over clusters, with s the sum of what the rows of a cluster have, each a row of `influence`; without
/// clusters each row is its own, and a row that stands for k identical rows counts k times. Rows are taken in
/// the order of their fingerprints, so that the order they came in leaves no trace.
pub(crate) fn meat(rows: &Rows, influence: &Array2<f64>) -> Array2<f64> {
    let p = influence.ncols();
    let values = influence.as_standard_layout();
    let values = values.as_slice().unwrap_or_default();
    let of = |row: usize| &values[row * p..][..p];
    let order = by_fingerprint(rows.len(), |row| fingerprint(rows.weight(row).to_bits(), of(row)));
    let mut sum = MeatSum::new(rows, p);
    order.into_iter().for_each(|row| sum.add(row, of(row)));
    sum.finish()
}

/// The same of the score residuals at a point, none of which is kept, in the order of the fit.
pub(crate) fn meat_of_scores(
    rows: &Rows,
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
) -> Array2<f64> {
    let mut sum = MeatSum::new(rows, ordered.n_columns());
    each_score_residual(ordered, ties, times, TimeFactors::ONE, |place, residual| {
        sum.add(ordered.source[place] as usize, residual);
    });
    sum.finish()
}

/// Collects the residuals of rows.
struct MeatSum<'a> {
    rows: &'a Rows,
    squares: Gram,
    /// The cluster of each row, and the sum of each cluster, one after the other.
    clusters: Option<(&'a [u32], Vec<f64>)>,
    /// Clusters to whose sums something is to be added, and what.
    waiting: (Vec<u32>, Vec<f64>),
    p: usize,
}

/// Residuals that are added to their clusters at a time. The sums lie scattered: with nothing else between,
/// the processor fetches many of them at once.
const WAITING: usize = 64;

impl<'a> MeatSum<'a> {
    fn new(rows: &'a Rows, p: usize) -> Self {
        let clusters = rows.cluster_codes().map(|(n, codes)| (codes, vec![0.0; n * p]));
        Self { rows, squares: Gram::new(p), clusters, waiting: Default::default(), p }
    }

    fn add(&mut self, row: usize, residual: &[f64]) {
        if let Some((codes, _)) = &self.clusters {
            self.waiting.0.push(codes[row]);
            self.waiting.1.extend_from_slice(residual);
            if self.waiting.0.len() == WAITING {
                self.add_to_clusters();
            }
            return;
        }
        let frequency = match self.rows.weight_kind() {
            Some(WeightKind::Frequency) => self.rows.weight(row),
            _ => 1.0,
        };
        let root = frequency.sqrt();
        self.squares.push(residual.iter().map(|value| value / root));
    }

    fn add_to_clusters(&mut self) {
        let Some((_, sums)) = &mut self.clusters else { return };
        let (clusters, residuals) = &mut self.waiting;
        for (cluster, residual) in clusters.drain(..).zip(residuals.chunks_exact(self.p.max(1))) {
            let sum = &mut sums[cluster as usize * self.p..][..self.p];
            add_multiple(sum, 1.0, residual);
        }
        residuals.clear();
    }

    fn finish(mut self) -> Array2<f64> {
        self.add_to_clusters();
        if let Some((_, sums)) = &self.clusters {
            let clusters = sums.chunks_exact(self.p.max(1));
            clusters.for_each(|sum| self.squares.push(sum.iter().copied()));
        }
        self.squares.symmetric()
    }
}
