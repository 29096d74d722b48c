//! Competing risks: what becomes of a subject that one of several causes can end.

mod cumulative_incidence;
mod time_lost;

pub use cumulative_incidence::{
    AalenJohansen, AalenJohansenFit, CauseCounts, CumulativeIncidence, IncidenceAt,
    IncidenceVariance,
};
pub use time_lost::{
    CauseComparison, CauseTimeLost, TimeLost, TimeLostComparison, TimeLostContrast, TimeLostFit,
};
