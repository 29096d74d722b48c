//! Concordance of a score with survival: pairs of rows, of which it is known who failed first.

mod comparison;
mod counted_pairs;
mod cox;
mod estimator;
mod fit;
mod pairs;
mod place_counts;
mod risk_tree;
mod score;
mod time_weight;

pub use comparison::ConcordanceComparison;
pub use estimator::Concordance;
pub use fit::{ConcordanceFit, PairCounts};
pub use score::{Direction, Score};
pub use time_weight::TimeWeight;
