//! What the sections have to know beside the cohort.

use riskset::statistic::IntervalTransform;

use super::source::Source;

/// What the sections have to know beside the cohort.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Options {
    pub(crate) source: Source,
    /// Scale on which the limits of survival are symmetric.
    pub(crate) limits: IntervalTransform,
    /// Random permutations of the groups in a baseline test with an expected count below 5.
    pub(crate) permutations: u32,
    /// Resamples of patients for the limits of cumulative incidences; with one more, both tails of 2.5 % are
    /// whole numbers of them.
    pub(crate) resamples: usize,
    /// Simulated cohorts beside this one, with the seeds from its own on.
    pub(crate) replicates: usize,
}

impl Options {
    /// The options of the analysis plan.
    pub(crate) fn new(source: Source) -> Self {
        Self {
            source,
            limits: IntervalTransform::LogLog,
            permutations: 9999,
            resamples: 999,
            replicates: 0,
        }
    }
}
