//! Rows that stay at risk after they have left, with a weight that follows a step function: the risk sets
//! of Fine and Gray.
//!
//! Row j left at T_j and counts w_j(t) = U(t)/U(T_j) at t > T_j. The weight is a product of what belongs to
//! the row and what belongs to the time, so that the share of these rows in a risk set is U(t) times one
//! sum that grows with time, Σ r_j/U(T_j) over T_j < t. Nothing is subtracted and no row is repeated.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has its place and its curve, a time its weight, and no chunk is empty"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use super::event_times::EventTimes;
use super::scaled_sum::{Scaled, ScaledSum};

/// Which rows stay at risk after their exit, and the weight that each of them follows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tails {
    /// Of each row of the data, the weight it follows; `None` where it leaves for good, as all do whom no
    /// event of their stratum follows.
    pub(crate) follows: Vec<Option<u32>>,
    pub(crate) weights: Vec<TailWeight>,
}

/// A step function U, known up to a factor: the product of the factors of earlier times.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TailWeight {
    times: Vec<f64>,
    /// U just after each time.
    values: Vec<Scaled>,
}

impl TailWeight {
    /// The product of factors, by ascending time; it is 1 at first.
    pub(crate) fn new(factors: impl Iterator<Item = (f64, f64)>) -> Self {
        let mut weight = Self::default();
        let mut product = Scaled::ONE;
        for (time, factor) in factors {
            product = product.multiplied(factor);
            weight.times.push(time);
            weight.values.push(product);
        }
        weight
    }

    /// U(t−).
    pub(crate) fn before(&self, time: f64) -> Scaled {
        match self.times.partition_point(|&step| step < time) {
            0 => Scaled::ONE,
            after => self.values[after - 1],
        }
    }
}

/// The rows of one stratum that stay at risk.
#[derive(Debug, Clone)]
pub(crate) struct StratumTails {
    curves: Vec<Curve>,
    /// Of each row of the stratum, where it stands among the tails of all curves; [`NONE`] elsewhere.
    of_row: Vec<u32>,
    first_row: usize,
}

/// The rows that follow one weight.
#[derive(Debug, Clone)]
struct Curve {
    /// Which of all weights it is.
    number: usize,
    /// U(t−) at the event times, latest first.
    weight: Vec<Scaled>,
    /// Those who left last come first.
    tails: Vec<Tail>,
}

/// One row that stays at risk.
#[derive(Debug, Clone, Copy)]
struct Tail {
    exit: f64,
    place: u32,
    /// It stays at risk at the event times 0..until.
    until: u32,
    /// 1/U(T−), T being its exit.
    inverse: Scaled,
}

const NONE: u32 = u32::MAX;

impl StratumTails {
    /// `rows` are the rows of the data that stand at the places from `first_row` on.
    pub(super) fn new(
        tails: &Tails,
        rows: &[u32],
        first_row: usize,
        exit: &[f64],
        times: &EventTimes,
    ) -> Option<Self> {
        let mut by_curve: Vec<(usize, Tail)> = Vec::new();
        for (place, &row) in (first_row..).zip(rows) {
            let Some(curve) = tails.follows[row as usize] else { continue };
            let exit = exit[row as usize];
            let until = times.later_than(exit);
            if until > 0 {
                let inverse = tails.weights[curve as usize].before(exit).inverse();
                let tail = Tail { exit, place: place as u32, until: until as u32, inverse };
                by_curve.push((curve as usize, tail));
            }
        }
        // Stable: within a curve they stay in the order of places.
        by_curve.sort_by_key(|(curve, _)| *curve);
        let curves: Vec<Curve> = (by_curve.chunk_by(|a, b| a.0 == b.0))
            .map(|members| {
                let (number, weight) = (members[0].0, &tails.weights[members[0].0]);
                let weight = times.iter().map(|event| weight.before(event.time)).collect();
                Curve { number, weight, tails: members.iter().map(|(_, tail)| *tail).collect() }
            })
            .collect();
        let mut of_row = vec![NONE; rows.len()];
        for (index, tail) in curves.iter().flat_map(|curve| &curve.tails).enumerate() {
            of_row[tail.place as usize - first_row] = index as u32;
        }
        (!curves.is_empty()).then_some(Self { curves, of_row, first_row })
    }

