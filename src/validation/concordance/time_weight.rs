//! How much the pairs of an event time count.

use crate::data::Rows;
use crate::numerics::sum::Sum;

/// How much each pair counts, by the time of its earlier event.
///
/// With N rows in the stratum, Y(t) of them at risk at t, and S and G the Kaplan–Meier curves of the
/// events and of the censorings, both just before t:
///
/// | weight | of a pair | in R's `timewt` |
/// |---|---|---|
/// | `Equal` | 1 | `n` |
/// | `Survival` | N S(t−)/Y(t), which is 1/G(t−) | `S` |
/// | `Uno` | 1/G(t−)² | `n/G2`, `S/G` |
///
/// Equal weights give Harrell's C, whose target depends on the censoring. Uno's weights remove that
/// where censoring depends on neither score nor survival; they grow large at the end of follow-up, so
/// give them a [`tau`](super::Concordance::tau). Under delayed entry only `Equal` is possible.
///
/// Source: Uno et al. 2011, doi:10.1002/sim.4154.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TimeWeight {
    /// Every pair counts the same: Harrell's C.
    #[default]
    Equal,
    /// Pairs count with the survival just before their time, as in the Peto–Peto test.
    Survival,
    /// Pairs count with the inverse square of the censoring curve: Uno's C.
    Uno,
}

impl TimeWeight {
    /// The weight at the time of each run of equal exit times of a stratum, given in ascending order.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and at risk is one more than runs"
    )]
    pub(super) fn of_runs(self, rows: &Rows, by_exit: &[u32]) -> Vec<f64> {
        let exit = |row: u32| rows.times.exit[row as usize];
        let runs: Vec<&[u32]> = by_exit.chunk_by(|&a, &b| exit(a) == exit(b)).collect();
        if self == Self::Equal {
            return vec![1.0; runs.len()];
        }
        let weight = |row: &u32| rows.weight(*row as usize);
        let event = |row: &&u32| rows.event[**row as usize];
        // From the end, so that nobody is subtracted.
        let mut at_risk = vec![0.0; runs.len() + 1];
        for (k, run) in runs.iter().enumerate().rev() {
            at_risk[k] = at_risk[k + 1] + Sum::of(run.iter().map(weight));
        }
        let mut left = 1.0;
        let mut weights = Vec::with_capacity(runs.len());
        for (k, run) in runs.iter().enumerate() {
            weights.push(match self {
                Self::Uno => 1.0 / (left * left),
                _ => 1.0 / left,
            });
            // Events leave first: the censorings are among those who stay.
            let censored = Sum::of(run.iter().filter(|row| !event(row)).map(weight));
            if censored > 0.0 {
                left *= at_risk[k + 1] / (at_risk[k + 1] + censored);
            }
        }
        weights
    }
}
