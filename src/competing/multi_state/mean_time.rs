//! The mean time in each state up to a time, with its standard error.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is of one of the persons, a state one of those named, a step one of the jumps"
)]

use super::course::{Course, at_start};
use super::jumps::times;
use super::persons::Persons;
use super::walk::Members;
use crate::data::MultiState;
use crate::numerics::sum::Sum;
use crate::statistic::Interval;

/// The mean time spent in a state up to τ, ∫₀^τ p(t) dt, from
/// [`StateOccupation::restricted_to`](crate::competing::StateOccupation::restricted_to).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct MeanTime {
    /// The state.
    pub state: String,
    /// Up to which time, in the unit of the data.
    pub tau: f64,
    /// The mean time, in [0, τ].
    pub mean: f64,
    /// Its standard error, by the infinitesimal jackknife.
    pub std_error: f64,
    /// Limits, cut to [0, τ].
    pub interval: Interval,
}

#[cfg(feature = "serde")]
crate::checked::check!(MeanTime { tau: not_negative, mean: not_negative, std_error: not_negative });

/// The mean times up to `tau` and their standard errors.
///
/// The influence of a row is that on the probabilities with each step carried to ∫ p: a row collects
/// it as a difference of running sums.
pub(super) fn mean_times(
    data: &MultiState,
    course: &Course,
    tau: f64,
    members: Members<'_>,
    persons: &Persons<'_>,
) -> (Vec<f64>, Vec<f64>) {
    let k = course.initial.len();
    let jumps = &course.jumps;
    let areas = Areas::new(course, tau);
    let mean = areas.of(&course.initial, 0);
    let mut sums = vec![Sum::default(); persons.n * k];
    let first = jumps.time.first().copied().unwrap_or(f64::INFINITY);
    for row in members.by_exit.iter().map(|&row| row as usize) {
        let weight = persons.weight(row);
        let person = persons.person(row);
        let sums = &mut sums[person * k..(person + 1) * k];
        let state = data.from()[row] as usize;
        let (entry, exit) = (data.entry()[row], data.time()[row]);
        let steps = |time: f64| jumps.up_to(time).min(areas.n_steps);
        let (begin, end) = (steps(entry), steps(exit));
        for (j, sum) in sums.iter_mut().enumerate() {
            sum.add(-weight * areas.collected(state, j, begin, end));
        }
        if let Some(to) = data.to()[row].filter(|_| exit <= tau) {
            let share = weight * jumps.share(end - 1)[state];
            let (entered, left) = (areas.row(end, to as usize), areas.row(end, state));
            for (sum, (entered, left)) in sums.iter_mut().zip(entered.iter().zip(left)) {
                sum.add(share * (entered - left));
            }
        }
        if at_start(data, row, first) {
            let share = weight / course.initial_weight;
            for (sum, (own, mean)) in sums.iter_mut().zip(areas.row(0, state).iter().zip(&mean)) {
                sum.add(share * (own - mean));
            }
        }
    }
    let mut squares = vec![Sum::default(); k];
    for person in sums.chunks_exact(k) {
        let person = person.iter().map(|sum| sum.value());
        squares.iter_mut().zip(person).for_each(|(sum, x)| sum.add_product(x, x));
    }
    let mean = mean.into_iter().map(|mean| tau * mean).collect();
    (mean, squares.into_iter().map(|square| tau * square.value().sqrt()).collect())
}

/// ∫ from each step to τ of P(step, t), in units of τ so that nothing overflows.
struct Areas {
    k: usize,
    n_steps: usize,
    /// The area from the origin, then from after each step; each a matrix row by row.
    area: Vec<f64>,
    /// Running sums over the steps of share · (row of dA) · area, a matrix each: states at risk × states.
    running: Vec<Sum>,
}

impl Areas {
    fn new(course: &Course, tau: f64) -> Self {
        let (k, jumps) = (course.initial.len(), &course.jumps);
        let n_steps = jumps.up_to(tau);
        let size = k * k;
        let mut area = vec![0.0; (n_steps + 1) * size];
        let mut right = tau;
        for place in (0..=n_steps).rev() {
            let (here, later) = area[place * size..].split_at_mut(size);
            let left = if place == 0 { 0.0 } else { jumps.time[place - 1] };
            if place < n_steps {
                for (line, out) in jumps.matrix(place).chunks_exact(k).zip(here.chunks_exact_mut(k))
                {
                    times(line, &later[..size], out);
                }
            }
            (0..k).for_each(|j| here[j * k + j] += (right - left) / tau);
            right = left;
        }
        let mut running = vec![Sum::default(); (n_steps + 1) * size];
        let mut out = vec![0.0; k];
        for step in 0..n_steps {
            let after = &area[(step + 1) * size..(step + 2) * size];
            for j in 0..k {
                let share = jumps.share(step)[j];
                let line = &jumps.matrix(step)[j * k..(j + 1) * k];
                times(line, after, &mut out);
                for l in 0..k {
                    let mut sum = running[step * size + j * k + l];
                    sum.add(share * (out[l] - after[j * k + l]));
                    running[(step + 1) * size + j * k + l] = sum;
                }
            }
        }
        Self { k, n_steps, area, running }
    }

    /// The area that one in a state after `step` steps has ahead, by state.
    fn row(&self, step: usize, state: usize) -> &[f64] {
        let start = (step * self.k + state) * self.k;
        &self.area[start..start + self.k]
    }

    /// The areas ahead of a distribution over the states.
    fn of(&self, p: &[f64], step: usize) -> Vec<f64> {
        let mut out = vec![0.0; self.k];
        let start = step * self.k * self.k;
        times(p, &self.area[start..start + self.k * self.k], &mut out);
        out
    }

    /// What one at risk in a state over the steps from `begin` to before `end` collects.
    fn collected(&self, state: usize, of: usize, begin: usize, end: usize) -> f64 {
        let at = |step: usize| self.running[(step * self.k + state) * self.k + of];
        at(end).since(at(begin))
    }
}
