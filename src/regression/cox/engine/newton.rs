//! Newton's method with step halving.

#![expect(clippy::indexing_slicing, reason = "a column is one of those of the point")]

use std::ops::RangeInclusive;

use super::ordered::Ordered;
use super::penalty::Penalty;
use super::point::Point;
use super::secant::Secant;
use super::separation;
use super::ties::Ties;
use super::times::TimesPass;
use crate::error::{Error, Result};
use crate::linalg::{Backend, Ldl};

/// Where a search begins, and what is known from before.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    pub(crate) point: Point,
    /// By how much the objective last changed on the way here; infinite where nothing is known.
    pub(super) change: f64,
    /// Steps taken to come here.
    pub(super) steps: usize,
}

impl From<Point> for Start {
    fn from(point: Point) -> Self {
        Self { point, change: f64::INFINITY, steps: 0 }
    }
}

/// What is maximised, when to stop, and who solves.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Control {
    pub(crate) ties: Ties,
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
    pub(crate) backend: Backend,
    pub(crate) penalty: Penalty,
}

/// The maximum, or its limit.
#[derive(Debug, Clone)]
pub(crate) struct Maximum {
    pub(crate) point: Point,
    /// Columns that are neither aliased nor held.
    pub(crate) live: Vec<bool>,
    /// For each column the sign of an infinite coefficient, 0 where it is finite.
    pub(crate) infinite: Vec<i8>,
    /// Factors of the curvature at the maximum, over the columns that are not held.
    pub(crate) ldl: Ldl,
    pub(crate) iterations: usize,
    /// Half the squared Newton decrement at the maximum.
    pub(crate) decrement: f64,
}

/// How far along a direction of recession the coefficients are moved: there the likelihood is
/// within exp(−36) of its limit.
const FAR: f64 = 36.0;

/// What is left of the information on a column where the likelihood is flat.
const FLAT: f64 = 1e-8;

/// The longest step that is tried: a longer one comes from where the likelihood is flat.
const LONGEST: f64 = 1e3;

/// The size of a last step, in scaled columns, from a start near the maximum that leaves the derivatives of
/// many rows as they are to more digits than they have.
const SETTLED: f64 = 1e-12;

/// The size of a last step, in scaled columns, that says nothing: rounding of the score leaves as much at the
/// maximum itself.
const LOST: f64 = f64::EPSILON;

/// Halvings of one step before the search gives up.
const MAX_HALVINGS: i32 = 40;

/// Halvings that look for a way round where the likelihood is flat.
const MAX_FLAT_HALVINGS: i32 = 6;

/// By how much a search whose second derivative is partly learnt goes on: its last full step gains
/// fewer digits than one of Newton's. Where the information is nothing but rounding in some direction
/// it may not get there, and ends after so many steps next to the maximum.
const CLOSER: f64 = 1e-9;
const MAX_CLOSE: usize = 8;

/// Steps in a row that gain no more than rounding, after which a search gives up: two points as high as
/// each other can each be the next of the other for ever.
const MAX_STILL: i32 = 30;

/// What a step must promise for each event, so that it is no rounding where the likelihood is flat.
const MUCH: f64 = 1e-6;

impl Control {
    /// The likelihood at `beta` with the penalty; `None` where they are not finite.
    pub(crate) fn at(&self, ordered: &Ordered, beta: Vec<f64>) -> Option<Point> {
        self.penalty.applied(ordered, self.ties, Point::new(ordered, self.ties, beta)?)
    }

