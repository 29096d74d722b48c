//! EMICM: expectation-maximisation steps in turn with iterative convex minorant steps.
//!
//! With p_j the mass of the j-th maximal intersection and P_i the mass of what row i covers, the
//! log-likelihood per unit of weight is ℓ(p) = Σ w_i ln P_i, concave, on the simplex. Its gradient
//! is g_j = Σ_{i covers j} w_i/P_i, and Σ p_j g_j = 1 at every p.
//!
//! - EM: p_j ← p_j g_j. Never decreases ℓ, never leaves the simplex, and is slow.
//! - ICM: a Newton step on F_k = p_1 + … + p_k with the diagonal of the Hessian, projected on
//!   0 ≤ F_1 ≤ … ≤ 1 by pooling adjacent violators, with a line search. It finds which masses are 0.
//! - Where few cells have mass, Newton steps among them with the whole Hessian bring the last digits.
//!
//! p is the maximum when g_j ≤ 1 for all j (Karush, Kuhn, Tucker); and whatever p is, ℓ lacks at
//! most max g_j − 1 of its maximum, by concavity.
//!
//! Source: Wellner & Zhan 1997, *Journal of the American Statistical Association* 92:945; Jongbloed
//! 1998, doi:10.1080/10618600.1998.10474775.

#![expect(clippy::indexing_slicing, reason = "a run lies within the m cells, and has its weight")]

use super::maximal_intersections::MaximalIntersections;
use super::support_newton;
use crate::numerics::interval_sums::IntervalSums;
use crate::numerics::sum::Sum;

/// Halvings of an ICM step before it is given up.
const MAX_HALVINGS: u32 = 40;
/// Newton steps after one ICM step.
const MAX_SUPPORT_STEPS: u32 = 8;
/// Changes of ℓ below this are rounding.
const ROUNDING: f64 = 1e-13;
/// A cell with a gradient this far below 1 has no mass in any maximum.
const CLEARLY_BELOW: f64 = 1e-6;

/// Where the iteration ended.
#[derive(Debug, Clone)]
pub(super) struct Maximum {
    /// Mass of each maximal intersection; they sum to 1.
    pub(super) mass: Vec<f64>,
    /// Gradient at each, 1 where there is mass.
    pub(super) gradient: Vec<f64>,
    /// max g_j − 1, or 0.
    pub(super) reduced_gradient: f64,
    /// Σ w_i ln P_i, not divided by the weights.
    pub(super) log_likelihood: f64,
    pub(super) iterations: usize,
    pub(super) converged: bool,
}

/// The log-likelihood per unit of weight.
struct Likelihood<'a> {
    cells: &'a MaximalIntersections,
    sums: IntervalSums,
    /// Weight of each run, as a fraction of all.
    weight: Vec<f64>,
    total: f64,
}

/// Iterates until max g_j − 1 ≤ `tolerance`.
pub(super) fn maximise(
    cells: &MaximalIntersections,
    tolerance: f64,
    max_iterations: usize,
) -> Maximum {
    let likelihood = Likelihood::new(cells);
    let mut mass = likelihood.start();
    let mut iterations = 0;
    loop {
        let covered = likelihood.covered(&mass);
        let gradient = likelihood.gradient(&covered);
        let excess = excess(&gradient);
        let converged = excess <= tolerance;
        if converged || iterations == max_iterations {
            let here = likelihood.at(mass, iterations, converged);
            return likelihood.without_traces(here, tolerance);
        }
        mass = normalised(mass.iter().zip(&gradient).map(|(p, g)| p * g).collect());
        mass = likelihood.support_steps(likelihood.minorant_step(mass));
        iterations += 1;
    }
}

/// max g_j − 1, at least 0; infinite where a gradient is not a number.
fn excess(gradient: &[f64]) -> f64 {
    if gradient.iter().any(|g| g.is_nan()) {
        return f64::INFINITY;
    }
    gradient.iter().fold(0.0, |worst: f64, g| worst.max(g - 1.0))
}

fn normalised(mass: Vec<f64>) -> Vec<f64> {
    let mut total = Sum::default();
    mass.iter().for_each(|&p| total.add(p));
    mass.into_iter().map(|p| p / total.value()).collect()
}

impl<'a> Likelihood<'a> {
    fn new(cells: &'a MaximalIntersections) -> Self {
        let mut total = Sum::default();
        cells.weight.iter().for_each(|&w| total.add(w));
        Self {
            cells,
            sums: IntervalSums::new(cells.len(), cells.runs.iter().cloned()),
            weight: cells.weight.iter().map(|w| w / total.value()).collect(),
            total: total.value(),
        }
    }

