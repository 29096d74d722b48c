//! Risks and their ratios, as numbers or as logarithms.

/// A risk r, or a ratio R of sums of products of risks.
pub(super) trait Risk: Copy {
    /// The ratio where there are not as many rows.
    const NONE: Self;

    fn new(ln_risk: f64) -> Self;

    /// The ratio for one chosen with this risk added: R + r.
    fn added_to_first(self, ratio: Self) -> Self;

    /// The ratio for more chosen with this risk added, from those without it for as many and for one
    /// fewer: (R + r) R₋/(R₋ + r).
    fn added_to(self, ratio: Self, fewer: Self) -> Self;

    /// q = r/(r + R) and 1 − q.
    fn chosen(self, ratio: Self) -> (f64, f64);

    /// ln q.
    fn ln_chosen(self, ratio: Self) -> f64;
}

/// The risk itself, relative to the largest of its risk set; for risks of about one size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain(f64);

impl Risk for Plain {
    const NONE: Self = Self(0.0);

    fn new(ln_risk: f64) -> Self {
        Self(ln_risk.exp())
    }

    fn added_to_first(self, ratio: Self) -> Self {
        Self(ratio.0 + self.0)
    }

    fn added_to(self, ratio: Self, fewer: Self) -> Self {
        Self((ratio.0 + self.0) * (fewer.0 / (fewer.0 + self.0)))
    }

    fn chosen(self, ratio: Self) -> (f64, f64) {
        let inverse = (self.0 + ratio.0).recip();
        (self.0 * inverse, ratio.0 * inverse)
    }

    fn ln_chosen(self, ratio: Self) -> f64 {
        -(ratio.0 / self.0).ln_1p()
    }
}

/// The logarithm of a risk of any size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logarithm(f64);

impl Risk for Logarithm {
    const NONE: Self = Self(f64::NEG_INFINITY);

    fn new(ln_risk: f64) -> Self {
        Self(ln_risk)
    }

    fn added_to_first(self, ratio: Self) -> Self {
        Self(self.0 + softplus(ratio.0 - self.0))
    }

    fn added_to(self, ratio: Self, fewer: Self) -> Self {
        Self(self.0 + softplus(ratio.0 - self.0) - softplus(self.0 - fewer.0))
    }

    fn chosen(self, ratio: Self) -> (f64, f64) {
        let odds = self.0 - ratio.0;
        (1.0 / (1.0 + (-odds).exp()), 1.0 / (1.0 + odds.exp()))
    }

    fn ln_chosen(self, ratio: Self) -> f64 {
        -softplus(ratio.0 - self.0)
    }
}

/// ln(1 + exp(x)).
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_logarithms_agree() {
        let (risk, ratio, fewer) = (0.4_f64, 0.7_f64, 2.5_f64);
        let plain = Plain(risk).added_to(Plain(ratio), Plain(fewer));
        let ln = Logarithm(risk.ln()).added_to(Logarithm(ratio.ln()), Logarithm(fewer.ln()));
        assert!((plain.0 - 1.1 / 1.16).abs() < 1e-15);
        assert!((ln.0.exp() - plain.0).abs() < 1e-15);
        let (a, b) =
            (Plain(risk).chosen(Plain(ratio)), Logarithm(risk.ln()).chosen(Logarithm(ratio.ln())));
        assert!((a.0 - b.0).abs() < 1e-15 && (a.1 - b.1).abs() < 1e-15);
        assert!((Plain(risk).ln_chosen(Plain(ratio)) - a.0.ln()).abs() < 1e-15);
    }

    #[test]
    fn the_ends_are_numbers() {
        fn ends<R: Risk>() {
            let risk = R::new(-0.3);
            // The first row: one chosen with ratio r, no second one.
            let first = risk.added_to_first(R::NONE);
            assert!((risk.chosen(first).0 - 0.5).abs() < 1e-15);
            let second = risk.added_to(R::NONE, R::NONE);
            assert_eq!(risk.chosen(second), (1.0, 0.0));
            assert_eq!(risk.ln_chosen(R::NONE), 0.0);
        }
        ends::<Plain>();
        ends::<Logarithm>();
    }
}
