//! Compensated summation.

/// A running sum that carries its rounding error along, in twice the working precision.
///
/// Knuth's two-sum, so that subtracting what was added before leaves what exact arithmetic would
/// leave, to about 32 digits. (D. E. Knuth, *The Art of Computer Programming* 2, 4.2.2.)
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    /// The sum of some numbers, rounded once: that of all their orders, but for a rare tie in the last digit.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> f64 {
        let mut sum = Self::default();
        values.into_iter().for_each(|value| sum.add(value));
        sum.value()
    }

    /// Adds one number.
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.high + value;
        let part = total - self.high;
        // Beside the next addition, which does not wait for it.
        self.low += (self.high - (total - part)) + (value - part);
        self.high = total;
    }

    /// Adds another sum.
    pub(crate) fn merge(&mut self, other: Self) {
        self.add(other.high);
        self.add(other.low);
    }

    /// Adds a product without rounding it first.
    pub(crate) fn add_product(&mut self, a: f64, b: f64) {
        let product = a * b;
        self.add(product);
        self.add(a.mul_add(b, -product));
    }

    /// Adds a multiple of another sum, without rounding either first.
    pub(crate) fn add_scaled(&mut self, factor: f64, sum: Self) {
        self.add_product(factor, sum.high);
        self.add_product(factor, sum.low);
    }

    /// Adds −ab, without rounding either first.
    pub(crate) fn subtract_product(&mut self, a: Self, b: Self) {
        self.add_scaled(-a.high, b);
        self.add_scaled(-a.low, b);
    }

    /// What has been added since the sum was `earlier`, rounded once.
    pub(crate) fn since(self, earlier: Self) -> f64 {
        self.after(earlier).value()
    }

    /// What has been added since the sum was `earlier`.
    pub(crate) fn after(mut self, earlier: Self) -> Self {
        self.add(-earlier.high);
        self.add(-earlier.low);
        self
    }

    /// The sum, rounded once.
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }
}

impl From<f64> for Sum {
    fn from(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
}

/// Several running sums at once: plainly within blocks of terms, the blocks in twice the working
/// precision. Nearly as fast as plain sums, and the rounding error does not grow with their number.
#[derive(Debug, Clone)]
pub(crate) struct BlockSums {
    totals: Vec<Sum>,
    block: Vec<f64>,
    terms: usize,
}

/// Terms a block holds.
const BLOCK: usize = 32;

impl BlockSums {
    pub(crate) fn new(n: usize) -> Self {
        Self { totals: vec![Sum::default(); n], block: vec![0.0; n], terms: 0 }
    }

    /// The running sums of the block, to which one term each is to be added.
    pub(crate) fn add(&mut self) -> &mut [f64] {
        if self.terms == BLOCK {
            self.flush();
        }
        self.terms += 1;
        &mut self.block
    }

    fn flush(&mut self) {
        for (total, block) in self.totals.iter_mut().zip(&mut self.block) {
            total.add(std::mem::take(block));
        }
        self.terms = 0;
    }

    /// The sums, each rounded once.
    pub(crate) fn finish(mut self) -> Vec<f64> {
        self.flush();
        self.totals.into_iter().map(Sum::value).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_cancellation_loses() {
        let mut sum = Sum::default();
        for value in [1e16, 0.1, 0.2, -1e16] {
            sum.add(value);
        }
        assert_eq!(sum.value(), 0.1 + 0.2);
    }

    #[test]
    fn differences_lose_nothing() {
        let mut sum = Sum::default();
        sum.add(1e16);
        sum.add(0.1);
        let earlier = sum;
        sum.add(0.3);
        assert!((sum.since(earlier) - 0.3).abs() < 1e-15);
    }

    /// 3 (1 + u)² − 3 (1 + 2u) = 3u² for u = 2⁻⁴⁰, which products rounded to 53 bits lose.
    #[test]
    fn products_of_sums_lose_nothing() {
        let u = 2.0_f64.powi(-40);
        let (mut a, mut sum) = (Sum::default(), Sum::default());
        a.add(1.0);
        a.add(u);
        sum.subtract_product(a, a);
        let mut square = Sum::default();
        square.add_scaled(-3.0, sum);
        square.add(-3.0);
        square.add_product(-6.0, u);
        assert_eq!(square.value(), 3.0 * u * u);
    }

    #[test]
    fn blocks_add_up() {
        let mut sums = BlockSums::new(2);
        for k in 0..1000 {
            let running = sums.add();
            running[0] += f64::from(k);
            running[1] += 0.1;
        }
        let sums = sums.finish();
        assert_eq!(sums[0], 499_500.0);
        // 32 plain terms round by at most 16 units in the last place of 3.2, in each of 32 blocks.
        assert!((sums[1] - 100.0).abs() < 32.0 * 16.0 * 4.5e-16);
    }
}
