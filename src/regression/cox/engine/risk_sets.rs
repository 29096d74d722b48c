//! Walks the risk sets of a stratum.

use super::ordered::Ordered;
use super::scaled_sum::{Scaled, ScaledSum};
use super::stratum::StratumRows;
use super::tails::TailSums;

/// Calls `visit(k, stay, leave)` for every event time, latest first, with the sums of the risk set:
/// over the rows that stay in it and over those that leave it with the event.
///
/// Without entry times the risk sets are nested and one running sum follows them. With entry times
/// they are formed without subtraction, see [`IntervalSums`](crate::numerics::interval_sums).
pub(crate) fn walk(
    ordered: &Ordered,
    stratum: &StratumRows,
    risk: &[Scaled],
    mut visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    let p = ordered.n_columns();
    let add = |sum: &mut ScaledSum, place: usize| sum.add(risk[place], ordered.row(place));
    let Some(tails) = &stratum.tails else { return walk_columns(stratum, p, add, visit) };
    let mut after_exit = TailSums::new(tails, stratum.times.len(), p, |sum, place, by| {
        sum.add(risk[place].product(by), ordered.row(place));
    });
    let mut all = ScaledSum::new(p);
    walk_columns(stratum, p, add, |k, stay, leave| {
        all.copy_from(stay);
        all.merge(after_exit.at(k));
        visit(k, &mut all, leave);
    });
}

/// The same for any `p` columns, of which `add` adds a place to a sum.
pub(crate) fn walk_columns(
    stratum: &StratumRows,
    p: usize,
    add: impl Fn(&mut ScaledSum, usize),
    mut visit: impl FnMut(usize, &mut ScaledSum, &mut ScaledSum),
) {
    let mut leave = ScaledSum::new(p);
    let collect = |leave: &mut ScaledSum, k: usize| {
        leave.clear();
        stratum.times[k].events.clone().for_each(|place| add(leave, place));
    };
    let Some(intervals) = &stratum.intervals else {
        let mut stay = ScaledSum::new(p);
        for (k, time) in stratum.times.iter().enumerate() {
            time.joining.clone().for_each(|place| add(&mut stay, place));
            collect(&mut leave, k);
            visit(k, &mut stay, &mut leave);
            stay.merge(&leave);
        }
        return;
    };
    let start = stratum.rows.start;
    let mut sums = vec![ScaledSum::new(p); stratum.times.len()];
    intervals.scatter(
        &mut ScaledSum::new(p),
        ScaledSum::clear,
        |sum, row| add(sum, start + row),
        |k, sum| sums[k].merge(sum),
    );
    for (k, stay) in sums.iter_mut().enumerate() {
        collect(&mut leave, k);
        visit(k, stay, &mut leave);
    }
}
