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
    /// Adds one number.
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.high + value;
        let part = total - self.high;
        let error = (self.high - (total - part)) + (value - part);
        let low = self.low + error;
        self.high = total + low;
        self.low = low - (self.high - total);
    }

    /// What has been added since the sum was `earlier`, rounded once.
    pub(crate) fn since(mut self, earlier: Self) -> f64 {
        self.add(-earlier.high);
        self.add(-earlier.low);
        self.high
    }

    /// The sum, rounded once.
    pub(crate) fn value(self) -> f64 {
        self.high
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
}
