//! Newton's method for the multinomial logit, with step halving and infinite coefficients.

#![expect(clippy::indexing_slicing, reason = "a coefficient is one of those of the point")]

use ndarray::Array2;

use super::columns::Columns;
use super::point::{Membership, Point, probabilities, weighted_gram};
use super::recession::{farthest, recedes};
use crate::error::{Error, Result};
use crate::linalg::Ldl;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub(super) struct Control {
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
}

/// The maximum, or its limit.
#[derive(Debug)]
pub(super) struct Maximum {
    pub(super) point: Point,
    pub(super) log_likelihood_null: f64,
    /// Factors of XᵀX, by which a column has a rank of its own or not.
    pub(super) rank: Ldl,
    /// The way to infinity of every coefficient in the scaled columns, all 0 where all are finite.
    pub(super) recession: Vec<Vec<f64>>,
    /// Factors of the information over the coefficients that are not held.
    pub(super) ldl: Ldl,
    pub(super) iterations: usize,
}

/// Halvings of one step before the search gives up.
const MAX_HALVINGS: i32 = 40;

/// How much of the log-likelihood rounding may take.
const SLACK: f64 = 1e-13;

/// A step longer than this in the scaled columns is not that of a maximum.
const LONG: f64 = 1e-3;

/// The rows, and which coefficients may still move.
struct Search<'a> {
    columns: &'a Columns,
    own: &'a Membership,
    control: Control,
    free: Vec<bool>,
    /// The diagonal of the information with all slopes 0, which pivots are held against.
    diagonal: Vec<f64>,
}

/// Maximises the likelihood. A column that earlier ones explain is held at 0 in every group; a
/// direction along which the likelihood rises for ever is followed to where it is within exp(−36) of its
/// limit, and one coefficient of it held there.
pub(super) fn maximise(columns: &Columns, own: &Membership, control: Control) -> Result<Maximum> {
    let rank = Ldl::new(&weighted_gram(&columns.x, |_| 1.0));
    let null = null_point(columns, own)?;
    let free = (0..own.n_free).flat_map(|_| rank.live()).collect();
    let diagonal = null.information.diag().to_vec();
    let log_likelihood_null = null.log_likelihood;
    let mut search = Search { columns, own, control, free, diagonal };
    let (mut point, mut iterations, mut recession) = (null, 0, Vec::new());
    loop {
        let receding;
        (point, iterations, receding) = search.climb(point, iterations)?;
        let Some(direction) = receding else {
            let ldl = search.factor(&point.information);
            return Ok(Maximum { point, log_likelihood_null, rank, recession, ldl, iterations });
        };
        let far = farthest(columns, own, &direction);
        let beta = point.beta.iter().zip(&direction).map(|(b, d)| b + far * d).collect();
        let moved = Point::new(columns, own, beta);
        point = moved.ok_or(Error::NotFinite { at: "a point along an infinite coefficient" })?;
        let largest = (0..direction.len())
            .max_by(|&a, &b| f64::total_cmp(&direction[a].abs(), &direction[b].abs()));
        largest.into_iter().for_each(|held| search.free[held] = false);
        recession.push(direction);
    }
}

/// All slopes 0, the intercepts at the shares of the groups.
fn null_point(columns: &Columns, own: &Membership) -> Result<Point> {
    let count = |g: usize| own.codes.iter().filter(|&&code| code == g).count() as f64;
    let mut beta = vec![0.0; own.n_free * columns.len()];
    for g in 0..own.n_free {
        beta[g * columns.len()] = (count(g) / count(own.n_free)).ln();
    }
    Point::new(columns, own, beta).ok_or(Error::NotFinite { at: "slopes of 0" })
}

impl Search<'_> {
    fn factor(&self, information: &Array2<f64>) -> Ldl {
        Ldl::against(&self.diagonal, information, &self.free)
    }

    /// Newton steps until the rule is met: the decrement, the change of the log-likelihood and the step
    /// are small, or the step is a way to infinity, which is returned.
    fn climb(&self, mut point: Point, done: usize) -> Result<(Point, usize, Option<Vec<f64>>)> {
        let tolerance = self.control.tolerance;
        let scale = point.log_likelihood.abs();
        let mut change = f64::INFINITY;
        for iteration in done..=self.control.max_iterations {
            let ldl = self.factor(&point.information);
            let step = ldl.solve(&point.score);
            let decrement = ldl.quadratic_form(&point.score) / 2.0;
            let long = step.iter().any(|step| step.abs() > LONG);
            if step.iter().all(|&step| step == 0.0) {
                return Ok((point, iteration, None));
            }
            if decrement <= tolerance && long && recedes(self.columns, self.own, &step) {
                return Ok((point, iteration, Some(step)));
            }
            let small = tolerance.max(SLACK) * (point.log_likelihood.abs() + 1e-6 * scale);
            if decrement <= tolerance && !long && change <= small {
                // One more full step: the error is squared once more.
                let polished = self.search(&point, &step);
                return Ok((polished.unwrap_or(point), iteration + 1, None));
            }
            if iteration == self.control.max_iterations {
                break;
            }
            let Some(next) = self.search(&point, &step) else {
                if decrement <= tolerance {
                    return Ok((point, iteration, None));
                }
                return Err(self.not_converged(iteration, decrement, &point));
            };
            change = (next.log_likelihood - point.log_likelihood).abs();
            point = next;
        }
        let decrement = self.factor(&point.information).quadratic_form(&point.score) / 2.0;
        Err(self.not_converged(self.control.max_iterations, decrement, &point))
    }

    /// The first of the full step, half of it, a quarter, … that does not lower the log-likelihood by
    /// more than rounding.
    fn search(&self, point: &Point, step: &[f64]) -> Option<Point> {
        let floor = point.log_likelihood - SLACK * point.log_likelihood.abs();
        (0..MAX_HALVINGS).find_map(|halvings| {
            let length = 0.5_f64.powi(halvings);
            let beta: Vec<f64> =
                point.beta.iter().zip(step).map(|(beta, step)| beta + length * step).collect();
            let (_, log_likelihood) = probabilities(self.columns, self.own, &beta)?;
            if !(log_likelihood >= floor) {
                return None;
            }
            Point::new(self.columns, self.own, beta)
        })
    }

    fn not_converged(&self, iterations: usize, decrement: f64, point: &Point) -> Error {
        Error::NotConverged { iterations, decrement, log_likelihood: point.log_likelihood }
    }
}
