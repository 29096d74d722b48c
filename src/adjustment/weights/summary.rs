//! How unequal weights are.

/// Range, sum and effective number of weights.
///
/// ```text
/// n_effective = (Σ w)² / Σ w²
/// ```
/// is the number of equal weights that would tell as much (Kish 1965, *Survey Sampling*).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct WeightSummary {
    /// Number of rows.
    pub n: usize,
    /// Σ w.
    pub total: f64,
    /// The smallest weight.
    pub smallest: f64,
    /// The largest weight.
    pub largest: f64,
    /// (Σ w)²/Σ w², from 1 to n.
    pub n_effective: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(WeightSummary {
    total: not_negative,
    smallest: not_negative,
    n_effective: not_negative,
} smallest <= largest);

impl WeightSummary {
    /// Of at least one weight.
    pub(super) fn of(weights: impl Iterator<Item = f64>) -> Self {
        let (mut n, mut total, mut square) = (0, 0.0, 0.0);
        let (mut smallest, mut largest) = (f64::INFINITY, 0.0_f64);
        for weight in weights {
            n += 1;
            total += weight;
            square += weight * weight;
            smallest = smallest.min(weight);
            largest = largest.max(weight);
        }
        // Of equal weights it is n, but for rounding.
        let n_effective = (total * total / square).min(n as f64);
        Self { n, total, smallest, largest, n_effective }
    }
}