    /// The product-limit masses when rows that reach the last cell count as right-censored, and the
    /// others as events spread evenly over what they cover: every mass is above 0, and with exact
    /// and right-censored rows alone this is Kaplan–Meier, the maximum.
    fn start(&self) -> Vec<f64> {
        let m = self.cells.len();
        let leaves = |run: usize| self.cells.runs[run].end == m;
        let (mut events, mut leaving) = (vec![0.0; m], vec![0.0; m]);
        self.sums.scatter(
            &mut 0.0,
            |sum| *sum = 0.0,
            |sum, run| {
                if !leaves(run) {
                    *sum += self.weight[run] / self.cells.runs[run].len() as f64;
                }
            },
            |cell, sum| events[cell] += sum,
        );
        for run in (0..self.weight.len()).filter(|&run| leaves(run)) {
            leaving[self.cells.runs[run].start] += self.weight[run];
        }
        let mut at_risk = vec![0.0; m];
        let mut sum = Sum::default();
        for j in (0..m).rev() {
            sum.add(events[j]);
            at_risk[j] = sum.value();
            sum.add(leaving[j]);
        }
        let mut left = 1.0;
        let mass = (0..m).map(|j| {
            if j + 1 == m {
                return left;
            }
            let p = left * (events[j] / at_risk[j]);
            left *= (at_risk[j] - events[j]) / at_risk[j];
            p
        });
        let mass: Vec<f64> = mass.collect();
        // Weights of very different size can round a mass to 0, and no EM step revives it.
        if mass.iter().all(|&p| p > 0.0) { normalised(mass) } else { vec![1.0 / m as f64; m] }
    }

    /// P_i of each run.
    fn covered(&self, mass: &[f64]) -> Vec<f64> {
        let mut covered = vec![0.0; self.weight.len()];
        self.sums.gather(
            &mut 0.0,
            |sum| *sum = 0.0,
            |sum, cell| *sum += mass[cell],
            |run, sum| covered[run] += sum,
        );
        covered
    }

