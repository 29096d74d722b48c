//! Martingales with every event multiplied by noise, from which the null distribution of sums of residuals is
//! simulated.

#![expect(
    clippy::indexing_slicing,
    reason = "a time is one of its stratum, a column one of the design"
)]

use ndarray::Array2;

use super::cox_residuals::CoxResiduals;
use crate::linalg::RowMajor;
use crate::regression::cox::engine::{Ordered, accumulate, walk};
use crate::regression::cox::engine::{ScaledSum, StratumRows};
use crate::regression::cox::evaluation::Evaluation;

/// The residuals that sums are made of, in the order of the places: rows by stratum, then by time from the
/// latest.
#[derive(Debug, Clone)]
pub(crate) struct AtPlaces {
    /// Row of the data.
    pub(crate) row: Vec<usize>,
    /// Weighted martingale residuals.
    pub(crate) martingale: Vec<f64>,
    /// −∂/∂β of them, places × columns.
    pub(crate) slope: Array2<f64>,
    /// The places of the events, and the time of each.
    pub(crate) events: Vec<(usize, f64)>,
    /// Their weights.
    pub(crate) weight: Vec<f64>,
    /// What a standard normal multiplier of each event is multiplied by: its weight, or the root of a
    /// frequency, which stands for events with multipliers of their own.
    pub(crate) spread: Vec<f64>,
    /// Schoenfeld residuals of the events, per unit of weight, events × columns.
    pub(crate) schoenfeld: Array2<f64>,
    /// The inverse of the information.
    pub(crate) vcov: Array2<f64>,
}

impl AtPlaces {
    /// V U*: by how much the estimate moves with noise, events × replicates: columns × replicates.
    pub(crate) fn moved(&self, noise: &Array2<f64>) -> Array2<f64> {
        self.vcov.dot(&self.schoenfeld.t().dot(noise))
    }
}

impl CoxResiduals {
    /// The residuals of every place.
    pub(crate) fn at_places(&self) -> AtPlaces {
        let Evaluation { ordered, .. } = &self.evaluation;
        let times = ordered.strata.iter().flat_map(|stratum| stratum.times.iter());
        let events: Vec<(usize, f64)> =
            times.flat_map(|t| t.events().map(move |place| (place, t.time))).collect();
        let weights = self.event_weights();
        let mut schoenfeld = self.schoenfeld_at_places();
        let mut slope = -self.score_at_places();
        for ((place, _), mut residual) in events.iter().zip(schoenfeld.rows_mut()) {
            let mut slope = slope.row_mut(*place);
            slope += &residual;
            residual /= ordered.weight[*place];
        }
        let root = |w: &f64| if self.frequencies { w.sqrt() } else { *w };
        AtPlaces {
            row: ordered.source.iter().map(|&row| row as usize).collect(),
            martingale: self.martingale_at_places(),
            slope,
            events,
            spread: weights.iter().map(root).collect(),
            weight: weights,
            schoenfeld,
            vcov: self.vcov.clone(),
        }
    }

    /// Weighted martingale residuals of every place.
    fn martingale_at_places(&self) -> Vec<f64> {
        let Evaluation { ordered, .. } = &self.evaluation;
        let each = self.expected.iter().zip(&ordered.event).zip(ordered.weight.iter());
        each.map(|((e, &event), w)| if event { w - e } else { -e }).collect()
    }

    /// The martingales ∫ dN − Y r dΛ with the events of each column of `noise`, events × replicates, in the
    /// place of those observed: places × replicates. Where events are tied the noise of all of them is spread
    /// over their steps evenly.
    pub(crate) fn perturbed(&self, noise: &Array2<f64>) -> Array2<f64> {
        let Evaluation { ordered, times } = &self.evaluation;
        let replicates = noise.ncols();
        let mut martingale = Array2::zeros((ordered.source.len(), replicates));
        let mut next = 0;
        for (stratum, jumps) in ordered.strata.iter().zip(&times.jumps) {
            let mut means = Array2::zeros((stratum.times.len(), replicates));
            for (time, mut mean) in stratum.times.iter().zip(means.rows_mut()) {
                for place in time.events() {
                    mean += &noise.row(next);
                    martingale.row_mut(place).assign(&noise.row(next));
                    next += 1;
                }
                mean /= time.weight();
            }
            let means: Vec<Vec<f64>> = means.rows().into_iter().map(|row| row.to_vec()).collect();
            accumulate(
                stratum,
                &ScaledSum::new(replicates),
                |sum, k| sum.add(jumps.stay(k), &means[k]),
                |sum, k| sum.add(jumps.leave(k), &means[k]),
                |place, sum| {
                    let factor = sum.factor_of(times.risk.at(place));
                    let mut row = martingale.row_mut(place);
                    row.iter_mut().zip(&sum.first).for_each(|(value, sum)| *value -= factor * sum);
                },
            );
        }
        martingale
    }

    /// Calls `take` for each of some columns with its row of the information of every event time, in the columns
    /// as given: by stratum, times × columns, latest time first.
    pub(crate) fn information_by_time(
        &self,
        columns: impl Iterator<Item = usize>,
        mut take: impl FnMut(usize, Vec<Array2<f64>>),
    ) {
        let Evaluation { ordered, .. } = &self.evaluation;
        let (n, p) = (ordered.x.n_rows(), ordered.x.n_columns());
        let mut products = ordered.with_columns(RowMajor::zeros(n, 2 * p));
        for column in columns {
            let rows = products.x.values_mut().chunks_exact_mut((2 * p).max(1));
            for (place, row) in rows.enumerate() {
                let x = ordered.row(place);
                let (same, product) = row.split_at_mut(p);
                same.copy_from_slice(x);
                product.iter_mut().zip(x).for_each(|(product, value)| *product = x[column] * value);
            }
            let of_stratum = |stratum| self.information_of(&products, stratum, column);
            take(column, ordered.strata.iter().map(of_stratum).collect());
        }
    }

    /// One row of the information of each event time of a stratum, from rows of x and x times its column.
    fn information_of(
        &self,
        products: &Ordered,
        stratum: &StratumRows,
        column: usize,
    ) -> Array2<f64> {
        let Evaluation { ordered, times } = &self.evaluation;
        let (p, scale) = (ordered.n_columns(), &ordered.scale);
        let mut information = Array2::zeros((stratum.times.len(), p));
        walk(products, stratum, &times.risk, |k, stay, leave| {
            stay.align(leave);
            let time = &stratum.times.at(k);
            let (n, each) = (time.steps(), time.step_weight());
            let steps = self.ties.steps(n, each, stay.total, leave.total);
            let (n1, n2) = stay.first.split_at(p);
            let (d1, d2) = leave.first.split_at(p);
            let mean = |j: usize| n1[j] + steps.mean_theta * d1[j];
            for (l, value) in information.row_mut(k).iter_mut().enumerate() {
                let moment = steps.hazard * n2[l] + steps.hazard_event * d2[l];
                let means = steps.square * mean(column) * mean(l);
                let spread = steps.spread * d1[column] * d1[l];
                *value = (moment - means - spread) * scale[column] * scale[l];
            }
        });
        information
    }
}
