//! The recursion over the rows at risk at one time of tied events.
//!
//! A cell (i, j) stands for "j are still to be chosen from the rows from the i-th on". Of d chosen
//! among n rows only d − i ≤ j ≤ n − i can occur, d (n − d + 1) cells or so. The covariance takes two
//! directions: how likely a cell is comes from the rows before it, what a choice there adds comes from
//! those behind it. Both are kept for one block of rows at a time.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of those at risk, and no more are left to choose than the d of a table"
)]

use ndarray::{Array2, ArrayView1};
use std::ops::{Range, RangeInclusive};

use super::risk::{Logarithm, Plain, Risk};
use super::table::Table;
use crate::linalg::Gram;
use crate::numerics::blocks;

/// The rows at risk at one time, those that are chosen first: at most half of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain<'a> {
    /// ln r of each row.
    pub(super) ln_risk: &'a [f64],
    pub(super) n_chosen: usize,
}

/// What one time adds to the derivatives, in the columns of the chain.
pub(super) struct Moments<'a> {
    pub(super) score: &'a mut [f64],
    /// Σ v vᵀ is the information.
    pub(super) information: &'a mut Gram,
    /// Σ π x², π being the probability of a row to be chosen.
    pub(super) moment: &'a mut [f64],
}

/// Largest span of ln r that numbers can hold.
const SPAN: f64 = 600.0;

/// Cells that are kept at a time, unless one row has more.
const CELLS: usize = 1 << 21;

/// A cell this much less likely to be split than another of its row is left out.
const NEGLIGIBLE: f64 = 1e-24;

impl Chain<'_> {
    /// ln of the probability that those chosen are the first rows.
    pub(super) fn log_likelihood(self) -> f64 {
        match self.top() {
            Some(top) => Risks::<Plain>::new(self, top).log_likelihood(),
            None => Risks::<Logarithm>::new(self, 0.0).log_likelihood(),
        }
    }

    /// Adds the derivatives; `x` holds the covariates of each row.
    pub(super) fn add_moments(self, x: &Array2<f64>, sums: &mut Moments<'_>) {
        match self.top() {
            Some(top) => Risks::<Plain>::new(self, top).add_moments(x, sums),
            None => Risks::<Logarithm>::new(self, 0.0).add_moments(x, sums),
        }
    }

    /// The largest ln r, where all lie within the span of numbers.
    fn top(self) -> Option<f64> {
        let (low, high) = (self.ln_risk.iter())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &r| (l.min(r), h.max(r)));
        (high - low <= SPAN).then_some(high)
    }
}

/// The risks of a chain in one kind of number.
struct Risks<R> {
    risk: Vec<R>,
    d: usize,
}

impl<R: Risk> Risks<R> {
    fn new(chain: Chain<'_>, top: f64) -> Self {
        let risk = chain.ln_risk.iter().map(|ln| R::new(ln - top)).collect();
        Self { risk, d: chain.n_chosen }
    }

    /// How many, at least one, can be left to choose from the rows from the i-th on.
    fn left(&self, i: usize) -> RangeInclusive<usize> {
        self.d.saturating_sub(i).max(1)..=self.d.min(self.risk.len() - i)
    }

    /// The ratios behind the last row. That for none chosen is not used.
    fn behind_all(&self) -> Vec<R> {
        vec![R::NONE; self.d + 1]
    }

    /// Adds the i-th row to the ratios behind it.
    fn step_back(&self, i: usize, ratios: &mut [R]) {
        let risk = self.risk[i];
        for j in self.left(i).rev() {
            ratios[j] = match j {
                1 => risk.added_to_first(ratios[1]),
                _ => risk.added_to(ratios[j], ratios[j - 1]),
            };
        }
    }

    fn log_likelihood(&self) -> f64 {
        let mut ratios = self.behind_all();
        let mut sum = 0.0;
        for (i, risk) in self.risk.iter().enumerate().rev() {
            if i < self.d {
                sum += risk.ln_chosen(ratios[self.d - i]);
            }
            self.step_back(i, &mut ratios);
        }
        sum
    }

    fn add_moments(&self, x: &Array2<f64>, sums: &mut Moments<'_>) {
        let (n, d) = (self.risk.len(), self.d);
        let length = (CELLS / (d + 1)).max(n.isqrt()).max(1);
        let blocks = blocks::cut(n, length);
        let behind = self.behind_blocks(&blocks);
        let starts = self.before_blocks(&blocks, &behind);
        // The expected sum of covariates over the rows behind, for each number to be chosen.
        let mut expected = Table::new(d + 1, x.ncols(), 0.0);
        for ((block, behind), start) in blocks.iter().zip(&behind).zip(&starts).rev() {
            let ratios = self.ratios(block, behind);
            let chances = self.chances(block, &ratios, start);
            for i in block.clone().rev() {
                let at = i - block.start;
                self.add_row(
                    (i, x.row(i)),
                    ratios.row(at + 1),
                    chances.row(at),
                    &mut expected,
                    sums,
                );
            }
        }
    }

