//! Gray's test: do groups differ in the cumulative incidence of a cause?

mod estimator;
mod fit;
mod incidences;
mod pairwise;
mod score;

pub use estimator::GrayTest;
pub use fit::{CauseTest, GrayFit, GroupScore, Untested};
pub use pairwise::{CausePairs, GrayPairwise, UntestedPair};
