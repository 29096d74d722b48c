//! Newton's method with step halving.

use ndarray::Array2;

use super::ordered::Ordered;
use super::rows::RowsPass;
use super::separation;
use super::ties::Ties;
use super::times::TimesPass;
use crate::error::{Error, Result};
use crate::linalg::{Backend, Ldl};

/// The likelihood and its derivatives at one point, in the scaled columns.
#[derive(Debug, Clone)]
pub(crate) struct Point {
    pub(crate) beta: Vec<f64>,
    pub(crate) times: TimesPass,
    pub(crate) score: Vec<f64>,
    pub(crate) information: Array2<f64>,
    moment: Vec<f64>,
}

/// A column whose information is below this fraction of its second moment times the tolerance of a
/// pivot is constant within every risk set: what is left there are the roundings of a difference.
const CONSTANT: f64 = 0.01;

impl Point {
    /// Both passes at `beta`; `None` where the likelihood is not finite.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, beta: Vec<f64>) -> Option<Self> {
        TimesPass::new(ordered, ties, &beta).map(|times| Self::of(ordered, ties, beta, times))
    }

    fn of(ordered: &Ordered, ties: Ties, beta: Vec<f64>, times: TimesPass) -> Self {
        let RowsPass { score, information, moment } = RowsPass::new(ordered, ties, &beta, &times);
        Self { beta, times, score, information, moment }
    }

    /// The diagonal that pivots are held against.
    pub(crate) fn diagonal(&self) -> Vec<f64> {
        let both = self.information.diag().into_iter().zip(&self.moment);
        both.map(|(information, moment)| information.max(CONSTANT * moment)).collect()
    }

    /// Factors of the information, by which a column has a rank of its own or not.
    pub(crate) fn rank(&self) -> Ldl {
        let all = vec![true; self.beta.len()];
        Ldl::against(&self.diagonal(), &self.information, &all)
    }

    pub(crate) fn log_likelihood(&self) -> f64 {
        self.times.log_likelihood
    }
}

/// When to stop, and who solves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Control {
    pub(crate) ties: Ties,
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
    pub(crate) backend: Backend,
}

/// The maximum, or its limit.
#[derive(Debug, Clone)]
pub(crate) struct Maximum {
    pub(crate) point: Point,
    /// Columns that are neither aliased nor held.
    pub(crate) live: Vec<bool>,
    /// For each column the sign of an infinite coefficient, 0 where it is finite.
    pub(crate) infinite: Vec<i8>,
    /// Factors of the information at the maximum, over the columns that are not held.
    pub(crate) ldl: Ldl,
    pub(crate) iterations: usize,
    /// Half the squared Newton decrement at the maximum.
    pub(crate) decrement: f64,
}

/// How far along a direction of recession the coefficients are moved: there the likelihood is
/// within exp(−36) of its limit.
const FAR: f64 = 36.0;

/// Halvings of one step before the search gives up.
const MAX_HALVINGS: usize = 40;

/// Halvings that look for a way round where the likelihood is flat.
const MAX_FLAT_HALVINGS: usize = 6;

impl Control {
    /// Maximises from `start` over the columns that are not `held` there. The information with all
    /// coefficients 0 decides which columns are aliased, and against it pivots are held later. Where
    /// `start` is so far off that the likelihood is flat there, no step leads away, and 0 is the start
    /// of what is free.
    pub(crate) fn maximise(
        self,
        ordered: &Ordered,
        null: &Point,
        start: Point,
        held: &[bool],
    ) -> Result<Maximum> {
        let free: Vec<bool> = held.iter().map(|held| !held).collect();
        let live = Ldl::against(&null.diagonal(), &null.information, &free).live();
        let mut free = Free { columns: live.clone(), diagonal: null.diagonal() };
        let mut infinite = vec![0; live.len()];
        let flat = free.factor(&start).live() != live;
        let (mut point, mut iterations) = (start, 0);
        if flat {
            let kept = point.beta.iter().zip(held).map(|(&b, &held)| if held { b } else { 0.0 });
            point = Point::new(ordered, self.ties, kept.collect())
                .ok_or(Error::NotFinite { at: "coefficients of 0" })?;
        }
        loop {
            let outcome;
            (point, iterations, outcome) = self.climb(ordered, point, &free, iterations)?;
            let Outcome::Recedes(direction) = outcome else {
                let ldl = free.factor(&point);
                let decrement = ldl.quadratic_form(&point.score) / 2.0;
                return Ok(Maximum { point, live, infinite, ldl, iterations, decrement });
            };
            let largest = direction.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            for (j, d) in direction.iter().enumerate() {
                if d.abs() > 1e-3 * largest && infinite[j] == 0 {
                    infinite[j] = if *d > 0.0 { 1 } else { -1 };
                }
            }
            // Holding one column takes this direction away and leaves all others to be climbed.
            if let Some(held) = direction.iter().position(|d| d.abs() == largest) {
                free.columns[held] = false;
            }
            let far: Vec<f64> =
                point.beta.iter().zip(&direction).map(|(b, d)| b + FAR / largest * d).collect();
            point = Point::new(ordered, self.ties, far)
                .ok_or(Error::NotFinite { at: "a point along an infinite coefficient" })?;
        }
    }

