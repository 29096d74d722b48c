//! The rows of a fit in the order the passes take them.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, an event one of the places, a column one of the design"
)]

use ndarray::ArrayView2;
use std::ops::Range;

use super::contents::Contents;
use super::covariates::{centre, centred_and_scaled};
use super::parts::{Part, parts};
use super::row_weights::RowWeights;
use super::stratum::{StratumRows, order_stratum};
use super::tails::Tails;
use super::ties::Ties;
use super::varying::{TimeTable, Varying};
use crate::data::{Design, Partition, Rows};
use crate::error::Result;
use crate::linalg::RowMajor;

/// Rows by stratum, then by exit time from the latest, at one time those without an event first, and
/// then by what they say; columns centred within strata and scaled.
#[derive(Debug, Clone)]
pub(crate) struct Ordered {
    pub(crate) strata: Vec<StratumRows>,
    /// Where nested risk sets are cut.
    pub(super) parts: Vec<Part>,
    pub(crate) x: RowMajor,
    pub(crate) weight: RowWeights,
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
        let contents = Contents::new(rows, design, tails);
        let by_exit = &rows.times.by_exit;
        let mut source = Vec::with_capacity(rows.len());
        let mut strata = Vec::new();
        let mut order = |by_exit: &[u32], exits: &[f64]| {
            strata.extend(order_stratum(&contents, (by_exit, exits), ties, &mut source));
        };
        match codes {
            None => order(&by_exit.rows, &by_exit.values),
            Some((n_strata, codes)) => {
                let of = |row: usize| codes[row] as usize;
                let partition = Partition::new(&by_exit.rows, n_strata, of);
                for stratum in 0..n_strata {
                    let by_exit = partition.cell(stratum);
                    let exits = by_exit.iter().map(|&row| rows.times.exit[row as usize]);
                    order(by_exit, &exits.collect::<Vec<_>>());
                }
            }
        }
        // Before the covariates are copied, which takes the most memory.
        drop(contents);
        let weight = match &rows.weights {
            None => RowWeights::ones(source.len()),
            Some(weights) => {
                let of = |&row: &u32| weights.values()[row as usize];
                source.iter().map(of).collect::<Vec<f64>>().into()
            }
        };
        let mut event: Vec<bool> = source.iter().map(|&row| rows.event[row as usize]).collect();
        // Products, since the processor cannot foresee who has an event.
        let events = event.iter().map(|&event| f64::from(u8::from(event)));
        let both = weight.iter().zip(events);
        let (sum, count) = both.fold((0.0, 0.0), |(s, n), (w, event)| (s + w * event, n + event));
        for tied in strata.iter().flat_map(|stratum: &StratumRows| &stratum.tied.times) {
            event[tied.events.clone()].fill(false);
        }
        let (x, scale) = centred_and_scaled(design.matrix(), &source, &weight, &strata);
        let offset = design.offset().map(|offset| {
            let mut offset: Vec<f64> = source.iter().map(|&row| offset[row as usize]).collect();
            centre(&mut offset, 1, &weight, &strata);
            offset
        });
        let event_weight = sum / f64::max(count, 1.0);
        Self {
            parts: parts(&strata, x.n_columns()),
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

    /// The same rows with other columns, whose coefficients do not vary.
    pub(crate) fn with_columns(&self, x: RowMajor) -> Self {
        Self {
            strata: self.strata.clone(),
            parts: parts(&self.strata, x.n_columns()),
            scale: vec![1.0; x.n_columns()],
            x,
            weight: self.weight.clone(),
            offset: self.offset.clone(),
            event: self.event.clone(),
            source: self.source.clone(),
            event_weight: self.event_weight,
            total_event_weight: self.total_event_weight,
            varying: None,
        }
    }

    /// Divides the columns once more.
    pub(crate) fn rescale(&mut self, scale: &[f64]) {
        let p = self.x.n_columns();
        for row in self.x.values_mut().chunks_exact_mut(p.max(1)) {
            row.iter_mut().zip(scale).for_each(|(x, scale)| *x /= scale);
        }
        if let Some(varying) = &mut self.varying {
            // What a column was divided by has left its product with g already.
            let rest: Vec<f64> = (varying.columns.iter().zip(&scale[self.x.n_columns()..]))
                .map(|(&column, of_product)| of_product / scale[column])
                .collect();
            varying.divide(&rest);
        }
        self.scale.iter_mut().zip(scale).for_each(|(all, scale)| *all *= scale);
    }

    /// Whether one running sum follows the risk sets of every stratum.
    pub(super) fn is_nested(&self) -> bool {
        self.strata.iter().all(StratumRows::is_nested)
    }

    /// Whether tied events are set apart anywhere.
    pub(crate) fn has_tied_times(&self) -> bool {
        self.strata.iter().any(|stratum| !stratum.tied.times.is_empty())
    }

    /// Number of coefficients.
    pub(crate) fn n_columns(&self) -> usize {
        self.x.n_columns() + self.varying.as_ref().map_or(0, |varying| varying.columns.len())
    }

    pub(crate) fn matrix(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    /// The covariates at some places, one after the other.
    pub(super) fn rows(&self, places: Range<usize>) -> &[f64] {
        self.x.rows(places)
    }

    /// The covariates at one place.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> &[f64] {
        self.x.row(place)
    }
}

#[cfg(test)]
impl Ordered {
    pub(crate) fn of_data(
        data: &impl crate::data::SurvivalData,
        design: &Design,
        ties: Ties,
    ) -> Self {
        Self::new(data.rows(), design, ties, None)
    }

    /// Six rows with two columns, the second of which is also multiplied by a function of time.
    pub(crate) fn of_six_rows(ties: Ties, function: fn(f64) -> f64) -> Self {
        let time = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let event = [true, true, false, true, true, true];
        let data = crate::data::RightCensored::new(&time, &event).unwrap();
        let design = Design::builder()
            .numeric("x", &[2.0, 0.0, 1.0, 3.0, 1.0, 0.0])
            .numeric("z", &[0.0, 1.0, 1.0, 0.0, 1.0, 0.0])
            .build()
            .unwrap();
        Self::of_data(&data, &design, ties)
            .with_varying(vec![1], |time| Ok(vec![function(time)]))
            .unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::super::point::Point;
    use super::*;

    /// Columns divided once more, with coefficients that much larger, say the same.
    #[test]
    fn rescaled_columns_say_the_same() {
        let ordered = Ordered::of_six_rows(Ties::Efron, f64::ln);
        let (beta, by) = ([0.3, -0.2, 0.4], [2.0, 4.0, 16.0]);
        let mut rescaled = ordered.clone();
        rescaled.rescale(&by);
        let larger = beta.iter().zip(by).map(|(beta, by)| beta * by).collect();
        let [a, b] = [(&ordered, beta.to_vec()), (&rescaled, larger)]
            .map(|(ordered, beta)| Point::new(ordered, Ties::Efron, beta).unwrap());
        approx::assert_relative_eq!(a.log_likelihood(), b.log_likelihood(), epsilon = 1e-14);
        for (j, by) in by.into_iter().enumerate() {
            assert_eq!(rescaled.scale[j], ordered.scale[j] * by);
            approx::assert_relative_eq!(a.score[j], b.score[j] * by, epsilon = 1e-13);
        }
    }
}
