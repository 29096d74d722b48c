//! Sums over event times, of which the tests of the log-rank family are made.

#![expect(
    clippy::indexing_slicing,
    reason = "a block has no more times than room, and a group or a pair of them has its sums"
)]

use multiversion::multiversion;

use super::event_times::{EventTime, spread};
use super::test_weight::TestWeight;
use crate::linalg::{dot, sum};
use crate::numerics::sum::Sum;

/// Times that are taken at once.
const BLOCK: usize = 128;

/// Observed and expected events of the groups of one stratum, and the covariance of their difference.
///
/// Times are gathered in blocks, of which the sums are products of columns: plain ones, while the blocks are added
/// in twice the working precision. So they are nearly as fast as plain sums, and the rounding error does not grow
/// with the number of times.
#[derive(Debug, Clone)]
pub(super) struct TimeSums {
    k: usize,
    weight: TestWeight,
    events: f64,
    block: Block,
    /// Σ w d_j of the block.
    of_block: Vec<f64>,
    /// Σ w d_j of the blocks before.
    observed: Vec<Sum>,
    /// Σ w d Y_j/Y of them.
    expected: Vec<Sum>,
    /// Σ w² d (Y−d)/(Y−1) · Y_j/Y · Y_l/Y of them for each l < j, one after the other.
    products: Vec<Sum>,
}

/// Event times, each with a number in each column.
#[derive(Debug, Clone, Default)]
struct Block {
    n: usize,
    /// Times there is room for: there can be as many strata as rows, most of them with few.
    room: usize,
    /// One column after the other: w, d and Y, room for two more, and for each group Y_j, or Y_j/Y once it is
    /// asked for.
    columns: Vec<f64>,
}

/// Columns besides those of the groups.
const OWN: usize = 5;

impl Block {
    /// Makes room for twice as many times, or for two.
    fn grow(&mut self, k: usize) {
        let room = (2 * self.room).clamp(2, BLOCK);
        let mut columns = vec![0.0; (OWN + k) * room];
        if self.room > 0 {
            let both = columns.chunks_exact_mut(room).zip(self.columns.chunks_exact(self.room));
            both.for_each(|(to, column)| to[..self.room].copy_from_slice(column));
        }
        (self.room, self.columns) = (room, columns);
    }

    /// Writes the next time, without taking it in.
    #[inline]
    fn write(&mut self, w: f64, d: f64, y: f64, at_risk: &[f64]) {
        let places = (self.n..).step_by(self.room.max(1));
        for (place, value) in places.zip([w, d, y]) {
            self.columns[place] = value;
        }
        let places = (self.n + OWN * self.room..).step_by(self.room.max(1));
        for (place, risk) in places.zip(at_risk) {
            self.columns[place] = *risk;
        }
    }
}

impl TimeSums {
    pub(super) fn new(k: usize, weight: TestWeight) -> Self {
        Self {
            k,
            weight,
            events: 0.0,
            block: Block::default(),
            of_block: vec![0.0; k],
            observed: vec![Sum::default(); k],
            expected: vec![Sum::default(); k],
            products: vec![Sum::default(); k * k.saturating_sub(1) / 2],
        }
    }

    /// Adds one time with events.
    #[inline]
    pub(super) fn add(&mut self, time: &EventTime) {
        self.make_room();
        let w = self.weight.at(time);
        self.block.write(w, time.d, time.y, &time.at_risk);
        self.block.n += 1;
        time.here.iter().for_each(|&j| self.of_block[j] += w * time.events[j]);
    }

    /// Adds the times at which rows leave one after the other, of groups with so many at risk, which is kept up.
    /// Of each row `ends` has twice its group, and 1 more if it leaves with the event. Not of weights that are
    /// a function of the survival.
    pub(super) fn leave_alone(&mut self, at_risk: &mut [f64], ends: &[usize]) {
        let mut y: f64 = at_risk.iter().sum();
        for end in ends {
            self.make_room();
            // Nobody can foresee who has the event: each row is written, and kept if it has.
            let (group, event, w) = (end / 2, end % 2, self.weight.at_risk(y));
            self.block.write(w, 1.0, y, at_risk);
            self.block.n += event;
            self.of_block[group] += w * event as f64;
            at_risk[group] -= 1.0;
            y -= 1.0;
        }
    }

    /// Room for one more time.
    #[inline]
    fn make_room(&mut self) {
        match self.block.n {
            n if n < self.block.room => {}
            BLOCK => self.flush(),
            _ => self.block.grow(self.k),
        }
    }

