//! Competing risks: what becomes of a subject that one of several causes can end; and histories through
//! several states.

mod cause_specific;
mod cumulative_incidence;
mod fine_gray;
mod gray;
mod multi_state;
mod of_cause;
mod time_lost;

pub use cause_specific::{
    CauseFit, CauseSpecificBaseline, CauseSpecificCox, CauseSpecificCoxFit, CauseSpecificIncidence,
    CauseSpecificStratum, IncidenceForm,
};
pub use cumulative_incidence::{
    AalenJohansen, AalenJohansenFit, CauseCounts, CumulativeIncidence, IncidenceAt,
    IncidenceVariance,
};
pub use fine_gray::{
    CensoringTies, FineGray, FineGrayFit, FineGrayIncidence, FineGrayResiduals, FineGrayVariance,
    PredictedIncidence,
};
pub use gray::{
    CausePairs, CauseTest, GrayFit, GrayPairwise, GrayTest, GroupScore, Untested, UntestedPair,
};
pub use multi_state::{
    MeanTime, OccupationAt, StateOccupation, StateOccupationFit, Transition, TransitionCounts,
};
pub use time_lost::{
    CauseComparison, CauseTimeLost, TimeLost, TimeLostComparison, TimeLostContrast, TimeLostFit,
};
