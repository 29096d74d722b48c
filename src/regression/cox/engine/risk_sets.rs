//! Walks the risk sets of a stratum.

use multiversion::multiversion;
use std::ops::Range;

use super::ordered::Ordered;
use super::plain_intervals::RiskSetSums;
use super::risks::Risks;
use super::scaled_sum::{Scaled, ScaledSum};
use super::scaled_sums::ScaledSums;
use super::stratum::StratumRows;
use super::tails::TailSums;
use crate::numerics::interval_levels::IntervalLevels;
use crate::numerics::interval_sums::IntervalSums;

/// Calls `visit(k, stay, leave)` for every event time, latest first, with the sums of the risk set:
/// over the rows that stay in it and over those that leave it with the event.
///
/// Without entry times the risk sets are nested and one running sum follows them. With entry times
/// they are formed without subtraction, see [`IntervalSums`](crate::numerics::interval_sums).
pub(crate) fn walk(
    ordered: &Ordered,
    stratum: &StratumRows,
    risk: &Risks,
    mut visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    let p = ordered.n_columns();
    let add = |sum: &mut ScaledSum, place: usize| sum.add(risk.at(place), ordered.row(place));
    let Some(tails) = &stratum.tails else {
        return match stratum.intervals.as_ref().zip(risk.ordinary(stratum.rows.clone())) {
            Some((intervals, risk)) => walk_plain(ordered, stratum, intervals, risk, visit),
            None => walk_columns(stratum, p, add, visit),
        };
    };
    let mut after_exit = TailSums::new(tails, stratum.times.len(), p, |sum, place, by| {
        sum.add(risk.at(place).product(by), ordered.row(place));
    });
    let mut all = ScaledSum::new(p);
    walk_columns(stratum, p, add, |k, stay, leave| {
        all.copy_from(stay);
        all.merge(after_exit.at(k));
        visit(k, &mut all, leave);
    });
}

/// The walk for any `p` columns, of which `add` adds a place to a sum.
pub(crate) fn walk_columns(
    stratum: &StratumRows,
    p: usize,
    add: impl Fn(&mut ScaledSum, usize),
    visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    match stratum.interval_sums() {
        None => walk_nested(stratum, 0..stratum.times.len(), &mut ScaledSum::new(p), add, visit),
        Some(intervals) => walk_intervals(stratum, &intervals, p, add, visit),
    }
}

/// The same under delayed entry.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn walk_intervals<A, V>(
    stratum: &StratumRows,
    intervals: &IntervalSums,
    p: usize,
    add: A,
    mut visit: V,
) where
    A: Fn(&mut ScaledSum, usize),
    V: FnMut(usize, &mut ScaledSum, &mut ScaledSum),
{
    let start = stratum.rows.start;
    let mut sums = ScaledSums::new(stratum.times.len(), p);
    let (mut stay, mut leave) = (ScaledSum::new(p), ScaledSum::new(p));
    intervals.scatter(
        &mut stay,
        ScaledSum::clear,
        |sum, row| add(sum, start + row),
        |k, sum| sums.merge(k, sum),
    );
    for (k, time) in stratum.times.iter().enumerate() {
        sums.read(k, &mut stay);
        leave.clear();
        time.events().for_each(|place| add(&mut leave, place));
        visit(k, &mut stay, &mut leave);
    }
}

/// The same where every risk is of ordinary size.
#[expect(clippy::indexing_slicing, reason = "an event is one of the places of the stratum")]
fn walk_plain(
    ordered: &Ordered,
    stratum: &StratumRows,
    intervals: &IntervalLevels,
    risk: &[f64],
    mut visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    let (p, rows) = (ordered.x.n_columns(), stratum.rows.clone());
    let sums =
        RiskSetSums::new(stratum.times.len(), intervals, ordered.rows(rows.clone()), risk, p);
    let (mut stay, mut leave) = (ScaledSum::new(p), ScaledSum::new(p));
    for (k, time) in stratum.times.iter().enumerate() {
        stay.exponent = 0;
        let (total, first) = sums.at(k);
        stay.total = total;
        stay.first.copy_from_slice(first);
        leave.clear();
        for place in time.events() {
            leave.add(
                Scaled { mantissa: risk[place - rows.start], exponent: 0 },
                ordered.row(place),
            );
        }
        visit(k, &mut stay, &mut leave);
    }
}

/// Without entry times, over some of the event times: `stay` holds the sum over all later ones.
pub(super) fn walk_nested(
    stratum: &StratumRows,
    times: Range<usize>,
    stay: &mut ScaledSum,
    add: impl Fn(&mut ScaledSum, usize),
    mut visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    let mut leave = ScaledSum::new(stay.first.len());
    for k in times {
        let time = &stratum.times.at(k);
        time.joining().for_each(|place| add(stay, place));
        leave.clear();
        time.events().for_each(|place| add(&mut leave, place));
        visit(k, stay, &mut leave);
        stay.merge(&leave);
    }
}
