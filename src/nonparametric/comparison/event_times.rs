//! Walks the event times of one stratum over all its groups.

#![expect(
    clippy::indexing_slicing,
    reason = "a group is one of those walked, and has its place in each column"
)]

use crate::data::RiskSeries;

/// One event time: what happens in each group and in all of them.
#[derive(Debug, Clone)]
pub(super) struct EventTime {
    /// The groups with rows that end or begin at the time.
    pub(super) here: Vec<usize>,
    /// Events in each group; 0 in those that are not here.
    pub(super) events: Vec<f64>,
    /// At risk in each group.
    pub(super) at_risk: Vec<f64>,
    /// Events in all groups.
    pub(super) d: f64,
    /// At risk in all groups.
    pub(super) y: f64,
    /// Whether the survival is asked for; to find it takes as long as the rest.
    with_survival: bool,
    /// Pooled Kaplan–Meier just before the time.
    pub(super) survival_before: f64,
    /// Π (1 − d/(y + 1)) up to and including the time, Peto and Peto's survival.
    pub(super) survival_peto: f64,
}

impl EventTime {
    /// Before the first time, of `k` groups.
    pub(super) fn new(k: usize, with_survival: bool) -> Self {
        Self {
            here: Vec::with_capacity(k),
            events: vec![0.0; k],
            at_risk: vec![0.0; k],
            d: 0.0,
            y: 0.0,
            with_survival,
            survival_before: 1.0,
            survival_peto: 1.0,
        }
    }

    /// Shows the time, if it has events, with what follows from the counts of all groups.
    pub(super) fn show(&mut self, visit: impl FnOnce(&Self)) {
        if self.d > 0.0 {
            self.y = self.at_risk.iter().sum();
            if !self.with_survival {
                return visit(self);
            }
            self.survival_peto *= 1.0 - self.d / (self.y + 1.0);
            visit(self);
            self.survival_before *= (self.y - self.d) / self.y;
        }
    }

    /// Y_j/Y.
    fn share(&self, group: usize) -> f64 {
        self.at_risk[group] / self.y
    }

    /// E_j = d Y_j/Y.
    pub(super) fn expected(&self, group: usize) -> f64 {
        self.d * self.share(group)
    }

    /// The variance of the events in a group, given the margins.
    pub(super) fn variance(&self, group: usize) -> f64 {
        spread(self.d, self.y) * (self.share(group) * ((self.y - self.at_risk[group]) / self.y))
    }
}

/// What the hypergeometric covariances of a time have in common: d (Y − d)/(Y − 1), 0 where Y = 1.
#[inline]
pub(super) fn spread(d: f64, y: f64) -> f64 {
    let spread = d * ((y - d) / (y - 1.0));
    if y <= 1.0 { 0.0 } else { spread }
}

/// The times of one group that are still ahead.
struct Lane<'a> {
    time: &'a [f64],
    n_event: &'a [f64],
    n_risk: &'a [f64],
}

impl<'a> Lane<'a> {
    fn new(series: &'a RiskSeries) -> Self {
        Self { time: series.time(), n_event: series.n_event(), n_risk: series.n_risk() }
    }

    /// The next time, infinite once there is none.
    fn time(&self) -> f64 {
        self.time.first().copied().unwrap_or(f64::INFINITY)
    }

    /// At risk until then.
    fn at_risk(&self) -> f64 {
        self.n_risk.first().copied().unwrap_or(0.0)
    }

    /// Passes the next time; the events there.
    fn pass(&mut self) -> f64 {
        let rest = |column: &mut &'a [f64]| column.split_off_first().copied().unwrap_or(0.0);
        rest(&mut self.time);
        rest(&mut self.n_risk);
        rest(&mut self.n_event)
    }
}

/// Calls `visit` for every time with an event, in ascending order.
pub(super) fn walk(groups: &[RiskSeries], with_survival: bool, mut visit: impl FnMut(&EventTime)) {
    let mut lanes: Vec<Lane<'_>> = groups.iter().map(Lane::new).collect();
    let mut ahead: Vec<f64> = lanes.iter().map(Lane::time).collect();
    let mut now = EventTime::new(groups.len(), with_survival);
    now.here.extend(0..groups.len());
    let mut time = f64::NEG_INFINITY;
    loop {
        let (group, next) = earliest(&ahead);
        if next > time {
            now.show(&mut visit);
            for group in now.here.drain(..) {
                now.events[group] = 0.0;
                now.at_risk[group] = lanes[group].at_risk();
            }
            (time, now.d) = (next, 0.0);
        }
        if next == f64::INFINITY {
            return;
        }
        let d = lanes[group].pass();
        ahead[group] = lanes[group].time();
        now.here.push(group);
        now.events[group] = d;
        now.d += d;
    }
}

/// The group with the earliest time, and that time. Which one it is follows no pattern, so that a
/// branch on it would take longer than the search.
fn earliest(times: &[f64]) -> (usize, f64) {
    let (mut group, mut earliest) = (0, f64::INFINITY);
    for (place, &time) in times.iter().enumerate() {
        let earlier = time < earliest;
        group = if earlier { place } else { group };
        earliest = if earlier { time } else { earliest };
    }
    (group, earliest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, Groups, RiskTable};

    /// At 3 both groups have an event, at 4 nobody has, at 6 the first group is over and at 2 the last
    /// two rows of the second have not entered.
    #[test]
    fn every_group_has_those_at_risk_at_the_times_of_the_others() {
        let entry = [0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 5.0];
        let exit = [2.0, 3.0, 5.0, 3.0, 4.0, 6.0, 7.0];
        let event = [true, true, true, true, false, true, false];
        let data = CountingProcess::new(&entry, &exit, &event).unwrap();
        let arm = Groups::new(&["a", "a", "a", "b", "b", "b", "b"]).unwrap();
        let table = RiskTable::by(&data, &arm).unwrap();
        let mut seen = Vec::new();
        walk(table.by_stratum().next().unwrap(), false, |now| {
            assert_eq!((now.d, now.y), (now.events.iter().sum(), now.at_risk.iter().sum()));
            seen.push((now.here.clone(), now.events.clone(), now.at_risk.clone()));
        });
        let expected = [
            (vec![0, 1], vec![1.0, 0.0], vec![3.0, 2.0]),
            (vec![0, 1], vec![1.0, 1.0], vec![2.0, 3.0]),
            (vec![0, 1], vec![1.0, 0.0], vec![1.0, 1.0]),
            (vec![1], vec![0.0, 1.0], vec![0.0, 2.0]),
        ];
        assert_eq!(seen, expected);
    }
}
