//! One cumulative sum of residuals with its test.

use ndarray::Array2;
use std::fmt;

use crate::statistic::p_value;

/// A cumulative sum of residuals, some simulated ones, and the test of its largest distance from 0, by
/// [`CumulativeSums`](crate::inference::CumulativeSums).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CumulativeSum {
    /// The column, or `linear predictor`.
    pub name: String,
    /// Where the sum is taken: the distinct values of the column, or the event times, ascending.
    pub position: Vec<f64>,
    /// The sum at each position.
    pub observed: Vec<f64>,
    /// The first of the simulated sums, paths × positions.
    pub simulated: Array2<f64>,
    /// The largest |sum|.
    pub statistic: f64,
    /// The position at which it is reached first.
    pub at: f64,
    /// (1 + k)/(1 + m) when k of m simulated sums go at least as far.
    pub p_value: f64,
    /// m.
    pub simulations: usize,
}

/// One line: name, largest distance and where, p-value.
impl fmt::Display for CumulativeSum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, statistic, at, simulations, .. } = self;
        let p = p_value::text(self.p_value);
        write!(f, "{name}: {statistic:.3} at {at}, p = {p} ({simulations} simulations)")
    }
}

#[cfg(feature = "serde")]
impl CumulativeSum {
    fn check(&self) -> crate::error::Result<()> {
        let columns = [("observed", self.observed.len()), ("simulated", self.simulated.ncols())];
        crate::checked::same_lengths(self.position.len(), &columns)?;
        crate::checked::numbers!(self {
            position: ascending,
            statistic: not_negative,
            p_value: probability,
        })
    }
}