    /// g_j of each cell.
    fn gradient(&self, covered: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; self.cells.len()];
        self.sums.scatter(
            &mut 0.0,
            |sum| *sum = 0.0,
            |sum, run| *sum += self.weight[run] / covered[run],
            |cell, sum| gradient[cell] += sum,
        );
        gradient
    }

    fn value(&self, covered: &[f64]) -> f64 {
        let mut sum = Sum::default();
        self.weight.iter().zip(covered).for_each(|(w, p)| sum.add(w * p.ln()));
        sum.value()
    }

    fn at(&self, mass: Vec<f64>, iterations: usize, converged: bool) -> Maximum {
        let covered = self.covered(&mass);
        let gradient = self.gradient(&covered);
        let reduced_gradient = excess(&gradient);
        let log_likelihood = self.total * self.value(&covered);
        Maximum { mass, gradient, reduced_gradient, log_likelihood, iterations, converged }
    }

    /// Drops the traces of mass where there can be none, if the rule still holds without them.
    fn without_traces(&self, found: Maximum, tolerance: f64) -> Maximum {
        let trace = |(p, g): (&f64, &f64)| *p > 0.0 && *g < 1.0 - CLEARLY_BELOW;
        if !found.converged || !found.mass.iter().zip(&found.gradient).any(trace) {
            return found;
        }
        let kept = |(p, g)| if trace((p, g)) { 0.0 } else { *p };
        let mass = normalised(found.mass.iter().zip(&found.gradient).map(kept).collect());
        let without = self.at(mass, found.iterations, true);
        if without.reduced_gradient <= tolerance { without } else { found }
    }

    /// One ICM step; gives `mass` back where none is better.
    fn minorant_step(&self, mass: Vec<f64>) -> Vec<f64> {
        match self.projected(&mass, &self.covered(&mass)) {
            Some(target) => self.search(mass, target),
            None => mass,
        }
    }

    /// Newton steps among the cells that have mass, as long as the steps end where one loses it.
    fn support_steps(&self, mut mass: Vec<f64>) -> Vec<f64> {
        for _ in 0..MAX_SUPPORT_STEPS {
            let covered = self.covered(&mass);
            let step = support_newton::step(&self.cells.runs, &self.weight, &covered, &mass);
            let Some((target, whole)) = step else { return mass };
            mass = self.search(mass, target);
            if whole {
                return mass;
            }
        }
        mass
    }

    /// The best of `target` and points half as far, quarter as far, …; else `mass`.
    fn search(&self, mass: Vec<f64>, target: Vec<f64>) -> Vec<f64> {
        let covered = self.covered(&mass);
        let towards: Vec<f64> = target.iter().zip(&mass).map(|(q, p)| q - p).collect();
        // Σ g d = Σ (g − 1) d, since no mass is made: near the maximum, where g is about 1, rounding has no
        // part in it.
        let slope = |covered: &[f64]| -> f64 {
            let gradient = self.gradient(covered);
            gradient.iter().zip(&towards).map(|(g, d)| (g - 1.0) * d).sum()
        };
        let (value, steepness) = (self.value(&covered), slope(&covered));
        if !(steepness > 0.0) {
            return mass;
        }
        let mut step = 1.0;
        for _ in 0..MAX_HALVINGS {
            let between = |(p, q): (&f64, &f64)| (1.0 - step) * p + step * q;
            let next: Vec<f64> = match step {
                1.0 => target.clone(),
                _ => mass.iter().zip(&target).map(between).collect(),
            };
            let reached = self.covered(&next);
            let gain = self.value(&reached) - value;
            // Near the maximum ℓ no longer changes in its last digit, and the slope decides.
            let flatter = || gain >= -ROUNDING && slope(&reached).abs() <= 0.5 * steepness;
            if gain > ROUNDING || flatter() {
                return normalised(next);
            }
            step *= 0.5;
        }
        mass
    }

    /// The masses of the diagonal Newton step on F, projected on the ordered F.
    fn projected(&self, mass: &[f64], covered: &[f64]) -> Option<Vec<f64>> {
        let m = mass.len();
        let (mut slope, mut curvature) = (vec![0.0; m + 1], vec![0.0; m + 1]);
        for ((run, w), p) in self.cells.runs.iter().zip(&self.weight).zip(covered) {
            let pull = w / p;
            slope[run.end] += pull;
            slope[run.start] -= pull;
            curvature[run.end] += pull / p;
            curvature[run.start] += pull / p;
        }
        let mut below = 0.0;
        let newton: Vec<(f64, f64)> = (1..m)
            .map(|k| {
                below += mass[k - 1];
                (below + slope[k] / curvature[k], curvature[k])
            })
            .collect();
        let usable = |&(value, weight): &(f64, f64)| value.is_finite() && weight.is_finite();
        if !newton.iter().all(usable) {
            return None;
        }
        let mut last = 0.0;
        let steps = isotonic(&newton).into_iter().map(|value| value.clamp(0.0, 1.0));
        Some(steps.chain([1.0]).map(|value| value - std::mem::replace(&mut last, value)).collect())
    }
}

/// The ascending sequence nearest to `(value, weight)` in weighted least squares.
fn isotonic(points: &[(f64, f64)]) -> Vec<f64> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(points.len());
    for &(value, weight) in points {
        let mut block = (value, weight, 1);
        while let Some(&(before, its_weight, count)) = blocks.last() {
            if before < block.0 {
                break;
            }
            let weight = its_weight + block.1;
            let share = block.1 / weight;
            block = (before + share * (block.0 - before), weight, count + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(value, _, count)| std::iter::repeat_n(value, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::IntervalCensored;

    #[test]
    fn pools_adjacent_violators() {
        let fitted = isotonic(&[(1.0, 1.0), (3.0, 1.0), (2.0, 3.0), (4.0, 1.0)]);
        assert_eq!(fitted, [1.0, 2.25, 2.25, 4.0]);
    }

    /// Cells (1, 2], (3, 4] and (5, 6]. With mass p in the first and none in the second the likelihood is
    /// p³ (1 − p)², highest at 3/5; the gradient of the second is then 5/6.
    #[test]
    fn traces_of_mass_are_dropped() {
        let data = IntervalCensored::new(&[0.0, 0.0, 1.0, 3.0, 5.0], &[2.0, 2.0, 4.0, 6.0, 7.0]);
        let cells = MaximalIntersections::new(&data.unwrap(), &[0, 1, 2, 3, 4]);
        let likelihood = Likelihood::new(&cells);
        let found = likelihood.at(vec![0.6, 1e-12, 0.4 - 1e-12], 1, true);
        let without = likelihood.without_traces(found, 1e-10);
        for (mass, expected) in without.mass.iter().zip([0.6, 0.0, 0.4]) {
            approx::assert_abs_diff_eq!(*mass, expected, epsilon = 1e-11 * expected);
        }
        approx::assert_relative_eq!(without.gradient[1], 5.0 / 6.0, max_relative = 1e-12);
    }
}
