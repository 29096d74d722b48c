//! The means of the risk sets, as the event times add them to what a row meets over its time at risk.

#![expect(
    clippy::indexing_slicing,
    reason = "an event time is one of its stratum, and has its centre and moments"
)]

use super::event_times::EventTime;
use super::scaled_sum::ScaledSum;
use super::ties::{Steps, Ties};

/// The moments of the risk set of every event time of a stratum, in one column of numbers: of those who
/// stay and of those who leave, or of both together where these count alike.
pub(super) struct Centres {
    p: usize,
    moments: Vec<f64>,
    times: Vec<Centre>,
}

/// A vector, and what it is multiplied by.
type Multiple<'a> = (f64, &'a [f64]);

/// One event time.
struct Centre {
    /// Where its moments begin.
    start: usize,
    /// Whether those who leave have moments of their own.
    apart: bool,
    exponent: i32,
    steps: Steps,
    /// Sum of the weights of the steps.
    weight: f64,
    /// How much the time counts.
    factor: f64,
}

/// How much each event time counts in a sum over times, by stratum, latest first: g ≥ 0 for a covariate
/// that is multiplied by g(t). Each counts once where nothing is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeFactors<'a>(pub(crate) Option<&'a [Vec<f64>]>);

impl TimeFactors<'_> {
    pub(crate) const ONE: Self = Self(None);

    pub(super) fn at(self, stratum: usize, k: usize) -> f64 {
        self.0.map_or(1.0, |factors| factors[stratum][k])
    }
}

impl Centres {
    pub(super) fn new(p: usize, n_times: usize) -> Self {
        Self { p, moments: Vec::with_capacity(p * n_times), times: Vec::with_capacity(n_times) }
    }

    /// Forgets all event times, in the memory there is.
    pub(super) fn clear(&mut self) {
        self.moments.clear();
        self.times.clear();
    }

    /// Adds the next event time, with the sums of its risk set and what it counts.
    pub(super) fn push(
        &mut self,
        ties: Ties,
        time: &EventTime,
        stay: &mut ScaledSum,
        leave: &mut ScaledSum,
        factor: f64,
    ) {
        let exponent = stay.align(leave);
        let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        let apart = steps.spread > 0.0 || steps.mean_theta != 1.0;
        let start = self.moments.len();
        if apart {
            self.moments.extend_from_slice(&stay.first);
            self.moments.extend_from_slice(&leave.first);
        } else {
            self.moments.extend(stay.first.iter().zip(&leave.first).map(|(n, d)| n + d));
        }
        let weight = time.weight();
        self.times.push(Centre { start, apart, exponent: -exponent, steps, weight, factor });
    }

    /// Adds Σ w/u and Σ w E/u over the steps, which a row that stays at risk meets.
    pub(super) fn add_stay(&self, sum: &mut ScaledSum, k: usize) {
        let steps = &self.times[k].steps;
        self.add(sum, k, steps.hazard, steps.square, steps.mean_theta * steps.square);
    }

    /// Adds Σ w θ/u and Σ w θ E/u, which a row that leaves with the event meets.
    pub(super) fn add_leave(&self, sum: &mut ScaledSum, k: usize) {
        let steps = &self.times[k].steps;
        let theta = steps.mean_theta * steps.square;
        self.add(sum, k, steps.hazard_event, theta, steps.spread + steps.mean_theta * theta);
    }

    fn add(&self, sum: &mut ScaledSum, k: usize, total: f64, of_stay: f64, of_leave: f64) {
        let (stay, leave) = self.moments_of(k);
        let Centre { exponent, factor, .. } = self.times[k];
        let moments = ((factor * of_stay, stay), (factor * of_leave, leave));
        sum.merge_moments(exponent, factor * total, moments.0, moments.1);
    }

    /// `weight` times the mean of E over the steps, as a combination of moments; what the time counts is in
    /// `weight`.
    pub(super) fn mean(&self, k: usize, weight: f64) -> (Multiple<'_>, Option<Multiple<'_>>) {
        let Centre { steps, weight: all, apart, .. } = &self.times[k];
        let (stay, leave) = self.moments_of(k);
        let of_leave = || (weight * (steps.hazard_event / all), leave);
        ((weight * (steps.hazard / all), stay), apart.then(of_leave))
    }

    /// The moments of those who stay, and of those who leave where they are apart.
    fn moments_of(&self, k: usize) -> (&[f64], &[f64]) {
        let Centre { start, apart, .. } = self.times[k];
        let stay = &self.moments[start..start + self.p];
        let leave = if apart { start + self.p..start + 2 * self.p } else { 0..0 };
        (stay, &self.moments[leave])
    }
}
