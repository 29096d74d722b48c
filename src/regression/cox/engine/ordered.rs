//! The rows of a fit in the order the passes take them.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::stratum::{StratumRows, order_stratum};
use super::tails::Tails;
use super::ties::Ties;
use super::varying::{TimeTable, Varying};
use crate::data::{Design, Partition, Rows};
use crate::error::Result;

/// Rows by stratum, then by exit time from the latest, at one time those without an event first;
/// columns centred within strata and scaled.
#[derive(Debug, Clone)]
pub(crate) struct Ordered {
    pub(crate) strata: Vec<StratumRows>,
    /// n × p, row-major.
    pub(crate) x: Array2<f64>,
    pub(crate) weight: Vec<f64>,
    pub(crate) offset: Option<Vec<f64>>,
    pub(crate) event: Vec<bool>,
    /// The row of the data that stands at each place.
    pub(crate) source: Vec<u32>,
    /// What a column was divided by.
    pub(crate) scale: Vec<f64>,
    /// Mean weight of the events.
    pub(crate) event_weight: f64,
    /// Sum of the weights of the events.
    pub(crate) total_event_weight: f64,
    /// Coefficients that vary with time, after those of the columns of `x`.
    pub(crate) varying: Option<Varying>,
}

impl Ordered {
    /// Orders checked rows with at least one event. Tied events are set apart where their treatment
    /// is exact; some rows may stay at risk after their exit.
    pub(crate) fn new(rows: &Rows, design: &Design, ties: Ties, tails: Option<&Tails>) -> Self {
        let codes = rows.strata.as_ref().map(|strata| (strata.names().len(), strata.codes()));
        let n_strata = codes.map_or(1, |(n, _)| n);
        let code = |row: usize| codes.map_or(0, |(_, codes)| codes[row] as usize);
        let partition = Partition::new(&rows.times.by_exit.rows, n_strata, code);
        let mut source = Vec::with_capacity(rows.len());
        let mut strata = Vec::new();
        for stratum in 0..partition.n_cells() {
            strata.extend(order_stratum(rows, partition.cell(stratum), ties, tails, &mut source));
        }
        let weight: Vec<f64> = source.iter().map(|&row| rows.weight(row as usize)).collect();
        let mut event: Vec<bool> = source.iter().map(|&row| rows.event[row as usize]).collect();
        let events = weight.iter().zip(&event).filter(|(_, event)| **event);
        let (sum, count) = events.fold((0.0, 0.0), |(s, n), (weight, _)| (s + weight, n + 1.0));
        for tied in strata.iter().flat_map(|stratum: &StratumRows| &stratum.tied.times) {
            event[tied.events.clone()].fill(false);
        }
        let mut x = gathered(design.matrix(), &source);
        let scale = centre_and_scale(&mut x, &weight, &strata);
        let offset = design.offset().map(|offset| {
            let offset: Array1<f64> = source.iter().map(|&row| offset[row as usize]).collect();
            let mut column = offset.insert_axis(Axis(1));
            centre(&mut column, &weight, &strata);
            column.into_raw_vec_and_offset().0
        });
        let event_weight = sum / f64::max(count, 1.0);
        Self {
            strata,
            x,
            weight,
            offset,
            event,
            source,
            scale,
            event_weight,
            total_event_weight: sum,
            varying: None,
        }
    }

    /// Lets the coefficients of some columns vary: `columns` names one for each function of time, and
    /// `at` gives the functions at a time.
    ///
    /// # Errors
    /// Those of `at`.
    pub(crate) fn with_varying(
        mut self,
        columns: Vec<usize>,
        at: impl Fn(f64) -> Result<Vec<f64>>,
    ) -> Result<Self> {
        let width = columns.len();
        let table = |times: &mut dyn Iterator<Item = f64>| -> Result<TimeTable> {
            let rows: Result<Vec<Vec<f64>>> = times.map(&at).collect();
            Ok(TimeTable::new(rows?.concat(), width))
        };
        let (mut times, mut tied) = (Vec::new(), Vec::new());
        for stratum in &self.strata {
            times.push(table(&mut stratum.times.iter().map(|time| time.time))?);
            tied.push(table(&mut stratum.tied.times.iter().map(|time| time.time))?);
        }
        let scale: Vec<f64> = columns.iter().map(|&column| self.scale[column]).collect();
        let (varying, divided) = Varying::new(&self, columns, times, tied);
        self.scale.extend(scale.iter().zip(divided).map(|(column, g)| column * g));
        self.varying = Some(varying);
        Ok(self)
    }

