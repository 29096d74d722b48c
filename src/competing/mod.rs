//! Competing risks: what becomes of a subject that one of several causes can end.

mod cumulative_incidence;
mod fine_gray;

pub use cumulative_incidence::{
    AalenJohansen, AalenJohansenFit, CauseCounts, CumulativeIncidence, IncidenceAt,
    IncidenceVariance,
};
pub use fine_gray::{
    CensoringTies, FineGray, FineGrayFit, FineGrayIncidence, FineGrayResiduals, FineGrayVariance,
    PredictedIncidence,
};