    /// Maximises from `start` over the columns that are not `held` there. The information with all
    /// coefficients 0 decides which columns are aliased, and against it pivots are held later. Where
    /// `start` is so far off that the likelihood is flat there, no step of Newton leads away, and 0 is
    /// the start of what is free. It is the next start, too, where the search comes to such a place.
    pub(crate) fn maximise(
        &self,
        ordered: &Ordered,
        null: &Point,
        start: Start,
        held: &[bool],
    ) -> Result<Maximum> {
        let Start { point: start, mut change, steps: mut iterations } = start;
        let free: Vec<bool> = held.iter().map(|held| !held).collect();
        let live = Ldl::against(&null.diagonal(), &null.curvature(), &free).live();
        let mut free = Free { columns: live.clone(), diagonal: null.diagonal() };
        let mut infinite = vec![0; live.len()];
        let flat = free.factor(&start).live() != live;
        let elsewhere = !flat && !held.contains(&true) && start.beta.iter().any(|&b| b != 0.0);
        let (mut point, mut limit) = (start, self.max_iterations);
        if flat {
            let kept = point.beta.iter().zip(held).map(|(&b, &held)| if held { b } else { 0.0 });
            let zero = self
                .at(ordered, kept.collect())
                .ok_or(Error::NotFinite { at: "coefficients of 0" })?;
            // Beside a held column the start may be a maximum that lies in the plain.
            if !(held.contains(&true) && point.objective() > zero.objective()) {
                point = zero;
            }
        }
        loop {
            let (ldl, outcome);
            let (steps, start) = (iterations..=limit, free.factor(&point));
            ((point, ldl), iterations, outcome) =
                self.climb(ordered, (point, start), &free, steps, change)?;
            // Each way to infinity takes as long as a maximum.
            (change, limit) = (f64::INFINITY, iterations.saturating_add(self.max_iterations));
            // Where no coefficient is infinite, none takes its information from another.
            let lost = ldl.live() != free.columns && infinite.iter().all(|&sign| sign == 0);
            let overshot = || self.overshot(ordered, &point, &free, lost);
            let Some(direction) = outcome.direction().or_else(overshot) else {
                let told = |j: usize| ldl.has(j) || !live[j] || infinite[j] != 0;
                if elsewhere && !(0..live.len()).all(told) {
                    let zero = self.at(ordered, vec![0.0; live.len()]);
                    let zero = zero.ok_or(Error::NotFinite { at: "coefficients of 0" })?;
                    let maximum = self.maximise(ordered, null, zero.into(), held)?;
                    return Ok(Maximum { iterations: iterations + maximum.iterations, ..maximum });
                }
                let decrement = ldl.quadratic_form(&point.slope()) / 2.0;
                return Ok(Maximum { point, live, infinite, ldl, iterations, decrement });
            };
            let largest = direction.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
            for (j, d) in direction.iter().enumerate() {
                if d.abs() > 1e-3 * largest && infinite[j] == 0 {
                    infinite[j] = if *d > 0.0 { 1 } else { -1 };
                }
            }
            let flat = free.is_flat(&point);
            // Holding one column takes this direction away and leaves all others to be climbed.
            if let Some(held) = direction.iter().position(|d| d.abs() == largest) {
                free.columns[held] = false;
            }
            let far: Vec<f64> =
                point.beta.iter().zip(&direction).map(|(b, d)| b + FAR / largest * d).collect();
            point = match self.at(ordered, far) {
                Some(far) => far,
                // There already, as far as numbers reach.
                None if flat => point,
                None => {
                    return Err(Error::NotFinite { at: "a point along an infinite coefficient" });
                }
            };
        }
    }

    /// The way to infinity, where a step has gone so far along it that nothing tells it any more: what
    /// the free coefficients have come to. What is `lost` is the information on some combination of them.
    fn overshot(
        &self,
        ordered: &Ordered,
        point: &Point,
        free: &Free,
        lost: bool,
    ) -> Option<Vec<f64>> {
        let direction: Vec<f64> = (point.beta.iter().zip(&free.columns))
            .map(|(&b, &free)| if free { b } else { 0.0 })
            .collect();
        let moved = direction.iter().any(|d| d.abs() > 1.0) && (lost || free.is_flat(point));
        let recedes = moved
            && self.penalty.is_constant_along(&direction)
            && separation::recedes(ordered, &direction);
        recedes.then_some(direction)
    }