    /// Gives every event time the highest of a number over those who stay at risk there.
    pub(super) fn highest(&self, number: impl Fn(usize) -> f64, highest: &mut [f64]) {
        for curve in &self.curves {
            let (mut tails, mut running) = (curve.tails.as_slice(), f64::NEG_INFINITY);
            for (k, highest) in highest.iter_mut().enumerate().rev() {
                for tail in joined(&mut tails, k) {
                    running = running.max(number(tail.place as usize));
                }
                if curve.weight[k].mantissa > 0.0 {
                    *highest = highest.max(running);
                }
            }
        }
    }

    /// What each row accumulates over the event times after its exit, each weighted by its w.
    pub(super) fn accumulate(
        &self,
        empty: &ScaledSum,
        add_stay: impl Fn(&mut ScaledSum, usize),
    ) -> AfterExit<'_> {
        let (mut sums, mut of_tail, mut one) = (Vec::new(), Vec::new(), empty.clone());
        for curve in &self.curves {
            let (mut running, mut k) = (empty.clone(), 0);
            for run in curve.tails.chunk_by(|a, b| a.until == b.until) {
                for time in k..run[0].until as usize {
                    one.clear();
                    add_stay(&mut one, time);
                    running.merge_times(&one, curve.weight[time]);
                }
                k = run[0].until as usize;
                of_tail.extend(run.iter().map(|tail| (sums.len() as u32, tail.inverse)));
                sums.push(running.clone());
            }
        }
        AfterExit { tails: self, sums, of_tail }
    }
}

/// A stretch of time [from, to) in which no row leaves and no event happens.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    /// The weight that its rows follow.
    pub(super) curve: usize,
    pub(super) from: f64,
    pub(super) to: f64,
    /// Σ r/U(T) over the rows that left before or at its start.
    pub(super) rows: &'a ScaledSum,
    /// The sum over the event times after it, each multiplied by U(t−).
    pub(super) times: &'a ScaledSum,
}

impl StratumTails {
    /// Calls `visit` for every stretch of time that lies after the exit of some row and before some
    /// event: what the weight does between the two is a product of `rows` and `times`.
    pub(super) fn each_stretch(
        &self,
        event_times: &EventTimes,
        empty: &ScaledSum,
        add_row: impl Fn(&mut ScaledSum, usize, Scaled),
        add_time: impl Fn(&mut ScaledSum, usize),
        mut visit: impl FnMut(Stretch<'_>),
    ) {
        for curve in &self.curves {
            let after = curve.times_after(empty, &add_time);
            let (mut rest, mut running) = (curve.tails.as_slice(), empty.clone());
            let mut from = f64::NEG_INFINITY;
            for k in (1..=event_times.len()).rev() {
                from = event_times.get(k).map_or(from, |event| event.time);
                let mut stretch = |from, to, rows: &ScaledSum| {
                    if !rows.is_empty() && from < to {
                        visit(Stretch { curve: curve.number, from, to, rows, times: &after[k] });
                    }
                };
                // Those who left since that event time, by ascending exit.
                for tail in joined(&mut rest, k - 1).iter().rev() {
                    stretch(from, tail.exit, &running);
                    from = tail.exit;
                    add_row(&mut running, tail.place as usize, tail.inverse);
                }
                stretch(from, event_times.at(k - 1).time, &running);
            }
        }
    }
}

impl Curve {
    /// The sums over the first k event times, each multiplied by U(t−), for every k.
    fn times_after(
        &self,
        empty: &ScaledSum,
        add_time: impl Fn(&mut ScaledSum, usize),
    ) -> Vec<ScaledSum> {
        let mut after = vec![empty.clone()];
        let (mut running, mut one) = (empty.clone(), empty.clone());
        for (k, &weight) in self.weight.iter().enumerate() {
            one.clear();
            add_time(&mut one, k);
            running.merge_times(&one, weight);
            after.push(running.clone());
        }
        after
    }
}

/// Takes off the back of `tails` those who stay at risk at event time k and have not been taken.
fn joined<'a>(tails: &mut &'a [Tail], k: usize) -> &'a [Tail] {
    let (rest, joined) = tails.split_at(tails.partition_point(|tail| (tail.until as usize) <= k));
    *tails = rest;
    joined
}

