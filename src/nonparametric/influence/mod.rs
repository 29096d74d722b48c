//! Influence functions and pseudo-values of a curve.

mod at;
mod fit;
mod functions;
mod spread;

pub use fit::InfluenceFit;
pub use functions::{Estimand, InfluenceFunctions};
pub(crate) use spread::spread;
