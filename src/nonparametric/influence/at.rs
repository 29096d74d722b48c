//! The influence of rows on one curve at one time.
//!
//! What a row collects over the times at which it is at risk is a difference of two running sums,
//! kept in twice the working precision: each estimate costs one walk over the times and one over
//! the rows.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, a place one of the times, and there is one more running sum"
)]

use super::functions::Estimand;
use crate::data::{RiskSeries, Rows};
use crate::error::{Result, Warning};
use crate::nonparametric::NelsonAalen;
use crate::nonparametric::curves::Influence;
use crate::nonparametric::curves::{emptied, influence, product_limit};
use crate::numerics::sum::Sum;

/// A curve with the influence of a unit of weight on ln S, or on Λ, at each of its times.
#[derive(Debug)]
pub(super) struct Curve {
    estimand: Estimand,
    time: Vec<f64>,
    /// S or Λ at each time.
    value: Vec<f64>,
    influence: Vec<Influence>,
}

/// The places of a curve at which a row is at risk and does not have the event, and whether it has
/// the event at the place after them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    first: usize,
    end: usize,
    event: bool,
}

impl Curve {
    /// From the counts at the times at which somebody left.
    pub(super) fn new(estimand: Estimand, series: &RiskSeries) -> Result<Self> {
        let time = series.time().to_vec();
        if estimand != Estimand::CumulativeHazard {
            let (value, _) = product_limit(series);
            let (value, influence) = (value.into(), influence(series));
            return Ok(Self { estimand, time, value, influence });
        }
        let steps = NelsonAalen::new().steps(series)?;
        let mut hazard = 0.0;
        let add = |jump: f64| {
            hazard += jump;
            hazard
        };
        let value = steps.iter().map(|step| step.jump).map(add).collect();
        let influence = steps.iter().map(|step| step.influence).collect();
        Ok(Self { estimand, time, value, influence })
    }

    /// Whether the curve is known past its last time: S is 0 there.
    pub(super) fn is_over(&self) -> bool {
        self.estimand != Estimand::CumulativeHazard && self.value.last() == Some(&0.0)
    }

    /// What the reader should know.
    pub(super) fn warning(&self, series: &RiskSeries) -> Option<Warning> {
        match self.estimand {
            Estimand::CumulativeHazard => None,
            _ => emptied(series, &self.value),
        }
    }

    /// The places of a row.
    pub(super) fn span(&self, rows: &Rows, row: usize) -> Span {
        let up_to = |time: f64| self.time.partition_point(|&known| known <= time);
        let first = rows.times.entry.as_ref().map_or(0, |entry| up_to(entry[row]));
        let (event, end) = (rows.event[row], up_to(rows.times.exit[row]));
        Span { first, end: end - usize::from(event), event }
    }

    /// The estimate at a time.
    pub(super) fn at(&self, time: f64) -> EstimateAt {
        let places = self.time.partition_point(|&known| known <= time);
        let value = places.checked_sub(1).map(|last| self.value[last]);
        let (value, factor): (f64, Vec<f64>) = match self.estimand {
            Estimand::CumulativeHazard => (value.unwrap_or(0.0), vec![1.0; places]),
            Estimand::Survival => {
                let survival = value.unwrap_or(1.0);
                (survival, vec![survival; places])
            }
            Estimand::RestrictedMean => self.areas(time, places),
        };
        let mut sum = Sum::default();
        let mut running = vec![sum];
        let leave = (self.influence.iter().zip(&factor))
            .map(|(influence, factor)| {
                sum.add(influence.stay * factor);
                running.push(sum);
                influence.leave * factor
            })
            .collect();
        EstimateAt { value, running, leave }
    }

    /// ∫₀^τ S, and ∫_t^τ S for each of the first `places` times t.
    fn areas(&self, tau: f64, places: usize) -> (f64, Vec<f64>) {
        // In units of τ, so that nothing overflows.
        let (mut area, mut right) = (Sum::default(), tau);
        let mut after = vec![0.0; places];
        for k in (0..places).rev() {
            area.add(self.value[k] * ((right - self.time[k]) / tau));
            (right, after[k]) = (self.time[k], tau * area.value());
        }
        area.add(right / tau);
        (tau * area.value(), after)
    }
}

/// An estimate at one time.
#[derive(Debug)]
pub(super) struct EstimateAt {
    pub(super) value: f64,
    /// The influence collected before each place, by a row at risk from the start.
    running: Vec<Sum>,
    /// The influence of an event at each place.
    leave: Vec<f64>,
}

impl EstimateAt {
    /// The influence of a unit of weight that was at risk over a span.
    pub(super) fn influence(&self, span: Span) -> f64 {
        let places = self.leave.len();
        let stayed = self.running[span.end.min(places)].since(self.running[span.first.min(places)]);
        match span.event && span.end < places {
            true => stayed + self.leave[span.end],
            false => stayed,
        }
    }
}
