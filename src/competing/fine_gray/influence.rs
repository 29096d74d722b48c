//! What each row contributes to the error of an estimate through the weights.

use ndarray::{Array2, ArrayView1, ArrayViewMut2};
use std::ops::Range;

use super::censoring::{Censoring, Observation, Step};
use super::censoring_ties::CensoringTies;
use crate::data::{Partition, Rows};
use crate::numerics::interval_sums::IntervalSums;
use crate::regression::cox::WeightEffect;

/// The derivatives of some numbers by the logarithms of the steps of all weights, while they are collected.
#[derive(Debug)]
pub(super) struct WeightEffects<'a> {
    censoring: &'a Censoring,
    p: usize,
    /// Of each stratum of the censoring distribution, those of censorings and of entries.
    collected: Vec<[Collected; 2]>,
}

/// Effects, each of a range of steps.
#[derive(Debug, Clone, Default)]
struct Collected {
    steps: Vec<Range<usize>>,
    effects: Vec<f64>,
}

impl<'a> WeightEffects<'a> {
    pub(super) fn new(censoring: &'a Censoring, p: usize) -> Self {
        let collected = vec![Default::default(); censoring.observed.len()];
        Self { censoring, p, collected }
    }

    /// Takes in what holds over a stretch of time.
    pub(super) fn add(&mut self, effect: &WeightEffect<'_>) {
        let &WeightEffect { curve, from, to, effect } = effect;
        let observed = &self.censoring.observed[curve];
        let of_kind = [&observed.censorings, &observed.entries];
        for (collected, steps) in self.collected[curve].iter_mut().zip(of_kind) {
            let range = match self.censoring.ties {
                CensoringTies::EventsFirst => {
                    steps.partition_point(|s| s.time < from)..steps.partition_point(|s| s.time < to)
                }
                // As Fine and Gray print it: T < u ≤ t.
                CensoringTies::Cmprsk => {
                    steps.partition_point(|s| s.time <= from)
                        ..steps.partition_point(|s| s.time <= to)
                }
            };
            if !range.is_empty() {
                collected.steps.push(range);
                collected.effects.extend_from_slice(effect);
            }
        }
    }

    /// Adds what each row of the data contributes, weighted: to the rows of `to`. `rows` have the events of
    /// any cause.
    pub(super) fn spread(&self, rows: &Rows, mut to: ArrayViewMut2<'_, f64>) {
        let order: Vec<u32> = (0..rows.len() as u32).collect();
        let Censoring { ties, observed, .. } = self.censoring;
        let members = Partition::new(&order, observed.len(), |row| self.censoring.code(row));
        for (code, (observed, collected)) in observed.iter().zip(&self.collected).enumerate() {
            let Observation { censorings, entries, .. } = observed;
            let (members, [of_censorings, of_entries]) = (members.cell(code), collected);
            // The more are censored, the less those weigh who competing events keep at risk.
            let divided = |step: &Step| match ties {
                CensoringTies::EventsFirst => -1.0 / (step.n_risk * step.stay),
                CensoringTies::Cmprsk => -1.0 / step.n_risk,
            };
            let effects = of_censorings.by_step(self.p, censorings, divided);
            let at = |row: usize| at_censorings(rows, censorings, *ties, row);
            spread(&effects, censorings, members, rows, at, &mut to);
            if let Some(entry) = &rows.times.entry {
                let divided = |step: &Step| 1.0 / (step.n_risk * step.stay);
                let effects = of_entries.by_step(self.p, entries, divided);
                let at = |row: usize| at_entries(entries, entry[row], rows.times.exit[row]);
                spread(&effects, entries, members, rows, at, &mut to);
            }
        }
    }
}

impl Collected {
    /// The effects at each step, multiplied by a factor of the step.
    fn by_step(&self, p: usize, steps: &[Step], factor: impl Fn(&Step) -> f64) -> Array2<f64> {
        let mut sums = Array2::zeros((steps.len(), p));
        IntervalSums::new(steps.len(), self.steps.iter().cloned()).scatter(
            &mut vec![0.0; p],
            |sum| sum.fill(0.0),
            |sum, index| add(sum, &self.effects[index * p..(index + 1) * p]),
            |step, sum| sums.row_mut(step).iter_mut().zip(sum).for_each(|(all, part)| *all += part),
        );
        for (mut row, step) in sums.rows_mut().into_iter().zip(steps) {
            // A step that moves nothing may have no factor.
            if row.iter().any(|&effect| effect != 0.0) {
                row *= factor(step);
            }
        }
        sums
    }
}

fn add(sum: &mut [f64], more: &[f64]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// Adds to each row its own step less those expected of it: ∫ effect dM. `at` gives the steps at which
/// a row could do what is counted, and the one at which it did.
fn spread(
    effects: &Array2<f64>,
    steps: &[Step],
    members: &[u32],
    rows: &Rows,
    at: impl Fn(usize) -> (Range<usize>, Option<usize>),
    to: &mut ArrayViewMut2<'_, f64>,
) {
    let of_members: Vec<_> = members.iter().map(|&row| at(row as usize)).collect();
    let ranges = of_members.iter().map(|(range, _)| range.clone());
    IntervalSums::new(steps.len(), ranges).gather(
        &mut vec![0.0; effects.ncols()],
        |sum| sum.fill(0.0),
        |sum, step| {
            let (hazard, effect) = (steps[step].hazard, effects.row(step));
            sum.iter_mut().zip(effect).for_each(|(sum, effect)| *sum += hazard * effect);
        },
        |member, sum| {
            let row = members[member] as usize;
            to.row_mut(row).scaled_add(-rows.weight(row), &ArrayView1::from(sum));
        },
    );
    for (&row, (_, own)) in members.iter().zip(&of_members) {
        if let Some(own) = *own {
            let row = row as usize;
            to.row_mut(row).scaled_add(rows.weight(row), &effects.row(own));
        }
    }
}

/// The censorings at which a row could be censored, and its own.
fn at_censorings(
    rows: &Rows,
    steps: &[Step],
    ties: CensoringTies,
    row: usize,
) -> (Range<usize>, Option<usize>) {
    let exit = rows.times.exit[row];
    let entry = rows.times.entry.as_ref().map_or(f64::NEG_INFINITY, |entry| entry[row]);
    let first = steps.partition_point(|step| step.time <= entry);
    let before = steps.partition_point(|step| step.time < exit);
    let here = steps.get(before).is_some_and(|step| step.time == exit);
    let censored = !rows.event[row];
    let at_risk = here && (censored || ties == CensoringTies::Cmprsk);
    (first..before + usize::from(at_risk), censored.then_some(before))
}

/// The entries at which a row could have entered, and its own.
fn at_entries(steps: &[Step], entry: f64, exit: f64) -> (Range<usize>, Option<usize>) {
    let first = steps.partition_point(|step| step.time < entry);
    let own = steps.get(first).is_some_and(|step| step.time == entry);
    (first..steps.partition_point(|step| step.time < exit), own.then_some(first))
}
