//! The time columns of a data set, ordered once.

use super::time_match::{TieReport, TimeMatch};
use crate::numerics::sort;

/// Entry and exit times after the near-tie policy, with their orders.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Timeline {
    pub(crate) entry: Option<Vec<f64>>,
    pub(crate) exit: Vec<f64>,
    /// Rows by ascending exit time.
    pub(crate) by_exit: Vec<u32>,
    /// Rows by ascending entry time, where there are entry times.
    pub(crate) by_entry: Option<Vec<u32>>,
    pub(crate) policy: TimeMatch,
    pub(crate) report: TieReport,
    /// The times as given, where the policy has changed them.
    given: Option<Box<Given>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Given {
    entry: Option<Vec<f64>>,
    exit: Vec<f64>,
}

impl Timeline {
    /// Orders checked times and applies the policy.
    pub(super) fn new(entry: Option<Vec<f64>>, exit: Vec<f64>, policy: TimeMatch) -> Self {
        let by_exit = sort::order(&exit);
        let by_entry = entry.as_deref().map(sort::order);
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

    fn match_times(&mut self) {
        let places = self.ascending();
        let mut times: Vec<f64> = places.iter().map(|place| self.time(*place)).collect();
        self.report = self.policy.apply(&mut times);
        if self.report.merged == 0 {
            return;
        }
        self.given = Some(Box::new(Given { entry: self.entry.clone(), exit: self.exit.clone() }));
        for (place, time) in places.into_iter().zip(times) {
            match (place, &mut self.entry) {
                (Place::Entry(row), Some(entry)) => entry[row as usize] = time,
                (Place::Entry(_), None) => {}
                (Place::Exit(row), _) => self.exit[row as usize] = time,
            }
        }
    }

    fn time(&self, place: Place) -> f64 {
        match (place, &self.entry) {
            (Place::Entry(row), Some(entry)) => entry[row as usize],
            (Place::Entry(row) | Place::Exit(row), _) => self.exit[row as usize],
        }
    }

    /// Every time of every row in ascending order.
    fn ascending(&self) -> Vec<Place> {
        let exits = self.by_exit.iter().map(|&row| Place::Exit(row));
        let Some(by_entry) = &self.by_entry else { return exits.collect() };
        let mut entries = by_entry.iter().map(|&row| Place::Entry(row)).peekable();
        let mut places = Vec::with_capacity(2 * self.exit.len());
        for exit in exits {
            while let Some(entry) = entries.next_if(|&entry| self.time(entry) <= self.time(exit)) {
                places.push(entry);
            }
            places.push(exit);
        }
        places
    }
}

/// One end of one row.
#[derive(Clone, Copy)]
enum Place {
    Entry(u32),
    Exit(u32),
}