    fn flush(&mut self) {
        let both = self.observed.iter_mut().zip(&mut self.of_block);
        both.for_each(|(sum, of_block)| sum.add(std::mem::take(of_block)));
        if self.block.n > 0 {
            self.events += add_block(&mut self.block, &mut self.expected, &mut self.products);
        }
        self.block.n = 0;
    }

    /// What the sums come to, each rounded once.
    pub(super) fn finish(mut self) -> Found {
        self.flush();
        let values = |sums: Vec<Sum>| sums.into_iter().map(Sum::value).collect();
        let Self { k, events, observed, expected, products, .. } = self;
        Found {
            k,
            events,
            observed: values(observed),
            expected: values(expected),
            products: values(products),
        }
    }
}

/// Adds what the times of a block come to; returns their events. The bits do not depend on the processor.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn add_block(block: &mut Block, expected: &mut [Sum], products: &mut [Sum]) -> f64 {
    let Block { n, room, .. } = *block;
    let (own, groups) = block.columns.split_at_mut(OWN * room);
    let mut own = own.chunks_exact_mut(room).map(|column| &mut column[..n]);
    let [w, d, y, spreads, scaled] = std::array::from_fn(|_| own.next().unwrap_or_default());
    for ((of_time, w), (&d, &y)) in spreads.iter_mut().zip(&mut *w).zip(d.iter().zip(&*y)) {
        *of_time = *w * *w * spread(d, y);
        *w *= d;
    }
    let mut products = products.iter_mut();
    for (j, expected) in expected.iter_mut().enumerate() {
        let (others, own) = groups.split_at_mut(j * room);
        let own = &mut own[..n];
        own.iter_mut().zip(&*y).for_each(|(share, y)| *share /= y);
        expected.add(dot(w, own));
        let both = spreads.iter().zip(&*own);
        scaled.iter_mut().zip(both).for_each(|(scaled, (spread, share))| *scaled = spread * share);
        for (other, product) in others.chunks_exact(room).zip(&mut products) {
            product.add(dot(scaled, &other[..n]));
        }
    }
    sum(d)
}

/// The sums over all event times of a stratum.
#[derive(Debug, Clone)]
pub(super) struct Found {
    k: usize,
    /// Events in all groups.
    pub(super) events: f64,
    /// Weighted events of each group.
    pub(super) observed: Vec<f64>,
    pub(super) expected: Vec<f64>,
    products: Vec<f64>,
}

impl Found {
    /// The covariance of the differences of two groups. The groups' differences add up to 0, so the rows of
    /// their covariance do. No negative zero where two groups are never at risk together.
    pub(super) fn covariance(&self, j: usize, l: usize) -> f64 {
        let apart = |j: usize, l: usize| {
            let (low, high) = (j.min(l), j.max(l));
            self.products[high * (high - 1) / 2 + low]
        };
        match j == l {
            true => (0..self.k).filter(|&other| other != j).map(|other| apart(j, other)).sum(),
            false => 0.0 - apart(j, l),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three groups over several blocks, the last one not full.
    #[test]
    fn blocks_find_what_one_time_after_the_other_does() {
        let k = 3;
        let mut sums = TimeSums::new(k, TestWeight::Gehan);
        let (mut observed, mut expected) = (vec![Sum::default(); k], vec![Sum::default(); k]);
        let (mut covariance, mut events) = (vec![Sum::default(); k * k], 0.0);
        for of_time in 0..3 * BLOCK + 7 {
            let mut time = EventTime::new(k, false);
            let at_risk = |j: usize| (500 - of_time + 7 * j) as f64;
            time.at_risk = (0..k).map(at_risk).collect();
            time.events = vec![(of_time % 3) as f64, 2.0, 0.0];
            time.here = vec![0, 1];
            time.d = time.events.iter().sum();
            time.show(|time| sums.add(time));
            let (d, y) = (time.d, time.at_risk.iter().sum::<f64>());
            events += d;
            for j in 0..k {
                let share = at_risk(j) / y;
                observed[j].add(y * time.events[j]);
                expected[j].add(y * d * share);
                for l in 0..k {
                    let own = if j == l { 1.0 } else { 0.0 };
                    let scatter = share * (own - at_risk(l) / y);
                    covariance[j * k + l].add(y * y * d * (y - d) / (y - 1.0) * scatter);
                }
            }
        }
        let found = sums.finish();
        assert_eq!(found.events, events);
        for j in 0..k {
            assert_eq!(found.observed[j], observed[j].value());
            approx::assert_relative_eq!(
                found.expected[j],
                expected[j].value(),
                max_relative = 1e-14
            );
            for l in 0..k {
                let expected = covariance[j * k + l].value();
                approx::assert_relative_eq!(found.covariance(j, l), expected, max_relative = 1e-13);
            }
        }
    }
}
