//! The penalised information as a matrix.

#![expect(clippy::indexing_slicing, reason = "a place is one of the rows, in one of the clusters")]

use ndarray::Array2;

use super::super::engine::expected_means;
use super::penalised::{Penalised, State};
use crate::linalg::Ldl;

/// The most clusters whose information is kept as a matrix, of q² numbers.
pub(super) const MAX_CLUSTERS: usize = 1000;

/// Clusters whose columns are taken in one walk of the risk sets.
const AT_ONCE: usize = 32;

impl Penalised {
    /// The lower triangle of the penalised information, clusters first, then columns, and its factors.
    /// The first pivots are those of the information of the frailties at given coefficients.
    ///
    /// Each walk takes some clusters as indicator columns and gives every row what it owes to them, so
    /// that all cost O(n q), not O(n q²).
    pub(super) fn factors(&self, state: &State, theta: f64) -> Ldl {
        let q = self.membership.n_clusters();
        let p = self.ordered.n_columns();
        let mut matrix = Array2::zeros((q + p, q + p));
        for first in (0..q).step_by(AT_ONCE) {
            self.among_frailties(state, first, AT_ONCE.min(q - first), &mut matrix);
        }
        self.of_columns(state, &mut matrix);
        for (place, expected) in state.expected.iter().enumerate() {
            let code = self.membership.of(place);
            matrix[[code, code]] += expected;
        }
        for (code, curvature) in self.curvature(state, theta).into_iter().enumerate() {
            matrix[[code, code]] += curvature;
        }
        let live: Vec<bool> = vec![true; q].into_iter().chain(self.free.clone()).collect();
        Ldl::among(&matrix, &live)
    }

    /// What risk sets share: takes Σ r E off the columns of some clusters.
    fn among_frailties(&self, state: &State, first: usize, n: usize, matrix: &mut Array2<f64>) {
        let times = &state.point.times;
        expected_means(
            &self.ordered,
            self.control.ties,
            times,
            n,
            |sum, place| {
                let column = self.membership.of(place).checked_sub(first).filter(|&k| k < n);
                sum.add_indicator(times.risk.at(place), column);
            },
            |place, factor, sums| {
                let code = self.membership.of(place);
                for (k, sum) in sums.iter().enumerate().take((code + 1).saturating_sub(first)) {
                    matrix[[code, first + k]] -= factor * sum;
                }
            },
        );
    }

    /// The rows of the columns: with the clusters, and among themselves.
    fn of_columns(&self, state: &State, matrix: &mut Array2<f64>) {
        let q = self.membership.n_clusters();
        let (ordered, times) = (&self.ordered, &state.point.times);
        expected_means(
            ordered,
            self.control.ties,
            times,
            ordered.n_columns(),
            |sum, place| sum.add(times.risk.at(place), ordered.row(place)),
            |place, factor, sums| {
                let (code, expected) = (self.membership.of(place), state.expected[place]);
                for (k, (x, sum)) in ordered.row(place).iter().zip(sums).enumerate() {
                    matrix[[q + k, code]] += expected * x - factor * sum;
                }
            },
        );
        for ((i, j), value) in state.point.information.indexed_iter() {
            matrix[[q + i, q + j]] = *value;
        }
    }
}