    /// One row: what its choice adds in every cell.
    fn add_row(
        &self,
        (i, x): (usize, ArrayView1<'_, f64>),
        ratios: &[R],
        chances: &[f64],
        expected: &mut Table<f64>,
        sums: &mut Moments<'_>,
    ) {
        let risk = self.risk[i];
        let split = |j: usize| {
            let (chosen, other) = risk.chosen(ratios[j]);
            (chosen, other, chances[j] * chosen * other)
        };
        let largest = self.left(i).map(|j| split(j).2).fold(0.0, f64::max);
        let mut probability = 0.0;
        let mut added = vec![0.0; x.len()];
        for j in self.left(i).rev() {
            let (chosen, other, weight) = split(j);
            probability += chances[j] * chosen;
            let (fewer, same) = expected.pair_mut(j - 1);
            let all = added.iter_mut().zip(&x).zip(fewer).zip(same);
            for (((added, x), fewer), same) in all {
                *added = x + *fewer - *same;
                *same += chosen * *added;
            }
            if i + j == self.d {
                sums.score.iter_mut().zip(&added).for_each(|(sum, a)| *sum += other * a);
            }
            if weight > NEGLIGIBLE * largest {
                let root = weight.sqrt();
                sums.information.push(added.iter().map(|added| root * added));
            }
        }
        for (sum, x) in sums.moment.iter_mut().zip(x) {
            *sum += probability * x * x;
        }
    }

    /// The ratios behind each block.
    fn behind_blocks(&self, blocks: &[Range<usize>]) -> Vec<Vec<R>> {
        let mut behind = vec![self.behind_all()];
        for block in blocks.iter().skip(1).rev() {
            let mut ratios = behind[behind.len() - 1].clone();
            block.clone().rev().for_each(|i| self.step_back(i, &mut ratios));
            behind.push(ratios);
        }
        behind.reverse();
        behind
    }

    /// The chances of each number left to choose before each block.
    fn before_blocks(&self, blocks: &[Range<usize>], behind: &[Vec<R>]) -> Vec<Vec<f64>> {
        let mut start = vec![0.0; self.d + 1];
        start[self.d] = 1.0;
        let mut starts = vec![start];
        for (k, block) in blocks.iter().enumerate().take(blocks.len() - 1) {
            let ratios = self.ratios(block, &behind[k]);
            let chances = self.chances(block, &ratios, &starts[k]);
            starts.push(chances.row(block.len()).to_vec());
        }
        starts
    }

    /// The ratios of the rows of a block, and behind it in the last row.
    fn ratios(&self, block: &Range<usize>, behind: &[R]) -> Table<R> {
        let mut ratios = Table::new(block.len() + 1, self.d + 1, R::NONE);
        ratios.row_mut(block.len()).copy_from_slice(behind);
        for i in block.clone().rev() {
            let (here, next) = ratios.pair_mut(i - block.start);
            here.copy_from_slice(next);
            self.step_back(i, here);
        }
        ratios
    }

    /// How likely each number is to be left, before each row of a block and behind it.
    fn chances(&self, block: &Range<usize>, ratios: &Table<R>, start: &[f64]) -> Table<f64> {
        let mut chances = Table::new(block.len() + 1, self.d + 1, 0.0);
        chances.row_mut(0).copy_from_slice(start);
        for i in block.clone() {
            let at = i - block.start;
            let ratios = ratios.row(at + 1);
            let (here, next) = chances.pair_mut(at);
            next[0] = here[0];
            for j in self.left(i) {
                let (chosen, other) = self.risk[i].chosen(ratios[j]);
                next[j - 1] += here[j] * chosen;
                next[j] += here[j] * other;
            }
        }
        chances
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Of 3000 rows 1500 are chosen, in three blocks of them. A third have the covariate 1, and so another
    /// risk: how many of these are chosen has the noncentral hypergeometric distribution of Fisher.
    #[test]
    fn blocks_follow_each_other() {
        let (n, d, beta) = (3000, 1500, 0.7);
        let x: Vec<f64> = (0..n).map(|row| f64::from(u8::from(row % 3 == 0))).collect();
        let ln_risk: Vec<f64> = x.iter().map(|x| beta * x).collect();
        let mut ln_factorial = vec![0.0; n + 1];
        for k in 1..=n {
            ln_factorial[k] = ln_factorial[k - 1] + (k as f64).ln();
        }
        let ln_choose =
            |n: usize, k: usize| ln_factorial[n] - ln_factorial[k] - ln_factorial[n - k];
        let ln_sets = |k: usize| ln_choose(1000, k) + ln_choose(2000, d - k) + beta * k as f64;
        let most = (0..=1000).map(ln_sets).fold(f64::NEG_INFINITY, f64::max);
        let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
            (0..=1000).map(|k| (ln_sets(k) - most).exp() * of(k as f64)).sum()
        };
        let all = sum(&|_| 1.0);
        let mean = sum(&|k| k) / all;
        let variance = sum(&|k| (k - mean).powi(2)) / all;

        let chain = Chain { ln_risk: &ln_risk, n_chosen: d };
        // Among the first 1500 rows 500 have the covariate.
        let ln_likelihood = 500.0 * beta - most - all.ln();
        assert_relative_eq!(chain.log_likelihood(), ln_likelihood, max_relative = 1e-12);
        let (mut score, mut information, mut moment) = ([0.0], Gram::new(1), [0.0]);
        let mut sums =
            Moments { score: &mut score, information: &mut information, moment: &mut moment };
        chain.add_moments(&Array2::from_shape_vec((n, 1), x).unwrap(), &mut sums);
        assert_relative_eq!(score[0], 500.0 - mean, max_relative = 1e-9);
        assert_relative_eq!(information.symmetric()[[0, 0]], variance, max_relative = 1e-9);
        assert_relative_eq!(moment[0], mean, max_relative = 1e-11);
    }
}
