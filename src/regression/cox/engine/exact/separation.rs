//! Directions in which the exact likelihood of tied events never falls.

use super::tied::walk;
use crate::regression::cox::engine::ordered::Ordered;

/// Whether z ranks, at every time of tied events, all who have the event at least as high as all
/// others at risk, up to `slack`. `z` takes stratum, time and place.
#[expect(clippy::indexing_slicing, reason = "a time is one of the tied times walked")]
pub(crate) fn ranks_events_highest(
    ordered: &Ordered,
    slack: f64,
    z: impl Fn(usize, usize, usize) -> f64,
) -> bool {
    let mut all = true;
    for (s, stratum) in ordered.strata.iter().enumerate() {
        walk(stratum, |k, places| {
            let (events, others) = places.split_at(stratum.tied.times[k].events.len());
            let z = |&place: &u32| z(s, k, place as usize);
            let lowest = events.iter().map(z).fold(f64::INFINITY, f64::min);
            let highest = others.iter().map(z).fold(f64::NEG_INFINITY, f64::max);
            all &= lowest >= highest - slack;
        });
    }
    all
}
