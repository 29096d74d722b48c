//! How well a score or a model predicts, and how far its estimates can be trusted: concordance, and
//! resampling of rows, clusters and strata.

mod concordance;
mod resampling;

pub use concordance::{
    Concordance, ConcordanceComparison, ConcordanceFit, Direction, PairCounts, Score, TimeWeight,
};
pub use resampling::{Bootstrap, BootstrapFit, Jackknife, JackknifeFit, ResamplingFailure};
