//! Competing risks and multi-state histories: which event comes, not only when.

mod gray;
mod multi_state;

pub use gray::{
    CausePairs, CauseTest, GrayFit, GrayPairwise, GrayTest, GroupScore, Untested, UntestedPair,
};
pub use multi_state::{
    MeanTime, OccupationAt, StateOccupation, StateOccupationFit, Transition, TransitionCounts,
};
