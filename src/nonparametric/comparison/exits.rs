//! Walks the event times of rows that are there from the start and count one each.
//!
//! Who is at risk in a group is then known from who has left, without a series of counts.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and ends in one of two ways in a group of a stratum"
)]

use super::event_times::EventTime;
use super::time_sums::TimeSums;
use crate::data::{Groups, Rows, Strata};
use crate::numerics::narrow::Narrow;

/// The groups of one stratum while their rows leave.
struct Stratum {
    time: f64,
    now: EventTime,
    /// Rows of each group that leave at the time.
    leaving: Vec<f64>,
}

impl Stratum {
    /// With so many rows in each group.
    fn new(n: &[f64], with_survival: bool) -> Self {
        let mut now = EventTime::new(n.len(), with_survival);
        now.at_risk.copy_from_slice(n);
        Self { time: f64::NEG_INFINITY, now, leaving: vec![0.0; n.len()] }
    }

    /// So many rows of a group leave, with the event or without.
    fn leave(&mut self, group: usize, event: bool, n: f64) {
        let events = if event { n } else { 0.0 };
        if self.leaving[group] == 0.0 {
            self.now.here.push(group);
        }
        self.leaving[group] += n;
        self.now.events[group] += events;
        self.now.d += events;
    }

    /// Goes on to a later time.
    fn pass(&mut self, time: f64, sums: &mut TimeSums) {
        self.now.show(|now| sums.add(now));
        for group in self.now.here.drain(..) {
            self.now.at_risk[group] -= std::mem::take(&mut self.leaving[group]);
            self.now.events[group] = 0.0;
        }
        (self.time, self.now.d) = (time, 0.0);
    }
}

/// Whether rows can be walked.
pub(super) fn one_by_one(rows: &Rows) -> bool {
    rows.times.entry.is_none() && rows.weights.is_none()
}

/// Adds every time with an event to the sums of its stratum, in ascending order. Returns how many rows each
/// group of each stratum has.
pub(super) fn walk(
    rows: &Rows,
    groups: &Groups,
    with_survival: bool,
    sums: &mut [TimeSums],
) -> Vec<Vec<f64>> {
    let k = groups.names().len();
    let n_strata = rows.strata.as_ref().map_or(1, |strata| strata.names().len());
    let strata = rows.strata.as_ref().map(Strata::codes);
    let ends = groups.codes().iter().zip(&rows.event);
    let ends = ends.map(|(&group, &event)| 2 * group as usize + usize::from(event));
    let n_ends = 2 * n_strata * k;
    let ends = match strata {
        None => Narrow::new(n_ends, ends),
        Some(codes) => {
            let both = codes.iter().zip(ends);
            Narrow::new(n_ends, both.map(|(&stratum, end)| 2 * k * stratum as usize + end))
        }
    };
    let mut tally = ends.tally(n_ends);
    let n: Vec<f64> = tally.chunks(2).map(|ends| f64::from(ends[0] + ends[1])).collect();
    let alone = || rows.times.by_exit.values.is_sorted_by(|a, b| a < b);
    if let ([sums], false) = (&mut *sums, with_survival)
        && alone()
    {
        let mut at_risk = n.clone();
        rows.times.by_exit.fetch(|row| ends.get(row), |ends| sums.leave_alone(&mut at_risk, ends));
        return vec![n];
    }
    tally.fill(0);
    let mut strata: Vec<Stratum> = n.chunks(k).map(|n| Stratum::new(n, with_survival)).collect();
    let places: Vec<(usize, usize)> = (0..n.len()).map(|cell| (cell / k, cell % k)).collect();
    let mut leave = |time: f64, end: usize, n: f64| {
        let (place, group) = places[end / 2];
        let stratum = &mut strata[place];
        if time > stratum.time {
            stratum.pass(time, &mut sums[place]);
        }
        stratum.leave(group, end % 2 == 1, n);
    };
    rows.times.by_exit.each(
        |row| ends.get(row),
        |time, leaving| {
            if leaving.len() < tally.len() {
                return leaving.iter().for_each(|&end| leave(time, end, 1.0));
            }
            leaving.iter().for_each(|&end| tally[end] += 1);
            for (end, n) in tally.iter_mut().enumerate().filter(|(_, n)| **n > 0) {
                leave(time, end, f64::from(std::mem::take(n)));
            }
        },
    );
    for (place, stratum) in strata.iter_mut().enumerate() {
        stratum.pass(f64::INFINITY, &mut sums[place]);
    }
    n.chunks(k).map(<[f64]>::to_vec).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{RightCensored, RiskTable};
    use crate::nonparametric::{LogRank, TestWeight};

    /// Ties within and across groups, some of them of events with censorings, and none; a group that a stratum
    /// lacks.
    #[test]
    fn the_test_of_rows_is_that_of_their_counts() {
        let n = 300_usize;
        let time = |of: usize| (0..n).map(|k| (k * 7919 % of) as f64).collect::<Vec<f64>>();
        let event: Vec<bool> = (0..n).map(|k| k * 31 % 5 < 3).collect();
        let group: Vec<usize> =
            (0..n).map(|k| if k % 4 == 1 { k % 3 } else { k * 13 % 4 }).collect();
        let stratum: Vec<usize> = (0..n).map(|k| k % 4).collect();
        let groups = Groups::new(&group).unwrap();
        let data = RightCensored::new(&time(127), &event).unwrap();
        let untied = RightCensored::new(&time(n), &event).unwrap();
        let stratified = data.clone().with_strata(&stratum).unwrap();
        let powers = TestWeight::FlemingHarrington { rho: 0.5, gamma: 1.0 };
        for data in [data, untied, stratified] {
            for weight in [TestWeight::LogRank, powers, TestWeight::Gehan, TestWeight::PetoPeto] {
                let test = LogRank::new().weight(weight);
                let of_counts = test.fit_table(&RiskTable::by(&data, &groups).unwrap()).unwrap();
                assert_eq!(test.fit(&data, &groups).unwrap(), of_counts);
            }
        }
    }
}
