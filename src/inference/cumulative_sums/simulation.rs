//! Runs processes on Gaussian multipliers and counts how often they go as far as the observed one.

#![expect(clippy::indexing_slicing, reason = "a process is one of those observed")]

use ndarray::Array2;
use std::ops::Range;

use super::sum::CumulativeSum;
use crate::error::Result;
use crate::numerics::blocks;
use crate::numerics::random::SplitMix64;
use crate::room::room_for;

/// Replicates that share one walk through the rows.
const BLOCK: usize = 16;

/// How many replicates, how many of them are kept, and the seed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Simulation {
    pub(super) replicates: usize,
    pub(super) kept: usize,
    pub(super) seed: u64,
}

/// The observed process.
pub(super) struct Observed {
    pub(super) name: String,
    pub(super) position: Vec<f64>,
    pub(super) value: Vec<f64>,
}

/// The simulated processes of one block of replicates.
struct Simulated {
    /// By process, then by replicate, the largest |value|.
    largest: Vec<Vec<f64>>,
    /// By process, positions × replicates: those that are kept.
    kept: Vec<Array2<f64>>,
}

impl Simulation {
    /// `run` takes noise, events × replicates, and calls its sink for every process and position in turn with
    /// the values of all replicates.
    pub(super) fn test(
        self,
        observed: Vec<Observed>,
        spread: &[f64],
        run: impl Fn(&Array2<f64>, &mut dyn FnMut(usize, usize, &[f64])) + Sync,
    ) -> Result<Vec<CumulativeSum>> {
        let lengths: Vec<usize> = observed.iter().map(|process| process.position.len()).collect();
        // The largest value of each sum; those that are kept, as they come and in the result.
        room_for::<[f64; 2]>("simulations × sums", &[self.replicates, lengths.len()])?;
        let kept = self.kept.min(self.replicates);
        room_for::<[f64; 2]>("simulated paths × positions", &[kept, lengths.iter().sum()])?;
        let parts = blocks::cut(self.replicates, BLOCK);
        let simulated = blocks::map(parts, |part| {
            let noise = self.noise(part.clone(), spread);
            let n_kept = self.kept.min(part.end).saturating_sub(part.start);
            let mut block = Simulated {
                largest: vec![vec![0.0; part.len()]; lengths.len()],
                kept: lengths.iter().map(|&length| Array2::zeros((length, n_kept))).collect(),
            };
            run(&noise, &mut |process, place, values| {
                for (largest, value) in block.largest[process].iter_mut().zip(values) {
                    *largest = f64::max(*largest, value.abs());
                }
                if n_kept > 0 {
                    let kept = block.kept[process].row_mut(place);
                    kept.into_iter().zip(values).for_each(|(slot, value)| *slot = *value);
                }
            });
            block
        });
        let finish = |(process, observed)| self.finish(process, observed, &simulated);
        Ok(observed.into_iter().enumerate().map(finish).collect())
    }

    /// Normal multipliers times the spread of each event, events × replicates.
    fn noise(self, part: Range<usize>, spread: &[f64]) -> Array2<f64> {
        let mut noise = Array2::zeros((spread.len(), part.len()));
        for (replicate, mut column) in part.zip(noise.columns_mut()) {
            let mut generator = SplitMix64::stream(self.seed, replicate as u64);
            column.iter_mut().zip(spread).for_each(|(z, spread)| *z = spread * generator.normal());
        }
        noise
    }

    fn finish(self, process: usize, observed: Observed, blocks: &[Simulated]) -> CumulativeSum {
        let Observed { name, position, value } = observed;
        let (mut statistic, mut at) = (0.0, position.first().copied().unwrap_or(0.0));
        for (value, position) in value.iter().zip(&position) {
            if value.abs() > statistic {
                (statistic, at) = (value.abs(), *position);
            }
        }
        let largest = blocks.iter().flat_map(|block| &block.largest[process]);
        let as_far = largest.filter(|largest| **largest >= statistic).count();
        let kept: Vec<_> = blocks.iter().flat_map(|block| block.kept[process].columns()).collect();
        let simulated = Array2::from_shape_fn((kept.len(), position.len()), |(i, j)| kept[i][j]);
        CumulativeSum {
            name,
            position,
            observed: value,
            simulated,
            statistic,
            at,
            p_value: (1 + as_far) as f64 / (1 + self.replicates) as f64,
            simulations: self.replicates,
        }
    }
}