    /// Newton steps over the free columns until the rule is met, from a point with its factors.
    fn climb(
        &self,
        ordered: &Ordered,
        (mut point, mut ldl): (Point, Ldl),
        free: &Free,
        steps: RangeInclusive<usize>,
        mut last_change: f64,
    ) -> Result<((Point, Ldl), usize, Outcome)> {
        let scale = point.objective().abs();
        let (came_near, mut close, mut still) = (last_change.is_finite(), 0, 0);
        let mut secant = (!self.penalty.is_quadratic()).then(|| Secant::new(point.beta.len()));
        let near = self.tolerance * ordered.event_weight;
        let enough = if secant.is_some() { CLOSER * near } else { near };
        let limit = *steps.end();
        for iteration in steps {
            let (slope, live) = (point.slope(), ldl.live());
            let mut step = self.step(&point, &ldl, &slope, free, secant.as_ref())?;
            let sloping = free.climb_slopes(&ldl, &slope, near, &mut step);
            let decrement = ldl.quadratic_form(&slope) / 2.0;
            let small =
                self.tolerance * (point.objective().abs() + 1e-6 * scale) + point.times.rounding;
            let rounding = slack(&point) + point.times.rounding;
            close += usize::from(decrement <= near);
            let flat = !sloping && (decrement <= enough || close > MAX_CLOSE);
            if step.iter().all(|&step| step == 0.0) {
                return Ok(((point, ldl), iteration, Outcome::Settled));
            }
            let long = is_long(&step);
            // Where the log-likelihood tends to 0 its relative change never becomes small.
            if flat
                && long
                && self.penalty.is_constant_along(&step)
                && separation::recedes(ordered, &step)
            {
                return Ok(((point, ldl), iteration, Outcome::Recedes(step)));
            }
            if flat && !long && last_change <= small {
                let within = |size: f64| step.iter().all(|step| step.abs() <= size);
                if came_near && within(SETTLED) {
                    let moved = point.beta.iter().zip(&step).map(|(beta, step)| beta + step);
                    point.beta = moved.collect();
                    return Ok(((point, ldl), iteration + 1, Outcome::Settled));
                }
                if within(LOST) {
                    return Ok(((point, ldl), iteration, Outcome::Settled));
                }
                // One more full step: the error is squared once more, where it is small enough for that.
                let polished = self.search(ordered, &point, &step, 0, free, &live);
                let nearer =
                    |(next, ldl): &(Point, Ldl)| ldl.quadratic_form(&next.slope()) / 2.0 <= near;
                let polished = polished.filter(nearer);
                let end = polished.unwrap_or((point, ldl));
                return Ok((end, iteration + 1, Outcome::Settled));
            }
            if iteration == limit {
                break;
            }
            let before = point.objective();
            let found = match sloping {
                _ if still > MAX_STILL => None,
                true => self.highest(ordered, &point, &step).map(|next| {
                    let ldl = free.factor(&next);
                    (next, ldl)
                }),
                // A step that promised much and gave nothing was too long.
                false => {
                    let shorter = if decrement > MUCH * ordered.event_weight { still } else { 0 };
                    self.search(ordered, &point, &step, shorter, free, &live)
                }
            };
            let Some((next, of_next)) = found else {
                if decrement <= near && !sloping {
                    return Ok(((point, ldl), iteration, Outcome::Settled));
                }
                return Err(not_converged(iteration, decrement, before));
            };
            let gain = next.objective() - before;
            last_change = gain.abs();
            still = if gain <= rounding { still + 1 } else { 0 };
            if let Some(secant) = &mut secant {
                let change = difference(&point.pull.gradient, &next.pull.gradient);
                secant.learn(&difference(&next.beta, &point.beta), &change);
            }
            (point, ldl) = (next, of_next);
        }
        let decrement = ldl.quadratic_form(&point.slope()) / 2.0;
        Err(not_converged(limit, decrement, point.objective()))
    }

