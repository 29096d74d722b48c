//! The time columns of a data set, ordered once.

use std::sync::Arc;

use super::time_match::{TieReport, TimeMatch};
use crate::numerics::large::Large;
use crate::numerics::sort::Ascending;

/// Entry and exit times after the near-tie policy, with their orders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    pub(crate) entry: Option<Large>,
    pub(crate) exit: Large,
    /// Rows by ascending exit time, with the times in that order.
    pub(crate) by_exit: Ascending,
    /// Rows by ascending entry time, where there are entry times.
    pub(crate) by_entry: Option<Ascending>,
    pub(crate) policy: TimeMatch,
    pub(crate) report: TieReport,
    /// The times as given, where the policy has changed them.
    given: Option<Box<Given>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Given {
    entry: Option<Large>,
    exit: Large,
}

impl Timeline {
    /// Orders checked times and applies the policy.
    pub(super) fn new(entry: Option<Large>, exit: Large, policy: TimeMatch) -> Self {
        let by_exit = Ascending::new(&exit);
        let by_entry = entry.as_deref().map(Ascending::new);
        let mut line = Self {
            entry,
            exit,
            by_exit,
            by_entry,
            policy,
            report: TieReport::default(),
            given: None,
        };
        line.match_times();
        line
    }

    /// The same times under another policy.
    pub(super) fn with_policy(self, policy: TimeMatch) -> Self {
        let (entry, exit) = match self.given {
            Some(given) => (given.entry, given.exit),
            None => (self.entry, self.exit),
        };
        Self::new(entry, exit, policy)
    }

    /// The times as given.
    #[cfg(feature = "serde")]
    pub(super) fn given(&self) -> (Option<&[f64]>, &[f64]) {
        match &self.given {
            Some(given) => (given.entry.as_deref(), &given.exit),
            None => (self.entry.as_deref(), &self.exit),
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn match_times(&mut self) {
        match self.by_entry.take() {
            None => {
                let times = Arc::make_mut(&mut self.by_exit.values);
                self.report = self.policy.apply(times);
            }
            Some(by_entry) => {
                let (report, [entries, exits]) =
                    matched(self.policy, &by_entry.values, &self.by_exit.values);
                self.report = report;
                self.by_exit.values = Arc::new(exits.into());
                self.by_entry = Some(Ascending { values: Arc::new(entries.into()), ..by_entry });
            }
        }
        if self.report.merged > 0 {
            self.given =
                Some(Box::new(Given { entry: self.entry.clone(), exit: self.exit.clone() }));
            self.by_exit.iter().for_each(|(row, time)| self.exit[row] = time);
            if let (Some(entry), Some(by_entry)) = (&mut self.entry, &self.by_entry) {
                by_entry.iter().for_each(|(row, time)| entry[row] = time);
            }
        }
    }
}

/// Ascending entries and exits after the policy, which looks at them as one column.
pub(super) fn matched(
    policy: TimeMatch,
    entries: &[f64],
    exits: &[f64],
) -> (TieReport, [Vec<f64>; 2]) {
    let (mut times, is_entry) = together(entries, exits);
    let report = policy.apply(&mut times);
    let part = |of: bool| {
        let both = times.iter().zip(&is_entry);
        both.filter(|(_, entry)| **entry == of).map(|(time, _)| *time).collect()
    };
    (report, [part(true), part(false)])
}

/// Ascending entries and exits as one ascending column, and which of them are entries.
fn together(entries: &[f64], exits: &[f64]) -> (Vec<f64>, Vec<bool>) {
    let n = entries.len() + exits.len();
    let (mut times, mut is_entry) = (Vec::with_capacity(n), Vec::with_capacity(n));
    let mut entries = entries.iter().copied().peekable();
    for &exit in exits {
        while let Some(entry) = entries.next_if(|&entry| entry <= exit) {
            times.push(entry);
            is_entry.push(true);
        }
        times.push(exit);
        is_entry.push(false);
    }
    (times, is_entry)
}
