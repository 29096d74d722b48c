//! How well a score or a model predicts, and how far its estimates can be trusted: concordance, and
//! resampling of rows, clusters and strata.

mod concordance;

pub use concordance::{
    Concordance, ConcordanceComparison, ConcordanceFit, Direction, PairCounts, Score, TimeWeight,
};
