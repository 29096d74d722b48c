//! Competing risks: what becomes of a subject that one of several causes can end.

mod fine_gray;

pub use fine_gray::{
    CensoringTies, FineGray, FineGrayFit, FineGrayIncidence, FineGrayResiduals, FineGrayVariance,
    PredictedIncidence,
};
