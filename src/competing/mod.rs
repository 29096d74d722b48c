//! Competing risks: what becomes of a subject that one of several causes can end.

mod cumulative_incidence;

pub use cumulative_incidence::{
    AalenJohansen, AalenJohansenFit, CauseCounts, CumulativeIncidence, IncidenceAt,
    IncidenceVariance,
};
