//! Directions in which the exact likelihood of tied events never falls.

use ndarray::Array1;

use super::tied::walk;
use crate::regression::cox::engine::ordered::Ordered;

/// Whether z ranks, at every time of tied events, all who have the event at least as high as all
/// others at risk, up to `slack`.
pub(crate) fn recedes(ordered: &Ordered, z: &Array1<f64>, slack: f64) -> bool {
    let mut all = true;
    for stratum in &ordered.strata {
        walk(stratum, |k, places| {
            let (events, others) = places.split_at(stratum.tied.times[k].events.len());
            let z = |&place: &u32| z[place as usize];
            let lowest = events.iter().map(z).fold(f64::INFINITY, f64::min);
            let highest = others.iter().map(z).fold(f64::NEG_INFINITY, f64::max);
            all &= lowest >= highest - slack;
        });
    }
    all
}
