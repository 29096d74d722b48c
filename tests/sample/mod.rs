//! Small random data sets, the same ones in every run, and how the tests compare numbers.

use riskset::statistic::IntervalTransform;

mod close;
mod rows;
mod runner;

pub use close::{assert_close, assert_matrix_close, assert_slice_close};
pub use rows::{CAUSES, Row, Sample, tied, untied};
pub use runner::check;

/// The scales of limits, all of them.
pub const TRANSFORMS: [IntervalTransform; 5] = [
    IntervalTransform::Plain,
    IntervalTransform::Log,
    IntervalTransform::LogLog,
    IntervalTransform::Logit,
    IntervalTransform::Arcsin,
];
