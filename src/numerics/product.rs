//! Compensated products.

/// A running product of fractions in twice the working precision: after a million factors it is still
/// right to the last digit. (Dekker 1971, doi:10.1007/bf01397083.)
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Product {
    high: f64,
    low: f64,
}

impl Default for Product {
    fn default() -> Self {
        Self { high: 1.0, low: 0.0 }
    }
}

impl Product {
    /// Multiplies by a fraction.
    pub(crate) fn multiply(&mut self, numerator: f64, denominator: f64) {
        let product = self.high * numerator;
        let rest = self.high.mul_add(numerator, -product) + self.low * numerator;
        let quotient = product / denominator;
        let low = ((-quotient).mul_add(denominator, product) + rest) / denominator;
        self.high = quotient + low;
        self.low = low - (self.high - quotient);
    }

    /// The product, rounded once.
    pub(crate) fn value(self) -> f64 {
        self.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telescopes() {
        let n = 1_000_000_u32;
        let mut product = Product::default();
        for left in (1..n).rev() {
            product.multiply(f64::from(left), f64::from(left + 1));
            assert_eq!(product.value(), f64::from(left) / f64::from(n));
        }
        product.multiply(0.0, 3.0);
        assert_eq!(product.value(), 0.0);
    }
}
