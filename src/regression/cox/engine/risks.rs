//! Weighted risks of rows, in little memory.

use super::scaled_sum::Scaled;

/// w exp(η) of each place. Exponents are kept only where some are not 0, which is rare.
#[derive(Debug, Clone, Default)]
pub(crate) struct Risks {
    mantissa: Vec<f64>,
    /// Empty as long as all are 0.
    exponent: Vec<i32>,
}

impl Risks {
    pub(super) fn with_capacity(n: usize) -> Self {
        Self { mantissa: Vec::with_capacity(n), exponent: Vec::new() }
    }

    /// Adds the next place.
    pub(super) fn push(&mut self, risk: Scaled) {
        if risk.exponent != 0 && self.exponent.is_empty() {
            self.exponent.resize(self.mantissa.len(), 0);
        }
        self.mantissa.push(risk.mantissa);
        if risk.exponent != 0 || !self.exponent.is_empty() {
            self.exponent.push(risk.exponent);
        }
    }

    /// The risk of one place.
    pub(crate) fn at(&self, place: usize) -> Scaled {
        let exponent = self.exponent.get(place).copied().unwrap_or(0);
        Scaled { mantissa: self.mantissa[place], exponent }
    }

    pub(crate) fn len(&self) -> usize {
        self.mantissa.len()
    }
}

/// Risks of ordinary size.
impl From<Vec<f64>> for Risks {
    fn from(mantissa: Vec<f64>) -> Self {
        Self { mantissa, exponent: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_appear_when_they_are_needed() {
        let all = [0.5, 1.0, -1e5, 3.0, 1e5].map(|eta| Scaled::exp(eta, 2.0));
        for n in [2, 5] {
            let mut risks = Risks::with_capacity(n);
            all[..n].iter().for_each(|&risk| risks.push(risk));
            assert!((0..n).all(|place| risks.at(place) == all[place]));
            assert_eq!(risks.exponent.is_empty(), n == 2);
            assert_eq!(risks.len(), n);
        }
    }
}
