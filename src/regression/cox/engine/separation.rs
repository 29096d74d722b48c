//! Directions in which the likelihood rises for ever.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, a time one of the stratum"
)]

use ndarray::{Array1, ArrayView1};

use super::exact;
use super::ordered::Ordered;
use super::varying;

/// Whether z = x·direction orders every event above all others in its risk set, up to what the
/// direction itself is uncertain by. Along such a direction the partial likelihood rises for ever.
///
/// Source: Bryson & Johnson 1981, doi:10.1080/00401706.1981.10487680.
pub(crate) fn recedes(ordered: &Ordered, direction: &[f64]) -> bool {
    if let Some(varying) = &ordered.varying {
        return varying::recedes(ordered, varying, direction);
    }
    let z = ordered.matrix().dot(&ArrayView1::from(direction));
    let slack = slack(span(&z, NO_SPAN));
    ranks_events_highest(ordered, &z, slack)
        && exact::ranks_events_highest(ordered, slack, |_, _, place| z[place])
}

/// Lowest and highest of no numbers.
pub(crate) const NO_SPAN: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);

/// Lowest and highest of z and of earlier numbers.
pub(crate) fn span(z: &Array1<f64>, earlier: (f64, f64)) -> (f64, f64) {
    z.iter().fold(earlier, |(low, high), &z| (low.min(z), high.max(z)))
}

/// What a direction is uncertain by, by the span of z along it.
pub(crate) fn slack((low, high): (f64, f64)) -> f64 {
    1e-4 * (high - low)
}

/// Whether z is as high for every event that is not set apart as for any other row in its risk set.
pub(crate) fn ranks_events_highest(ordered: &Ordered, z: &Array1<f64>, slack: f64) -> bool {
    ordered.strata.iter().all(|stratum| {
        let top = |places: &mut dyn Iterator<Item = usize>| {
            places.map(|place| z[place]).fold(f64::NEG_INFINITY, f64::max)
        };
        let mut highest = vec![f64::NEG_INFINITY; stratum.times.len()];
        match stratum.interval_sums() {
            None => {
                let mut running = f64::NEG_INFINITY;
                for (time, highest) in stratum.times.iter().zip(&mut highest) {
                    running = running.max(top(&mut time.joining()));
                    running = running.max(top(&mut time.events()));
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
        if let Some(tails) = &stratum.tails {
            tails.highest(|place| z[place], &mut highest);
        }
        (stratum.times.iter().zip(highest)).all(|(time, highest)| {
            let highest = highest.max(top(&mut time.events()));
            time.events().all(|place| z[place] >= highest - slack)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::ties::Ties;
    use super::*;
    use crate::data::{Design, RightCensored};

    /// How long the direction is does not matter, and little what does not stand out of its span.
    #[test]
    fn a_direction_ranks_or_does_not() {
        let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, false]).unwrap();
        let design = Design::builder()
            .numeric("falls", &[9.0, 5.0, 1.0, 0.0])
            .numeric("rises", &[2.0, 1.0, 3.0, 0.0])
            .numeric("nearly", &[9.0, 5.0, 5.0 + 1e-6, 0.0])
            .build()
            .unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::Efron);
        for length in [1e-6, 1.0, 1e6] {
            assert!(recedes(&ordered, &[length, 0.0, 0.0]));
            assert!(!recedes(&ordered, &[-length, 0.0, 0.0]));
            assert!(!recedes(&ordered, &[0.0, length, 0.0]));
            assert!(!recedes(&ordered, &[0.0, -length, 0.0]));
            assert!(recedes(&ordered, &[0.0, 0.0, length]));
        }
    }
}
