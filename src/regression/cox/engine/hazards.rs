//! What each row accumulates over the event times at which it is at risk.

use std::ops::Range;

use super::interval_hazards::IntervalHazards;
use super::plain_intervals::TimeValues;
use super::scaled_sum::ScaledSum;
use super::stratum::{StratumRows, without_own};

/// Calls `set` for every place of a stratum with the sum over the event times the row is at risk
/// at: `add_stay` for those it survives, `add_leave` for that of its own event. `empty` is an empty
/// sum. The places come in no particular order.
pub(crate) fn accumulate(
    stratum: &StratumRows,
    empty: &ScaledSum,
    add_stay: impl Fn(&mut ScaledSum, usize),
    add_leave: impl Fn(&mut ScaledSum, usize),
    mut set: impl FnMut(usize, &ScaledSum),
) {
    let Some(tails) = &stratum.tails else {
        return while_observed(stratum, empty, add_stay, add_leave, set);
    };
    let after_exit = tails.accumulate(empty, &add_stay);
    let mut all = empty.clone();
    while_observed(stratum, empty, &add_stay, add_leave, |place, sum| {
        if !after_exit.has(place) {
            return set(place, sum);
        }
        all.copy_from(sum);
        after_exit.add(place, &mut all);
        set(place, &all);
    });
}

/// The same, over the event times up to the exit of a row.
#[expect(clippy::indexing_slicing, reason = "a row with an interval is one of the stratum")]
fn while_observed(
    stratum: &StratumRows,
    empty: &ScaledSum,
    add_stay: impl Fn(&mut ScaledSum, usize),
    add_leave: impl Fn(&mut ScaledSum, usize),
    mut set: impl FnMut(usize, &ScaledSum),
) {
    let Some(at_risk) = &stratum.at_risk else {
        // From the earliest event time on one running sum serves all rows.
        let mut running = empty.clone();
        let first_event = stratum.times.end().unwrap_or(stratum.rows.start);
        (first_event..stratum.rows.end).for_each(|place| set(place, &running));
        let times = 0..stratum.times.len();
        return accumulate_nested(stratum, times, &mut running, add_stay, add_leave, set);
    };
    let plain = stratum.intervals.as_ref().and_then(|intervals| {
        let values = TimeValues::new(stratum.times.len(), empty.first.len(), &add_stay)?;
        Some((intervals, values))
    });
    if let Some((intervals, values)) = plain {
        return values.show(intervals, |row, sum| {
            let place = stratum.rows.start + row;
            if let (Some(k), _) = without_own(&stratum.times, place, &at_risk[row]) {
                add_leave(sum, k);
            }
            set(place, sum);
        });
    }
    let mut hazards = IntervalHazards::new(stratum.times.len(), empty, add_stay);
    let mut sum = empty.clone();
    for (place, times) in stratum.rows.clone().zip(at_risk) {
        let (own, others) = without_own(&stratum.times, place, times);
        hazards.sum(&others, &mut sum);
        if let Some(k) = own {
            add_leave(&mut sum, k);
        }
        set(place, &sum);
    }
}

/// Without entry times, over some of the event times: `running` holds the sum over all earlier ones.
pub(super) fn accumulate_nested(
    stratum: &StratumRows,
    times: Range<usize>,
    running: &mut ScaledSum,
    add_stay: impl Fn(&mut ScaledSum, usize),
    add_leave: impl Fn(&mut ScaledSum, usize),
    mut set: impl FnMut(usize, &ScaledSum),
) {
    let mut own = running.clone();
    for k in times.rev() {
        let time = &stratum.times.at(k);
        own.copy_from(running);
        add_leave(&mut own, k);
        time.events().for_each(|place| set(place, &own));
        add_stay(running, k);
        time.joining().for_each(|place| set(place, running));
    }
}
