//! Every so many rows of a fit.

#![expect(
    clippy::indexing_slicing,
    reason = "a place kept is one of the rows, and a time has its number among those left"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use std::ops::Range;

use super::ordered::Ordered;
use super::parts::parts;
use super::stratum::{StratumRows, TiedTimes, intervals_of};
use crate::linalg::RowMajor;

impl Ordered {
    /// Every `step`-th place: a sample that is spread evenly over time and strata. For rows whose
    /// coefficients do not vary, of which no ties are set apart and none stay at risk after their exit.
    pub(super) fn every(&self, step: usize) -> Self {
        let kept: Vec<usize> = (0..self.event.len()).step_by(step).collect();
        let mut values = Vec::with_capacity(kept.len() * self.x.n_columns());
        kept.iter().for_each(|&place| values.extend_from_slice(self.row(place)));
        let x = RowMajor::from_rows(values, kept.len(), self.x.n_columns());
        let weight: Vec<f64> = kept.iter().map(|&place| self.weight[place]).collect();
        let event: Vec<bool> = kept.iter().map(|&place| self.event[place]).collect();
        let of_events = weight.iter().zip(&event).filter(|(_, event)| **event);
        let total_event_weight = of_events.map(|(weight, _)| weight).sum();
        let offset = self.offset.as_ref();
        let strata = self.strata.iter().filter_map(|stratum| sampled(stratum, step, &weight));
        let strata: Vec<StratumRows> = strata.collect();
        Self {
            parts: parts(&strata, x.n_columns()),
            strata,
            x,
            weight: weight.into(),
            offset: offset.map(|offset| kept.iter().map(|&place| offset[place]).collect()),
            event,
            source: kept.iter().map(|&place| self.source[place]).collect(),
            scale: self.scale.clone(),
            event_weight: self.event_weight,
            total_event_weight,
            varying: None,
        }
    }
}

/// The sampled rows of a stratum; `None` when there is no event among them.
fn sampled(stratum: &StratumRows, step: usize, weight: &[f64]) -> Option<StratumRows> {
    let sampled = |places: Range<usize>| places.start.div_ceil(step)..places.end.div_ceil(step);
    let rows = sampled(stratum.rows.clone());
    let mut times = stratum.times.alike(0, rows.start);
    // How many of the event times before each are left.
    let mut index = Vec::with_capacity(stratum.times.len() + 1);
    for time in stratum.times.iter() {
        index.push(times.len() as u32);
        let events = sampled(time.events());
        if !events.is_empty() {
            let weight = weight[events.clone()].iter().sum();
            times.push(time.time, events, weight);
        }
    }
    index.push(times.len() as u32);
    // Rows after the last event are in no risk set.
    let rows = rows.start..times.end()?;
    let at_risk = stratum.at_risk.as_ref().map(|at_risk| {
        let of = |range: &Range<u32>| index[range.start as usize]..index[range.end as usize];
        let kept = rows.clone().map(|place| &at_risk[place * step - stratum.rows.start]);
        kept.map(of).collect::<Vec<_>>()
    });
    let intervals = at_risk.as_ref().map(|at_risk| intervals_of(at_risk, &times, rows.start));
    Some(StratumRows { rows, times, tied: TiedTimes::default(), intervals, at_risk, tails: None })
}
