//! The shared vocabulary of results: intervals, tests, p-values, and the tables they print as.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod adjust;
mod effect;
mod interval;
mod limits_block;
pub(crate) mod p_value;
mod standardised_difference;
mod table;
mod test_result;

pub use adjust::Adjust;
pub use effect::{Difference, Ratio};
pub(crate) use effect::{Estimate, homogeneity, homogeneity_dependent};
pub use interval::{Interval, IntervalTransform};
pub(crate) use interval::{normal_multiplier, percent};

pub(crate) use standardised_difference::WeightedMoments;
pub use standardised_difference::{
    LevelDifference, StandardisedDifference, StandardisedDifferences,
};
pub(crate) use table::{Table, fixed, significant};
pub use test_result::{TestKind, TestResult};
