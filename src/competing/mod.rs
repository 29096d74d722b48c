//! Several causes of failure, of which one ends a history: what each does to the probability of the others.

mod fine_gray;

pub use fine_gray::{CensoringTies, FineGray, FineGrayFit, FineGrayVariance};
