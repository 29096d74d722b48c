//! Directions in which the likelihood rises for ever.

use ndarray::ArrayView1;

use super::exact;
use super::ordered::Ordered;

/// Whether z = x·direction orders every event above all others in its risk set, up to what the
/// direction itself is uncertain by. Along such a direction the partial likelihood rises for ever.
///
/// Source: Bryson & Johnson 1981, doi:10.1080/00401706.1981.10487680.
pub(crate) fn recedes(ordered: &Ordered, direction: &[f64]) -> bool {
    let z = ordered.matrix().dot(&ArrayView1::from(direction));
    let (low, high) = z
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &z| (low.min(z), high.max(z)));
    let slack = 1e-4 * (high - low);
    let steps = ordered.strata.iter().all(|stratum| {
        let top = |places: &mut dyn Iterator<Item = usize>| {
            places.map(|place| z[place]).fold(f64::NEG_INFINITY, f64::max)
        };
        let mut highest = vec![f64::NEG_INFINITY; stratum.times.len()];
        match &stratum.intervals {
            None => {
                let mut running = f64::NEG_INFINITY;
                for (time, highest) in stratum.times.iter().zip(&mut highest) {
                    running = running.max(top(&mut time.joining.clone()));
                    running = running.max(top(&mut time.events.clone()));
                    *highest = running;
                }
            }
            Some(intervals) => intervals.scatter(
                &mut { f64::NEG_INFINITY },
                |running| *running = f64::NEG_INFINITY,
                |running, row| *running = running.max(z[stratum.rows.start + row]),
                |k, running| highest[k] = highest[k].max(*running),
            ),
        }
        (stratum.times.iter().zip(highest)).all(|(time, highest)| {
            let highest = highest.max(top(&mut time.events.clone()));
            time.events.clone().all(|place| z[place] >= highest - slack)
        })
    });
    steps && exact::recedes(ordered, &z, slack)
}
