//! Many sums in little memory.

#![expect(clippy::indexing_slicing, reason = "a sum is one of the n, and has p + 1 numbers")]

use super::scaled_sum::ScaledSum;

/// Sums of p columns each, side by side in one piece of memory.
pub(super) struct ScaledSums {
    p: usize,
    exponent: Vec<i32>,
    /// The total of each sum, and after it its columns.
    values: Vec<f64>,
}

impl ScaledSums {
    /// So many empty sums.
    pub(super) fn new(n: usize, p: usize) -> Self {
        Self { p, exponent: vec![0; n], values: vec![0.0; n * (p + 1)] }
    }

    fn slot(&mut self, at: usize) -> &mut [f64] {
        &mut self.values[at * (self.p + 1)..][..self.p + 1]
    }

    /// Adds a sum to one of them. It is compiled for the processor of its caller.
    #[inline(always)]
    pub(super) fn merge(&mut self, at: usize, other: &ScaledSum) {
        let exponent = self.exponent[at];
        let slot = self.slot(at);
        if slot[0] == 0.0 {
            self.set(at, other);
        } else if exponent == other.exponent {
            slot[0] += other.total;
            slot[1..].iter_mut().zip(&other.first).for_each(|(sum, other)| *sum += other);
        } else {
            self.merge_apart(at, other);
        }
    }

    /// Adds a sum on another exponent.
    #[cold]
    fn merge_apart(&mut self, at: usize, other: &ScaledSum) {
        let mut sum = other.clone();
        self.add_to(at, &mut sum);
        self.set(at, &sum);
    }

    /// Makes one of them a copy of a sum.
    #[inline]
    pub(super) fn set(&mut self, at: usize, sum: &ScaledSum) {
        self.exponent[at] = sum.exponent;
        let slot = self.slot(at);
        slot[0] = sum.total;
        slot[1..].copy_from_slice(&sum.first);
    }

    /// Adds one of them to `sum`.
    pub(super) fn add_to(&self, at: usize, sum: &mut ScaledSum) {
        let slot = &self.values[at * (self.p + 1)..][..self.p + 1];
        if slot[0] == 0.0 {
            return;
        }
        sum.merge_moments(self.exponent[at], slot[0], (1.0, &slot[1..]), (0.0, &[]));
    }

    /// Copies one of them to `sum`.
    #[inline]
    pub(super) fn read(&self, at: usize, sum: &mut ScaledSum) {
        let slot = &self.values[at * (self.p + 1)..][..self.p + 1];
        sum.exponent = self.exponent[at];
        sum.total = slot[0];
        sum.first.copy_from_slice(&slot[1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scaled_sum::Scaled;
    use super::*;

    /// Each is what one sum by itself becomes, of whatever size the numbers are.
    #[test]
    fn each_is_a_sum() {
        let etas = [0.0, 3.0, -2000.0, 700.0, -1.0, 5000.0];
        let mut sums = ScaledSums::new(2, 1);
        let mut alone = [ScaledSum::new(1), ScaledSum::new(1)];
        let mut found = ScaledSum::new(1);
        for (k, eta) in etas.into_iter().enumerate() {
            let mut part = ScaledSum::new(1);
            part.add(Scaled::exp(eta, 2.0), &[k as f64]);
            sums.merge(k % 2, &part);
            alone[k % 2].merge(&part);
            sums.read(k % 2, &mut found);
            assert_eq!(found, alone[k % 2]);
        }
        // What is empty adds nothing, and leaves a tiny sum as it is.
        let mut tiny = ScaledSum::new(1);
        tiny.add(Scaled::exp(-5000.0, 1.0), &[1.0]);
        let before = tiny.clone();
        ScaledSums::new(1, 1).add_to(0, &mut tiny);
        assert_eq!(tiny, before);
    }
}
