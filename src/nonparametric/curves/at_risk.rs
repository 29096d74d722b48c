//! The table of numbers at risk that stands below a Kaplan–Meier figure.

use std::fmt;

use crate::data::{Groups, RiskSeries, RiskTable, SurvivalData};
use crate::error::{Error, Result};
use crate::room::room_for;
use crate::statistic::{Table, significant};

/// Numbers at risk, events and censorings at chosen times, by group.
///
/// At risk at t are the rows with entry < t ≤ exit: the number just *before* t. At time 0 it is
/// everybody who is there from the start: without entry time, or with entry ≤ 0 < exit. Events and
/// censorings are counted up to and including t. Strata and clusters of the data do not matter.
///
/// # Example
/// ```
/// use riskset::{Groups, RightCensored, nonparametric::AtRiskTable};
///
/// let data = RightCensored::new(&[1.0, 2.0, 2.0, 5.0], &[true, true, false, true])?;
/// let arm = Groups::new(&["a", "b", "b", "b"])?;
/// let table = AtRiskTable::new(&data, &arm, &[0.0, 2.0, 3.0])?;
/// let b = &table.rows()[1];
/// assert_eq!(b.n_risk, [3.0, 3.0, 1.0]); // at 2 all three, two of whom leave then
/// assert_eq!((&b.n_event, &b.n_censor), (&vec![0.0, 1.0, 1.0], &vec![0.0, 1.0, 1.0]));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `summary(survfit(Surv(time, event) ~ group), times, extend = TRUE)`, whose `n.event` counts from one time
/// to the next.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct AtRiskTable {
    times: Vec<f64>,
    groups: Vec<String>,
    weighted: Vec<AtRisk>,
    rows: Vec<AtRisk>,
}

/// The counts of one group in an [`AtRiskTable`], one value for each time of the table.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct AtRisk {
    /// At risk just before each time.
    pub n_risk: Vec<f64>,
    /// Events up to and including each time.
    pub n_event: Vec<f64>,
    /// Censorings up to and including each time.
    pub n_censor: Vec<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(AtRisk {
    n_risk: not_negative,
    n_event: not_negative,
    n_censor: not_negative,
});

impl AtRisk {
    /// The counts of one series at the times given.
    #[expect(clippy::indexing_slicing, reason = "no more times are passed than there are counts")]
    pub(crate) fn of(series: &RiskSeries, times: &[f64]) -> Self {
        let up_to = |counts: &[f64], time: f64| {
            let end = series.time().partition_point(|&known| known <= time);
            // An empty `sum` is −0.
            counts[..end].iter().fold(0.0, |sum, count| sum + count)
        };
        Self {
            n_risk: times.iter().map(|&time| series.n_risk_from(time)).collect(),
            n_event: times.iter().map(|&time| up_to(series.n_event(), time)).collect(),
            n_censor: times.iter().map(|&time| up_to(series.n_censor(), time)).collect(),
        }
    }
}

impl AtRiskTable {
    /// Counts the rows of each group at the times given.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], [`Error::InvalidOption`] for a time that is not a number, and
    /// [`Error::TooLarge`] for more groups × times than memory holds.
    pub fn new(data: &impl SurvivalData, groups: &Groups, times: &[f64]) -> Result<Self> {
        data.rows().same_length("groups", groups.len())?;
        Self::from_table(&RiskTable::of(data.rows(), false, Some(groups)), times)
    }

    /// Reads the counts off a table, over its strata.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a time that is not a number; [`Error::TooLarge`].
    pub fn from_table(table: &RiskTable, times: &[f64]) -> Result<Self> {
        if let Some(&value) = times.iter().find(|time| time.is_nan()) {
            let rule = "must be a number";
            return Err(Error::InvalidOption { option: "times", value, rule });
        }
        // Three counts, weighted and of rows.
        let sides = [table.groups().len(), times.len()];
        room_for::<[f64; 6]>("a table of groups × times", &sides)?;
        let series: Vec<RiskSeries> =
            (0..table.groups().len()).map(|group| table.group(group)).collect();
        Ok(Self {
            times: times.to_vec(),
            groups: table.groups().to_vec(),
            weighted: series.iter().map(|series| AtRisk::of(series, times)).collect(),
            rows: series.iter().map(|series| AtRisk::of(&series.rows(), times)).collect(),
        })
    }

    /// The times.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// The names of the groups.
    #[must_use]
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The weighted counts of each group.
    #[must_use]
    pub fn weighted(&self) -> &[AtRisk] {
        &self.weighted
    }

    /// The counts of rows of each group.
    #[must_use]
    pub fn rows(&self) -> &[AtRisk] {
        &self.rows
    }
}

/// The weighted numbers at risk, a line for each group.
impl fmt::Display for AtRiskTable {
    #[expect(clippy::indexing_slicing, reason = "a group has a count at each of the times")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default().column("", self.groups.clone());
        for (k, time) in self.times.iter().enumerate() {
            let counts: Vec<Option<f64>> =
                self.weighted.iter().map(|group| Some(group.n_risk[k])).collect();
            table = table.column(&time.to_string(), significant(&counts, 5, ""));
        }
        write!(f, "{table}")
    }
}

#[cfg(feature = "serde")]
impl AtRiskTable {
    fn check(&self) -> Result<()> {
        use crate::checked::Course;
        let groups = [("weighted", self.weighted.len()), ("rows", self.rows.len())];
        crate::checked::same_lengths(self.groups.len(), &groups)?;
        self.weighted.iter().chain(&self.rows).try_for_each(|group| {
            let columns = [
                ("n_risk", group.n_risk.len()),
                ("n_event", group.n_event.len()),
                ("n_censor", group.n_censor.len()),
            ];
            crate::checked::same_lengths(self.times.len(), &columns)?;
            Course::Rises.over(&self.times, "n_event", &group.n_event)?;
            Course::Rises.over(&self.times, "n_censor", &group.n_censor)
        })
    }
}
