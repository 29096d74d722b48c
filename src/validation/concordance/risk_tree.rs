//! The rows at risk in the order of their scores, in a balanced tree.

use std::ops::Range;

/// How many sums each row collects.
pub(super) const SUMS: usize = 3;

/// Rows at risk as leaves of a balanced binary tree; a node knows the weight below it, and what has
/// been added to all rows below it but not yet been passed on.
///
/// Going, too, is an assignment and not a subtraction: a weight is the sum of what is there.
#[derive(Debug)]
pub(super) struct RiskTree {
    /// Leaves, a power of two; leaf i is node `leaves + i`, the root is node 1.
    leaves: usize,
    weight: Vec<f64>,
    pending: Vec<[f64; SUMS]>,
}

impl RiskTree {
    /// Room for `n` rows, none of them at risk.
    pub(super) fn new(n: usize) -> Self {
        let leaves = n.next_power_of_two();
        Self { leaves, weight: vec![0.0; 2 * leaves], pending: vec![[0.0; SUMS]; 2 * leaves] }
    }

    /// The row at a place comes under observation with its weight and sums of 0.
    pub(super) fn join(&mut self, place: usize, weight: f64) {
        self.pass_down(place);
        self.pending[self.leaves + place] = [0.0; SUMS];
        self.set(place, weight);
    }

    /// The row at a place leaves; what it has collected.
    pub(super) fn leave(&mut self, place: usize) -> [f64; SUMS] {
        self.pass_down(place);
        self.set(place, 0.0);
        self.pending[self.leaves + place]
    }

    /// The weight of the rows at risk at some places; each of them collects `amount` in one sum.
    pub(super) fn meet(&mut self, places: Range<usize>, sum: usize, amount: f64) -> f64 {
        let (mut from, mut to) = (self.leaves + places.start, self.leaves + places.end);
        let mut weight = 0.0;
        while from < to {
            if from % 2 == 1 {
                weight += self.weight[from];
                self.pending[from][sum] += amount;
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                weight += self.weight[to];
                self.pending[to][sum] += amount;
            }
            (from, to) = (from / 2, to / 2);
        }
        weight
    }

    /// Hands what is pending above a leaf on towards it.
    fn pass_down(&mut self, place: usize) {
        let leaf = self.leaves + place;
        for level in (1..=self.leaves.ilog2()).rev() {
            let node = leaf >> level;
            let amounts = std::mem::replace(&mut self.pending[node], [0.0; SUMS]);
            if amounts == [0.0; SUMS] {
                continue;
            }
            for child in [2 * node, 2 * node + 1] {
                let sums = self.pending[child].iter_mut().zip(amounts);
                sums.for_each(|(sum, amount)| *sum += amount);
            }
        }
    }

    fn set(&mut self, place: usize, weight: f64) {
        let mut node = self.leaves + place;
        self.weight[node] = weight;
        while node > 1 {
            node /= 2;
            self.weight[node] = self.weight[2 * node] + self.weight[2 * node + 1];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_collect_only_while_they_are_there() {
        let mut tree = RiskTree::new(5);
        tree.join(1, 2.0);
        tree.join(4, 0.5);
        assert_eq!(tree.meet(0..5, 0, 1.0), 2.5);
        tree.join(2, 1e300);
        assert_eq!(tree.meet(2..5, 1, 10.0), 1e300);
        assert_eq!(tree.leave(2), [0.0, 10.0, 0.0]);
        // Nothing of the large weight is left behind.
        assert_eq!(tree.meet(1..5, 2, 3.0), 2.5);
        assert_eq!(tree.leave(4), [1.0, 10.0, 3.0]);
        assert_eq!(tree.leave(1), [1.0, 0.0, 3.0]);
        tree.join(2, 1.0);
        assert_eq!(tree.leave(2), [0.0; SUMS]);
    }

    #[test]
    fn a_single_row_has_nobody_to_meet() {
        let mut tree = RiskTree::new(1);
        assert_eq!(tree.meet(0..1, 0, 1.0), 0.0);
        tree.join(0, 4.0);
        assert_eq!(tree.meet(0..1, 0, 1.0), 4.0);
        assert_eq!(tree.meet(0..0, 0, 1.0), 0.0);
        assert_eq!(tree.leave(0), [1.0, 0.0, 0.0]);
    }
}