    /// The step by the curvature, and by what has been learnt of the rest of it as long as the sum is
    /// positive definite.
    fn step(
        &self,
        point: &Point,
        ldl: &Ldl,
        slope: &[f64],
        free: &Free,
        secant: Option<&Secant>,
    ) -> Result<Vec<f64>> {
        let curvature = point.curvature();
        if let Some(secant) = secant {
            let whole = secant.added_to(&curvature);
            let factors = Ldl::against(&free.diagonal, &whole, &free.columns);
            if factors.live() == ldl.live() {
                return self.backend.solve(&factors, &whole, slope);
            }
        }
        self.backend.solve(ldl, &curvature, slope)
    }

    /// The first of the full step, half of it, a quarter, … that does not lower the objective by
    /// more than rounding, `shorter` of them left out. One that leads to where the likelihood is flat,
    /// with nothing left to tell the way on, is taken only if no shorter one leads elsewhere. With it
    /// come its factors.
    fn search(
        &self,
        ordered: &Ordered,
        point: &Point,
        step: &[f64],
        shorter: i32,
        free: &Free,
        live: &[bool],
    ) -> Option<(Point, Ldl)> {
        // What a short step gains can be less than rounding takes.
        let rounding = if is_long(step) { 0.0 } else { point.times.rounding };
        let floor = point.objective() - slack(point) - rounding;
        let longest = step.iter().fold(LONGEST, |m: f64, step| m.max(step.abs()));
        let (mut length, mut flat) = (LONGEST / longest * 0.5_f64.powi(shorter), None);
        for halvings in 0..MAX_HALVINGS {
            if flat.is_some() && halvings > MAX_FLAT_HALVINGS {
                break;
            }
            let beta: Vec<f64> =
                point.beta.iter().zip(step).map(|(beta, step)| beta + length * step).collect();
            // A step that rounding swallows leads nowhere.
            if beta == point.beta {
                break;
            }
            if let Some(next) = self.reach(ordered, beta, floor) {
                let ldl = free.factor(&next);
                if (0..live.len()).all(|j| ldl.has(j) || !live[j]) {
                    return Some((next, ldl));
                }
                flat.get_or_insert((next, ldl));
            }
            length /= 2.0;
        }
        flat
    }

    /// The highest of the full step, half of it, … up to where a shorter one is lower again.
    fn highest(&self, ordered: &Ordered, point: &Point, step: &[f64]) -> Option<Point> {
        let mut best: Option<Point> = None;
        for halvings in 0..MAX_HALVINGS {
            let length = 0.5_f64.powi(halvings);
            let beta: Vec<f64> =
                point.beta.iter().zip(step).map(|(beta, step)| beta + length * step).collect();
            let floor = best.as_ref().unwrap_or(point).objective();
            match self.reach(ordered, beta, floor) {
                Some(next) => best = Some(next),
                None if best.is_some() => break,
                None => {}
            }
        }
        best.filter(|best| best.objective() > point.objective())
    }

    /// The point at `beta`, unless the objective is below `floor` there.
    fn reach(&self, ordered: &Ordered, beta: Vec<f64>, floor: f64) -> Option<Point> {
        let times = TimesPass::new(ordered, self.ties, &beta)?;
        if !(times.log_likelihood + self.penalty.bound(&beta) >= floor) {
            return None;
        }
        let point = Point::of(ordered, self.ties, beta, times)?;
        let point = self.penalty.applied(ordered, self.ties, point)?;
        (point.objective() >= floor).then_some(point)
    }
}

/// The columns that may still move.
struct Free {
    columns: Vec<bool>,
    /// The diagonal that pivots are held against.
    diagonal: Vec<f64>,
}

impl Free {
    /// Whether next to nothing is left of the information on some column.
    fn is_flat(&self, point: &Point) -> bool {
        let information = point.information.diag();
        let mut all = self.columns.iter().zip(information).zip(&self.diagonal);
        all.any(|((&free, information), diagonal)| free && *information < FLAT * diagonal)
    }

