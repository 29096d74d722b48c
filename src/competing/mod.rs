//! Competing risks and multi-state histories: which event comes, not only when.

mod gray;

pub use gray::{CausePairs, CauseTest, GrayPairwise, GrayFit, GrayTest, GroupScore, Untested, UntestedPair};
