//! What many steps make of the influence of one person, in time logarithmic in their number.

#![expect(
    clippy::indexing_slicing,
    reason = "a step is one of the jumps, a node one of the tree, a state one of the k"
)]

use super::jumps::{Jumps, times};

/// Steps taken one by one before a stored product is used.
const BLOCK: usize = 16;

/// Products of steps over blocks, pairs of blocks, pairs of those, …
///
/// While a person is at risk with weights w in the states, a step takes its influence u on the
/// probabilities to
/// ```text
/// (u − g) (I + dA) + g,   g_j = w_j p_j(t−)/Y_j
/// ```
/// so that several steps take it to u P − w X, and products of such maps are of that form. Nothing is
/// divided by, so that it does not matter whether a product is singular.
#[derive(Debug)]
pub(super) struct Products<'a> {
    jumps: &'a Jumps,
    /// P and X of each node, a binary tree in an array: the children of node i are 2i and 2i + 1.
    nodes: Vec<f64>,
    n_leaves: usize,
}

impl<'a> Products<'a> {
    pub(super) fn new(jumps: &'a Jumps) -> Self {
        let (k, n_leaves) = (jumps.n_states, jumps.len() / BLOCK);
        let size = 2 * k * k;
        let mut nodes = vec![0.0; 2 * n_leaves * size];
        for leaf in 0..n_leaves {
            let node = &mut nodes[(n_leaves + leaf) * size..(n_leaves + leaf + 1) * size];
            let (p, x) = node.split_at_mut(k * k);
            (0..k).for_each(|j| p[j * k + j] = 1.0);
            for step in leaf * BLOCK..(leaf + 1) * BLOCK {
                extend(jumps, step, p, x);
            }
        }
        for node in (1..n_leaves).rev() {
            let (above, below) = nodes.split_at_mut(2 * node * size);
            let (left, right) = below[..2 * size].split_at(size);
            compose(k, left, right, &mut above[node * size..(node + 1) * size]);
        }
        Self { jumps, nodes, n_leaves }
    }

    /// Takes the influence of a person with these weights through the steps from `first` to before
    /// `end`.
    pub(super) fn advance(&self, first: usize, end: usize, weight: &[f64], u: &mut [f64]) {
        let mut out = [0.0; SMALL];
        let mut large = Vec::new();
        let k = u.len();
        let out = if k <= SMALL {
            &mut out[..k]
        } else {
            large.resize(k, 0.0);
            &mut large[..]
        };
        let (from, to) = (first.div_ceil(BLOCK), end / BLOCK);
        if from >= to {
            (first..end).for_each(|step| one(self.jumps, step, weight, u, out));
            return;
        }
        (first..from * BLOCK).for_each(|step| one(self.jumps, step, weight, u, out));
        self.climb(from, to, weight, u, out);
        (to * BLOCK..end).for_each(|step| one(self.jumps, step, weight, u, out));
    }

    /// Through the blocks from `from` to before `to`, in order.
    fn climb(&self, from: usize, to: usize, weight: &[f64], u: &mut [f64], out: &mut [f64]) {
        let (mut low, mut high) = (from + self.n_leaves, to + self.n_leaves);
        let mut right = [0; 64];
        let mut n_right = 0;
        while low < high {
            if low % 2 == 1 {
                self.node(low, weight, u, out);
                low += 1;
            }
            if high % 2 == 1 {
                high -= 1;
                right[n_right] = high;
                n_right += 1;
            }
            low /= 2;
            high /= 2;
        }
        right[..n_right].iter().rev().for_each(|&node| self.node(node, weight, u, out));
    }

    /// u P − w X of a node.
    fn node(&self, node: usize, weight: &[f64], u: &mut [f64], out: &mut [f64]) {
        let k = u.len();
        let size = 2 * k * k;
        let (p, x) = self.nodes[node * size..(node + 1) * size].split_at(k * k);
        times(u, p, out);
        for (weight, line) in weight.iter().zip(x.chunks_exact(k)) {
            if *weight != 0.0 {
                out.iter_mut().zip(line).for_each(|(sum, x)| *sum -= weight * x);
            }
        }
        u.copy_from_slice(out);
    }
}

/// As many states as need no allocation.
const SMALL: usize = 8;

/// One step of the influence of a person.
fn one(jumps: &Jumps, step: usize, weight: &[f64], u: &mut [f64], out: &mut [f64]) {
    let share = jumps.share(step);
    (0..u.len()).for_each(|j| u[j] -= weight[j] * share[j]);
    times(u, jumps.matrix(step), out);
    (0..u.len()).for_each(|j| u[j] = out[j] + weight[j] * share[j]);
}

/// P ← P (I + dA), X ← (X + S) (I + dA) − S, with S the diagonal matrix of shares.
fn extend(jumps: &Jumps, step: usize, p: &mut [f64], x: &mut [f64]) {
    let k = jumps.n_states;
    let (matrix, share) = (jumps.matrix(step), jumps.share(step));
    let mut out = vec![0.0; k];
    for j in 0..k {
        let line = &mut p[j * k..(j + 1) * k];
        times(line, matrix, &mut out);
        line.copy_from_slice(&out);
        let line = &mut x[j * k..(j + 1) * k];
        line[j] += share[j];
        times(line, matrix, &mut out);
        line.copy_from_slice(&out);
        line[j] -= share[j];
    }
}

/// First `left`, then `right`: P = P₁ P₂, X = X₁ P₂ + X₂.
fn compose(k: usize, left: &[f64], right: &[f64], out: &mut [f64]) {
    let (p, x) = right.split_at(k * k);
    for (line, out) in left.chunks_exact(k).zip(out.chunks_exact_mut(k)) {
        times(line, p, out);
    }
    out[k * k..].iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
}
