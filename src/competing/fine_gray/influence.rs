//! What each row contributes to the error of an estimate through the weights.

#![expect(
    clippy::indexing_slicing,
    reason = "a stratum of the censoring has its steps and rows, a row is one of the data"
)]

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

    /// Adds what each row of the data contributes, weighted: to the rows of `to`.
    pub(super) fn spread(&self, places: &RowSteps<'_>, mut to: ArrayViewMut2<'_, f64>) {
        let Censoring { ties, observed, .. } = self.censoring;
        for (code, (observed, collected)) in observed.iter().zip(&self.collected).enumerate() {
            let Observation { censorings, entries, .. } = observed;
            let [of_censorings, of_entries] = collected;
            // The more are censored, the less those weigh who competing events keep at risk.
            let divided = |step: &Step| match ties {
                CensoringTies::EventsFirst => -1.0 / (step.n_risk * step.stay),
                CensoringTies::Cmprsk => -1.0 / step.n_risk,
            };
            let effects = of_censorings.by_step(self.p, censorings, divided);
            places.censorings[code].spread(&effects, censorings, places, code, &mut to);
            if let Some(of_rows) = places.entries.get(code) {
                let divided = |step: &Step| 1.0 / (step.n_risk * step.stay);
                let effects = of_entries.by_step(self.p, entries, divided);
                of_rows.spread(&effects, entries, places, code, &mut to);
            }
        }
    }
}

/// Where the rows of the data, which have the events of any cause, stand among the steps of the weights: the
/// same for all effects.
#[derive(Debug)]
pub(super) struct RowSteps<'a> {
    rows: &'a Rows,
    /// By stratum of the censoring distribution, in the order of exits.
    members: Partition,
    censorings: Vec<Places>,
    /// None without entry times.
    entries: Vec<Places>,
}

/// The steps of one kind in one stratum at which each member could do what is counted, and did.
#[derive(Debug)]
struct Places {
    could: IntervalSums,
    did: Vec<Option<usize>>,
}

impl<'a> RowSteps<'a> {
    pub(super) fn new(censoring: &Censoring, rows: &'a Rows) -> Self {
        let Censoring { ties, observed, .. } = censoring;
        let order = &rows.times.by_exit.rows;
        let members = Partition::new(order, observed.len(), |row| censoring.code(row));
        let places = |code: usize, steps: &[Step], at: &dyn Fn(usize) -> OfRow| {
            let of_members = members.cell(code).iter().map(|&row| at(row as usize));
            let (could, did): (Vec<_>, Vec<_>) = of_members.unzip();
            Places { could: IntervalSums::new(steps.len(), could.into_iter()), did }
        };
        let by_stratum = || observed.iter().enumerate();
        let censorings = by_stratum().map(|(code, Observation { censorings: steps, .. })| {
            places(code, steps, &|row| at_censorings(rows, steps, *ties, row))
        });
        let censorings = censorings.collect();
        let entries = rows.times.entry.iter().flat_map(|entry| {
            by_stratum().map(|(code, Observation { entries: steps, .. })| {
                places(code, steps, &|row| at_entries(steps, entry[row], rows.times.exit[row]))
            })
        });
        let entries = entries.collect();
        Self { rows, members, censorings, entries }
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

impl Places {
    /// Adds to each row its own step less those expected of it: ∫ effect dM.
    fn spread(
        &self,
        effects: &Array2<f64>,
        steps: &[Step],
        of: &RowSteps<'_>,
        code: usize,
        to: &mut ArrayViewMut2<'_, f64>,
    ) {
        let (rows, members) = (of.rows, of.members.cell(code));
        self.could.gather(
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
        for (&row, did) in members.iter().zip(&self.did) {
            if let Some(own) = *did {
                let row = row as usize;
                to.row_mut(row).scaled_add(rows.weight(row), &effects.row(own));
            }
        }
    }
}

/// The steps at which a row could do what is counted, and the one at which it did.
type OfRow = (Range<usize>, Option<usize>);

/// The censorings at which a row could be censored, and its own.
fn at_censorings(rows: &Rows, steps: &[Step], ties: CensoringTies, row: usize) -> OfRow {
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
fn at_entries(steps: &[Step], entry: f64, exit: f64) -> OfRow {
    let first = steps.partition_point(|step| step.time < entry);
    let own = steps.get(first).is_some_and(|step| step.time == entry);
    (first..steps.partition_point(|step| step.time < exit), own.then_some(first))
}
