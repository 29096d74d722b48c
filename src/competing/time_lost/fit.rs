//! Times lost to causes, of one group.

use std::fmt;

use crate::competing::of_cause::{self, of_cause};
use crate::data::Cause;
use crate::error::Result;
use crate::statistic::{Estimate, Interval, Table, significant};

/// The time lost to each cause up to τ.
///
/// What it estimates, and after whom: [`TimeLost`](crate::competing::TimeLost).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TimeLostFit {
    /// Up to which time, in the unit of the data.
    pub tau: f64,
    /// Confidence level of the limits.
    pub level: f64,
    /// One for each cause, in the order of the data.
    pub causes: Vec<CauseTimeLost>,
}

#[cfg(feature = "serde")]
crate::checked::check!(TimeLostFit { tau: not_negative, level: level });

/// The time lost to one cause, in a [`TimeLostFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CauseTimeLost {
    /// The cause.
    pub cause: Cause,
    /// Its name.
    pub name: String,
    /// ∫₀^τ Fₖ, in the unit of time.
    pub time_lost: f64,
    /// Standard error of the time lost.
    pub std_error: f64,
    /// Its limits, cut to [0, τ].
    pub interval: Interval,
}

#[cfg(feature = "serde")]
crate::checked::check!(CauseTimeLost { time_lost: not_negative, std_error: not_negative });

of_cause!(CauseTimeLost, name);

impl CauseTimeLost {
    pub(super) fn estimate(&self) -> Estimate {
        Estimate { value: self.time_lost, std_error: self.std_error }
    }
}

impl TimeLostFit {
    /// The time lost to one cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName) for a cause that is not listed.
    pub fn time_lost(&self, cause: Cause) -> Result<&CauseTimeLost> {
        of_cause::find(&self.causes, cause)
    }

    /// The time lost to the cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn time_lost_of(&self, name: &str) -> Result<&CauseTimeLost> {
        of_cause::named(&self.causes, name)
    }
}

/// A line for each cause of each group.
pub(super) fn table(fits: &[(&str, &TimeLostFit)]) -> Table {
    let level = fits.first().map_or(0.95, |(_, fit)| fit.level);
    let lines = || fits.iter().flat_map(|(group, fit)| fit.causes.iter().map(move |c| (*group, c)));
    let column = |value: &dyn Fn(&CauseTimeLost) -> Option<f64>| {
        significant(&lines().map(|(_, lost)| value(lost)).collect::<Vec<_>>(), 5, "-")
    };
    let name = |(group, lost): (&str, &CauseTimeLost)| match group {
        "" => lost.name.clone(),
        _ => format!("{group}, {}", lost.name),
    };
    Table::default()
        .column("", lines().map(name).collect())
        .column("lost", column(&|lost| Some(lost.time_lost)))
        .column("std.err", column(&|lost| Some(lost.std_error)))
        .column(&format!("{level}LCL"), column(&|lost| lost.interval.lower))
        .column(&format!("{level}UCL"), column(&|lost| lost.interval.upper))
}

/// A line for each cause.
impl fmt::Display for TimeLostFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}   time lost up to {}", table(&[("", self)]), self.tau)
    }
}
