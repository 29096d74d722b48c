//! Pairs of rows that are there from the start and count one each.
//!
//! What a row collects is then a number of rows: of those at risk with it, and of earlier events.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and has a seat and its sums"
)]

use super::pairs::{Choice, Seat, StratumPairs};
use super::place_counts::PlaceCounts;
use super::risk_tree::{HIGHER, LOWER, SUMS, TIED};
use super::time_weight::TimeWeight;
use crate::data::Rows;
use crate::numerics::sum::Sum;

/// Whether rows can be counted.
pub(super) fn can_be_counted(rows: &Rows, choice: Choice) -> bool {
    rows.weights.is_none() && rows.times.entry.is_none() && choice.weight == TimeWeight::Equal
}

/// Counts the pairs of one stratum, from its latest time to its earliest.
pub(super) fn count_pairs(
    rows: &Rows,
    seats: &[Seat],
    by_exit: &[u32],
    tau: Option<f64>,
    members: &mut [[f64; SUMS]],
) -> StratumPairs {
    let exit = |row: u32| rows.times.exit[row as usize];
    let is_event = |row: u32| rows.event[row as usize];
    let seat = |row: u32| seats[row as usize];
    let counts = |row: &u32| is_event(*row) && tau.is_none_or(|tau| exit(*row) < tau);
    let mut at_risk = PlaceCounts::new(by_exit.len());
    // The events that count, at the time or earlier.
    let mut failed = PlaceCounts::new(by_exit.len());
    by_exit.iter().filter(|row| counts(row)).for_each(|&row| failed.take(seat(row).place()));
    let (mut comparable, mut different, mut equal) = ([0_u64; SUMS], 0, 0);
    let mut events: Vec<u32> = Vec::new();
    for run in by_exit.chunk_by(|&a, &b| exit(a) == exit(b)).rev() {
        events.clear();
        for &row in run {
            if is_event(row) {
                events.push(row);
            } else {
                at_risk.take(seat(row).place());
                seat(row).collect(&failed, [LOWER, HIGHER], &mut members[row as usize]);
            }
        }
        if events.first().is_some_and(counts) {
            let pairs = events.len() as u64 * (events.len() as u64 - 1) / 2;
            let equal_here = simultaneous(events.iter().map(|&row| seat(row)), &mut failed);
            (different, equal) = (different + pairs - equal_here, equal + equal_here);
            for &row in &events {
                let member = &mut members[row as usize];
                let met = seat(row).collect(&at_risk, [HIGHER, LOWER], member);
                comparable.iter_mut().zip(met).for_each(|(sum, met)| *sum += u64::from(met));
            }
        }
        for &row in &events {
            seat(row).collect(&failed, [LOWER, HIGHER], &mut members[row as usize]);
            at_risk.take(seat(row).place());
        }
    }
    StratumPairs { comparable: comparable.map(sum), simultaneous: [different, equal].map(sum) }
}

fn sum(count: u64) -> Sum {
    Sum::from(count as f64)
}

/// Frees the events of one time; how many pairs of them have equal scores.
fn simultaneous(seats: impl Iterator<Item = Seat> + Clone, failed: &mut PlaceCounts) -> u64 {
    let shared = || seats.clone().filter(|seat| !seat.is_alone());
    let tied =
        |failed: &PlaceCounts| -> u64 { shared().map(|seat| u64::from(seat.tied(failed))).sum() };
    let before = tied(failed);
    seats.clone().for_each(|seat| failed.free(seat.place()));
    // Each found itself, and those of the other events with its score.
    (before - tied(failed) - shared().count() as u64) / 2
}

impl Seat {
    /// Whether nobody else has the score.
    fn is_alone(self) -> bool {
        self.to - self.from == 1
    }

    /// How many of some rows have the score.
    fn tied(self, rows: &PlaceCounts) -> u32 {
        rows.before(self.to as usize) - rows.before(self.from as usize)
    }

    /// Adds how many of some rows, without the one that sits here, have a lower, a higher and an equal score to
    /// the sums of the first two and to those tied; returns them by sum.
    fn collect(
        self,
        rows: &PlaceCounts,
        [below, above]: [usize; 2],
        member: &mut [f64; SUMS],
    ) -> [u32; SUMS] {
        let mut found = [0; SUMS];
        found[below] = rows.before(self.from as usize);
        found[TIED] = if self.is_alone() { 0 } else { self.tied(rows) };
        found[above] = rows.taken() - found[below] - found[TIED];
        member.iter_mut().zip(found).for_each(|(sum, found)| *sum += f64::from(found));
        found
    }
}
