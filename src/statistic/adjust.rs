//! Adjustment of p-values for several tests.

/// How the p-values of several tests are adjusted.
///
/// | method | controls | assumes |
/// |---|---|---|
/// | `None` | nothing | |
/// | `Bonferroni` | family-wise error | nothing |
/// | `Holm` | family-wise error, never weaker than Bonferroni | nothing |
/// | `Hochberg` | family-wise error | independence or positive dependence |
/// | `BenjaminiHochberg` | false discovery rate | independence or positive dependence |
/// | `BenjaminiYekutieli` | false discovery rate | nothing |
///
/// As R's `p.adjust`. References: Holm 1979, *Scandinavian Journal of Statistics* 6:65; Hochberg 1988,
/// doi:10.1093/biomet/75.4.800; Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x;
/// Benjamini & Yekutieli 2001, doi:10.1214/aos/1013699998.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Adjust {
    /// No adjustment.
    None,
    /// p times the number of tests.
    Bonferroni,
    /// Bonferroni, step-down.
    #[default]
    Holm,
    /// Bonferroni, step-up.
    Hochberg,
    /// Step-up on the false discovery rate.
    BenjaminiHochberg,
    /// The same under any dependence.
    BenjaminiYekutieli,
}

impl Adjust {
    /// Adjusted p-values, in the order given, at most 1.
    #[expect(clippy::indexing_slicing, reason = "the order is that of the p-values")]
    pub(crate) fn apply(self, p_values: &[f64]) -> Vec<f64> {
        let n = p_values.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
        let harmonic: f64 = (1..=n).map(|i| 1.0 / i as f64).sum();
        // The factor of the i-th smallest p-value, i from 0.
        let factor = |i: usize| match self {
            Self::None => 1.0,
            Self::Bonferroni => n as f64,
            Self::Holm | Self::Hochberg => n as f64 - i as f64,
            Self::BenjaminiHochberg => n as f64 / (i as f64 + 1.0),
            Self::BenjaminiYekutieli => harmonic * n as f64 / (i as f64 + 1.0),
        };
        let scaled: Vec<f64> =
            order.iter().enumerate().map(|(i, &test)| factor(i) * p_values[test]).collect();
        let monotone = match self {
            Self::None | Self::Bonferroni => scaled,
            Self::Holm => running(scaled.into_iter(), f64::max),
            _ => {
                let mut falling = running(scaled.into_iter().rev(), f64::min);
                falling.reverse();
                falling
            }
        };
        let mut adjusted = vec![0.0; n];
        for (&test, p) in order.iter().zip(monotone) {
            adjusted[test] = p.min(1.0);
        }
        adjusted
    }
}

/// The running maximum or minimum.
fn running(values: impl Iterator<Item = f64>, keep: fn(f64, f64) -> f64) -> Vec<f64> {
    let step = |last: &mut Option<f64>, value: f64| {
        *last = Some(last.map_or(value, |last| keep(last, value)));
        *last
    };
    values.scan(None, step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `p.adjust(c(.01, .04, .03, .5), method)`.
    #[test]
    fn equals_r() {
        let p = [0.01, 0.04, 0.03, 0.5];
        let close = |adjust: Adjust, expected: [f64; 4]| {
            for (ours, r) in adjust.apply(&p).into_iter().zip(expected) {
                approx::assert_relative_eq!(ours, r, max_relative = 1e-14);
            }
        };
        close(Adjust::None, p);
        close(Adjust::Bonferroni, [0.04, 0.16, 0.12, 1.0]);
        close(Adjust::Holm, [0.04, 0.09, 0.09, 0.5]);
        close(Adjust::Hochberg, [0.04, 0.08, 0.08, 0.5]);
        let third = 0.16 / 3.0;
        close(Adjust::BenjaminiHochberg, [0.04, third, third, 0.5]);
        let c = 25.0 / 12.0;
        close(Adjust::BenjaminiYekutieli, [0.04 * c, third * c, third * c, 1.0]);
        assert!(Adjust::Holm.apply(&[]).is_empty());
    }
}
