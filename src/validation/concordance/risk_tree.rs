//! The rows at risk in the order of their scores, in a balanced tree.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the leaves, and each node has its parent"
)]

use std::ops::Range;

/// How many sums each row collects.
pub(super) const SUMS: usize = 3;

/// The sums of a row and of a stratum: pairs whose earlier event has the higher score, those whose has
/// the lower, and those with equal scores.
pub(super) const HIGHER: usize = 0;
pub(super) const LOWER: usize = 1;
pub(super) const TIED: usize = 2;

/// Rows at risk as leaves of a balanced binary tree; a node knows the weight below it, and what has
/// been added to all rows below it but not yet been passed on.
///
/// Going, too, is an assignment and not a subtraction: a weight is the sum of what is there.
#[derive(Debug)]
pub(super) struct RiskTree {
    /// Leaves, a power of two; leaf i is node `leaves + i`, the root is node 1.
    leaves: usize,
    nodes: Vec<Node>,
}

/// Weight and sums lie together, and so do the two children of a node.
#[derive(Debug, Clone, Copy, Default)]
struct Node {
    weight: f64,
    pending: [f64; SUMS],
}

impl Node {
    fn collect(&mut self, amounts: [f64; SUMS]) {
        self.pending.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += amount);
    }
}

impl RiskTree {
    /// Room for `n` rows, none of them at risk.
    pub(super) fn new(n: usize) -> Self {
        let leaves = n.next_power_of_two();
        Self { leaves, nodes: vec![Node::default(); 2 * leaves] }
    }

    /// The row at a place comes under observation with its weight and sums of 0.
    pub(super) fn join(&mut self, place: usize, weight: f64) {
        self.pass_down(place);
        self.set(place, weight);
    }

    /// The row at a place leaves; what it has collected.
    pub(super) fn leave(&mut self, place: usize) -> [f64; SUMS] {
        self.pass_down(place);
        self.set(place, 0.0)
    }

    /// Everybody leaves; what the row at each place has collected.
    pub(super) fn finish(mut self) -> impl Fn(usize) -> [f64; SUMS] {
        (1..self.leaves).for_each(|node| self.hand_on(node));
        move |place| self.nodes[self.leaves + place].pending
    }

    /// An event of the row at the first of some places, all of one score, meets all rows at risk: their
    /// weights by sum. Each of them collects `amount` in its sum.
    pub(super) fn meet(&mut self, tied: Range<usize>, amount: f64) -> [f64; SUMS] {
        if tied.len() == 1 {
            return self.meet_others(tied.start, amount);
        }
        let mut met = [0.0; SUMS];
        met[HIGHER] = self.meet_at(0..tied.start, HIGHER, amount);
        met[LOWER] = self.meet_at(tied.end..self.leaves, LOWER, amount);
        met[TIED] = self.meet_at(tied, TIED, amount);
        met
    }

    /// Nobody else has the score: those below are to the left of the way from the leaf to the root, and
    /// those above to the right.
    fn meet_others(&mut self, place: usize, amount: f64) -> [f64; SUMS] {
        let mut met = [0.0; SUMS];
        let mut node = self.leaves + place;
        while node > 1 {
            let sum = if node % 2 == 1 { HIGHER } else { LOWER };
            let beside = &mut self.nodes[node ^ 1];
            met[sum] += beside.weight;
            beside.pending[sum] += amount;
            node /= 2;
        }
        met
    }

    /// The weight of the rows at risk at some places; each of them collects `amount` in one sum.
    fn meet_at(&mut self, places: Range<usize>, sum: usize, amount: f64) -> f64 {
        let (mut from, mut to) = (self.leaves + places.start, self.leaves + places.end);
        let mut weight = 0.0;
        let mut meet = |node: usize| {
            let node = &mut self.nodes[node];
            node.pending[sum] += amount;
            weight += node.weight;
        };
        while from < to {
            if from % 2 == 1 {
                meet(from);
                from += 1;
            }
            if to % 2 == 1 {
                to -= 1;
                meet(to);
            }
            (from, to) = (from / 2, to / 2);
        }
        weight
    }

    /// Hands what is pending above a leaf on towards it.
    fn pass_down(&mut self, place: usize) {
        let leaf = self.leaves + place;
        (1..=self.leaves.ilog2()).rev().for_each(|level| self.hand_on(leaf >> level));
    }

    fn hand_on(&mut self, node: usize) {
        let amounts = std::mem::take(&mut self.nodes[node].pending);
        if amounts != [0.0; SUMS] {
            self.nodes[2 * node..2 * node + 2].iter_mut().for_each(|child| child.collect(amounts));
        }
    }

    /// Sets the weight at a place; what it had collected.
    fn set(&mut self, place: usize, weight: f64) -> [f64; SUMS] {
        let mut node = self.leaves + place;
        let before = std::mem::replace(&mut self.nodes[node], Node { weight, ..Node::default() });
        let mut below = weight;
        while node > 1 {
            below += self.nodes[node ^ 1].weight;
            node /= 2;
            self.nodes[node].weight = below;
        }
        before.pending
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
        assert_eq!(tree.meet(2..4, 1.0), [2.0, 0.5, 0.0]);
        tree.join(2, 1e300);
        assert_eq!(tree.meet(1..3, 10.0), [0.0, 0.5, 1e300]);
        assert_eq!(tree.leave(2), [0.0, 0.0, 10.0]);
        // Nothing of the large weight is left behind.
        assert_eq!(tree.meet(3..4, 3.0), [2.0, 0.5, 0.0]);
        assert_eq!(tree.leave(4), [0.0, 14.0, 0.0]);
        tree.join(2, 1.0);
        assert_eq!(tree.meet(0..1, 7.0), [0.0, 3.0, 0.0]);
        let collected = tree.finish();
        assert_eq!((collected(1), collected(2)), ([4.0, 7.0, 10.0], [0.0, 7.0, 0.0]));
    }

    /// A run of one place takes a way of its own.
    #[test]
    fn one_place_meets_as_several_do() {
        let mut trees = [RiskTree::new(11), RiskTree::new(11)];
        trees.iter_mut().for_each(|tree| (0..11).for_each(|k| tree.join(k, k as f64 + 0.5)));
        for place in [0, 5, 6, 10] {
            let met = trees[0].meet(place..place + 1, 2.0);
            assert_eq!(met[HIGHER], trees[1].meet_at(0..place, HIGHER, 2.0));
            assert_eq!(met[LOWER], trees[1].meet_at(place + 1..11, LOWER, 2.0));
        }
        let [ours, theirs] = trees.map(RiskTree::finish);
        (0..11).for_each(|place| assert_eq!(ours(place), theirs(place)));
    }

    #[test]
    fn a_single_row_has_nobody_to_meet() {
        let mut tree = RiskTree::new(1);
        assert_eq!(tree.meet(0..1, 1.0), [0.0; SUMS]);
        tree.join(0, 4.0);
        assert_eq!(tree.leave(0), [0.0; SUMS]);
    }
}