    /// Where the likelihood is a slope without curvature no step comes from Newton: columns whose score
    /// still promises more than `near` go the longest way. Whether there are any.
    fn climb_slopes(&self, ldl: &Ldl, slope: &[f64], near: f64, step: &mut [f64]) -> bool {
        let promise = |j: usize| slope[j] * slope[j] / self.diagonal[j] / 2.0;
        let mut any = false;
        for j in (0..step.len()).filter(|&j| self.columns[j] && !ldl.has(j)) {
            if promise(j) > near {
                step[j] = LONGEST.copysign(slope[j]);
                any = true;
            }
        }
        any
    }

    fn factor(&self, point: &Point) -> Ldl {
        Ldl::against(&self.diagonal, &point.curvature(), &self.columns)
    }
}

/// What rounding may have taken from the objective.
fn slack(point: &Point) -> f64 {
    1e-13 * (point.log_likelihood().abs() + point.pull.value.abs())
}

/// Whether a step is longer than those that end a climb.
fn is_long(step: &[f64]) -> bool {
    step.iter().any(|step| step.abs() > 1e-3)
}

/// Why a climb ended.
enum Outcome {
    /// At a maximum over the free columns.
    Settled,
    /// The likelihood rises for ever along this direction.
    Recedes(Vec<f64>),
}

impl Outcome {
    fn direction(self) -> Option<Vec<f64>> {
        match self {
            Self::Settled => None,
            Self::Recedes(direction) => Some(direction),
        }
    }
}

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

fn not_converged(iterations: usize, decrement: f64, log_likelihood: f64) -> Error {
    Error::NotConverged { iterations, decrement, log_likelihood }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, arr1};

    use super::*;
    use crate::data::{Design, RightCensored};

    /// The longest way is gone by columns that are free, have no curvature and promise more than is asked, each up
    /// its slope; the step of the others stays.
    #[test]
    fn slopes_without_curvature_are_climbed() {
        let columns = vec![true, true, true, true, false];
        let free = Free { columns, diagonal: vec![4.0; 5] };
        let curvature = Array2::from_diag(&arr1(&[4.0, 0.0, 0.0, 0.0, 0.0]));
        let ldl = Ldl::against(&free.diagonal, &curvature, &free.columns);
        let slope = [4.0, 4.0, -4.0, 3.9, 4.0];
        let climbed = |near: f64| {
            let mut step = vec![1.0, 0.0, 0.0, 0.0, 0.0];
            (free.climb_slopes(&ldl, &slope, near, &mut step), step)
        };
        assert_eq!(climbed(1.99), (true, vec![1.0, LONGEST, -LONGEST, 0.0, 0.0]));
        assert_eq!(climbed(2.0), (false, vec![1.0, 0.0, 0.0, 0.0, 0.0]));
    }

    /// The fourth step leads to the maximum itself: the fifth would be made of rounding, and is not taken.
    #[test]
    fn a_search_ends_where_rounding_makes_the_steps() {
        let number = |row: usize, k: usize| (1e4 * ((9 * row + k) as f64).sin()).fract().abs();
        let time: Vec<f64> = (0..100).map(|row| number(row, 1)).collect();
        let event: Vec<bool> = (0..100).map(|row| number(row, 2) < 0.7).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let mut design = Design::builder();
        for (k, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let column: Vec<f64> = (0..100).map(|row| number(row, 3 + k)).collect();
            design = design.numeric(name, &column);
        }
        let ordered = Ordered::of_data(&data, &design.build().unwrap(), Ties::Efron);
        let control = Control {
            ties: Ties::Efron,
            tolerance: 1e-13,
            max_iterations: 20,
            backend: Backend::Native,
            penalty: Penalty::None,
        };
        let null = control.at(&ordered, vec![0.0; 4]).unwrap();
        let maximum = control.maximise(&ordered, &null, null.clone().into(), &[false; 4]).unwrap();
        assert_eq!(maximum.iterations, 4);
        let left = maximum.ldl.solve(&maximum.point.slope());
        assert!(left.iter().all(|left| *left != 0.0 && left.abs() < LOST), "{left:?}");
    }
}
