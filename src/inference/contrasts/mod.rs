//! Comparisons between values of a term: joint tests of contrasts, levels of a factor against any
//! reference or each other, points of a numeric covariate; under interactions at given values of
//! the others.

mod along;
mod conditional;
mod joint;
mod levels;
mod pairs;

pub use along::RatioAt;
pub use pairs::{LevelPair, LevelPairs, Multiplicity};
