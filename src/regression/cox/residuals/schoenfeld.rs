//! Schoenfeld residuals.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::cox_residuals::CoxResiduals;
#[cfg(feature = "serde")]
use crate::error::{Error, Result};
use crate::regression::cox::engine::{EventTime, event_means};
use crate::regression::cox::evaluation::Evaluation;

/// Schoenfeld residuals x − E(t): one row for each row of the data with an event, by stratum, then by
/// time, then by row. From
/// [`CoxResiduals::schoenfeld`](crate::regression::cox::CoxResiduals::schoenfeld).
///
/// E(t) is the mean of the covariates in the risk set, weighted by risk, and averaged over the steps in which
/// tied events are taken. The residuals of each column sum to 0 over the events, weighted.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct Schoenfeld {
    row: Vec<usize>,
    time: Vec<f64>,
    stratum: Vec<usize>,
    strata: Vec<String>,
    n_events: f64,
    residuals: Array2<f64>,
    estimate: Vec<Option<f64>>,
    vcov: Array2<f64>,
}

impl CoxResiduals {
    /// Schoenfeld residuals, one row an event.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is one of the rows, an event one of the keys"
    )]
    pub fn schoenfeld(&self) -> Schoenfeld {
        let ordered = &self.evaluation.ordered;
        let times = ordered.strata.iter().flat_map(|stratum| stratum.times.iter());
        let times: Vec<EventTime> = times.collect();
        let key = |time: &EventTime, place: usize| {
            let row = ordered.source[place] as usize;
            (self.strata.as_ref().map_or(0, |(_, codes)| codes[row] as usize), time.time, row)
        };
        let keys: Vec<(usize, f64, usize)> = (times.iter())
            .flat_map(|time| time.events().map(move |place| key(time, place)))
            .collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by(|&a, &b| {
            let (a, b) = (keys[a], keys[b]);
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
        });
        let mut residuals = self.schoenfeld_at_places().select(Axis(0), &order);
        if !self.weighted {
            let weights = self.event_weights();
            for (mut values, &event) in residuals.rows_mut().into_iter().zip(&order) {
                values /= weights[event];
            }
        }
        Schoenfeld {
            row: order.iter().map(|&event| keys[event].2).collect(),
            time: order.iter().map(|&event| keys[event].1).collect(),
            stratum: order.iter().map(|&event| keys[event].0).collect(),
            strata: self.strata.as_ref().map_or(vec!["all".to_owned()], |(names, _)| names.clone()),
            n_events: times.iter().map(EventTime::steps).sum(),
            residuals,
            estimate: self.estimate.clone(),
            vcov: self.vcov.clone(),
        }
    }

    /// Weighted residuals of the events in the order of their places, in the columns as given.
    pub(super) fn schoenfeld_at_places(&self) -> Array2<f64> {
        let Evaluation { ordered, times } = &self.evaluation;
        let means = event_means(ordered, self.ties, times);
        let n = ordered.event.iter().filter(|&&event| event).count();
        let mut residuals = Array2::zeros((n, ordered.n_columns()));
        let mut rows = residuals.rows_mut().into_iter();
        for (stratum, means) in ordered.strata.iter().zip(&means) {
            for (time, mean) in stratum.times.iter().zip(means.rows()) {
                for (place, mut row) in time.events().zip(&mut rows) {
                    let w = ordered.weight[place];
                    let each = ordered.row(place).iter().zip(mean).zip(&ordered.scale);
                    let values = each.map(|((x, mean), scale)| w * (x - mean) * scale);
                    row.iter_mut().zip(values).for_each(|(slot, value)| *slot = value);
                }
            }
        }
        residuals
    }

    /// The weights of the events in the order of their places.
    pub(super) fn event_weights(&self) -> Vec<f64> {
        let ordered = &self.evaluation.ordered;
        let all = ordered.weight.iter().zip(&ordered.event);
        all.filter(|(_, event)| **event).map(|(weight, _)| *weight).collect()
    }
}

impl Schoenfeld {
    /// The row of the data that each event is, counted from 0.
    #[must_use]
    pub fn row(&self) -> &[usize] {
        &self.row
    }

    /// The time of each event.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The stratum of each event, an index into [`strata`](Self::strata).
    #[must_use]
    pub fn stratum(&self) -> &[usize] {
        &self.stratum
    }

    /// Names of the strata; `all` where there is one.
    #[must_use]
    pub fn strata(&self) -> &[String] {
        &self.strata
    }

    /// The residuals, events × columns.
    #[must_use]
    pub fn residuals(&self) -> ArrayView2<'_, f64> {
        self.residuals.view()
    }

    /// Scaled residuals β + d V r of each column, d being the number of events, or the sum of their
    /// frequencies: they scatter about β(t) where the coefficient varies with time. `None` for a coefficient
    /// without a finite estimate.
    ///
    /// Source: Grambsch & Therneau 1994, doi:10.1093/biomet/81.3.515.
    #[must_use]
    pub fn scaled(&self) -> Vec<Option<Array1<f64>>> {
        let scaled = self.residuals.dot(&self.vcov) * self.n_events;
        let columns = scaled.columns().into_iter().zip(&self.estimate);
        columns.map(|(column, estimate)| estimate.map(|estimate| &column + estimate)).collect()
    }
}

#[cfg(feature = "serde")]
impl Schoenfeld {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { n_events: not_negative, vcov: covariance })?;
        let (events, columns) = (self.row.len(), self.estimate.len());
        let rows = [
            ("time", self.time.len()),
            ("stratum", self.stratum.len()),
            ("residuals", self.residuals.nrows()),
        ];
        crate::checked::same_lengths(events, &rows)?;
        let sides = [
            ("residuals", self.residuals.ncols()),
            ("vcov", self.vcov.nrows()),
            ("vcov", self.vcov.ncols()),
        ];
        crate::checked::same_lengths(columns, &sides)?;
        match self.stratum.iter().all(|&stratum| stratum < self.strata.len()) {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "Schoenfeld residuals" }),
        }
    }
}
