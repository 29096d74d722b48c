//! Walks the risk sets of a stratum.

use multiversion::multiversion;
use std::ops::Range;

use super::ordered::Ordered;
use super::parts::Part;
use super::plain_intervals::RiskSetSums;
use super::risks::Risks;
use super::scaled_sum::{Scaled, ScaledSum};
use super::scaled_sums::ScaledSums;
use super::stratum::{EventTime, StratumRows};
use super::tails::TailSums;
use crate::linalg::add_row_sums;
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

/// The same for a part of nested risk sets, where `stay` holds the sums over all rows before it, and `risk`
/// the risks of its rows. Where one event takes one step it is among those who stay, and nobody leaves.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
pub(super) fn walk_part<V: Visit>(
    ordered: &Ordered,
    part: &Part,
    risk: &Risks,
    stay: ScaledSum,
    visitor: &mut V,
) {
    walk_in_turn(ordered, part, risk, stay, visitor);
}

/// What is done at each event time of a part, with the sums over those who stay and those who leave.
pub(super) trait Visit {
    /// It is to become part of the walk, and so in the instructions of its processor: no closure can.
    fn visit(&mut self, time: &EventTime, stay: &mut ScaledSum, leave: &mut ScaledSum);
}

/// The walk itself, in the instructions of its caller.
#[inline(always)]
pub(super) fn walk_in_turn(
    ordered: &Ordered,
    part: &Part,
    risk: &Risks,
    mut stay: ScaledSum,
    visitor: &mut impl Visit,
) {
    let mut leave = ScaledSum::new(ordered.n_columns());
    for time in &ordered.strata[part.stratum].times[part.times.clone()] {
        let (joining, events) = (time.joining(), time.events());
        let single = time.is_single();
        let staying = joining.start..if single { events.end } else { joining.end };
        add_rows(&mut stay, ordered, part, risk, staying);
        if !single {
            add_rows(&mut leave, ordered, part, risk, events);
        }
        visitor.visit(time, &mut stay, &mut leave);
        if !single {
            stay.merge(&leave);
            leave.clear();
        }
    }
}

/// The sums over the rows of a part.
pub(super) fn sums_of_part(ordered: &Ordered, part: &Part, risk: &Risks) -> ScaledSum {
    let mut sums = ScaledSum::new(ordered.n_columns());
    add_rows(&mut sums, ordered, part, risk, part.rows.clone());
    sums
}

/// Rows from which on they are summed column by column.
const MANY: usize = 8;

/// Adds the rows at some places of a part.
#[inline(always)]
fn add_rows(
    sum: &mut ScaledSum,
    ordered: &Ordered,
    part: &Part,
    risk: &Risks,
    places: Range<usize>,
) {
    let start = part.rows.start;
    match risk.ordinary(places.start - start..places.end - start) {
        Some(risks) if places.len() >= MANY && sum.exponent == 0 => {
            sum.total += risks.iter().sum::<f64>();
            add_row_sums(ordered.rows(places), [risks], [&mut sum.first]);
        }
        // A loop of its own, which becomes part of the caller.
        _ => {
            for place in places {
                sum.add(risk.at(place - start), ordered.row(place));
            }
        }
    }
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
        let time = &stratum.times[k];
        time.joining().for_each(|place| add(stay, place));
        leave.clear();
        time.events().for_each(|place| add(&mut leave, place));
        visit(k, stay, &mut leave);
        stay.merge(&leave);
    }
}
