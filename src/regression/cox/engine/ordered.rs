//! The rows of a fit in the order the passes take them.

use ndarray::{Array1, Array2, ArrayView2, Axis};
use std::borrow::Cow;
use std::ops::Range;

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
            let by_exit = partition.cell(stratum);
            let exits = match codes {
                None => Cow::from(rows.times.by_exit.values.as_slice()),
                Some(_) => by_exit.iter().map(|&row| rows.times.exit[row as usize]).collect(),
            };
            strata.extend(order_stratum(rows, (by_exit, &exits), ties, tails, &mut source));
        }
        let weight = match &rows.weights {
            None => vec![1.0; source.len()],
            Some(weights) => source.iter().map(|&row| weights.values()[row as usize]).collect(),
        };
        let mut event: Vec<bool> = source.iter().map(|&row| rows.event[row as usize]).collect();
        let events = weight.iter().zip(&event).filter(|(_, event)| **event);
        let (sum, count) = events.fold((0.0, 0.0), |(s, n), (weight, _)| (s + weight, n + 1.0));
        for tied in strata.iter().flat_map(|stratum: &StratumRows| &stratum.tied.times) {
            event[tied.events.clone()].fill(false);
        }
        let (x, scale) = centred_and_scaled(design.matrix(), &source, &weight, &strata);
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

    /// The covariates at some places, one after the other.
    pub(super) fn rows(&self, places: Range<usize>) -> &[f64] {
        let p = self.x.ncols();
        &self.x.as_slice().unwrap_or_default()[places.start * p..places.end * p]
    }

    /// The covariates at one place.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> &[f64] {
        let p = self.x.ncols();
        &self.x.as_slice().unwrap_or_default()[place * p..(place + 1) * p]
    }
}

/// Subtracts the weighted mean of each stratum. The first row is taken off before, so that a
/// constant column becomes exactly 0.
pub(crate) fn centre(x: &mut Array2<f64>, weight: &[f64], strata: &[StratumRows]) {
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
        for row in block.chunks_exact_mut(p) {
            row.iter_mut().zip(&mean).for_each(|(value, mean)| *value -= mean);
        }
    }
}

/// The rows of a matrix that stand at the places of `source`, row-major, each column centred at its
/// weighted mean in the stratum and divided by a power of two near its standard deviation, which is
/// returned. The first row of the stratum is taken off before, so that a constant column becomes 0.
fn centred_and_scaled(
    matrix: ArrayView2<'_, f64>,
    source: &[u32],
    weight: &[f64],
    strata: &[StratumRows],
) -> (Array2<f64>, Vec<f64>) {
    let p = matrix.ncols();
    let given = matrix.as_standard_layout();
    let given = given.as_slice().unwrap_or_default();
    let mut values = Vec::with_capacity(source.len() * p);
    // Nothing else here, so that the processor can wait for many rows at once.
    for &row in source {
        values.extend_from_slice(&given[row as usize * p..][..p]);
    }
    let mut means = Vec::with_capacity(strata.len());
    let mut spread = vec![0.0; p];
    let all: f64 = weight.iter().sum();
    for stratum in strata {
        let total: f64 = weight[stratum.rows.clone()].iter().sum();
        let row = source[stratum.rows.start] as usize;
        let first = &given[row * p..][..p];
        let (mut mean, mut square) = (vec![0.0; p], vec![0.0; p]);
        let rows = values[stratum.rows.start * p..stratum.rows.end * p].chunks_exact_mut(p.max(1));
        for (row, w) in rows.zip(&weight[stratum.rows.clone()]) {
            let share = w / total;
            let both = first.iter().zip(mean.iter_mut().zip(&mut square));
            for (value, (first, (mean, square))) in row.iter_mut().zip(both) {
                *value -= first;
                let shared = share * *value;
                *mean += shared;
                *square += shared * *value;
            }
        }
        for ((spread, square), mean) in spread.iter_mut().zip(&square).zip(&mean) {
            // The first row is one of the stratum: the mean is not far from it against the spread.
            let variance = square - mean * mean;
            // Squares out of range say nothing about a stratum; the column is then measured without.
            *spread +=
                if variance.is_nan() { f64::INFINITY } else { total / all * variance.max(0.0) };
        }
        means.push(mean);
    }
    let usual = 1e-200..1e200;
    let scale: Vec<f64> = (spread.into_iter().enumerate())
        .map(|(j, spread)| match usual.contains(&spread) {
            true => 2.0_f64.powf(spread.log2().div_euclid(2.0)),
            false => absolute_deviation(j, &values, weight, strata, &means),
        })
        .collect();
    let inverse: Vec<f64> = scale.iter().map(|scale| 1.0 / scale).collect();
    for (stratum, mean) in strata.iter().zip(&means) {
        let block = &mut values[stratum.rows.start * p..stratum.rows.end * p];
        for row in block.chunks_exact_mut(p.max(1)) {
            for ((value, mean), inverse) in row.iter_mut().zip(mean).zip(&inverse) {
                *value = (*value - mean) * inverse;
            }
        }
    }
    (Array2::from_shape_vec((source.len(), p), values).unwrap_or_default(), scale)
}

/// The mean absolute deviation of a column whose variance is 0 or out of range; 1 where it is constant.
fn absolute_deviation(
    column: usize,
    values: &[f64],
    weight: &[f64],
    strata: &[StratumRows],
    means: &[Vec<f64>],
) -> f64 {
    let p = means.first().map_or(1, Vec::len);
    let all: f64 = weight.iter().sum();
    let of_stratum = |(stratum, mean): (&StratumRows, &Vec<f64>)| -> f64 {
        let deviation = |place: usize| (values[place * p + column] - mean[column]).abs();
        stratum.rows.clone().map(|place| weight[place] / all * deviation(place)).sum()
    };
    let deviation: f64 = strata.iter().zip(means).map(of_stratum).sum();
    if deviation == 0.0 { 1.0 } else { deviation }
}
