//! Sums over the comparable pairs, in O(n log n).

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has a seat and its sums"
)]

use super::counted_pairs::{can_be_counted, count_pairs};
use super::risk_tree::{HIGHER, LOWER, RiskTree, SUMS, TIED};
use super::score::{Direction, Ranks};
use super::time_weight::TimeWeight;
use crate::data::{Partition, Rows, Strata, WeightKind};
use crate::numerics::sum::Sum;
use crate::numerics::to_u32::to_u32;

/// Sums over the pairs of one stratum. Sums of whole numbers are exact: they are carried in twice the
/// working precision and rounded once.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StratumPairs {
    pub(super) comparable: [Sum; SUMS],
    /// Events at one time, by whether their scores differ or not.
    pub(super) simultaneous: [Sum; 2],
}

/// Which pairs are meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Choice {
    pub(super) weight: TimeWeight,
    /// Events before this time.
    pub(super) tau: Option<f64>,
}

/// Sums over pairs by stratum, and for each row over its partners.
#[derive(Debug)]
pub(super) struct Pairs {
    pub(super) strata: Vec<StratumPairs>,
    members: Vec<[f64; SUMS]>,
}

impl StratumPairs {
    /// Concordant, discordant, tied in score, tied in time, tied in both.
    pub(super) fn counts(&self, direction: Direction) -> [f64; 5] {
        let [higher, lower, tied] = self.comparable.map(Sum::value);
        let [different, equal] = self.simultaneous.map(Sum::value);
        match direction {
            Direction::HigherIsWorse => [higher, lower, tied, different, equal],
            Direction::HigherIsBetter => [lower, higher, tied, different, equal],
        }
    }
}

impl Pairs {
    pub(super) fn new(rows: &Rows, ranks: &Ranks, choice: Choice) -> Self {
        let strata = rows.strata.as_ref();
        let n_strata = strata.map_or(1, |strata| strata.names().len());
        let code = |row: usize| strata.map(Strata::codes).map_or(0, |codes| codes[row] as usize);
        let by_exit = Partition::new(&rows.times.by_exit.rows, n_strata, code);
        let by_entry =
            rows.times.by_entry.as_ref().map(|order| Partition::new(&order.rows, n_strata, code));
        let by_score = Partition::new(&ranks.order, n_strata, code);
        let mut all = Self { strata: Vec::new(), members: vec![[0.0; SUMS]; rows.len()] };
        let mut seats = vec![Seat::default(); rows.len()];
        for stratum in 0..n_strata {
            seat(by_score.cell(stratum), &ranks.rank, &mut seats);
            let by_exit = by_exit.cell(stratum);
            let pairs = if can_be_counted(rows, choice) {
                count_pairs(rows, &seats, by_exit, choice.tau, &mut all.members)
            } else {
                let by_entry = by_entry.as_ref().map_or(&[][..], |order| order.cell(stratum));
                let walk = Walk { rows, seats: &seats, by_exit, by_entry, choice };
                walk.run(&mut all.members)
            };
            all.strata.push(pairs);
        }
        all
    }

    /// What a unit of weight of each row adds to the concordant, the discordant and the tied pairs.
    pub(super) fn members(&self, direction: Direction) -> impl Iterator<Item = [f64; SUMS]> {
        self.members.iter().map(move |sums| match direction {
            Direction::HigherIsWorse => [sums[HIGHER], sums[LOWER], sums[TIED]],
            Direction::HigherIsBetter => [sums[LOWER], sums[HIGHER], sums[TIED]],
        })
    }
}

/// The place of a row among those of its stratum by score, and the places of all with its score.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seat {
    place: u32,
    pub(super) from: u32,
    pub(super) to: u32,
}

impl Seat {
    pub(super) fn place(self) -> usize {
        self.place as usize
    }
}

fn seat(by_score: &[u32], rank: &[u32], seats: &mut [Seat]) {
    let mut from = 0;
    for run in by_score.chunk_by(|&a, &b| rank[a as usize] == rank[b as usize]) {
        let to = from + to_u32(run.len());
        for (place, &row) in (from..to).zip(run) {
            seats[row as usize] = Seat { place, from, to };
        }
        from = to;
    }
}

/// One stratum, from its latest time to its earliest.
struct Walk<'a> {
    rows: &'a Rows,
    seats: &'a [Seat],
    by_exit: &'a [u32],
    by_entry: &'a [u32],
    choice: Choice,
}