    /// Divides the columns once more.
    pub(crate) fn rescale(&mut self, scale: &[f64]) {
        for mut row in self.x.rows_mut() {
            row.iter_mut().zip(scale).for_each(|(x, scale)| *x /= scale);
        }
        if let Some(varying) = &mut self.varying {
            // What a column was divided by has left its product with g already.
            let rest: Vec<f64> = (varying.columns.iter().zip(&scale[self.x.ncols()..]))
                .map(|(&column, of_product)| of_product / scale[column])
                .collect();
            varying.divide(&rest);
        }
        self.scale.iter_mut().zip(scale).for_each(|(all, scale)| *all *= scale);
    }

    /// Whether tied events are set apart anywhere.
    pub(crate) fn has_tied_times(&self) -> bool {
        self.strata.iter().any(|stratum| !stratum.tied.times.is_empty())
    }

    /// Number of coefficients.
    pub(crate) fn n_columns(&self) -> usize {
        self.x.ncols() + self.varying.as_ref().map_or(0, |varying| varying.columns.len())
    }

    pub(crate) fn matrix(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    /// The covariates at one place.
    pub(crate) fn row(&self, place: usize) -> &[f64] {
        let p = self.x.ncols();
        &self.x.as_slice().unwrap_or_default()[place * p..(place + 1) * p]
    }
}

/// The rows of a matrix that stand at the places of `source`, row-major.
fn gathered(matrix: ArrayView2<'_, f64>, source: &[u32]) -> Array2<f64> {
    let mut x = Array2::zeros((source.len(), matrix.ncols()));
    for (mut slot, &row) in x.rows_mut().into_iter().zip(source) {
        slot.assign(&matrix.row(row as usize));
    }
    x
}

/// Subtracts the weighted mean of each stratum. The first row is taken off before, so that a
/// constant column becomes exactly 0.
pub(crate) fn centre(x: &mut Array2<f64>, weight: &[f64], strata: &[StratumRows]) {
    centre_and_visit(x, weight, strata, |_, _| {});
}

/// The same, with a look at every row that has been centred, and its weight.
fn centre_and_visit(
    x: &mut Array2<f64>,
    weight: &[f64],
    strata: &[StratumRows],
    mut visit: impl FnMut(f64, &[f64]),
) {
    let p = x.ncols();
    let Some(all) = x.as_slice_mut().filter(|_| p > 0) else { return };
    for stratum in strata {
        let block = &mut all[stratum.rows.start * p..stratum.rows.end * p];
        let weight = &weight[stratum.rows.clone()];
        let total: f64 = weight.iter().sum();
        let first = block[..p].to_vec();
        let mut mean = vec![0.0; p];
        for (row, w) in block.chunks_exact_mut(p).zip(weight) {
            let share = w / total;
            for ((value, first), mean) in row.iter_mut().zip(&first).zip(&mut mean) {
                *value -= first;
                *mean += share * *value;
            }
        }
        for (row, w) in block.chunks_exact_mut(p).zip(weight) {
            row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
            visit(*w, row);
        }
    }
}

/// Centres each column and divides it by its mean absolute deviation, which is returned.
fn centre_and_scale(x: &mut Array2<f64>, weight: &[f64], strata: &[StratumRows]) -> Vec<f64> {
    let total: f64 = weight.iter().sum();
    let mut scale = vec![0.0; x.ncols()];
    centre_and_visit(x, weight, strata, |w, row| {
        let share = w / total;
        scale.iter_mut().zip(row).for_each(|(scale, value)| *scale += share * value.abs());
    });
    scale.iter_mut().filter(|scale| **scale == 0.0).for_each(|scale| *scale = 1.0);
    if let Some(all) = x.as_slice_mut().filter(|_| !scale.is_empty()) {
        for row in all.chunks_exact_mut(scale.len()) {
            row.iter_mut().zip(&scale).for_each(|(value, scale)| *value /= scale);
        }
    }
    scale
}
