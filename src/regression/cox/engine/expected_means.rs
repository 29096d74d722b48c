//! What each row meets over its time at risk: hazards times the means of risk sets.

use super::centres::Centres;
use super::hazards;
use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::ties::Ties;
use super::times::TimesPass;

/// For any columns z, of which `add` adds a place to a sum, calls `set(place, factor, sums)` for every
/// place: factor · sums is Σ r E/u over the steps of the event times at which the row is at risk, E
/// being the mean of z in the risk set. With e the events expected of a row, the information of two
/// columns y and z is
/// ```text
/// Σ y (e z − factor · sums)
/// ```
/// so that a product of the information with a vector, or a few columns of it, costs one walk.
pub(crate) fn expected_means(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    n_columns: usize,
    add: impl Fn(&mut ScaledSum, usize),
    mut set: impl FnMut(usize, f64, &[f64]),
) {
    for stratum in &ordered.strata {
        let mut centres = Centres::new(n_columns, stratum.times.len());
        risk_sets::walk_columns(stratum, n_columns, &add, |k, stay, leave| {
            centres.push(ties, &stratum.times.at(k), stay, leave, 1.0);
        });
        hazards::accumulate(
            stratum,
            &ScaledSum::new(n_columns),
            |sum, k| centres.add_stay(sum, k),
            |sum, k| centres.add_leave(sum, k),
            |place, sum| set(place, sum.factor_of(times.risk.at(place)), &sum.first),
        );
    }
}