impl Walk<'_> {
    /// An event meets those at risk with it who do not have the event at the same time.
    fn run(&self, members: &mut [[f64; SUMS]]) -> StratumPairs {
        let Self { rows, by_exit, .. } = *self;
        let exit = |row: u32| rows.times.exit[row as usize];
        let weights = self.choice.weight.of_runs(rows, by_exit);
        let runs = by_exit.chunk_by(|&a, &b| exit(a) == exit(b));
        let mut tree = RiskTree::new(by_exit.len());
        let mut pairs = StratumPairs::default();
        let mut entered = self.by_entry;
        let mut events: Vec<u32> = Vec::new();
        for (run, &weight) in runs.rev().zip(weights.iter().rev()) {
            let time = exit(run[0]);
            while let [earlier @ .., last] = entered
                && self.entry(*last) >= time
            {
                collect(members, *last, tree.leave(self.place(*last)));
                entered = earlier;
            }
            let is_event = |row: &&u32| rows.event[**row as usize];
            events.clear();
            events.extend(run.iter().filter(is_event));
            self.join(&mut tree, run.iter().filter(|row| !is_event(row)));
            if self.choice.tau.is_none_or(|tau| time < tau) {
                for &row in &events {
                    self.meet(&mut tree, row, weight, &mut pairs, &mut members[row as usize]);
                }
                self.simultaneous(&mut events, weight, &mut pairs);
            }
            self.join(&mut tree, events.iter());
        }
        let rest = if self.by_entry.is_empty() { by_exit } else { entered };
        let collected = tree.finish();
        rest.iter().for_each(|&row| collect(members, row, collected(self.place(row))));
        pairs
    }

    fn place(&self, row: u32) -> usize {
        self.seats[row as usize].place()
    }

    fn entry(&self, row: u32) -> f64 {
        self.rows.times.entry.as_ref().map_or(0.0, |entry| entry[row as usize])
    }

    fn join<'r>(&self, tree: &mut RiskTree, rows: impl Iterator<Item = &'r u32>) {
        rows.for_each(|&row| tree.join(self.place(row), self.rows.weight(row as usize)));
    }

    fn meet(
        &self,
        tree: &mut RiskTree,
        row: u32,
        time_weight: f64,
        pairs: &mut StratumPairs,
        member: &mut [f64; SUMS],
    ) {
        let Seat { from, to, .. } = self.seats[row as usize];
        let weight = self.rows.weight(row as usize);
        let met = tree.meet(from as usize..to as usize, time_weight * weight);
        for sum in [HIGHER, LOWER, TIED] {
            let met = time_weight * met[sum];
            member[sum] += met;
            pairs.comparable[sum].add(weight * met);
        }
    }

    /// Pairs of events at one time. A row that stands for k rows brings the pairs among them.
    fn simultaneous(&self, events: &mut [u32], time_weight: f64, pairs: &mut StratumPairs) {
        let frequency = self.rows.weight_kind() == Some(WeightKind::Frequency);
        events.sort_unstable_by_key(|&row| self.seats[row as usize].place);
        let score = |row: u32| self.seats[row as usize].from;
        let mut earlier = 0.0;
        for run in events.chunk_by(|&a, &b| score(a) == score(b)) {
            let mut same = 0.0;
            for weight in run.iter().map(|&row| self.rows.weight(row as usize)) {
                pairs.simultaneous[0].add(time_weight * weight * earlier);
                pairs.simultaneous[1].add(time_weight * weight * same);
                if frequency {
                    pairs.simultaneous[1].add(time_weight * weight * (weight - 1.0) / 2.0);
                }
                same += weight;
            }
            earlier += same;
        }
    }
}

fn collect(members: &mut [[f64; SUMS]], row: u32, collected: [f64; SUMS]) {
    let sums = members[row as usize].iter_mut().zip(collected);
    sums.for_each(|(sum, more)| *sum += more);
}

#[cfg(test)]
mod tests {
    use super::super::score::Score;
    use super::*;
    use crate::data::{RightCensored, SurvivalData, Weights};

    fn pairs(data: &impl SurvivalData, ranks: &Ranks, choice: Choice) -> Pairs {
        Pairs::new(data.rows(), ranks, choice)
    }

    /// Rows that count one each are counted; a frequency of 1 has them meet in the tree.
    #[test]
    fn counted_rows_have_the_pairs_of_those_that_meet() {
        let n = 700_usize;
        let event: Vec<bool> = (0..n).map(|k| k * 31 % 5 < 3).collect();
        let stratum: Vec<usize> = (0..n).map(|k| k * 17 % 3).collect();
        for (times, scores) in [(n, n), (40, n), (n, 9), (40, 9), (1, 1)] {
            let time: Vec<f64> = (0..n).map(|k| (k * 577 % n % times + 1) as f64).collect();
            let score: Vec<f64> = (0..n).map(|k| (k * 389 % n % scores) as f64).collect();
            let ranks = Score::higher_is_worse(&score).ranks().unwrap();
            let data = RightCensored::new(&time, &event).unwrap();
            for data in [data.clone(), data.with_strata(&stratum).unwrap()] {
                let once = Weights::frequency(&vec![1; n]).unwrap();
                let weighted = data.clone().with_weights(once).unwrap();
                for tau in [None, Some(times as f64 / 2.0), Some(1.0)] {
                    let choice = Choice { weight: TimeWeight::Equal, tau };
                    let [counted, met] = [&data, &weighted].map(|data| pairs(data, &ranks, choice));
                    assert_eq!(counted.members, met.members);
                    for (counted, met) in counted.strata.iter().zip(&met.strata) {
                        let direction = Direction::HigherIsWorse;
                        assert_eq!(counted.counts(direction), met.counts(direction));
                    }
                }
            }
        }
    }
}
