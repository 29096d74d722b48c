//! What the weights of rows that stay at risk after their exit do to the score and to the hazard.
//!
//! The weight of row j at t is U(t)/U(T_j). Let one step of U at u be multiplied by 1 + ε: then all weights
//! with T_j ≤ u < t are, and the score and the hazard move by ε times a sum over these rows and event
//! times. It changes only where a row leaves or an event happens.

#![expect(clippy::indexing_slicing, reason = "a time is one of its stratum, each with its steps")]

use super::centres::{Centres, TimeFactors};
use super::hazards;
use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::{Scaled, ScaledSum, power};
use super::stratum::StratumRows;
use super::tails::Stretch;
use super::ties::{Steps, Ties};
use super::times::TimesPass;

/// The derivative of something by the logarithm of a step of a weight, at any time of [from, to).
#[derive(Debug)]
pub(crate) struct WeightEffect<'a> {
    /// The weight.
    pub(crate) curve: usize,
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// The derivative, one value a column.
    pub(crate) effect: &'a [f64],
}

/// Calls `visit` with the effects on the score, in the scaled columns:
/// ```text
/// −Σ_j Σ_t w_j(t) r_j (x_j − E(t)) dΛ(t)      over T_j ≤ u < t
/// ```
/// where each time counts by its factor.
pub(crate) fn score_weight_effects(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    factors: TimeFactors<'_>,
    mut visit: impl FnMut(WeightEffect<'_>),
) {
    let p = ordered.n_columns();
    let (empty, mut effect) = (ScaledSum::new(p), vec![0.0; p]);
    for (s, stratum) in ordered.strata.iter().enumerate() {
        let Some(tails) = &stratum.tails else { continue };
        let mut centres = Centres::new(p, stratum.times.len());
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            centres.push(ties, &stratum.times.at(k), stay, leave, factors.at(s, k));
        });
        tails.each_stretch(
            &stratum.times,
            &empty,
            |sum, place, by| sum.add(times.risk.at(place).product(by), ordered.row(place)),
            |sum, k| centres.add_stay(sum, k),
            |Stretch { curve, from, to, rows, times }| {
                let scale = power(rows.exponent + times.exponent);
                let (of_rows, of_times) = (scale * times.total, scale * rows.total);
                for (value, (x, e)) in effect.iter_mut().zip(rows.first.iter().zip(&times.first)) {
                    *value = of_times * e - of_rows * x;
                }
                visit(WeightEffect { curve, from, to, effect: &effect });
            },
        );
    }
}

/// The hazard of one stratum at its event times: what the error of Λ₀ up to any time is made of.
pub(crate) struct HazardErrors<'a> {
    ordered: &'a Ordered,
    times: &'a TimesPass,
    stratum: &'a StratumRows,
    steps: Vec<(Steps, i32)>,
}

impl<'a> HazardErrors<'a> {
    /// Of stratum `s`, the coefficients held fixed.
    pub(crate) fn new(ordered: &'a Ordered, ties: Ties, times: &'a TimesPass, s: usize) -> Self {
        let stratum = &ordered.strata[s];
        let mut steps = Vec::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            let time = &stratum.times.at(k);
            let exponent = stay.align(leave);
            let of_time = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            steps.push((of_time, exponent));
        });
        Self { ordered, times, stratum, steps }
    }

    /// Adds Σ w/u² of an event time, times θ for those who leave, up to the time asked for.
    fn add(&self, until: f64, sum: &mut ScaledSum, k: usize, leaves: bool) {
        let (steps, exponent) = &self.steps[k];
        if self.stratum.times.at(k).time <= until {
            let theta = if leaves { steps.mean_theta } else { 1.0 };
            let number = Scaled { mantissa: theta * steps.square, exponent: -2 * exponent };
            sum.add(number, &[]);
        }
    }

    /// What an event adds to the hazard, for each unit of its weight.
    fn of_event(&self, k: usize) -> f64 {
        let (steps, exponent) = &self.steps[k];
        let time = &self.stratum.times.at(k);
        steps.hazard / time.weight() * power(-exponent)
    }

    /// Calls `visit` with each place of the stratum and the derivative of Λ₀(until), the weights of those
    /// who stay held fixed, by the logarithm of the weight of the row there:
    /// ```text
    /// w_i dN_i/S0 − r_i ∫ dΛ₀/S0      up to then
    /// ```
    pub(crate) fn influences(&self, until: f64, mut visit: impl FnMut(usize, f64)) {
        let Self { ordered, times, stratum, .. } = self;
        hazards::accumulate(
            stratum,
            &ScaledSum::new(0),
            |sum, k| self.add(until, sum, k, false),
            |sum, k| self.add(until, sum, k, true),
            |place, sum| visit(place, -sum.total * sum.factor_of(times.risk.at(place))),
        );
        for (k, time) in stratum.times.iter().enumerate().filter(|(_, t)| t.time <= until) {
            for place in time.events() {
                visit(place, ordered.weight[place] * self.of_event(k));
            }
        }
    }

    /// Calls `visit` with the effects on Λ₀(until):
    /// ```text
    /// −Σ_j Σ_s w_j(s) r_j dΛ₀(s)/S0(s)      over T_j ≤ u < s ≤ until
    /// ```
    pub(crate) fn weight_effects(&self, until: f64, mut visit: impl FnMut(WeightEffect<'_>)) {
        let Some(tails) = &self.stratum.tails else { return };
        let empty = ScaledSum::new(0);
        tails.each_stretch(
            &self.stratum.times,
            &empty,
            |sum, place, by| sum.add(self.times.risk.at(place).product(by), &[]),
            |sum, k| self.add(until, sum, k, false),
            |Stretch { curve, from, to, rows, times }| {
                let effect = -rows.total * times.total * power(rows.exponent + times.exponent);
                visit(WeightEffect { curve, from, to, effect: &[effect] });
            },
        );
    }
}