    /// Newton steps over the free columns until the rule is met.
    fn climb(
        self,
        ordered: &Ordered,
        mut point: Point,
        free: &Free,
        done: usize,
    ) -> Result<(Point, usize, Outcome)> {
        let scale = point.log_likelihood().abs();
        let mut last_change = f64::INFINITY;
        for iteration in done..=self.max_iterations {
            let ldl = free.factor(&point);
            let step = self.backend.solve(&ldl, &point.information, &point.score)?;
            let decrement = ldl.quadratic_form(&point.score) / 2.0;
            let small = self.tolerance * (point.log_likelihood().abs() + 1e-6 * scale);
            let flat = decrement <= self.tolerance * ordered.event_weight;
            if step.iter().all(|&step| step == 0.0) {
                return Ok((point, iteration, Outcome::Settled));
            }
            let long = step.iter().any(|step| step.abs() > 1e-3);
            // Where the log-likelihood tends to 0 its relative change never becomes small.
            if flat && long && separation::recedes(ordered, &step) {
                return Ok((point, iteration, Outcome::Recedes(step)));
            }
            if flat && !long && last_change <= small {
                // One more full step: the error is squared once more.
                let polished = self.search(ordered, &point, &step, free, &ldl.live());
                return Ok((polished.unwrap_or(point), iteration + 1, Outcome::Settled));
            }
            let before = point.log_likelihood();
            let Some(next) = self.search(ordered, &point, &step, free, &ldl.live()) else {
                if decrement <= self.tolerance * ordered.event_weight {
                    return Ok((point, iteration, Outcome::Settled));
                }
                return Err(not_converged(iteration, decrement, before));
            };
            last_change = (next.log_likelihood() - before).abs();
            point = next;
        }
        let decrement = free.factor(&point).quadratic_form(&point.score) / 2.0;
        Err(not_converged(self.max_iterations, decrement, point.log_likelihood()))
    }

    /// The first of the full step, half of it, a quarter, … that does not lower the likelihood by
    /// more than rounding. One that leads to where the likelihood is flat, with nothing left to tell
    /// the way on, is taken only if no shorter one leads elsewhere.
    fn search(
        self,
        ordered: &Ordered,
        point: &Point,
        step: &[f64],
        free: &Free,
        live: &[bool],
    ) -> Option<Point> {
        let slack = 1e-13 * point.log_likelihood().abs();
        let (mut length, mut flat) = (1.0, None);
        for halvings in 0..MAX_HALVINGS {
            if flat.is_some() && halvings > MAX_FLAT_HALVINGS {
                break;
            }
            let beta: Vec<f64> =
                point.beta.iter().zip(step).map(|(beta, step)| beta + length * step).collect();
            if let Some(times) = TimesPass::new(ordered, self.ties, &beta)
                && times.log_likelihood >= point.log_likelihood() - slack
            {
                let next = Point::of(ordered, self.ties, beta, times);
                if free.factor(&next).live() == live {
                    return Some(next);
                }
                flat.get_or_insert(next);
            }
            length /= 2.0;
        }
        flat
    }
}

/// The columns that may still move.
struct Free {
    columns: Vec<bool>,
    /// The diagonal that pivots are held against.
    diagonal: Vec<f64>,
}

impl Free {
    fn factor(&self, point: &Point) -> Ldl {
        Ldl::against(&self.diagonal, &point.information, &self.columns)
    }
}

/// Why a climb ended.
enum Outcome {
    /// At a maximum over the free columns.
    Settled,
    /// The likelihood rises for ever along this direction.
    Recedes(Vec<f64>),
}

fn not_converged(iterations: usize, decrement: f64, log_likelihood: f64) -> Error {
    Error::NotConverged { iterations, decrement, log_likelihood }
}