/// What rows accumulate after their exit.
pub(super) struct AfterExit<'a> {
    tails: &'a StratumTails,
    sums: Vec<ScaledSum>,
    /// Of each tail its sum, and what that is multiplied by.
    of_tail: Vec<(u32, Scaled)>,
}

impl AfterExit<'_> {
    /// Adds what the row at a place accumulates, if it stays at risk at all.
    pub(super) fn add(&self, place: usize, sum: &mut ScaledSum) {
        if let Some((of_tail, inverse)) = self.of(place) {
            sum.merge_times(&self.sums[of_tail as usize], inverse);
        }
    }

    /// Whether the row at a place stays at risk after its exit.
    pub(super) fn has(&self, place: usize) -> bool {
        self.of(place).is_some()
    }

    fn of(&self, place: usize) -> Option<(u32, Scaled)> {
        let index = self.tails.of_row[place - self.tails.first_row];
        self.of_tail.get(index as usize).copied()
    }
}

/// Event times for which sums are held at once.
const BLOCK: usize = 256;

/// The share of those who stay in the risk sets, asked for from the latest event time to the earliest,
/// against the order in which it grows: sums are kept at the blocks' ends only, and taken up from there.
pub(super) struct TailSums<'a, Add> {
    tails: &'a StratumTails,
    add: Add,
    /// Of each block and curve, the sum over those who stay at risk throughout the block.
    throughout: Vec<Vec<ScaledSum>>,
    block: usize,
    sums: Vec<ScaledSum>,
}

impl<'a, Add: Fn(&mut ScaledSum, usize, Scaled)> TailSums<'a, Add> {
    /// `add` adds what stands at a place to a sum, multiplied.
    pub(super) fn new(tails: &'a StratumTails, n_times: usize, p: usize, add: Add) -> Self {
        let n_blocks = n_times.div_ceil(BLOCK);
        let mut throughout = vec![Vec::new(); n_blocks];
        for curve in &tails.curves {
            let (mut rest, mut running) = (curve.tails.as_slice(), ScaledSum::new(p));
            for (block, sums) in throughout.iter_mut().enumerate().rev() {
                let last = ((block + 1) * BLOCK).min(n_times) - 1;
                // Backwards, by ascending exit.
                for tail in joined(&mut rest, last).iter().rev() {
                    add(&mut running, tail.place as usize, tail.inverse);
                }
                sums.push(running.clone());
            }
        }
        let sums = vec![ScaledSum::new(p); BLOCK];
        Self { tails, add, throughout, block: n_blocks, sums }
    }

    /// The sum at an event time.
    pub(super) fn at(&mut self, k: usize) -> &ScaledSum {
        if k / BLOCK != self.block {
            self.block = k / BLOCK;
            self.fill();
        }
        &self.sums[k % BLOCK]
    }

    fn fill(&mut self) {
        let first = self.block * BLOCK;
        self.sums.iter_mut().for_each(ScaledSum::clear);
        for (curve, throughout) in self.tails.curves.iter().zip(&self.throughout[self.block]) {
            let mut running = throughout.clone();
            let end = (first + BLOCK).min(curve.weight.len());
            let mut rest = curve.tails.as_slice();
            joined(&mut rest, end - 1);
            for k in (first..end).rev() {
                for tail in joined(&mut rest, k).iter().rev() {
                    (self.add)(&mut running, tail.place as usize, tail.inverse);
                }
                self.sums[k - first].merge_times(&running, curve.weight[k]);
            }
        }
    }
}
