//! Sums of Schoenfeld residuals in the order of time.

#![expect(clippy::indexing_slicing, reason = "an event has one of the times")]

use ndarray::{Array2, Axis};

use crate::regression::cox::{AtPlaces, CoxResiduals};

/// The event times of all strata together.
pub(super) struct EventTimes {
    pub(super) distinct: Vec<f64>,
    /// By event, the index of its time.
    of_event: Vec<usize>,
    /// By stratum, latest time first, the index of each time.
    of_stratum: Vec<Vec<usize>>,
}

impl EventTimes {
    pub(super) fn new(at: &AtPlaces, residuals: &CoxResiduals) -> Self {
        let mut distinct: Vec<f64> = at.events.iter().map(|event| event.1).collect();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        let index = |time: f64| distinct.partition_point(|&earlier| earlier < time);
        let of_event = at.events.iter().map(|event| index(event.1)).collect();
        let of_stratum = residuals.event_times();
        let of_stratum = of_stratum
            .iter()
            .map(|times| times.iter().map(|time| index(time.0)).collect())
            .collect();
        Self { of_event, of_stratum, distinct }
    }

    /// Cumulative sums over time of what each event has.
    pub(super) fn cumulate(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.distinct.len()];
        for (value, &k) in values.iter().zip(&self.of_event) {
            sums[k] += value;
        }
        for k in 1..sums.len() {
            sums[k] += sums[k - 1];
        }
        sums
    }
}

/// One column of the test of proportional hazards.
pub(super) struct Column {
    pub(super) index: usize,
    /// Standardised weighted Schoenfeld residuals.
    pub(super) residuals: Vec<f64>,
    /// The same per unit of weight.
    per_unit: Vec<f64>,
    /// Row of the information up to each time, standardised, times × columns.
    information: Array2<f64>,
}

impl Column {
    /// From its row of the information of each event time, by stratum.
    pub(super) fn new(
        index: usize,
        by_time: &[Array2<f64>],
        at: &AtPlaces,
        times: &EventTimes,
    ) -> Self {
        let root = at.vcov[[index, index]].sqrt();
        let per_unit = &at.schoenfeld.column(index) * root;
        let mut information = Array2::zeros((times.distinct.len(), at.vcov.nrows()));
        for (of_stratum, rows) in times.of_stratum.iter().zip(by_time) {
            for (&k, row) in of_stratum.iter().zip(rows.rows()) {
                information.row_mut(k).scaled_add(root, &row);
            }
        }
        information.accumulate_axis_inplace(Axis(0), |&before, sum| *sum += before);
        Self {
            index,
            residuals: per_unit.iter().zip(&at.weight).map(|(value, w)| value * w).collect(),
            per_unit: per_unit.to_vec(),
            information,
        }
    }

    /// The sum of every replicate, standardised.
    pub(super) fn simulate(
        &self,
        noise: &Array2<f64>,
        moved: &Array2<f64>,
        times: &EventTimes,
        sink: &mut dyn FnMut(usize, &[f64]),
    ) {
        let mut paths = Array2::zeros((times.distinct.len(), noise.ncols()));
        for ((noise, value), &k) in
            noise.rows().into_iter().zip(&self.per_unit).zip(&times.of_event)
        {
            paths.row_mut(k).scaled_add(*value, &noise);
        }
        paths.accumulate_axis_inplace(Axis(0), |&before, sum| *sum += before);
        paths -= &self.information.dot(moved);
        for (k, path) in paths.rows().into_iter().enumerate() {
            sink(k, path.as_slice().unwrap_or_default());
        }
    }
}
