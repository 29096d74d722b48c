//! The penalised partial likelihood of coefficients and log frailties at a given variance.

use super::super::engine::{Control, Maximum, Ordered, Point, expected_events};
use super::distribution::FrailtyDistribution;
use super::equations::{Equations, dot};
use super::membership::Membership;
use crate::error::{Error, Result};

/// The rows of a model with frailties. The log frailties enter as an offset.
#[derive(Debug, Clone)]
pub(super) struct Penalised {
    pub(super) ordered: Ordered,
    /// The offset of the design.
    offset: Vec<f64>,
    pub(super) membership: Membership,
    /// Columns that are estimated.
    pub(super) free: Vec<bool>,
    pub(super) distribution: FrailtyDistribution,
    pub(super) control: Control,
}

/// Where the search stands.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) point: Point,
    pub(super) ln_frailty: Vec<f64>,
    /// Events expected of the row at each place.
    pub(super) expected: Vec<f64>,
    /// Penalised log partial likelihood.
    pub(super) log_likelihood: f64,
}

/// How near a maximisation comes: what it may lack of the maximum.
#[derive(Debug, Clone, Copy)]
pub(super) enum Nearness {
    /// For the value of the likelihood.
    Value,
    /// For the place of the maximum, which is as the root of that.
    Place,
}

impl Nearness {
    /// To what a Newton step is to be solved that is worth `gain`: as near as Newton's method itself
    /// comes, or until what is left is small enough.
    fn tolerance(self, gain: f64) -> f64 {
        let (enough, loosest) = match self {
            Self::Value => (1e-15, 1e-2),
            Self::Place => (1e-21, 1e-5),
        };
        gain.max(enough / gain).sqrt().min(loosest)
    }
}

/// Halvings of one step before the search gives up.
const MAX_HALVINGS: usize = 40;

impl Penalised {
    /// From the fit without frailties. What is aliased there is aliased with frailties, and the
    /// directions along which the likelihood rises for ever are the same: they move no frailty, since
    /// its penalty would grow without end.
    pub(super) fn new(
        distribution: FrailtyDistribution,
        control: Control,
        ordered: Ordered,
        plain: &Maximum,
        membership: Membership,
    ) -> Self {
        let n = ordered.source.len();
        let offset = ordered.offset.clone().unwrap_or_else(|| vec![0.0; n]);
        Self { ordered, offset, membership, free: plain.ldl.live(), distribution, control }
    }

    /// The state without frailties.
    pub(super) fn without(&self, plain: &Maximum) -> State {
        State {
            point: plain.point.clone(),
            ln_frailty: vec![0.0; self.membership.n_clusters()],
            expected: expected_events(&self.ordered, &plain.point.times),
            log_likelihood: plain.point.log_likelihood(),
        }
    }

    /// Second derivative of the penalty of each cluster.
    pub(super) fn curvature(&self, state: &State, theta: f64) -> Vec<f64> {
        state.ln_frailty.iter().map(|&b| self.distribution.curvature(b, theta)).collect()
    }

    /// The maximum over coefficients and frailties, climbed to from a state.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::NotConverged`].
    pub(super) fn maximise(
        &mut self,
        theta: f64,
        start: &State,
        nearness: Nearness,
    ) -> Result<State> {
        let (beta, b) = (start.point.beta.clone(), start.ln_frailty.clone());
        let mut state =
            self.at(theta, beta, b).ok_or(Error::NotFinite { at: "the starting values" })?;
        let mut decrement = f64::INFINITY;
        let small = self.control.tolerance * self.ordered.event_weight;
        for iteration in 0..self.control.max_iterations {
            let gradient = self.gradient(theta, &state);
            let equations = Equations::new(self, &state, theta);
            let step = equations.solve(&gradient, |gain| nearness.tolerance(gain));
            decrement = dot(&gradient, &step) / 2.0;
            let Some(next) = self.search(theta, &state, &step) else {
                if decrement <= small {
                    return Ok(state);
                }
                let log_likelihood = state.log_likelihood;
                return Err(Error::NotConverged {
                    iterations: iteration,
                    decrement,
                    log_likelihood,
                });
            };
            state = next;
            // The step has squared the error once more.
            if decrement <= small {
                return Ok(state);
            }
        }
        let (iterations, log_likelihood) = (self.control.max_iterations, state.log_likelihood);
        Err(Error::NotConverged { iterations, decrement, log_likelihood })
    }

    /// The first of the full step, half of it, … that does not lower the likelihood by more than
    /// rounding.
    fn search(&mut self, theta: f64, state: &State, step: &[f64]) -> Option<State> {
        let slack = 1e-13 * state.log_likelihood.abs();
        let (of_frailties, of_columns) = step.split_at(state.ln_frailty.len());
        let mut length = 1.0;
        for _ in 0..MAX_HALVINGS {
            let moved = |from: &[f64], step: &[f64]| {
                from.iter().zip(step).map(|(x, step)| x + length * step).collect::<Vec<f64>>()
            };
            let beta = moved(&state.point.beta, of_columns);
            let next = self.at(theta, beta, moved(&state.ln_frailty, of_frailties));
            if let Some(next) =
                next.filter(|next| next.log_likelihood >= state.log_likelihood - slack)
            {
                return Some(next);
            }
            length /= 2.0;
        }
        None
    }

    /// The penalised likelihood and what its derivatives are made of; `None` where it is not finite.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row has the code of a cluster, each with its frailty"
    )]
    fn at(&mut self, theta: f64, beta: Vec<f64>, ln_frailty: Vec<f64>) -> Option<State> {
        let of_cluster = self.membership.codes.iter().map(|&code| ln_frailty[code as usize]);
        let offset = self.offset.iter().zip(of_cluster).map(|(offset, b)| offset + b);
        self.ordered.offset = Some(offset.collect());
        let point = Point::new(&self.ordered, self.control.ties, beta)?;
        let expected = expected_events(&self.ordered, &point.times);
        let penalty: f64 = ln_frailty.iter().map(|&b| self.distribution.penalty(b, theta)).sum();
        let log_likelihood = point.log_likelihood() - penalty;
        let state = State { point, ln_frailty, expected, log_likelihood };
        log_likelihood.is_finite().then_some(state)
    }

    /// The score of frailties and columns.
    pub(super) fn gradient(&self, theta: f64, state: &State) -> Vec<f64> {
        let expected = self.membership.sums(&state.expected);
        let frailties = (self.membership.events.iter().zip(expected).zip(&state.ln_frailty))
            .map(|((events, expected), &b)| events - expected - self.distribution.slope(b, theta));
        let columns = state.point.score.iter().zip(&self.free);
        frailties.chain(columns.map(|(&score, &free)| if free { score } else { 0.0 })).collect()
    }
}
