//! A restricted mean survival time with its limits.

use std::fmt;

use crate::statistic::{Estimate, Interval, Table, significant};

/// The restricted mean survival time of one curve.
///
/// What it estimates, and after whom: [`RestrictedMean`](crate::nonparametric::RestrictedMean).
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct RestrictedMeanFit {
    /// Up to which time, in the unit of the data.
    pub tau: f64,
    /// The mean of min(T, τ), in [0, τ].
    pub mean: f64,
    /// Its standard error; 0 when the variance formula has no term.
    pub std_error: f64,
    /// Limits of the mean, cut to [0, τ].
    pub interval: Interval,
    /// τ − mean: the time lost before τ.
    pub time_lost: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(RestrictedMeanFit {
    tau: not_negative,
    mean: not_negative,
    std_error: not_negative,
    time_lost: not_negative,
});

impl RestrictedMeanFit {
    /// The mean as an estimate with its error.
    pub(super) fn estimate(&self) -> Estimate {
        Estimate { value: self.mean, std_error: self.std_error }
    }

    /// The time lost as an estimate; its error is that of the mean.
    pub(super) fn lost(&self) -> Estimate {
        Estimate { value: self.time_lost, std_error: self.std_error }
    }
}

/// A line for each restricted mean.
pub(super) fn table(means: &[(&str, &RestrictedMeanFit)]) -> Table {
    let level = means.first().map_or(0.95, |(_, fit)| fit.interval.level);
    let column = |value: &dyn Fn(&RestrictedMeanFit) -> Option<f64>| {
        let values: Vec<Option<f64>> = means.iter().map(|(_, fit)| value(fit)).collect();
        significant(&values, 5, "-")
    };
    Table::default()
        .column("", means.iter().map(|(name, _)| (*name).to_owned()).collect())
        .column("tau", column(&|fit| Some(fit.tau)))
        .column("mean", column(&|fit| Some(fit.mean)))
        .column("std.err", column(&|fit| Some(fit.std_error)))
        .column(&format!("{level}LCL"), column(&|fit| fit.interval.lower))
        .column(&format!("{level}UCL"), column(&|fit| fit.interval.upper))
        .column("lost", column(&|fit| Some(fit.time_lost)))
}

/// One line below its header.
impl fmt::Display for RestrictedMeanFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", table(&[("", self)]))
    }
}
