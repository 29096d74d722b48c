//! The product Π (1 − d/Y), and Greenwood's sum.

use multiversion::multiversion;

use crate::data::RiskSeries;
use crate::numerics::large::Large;

/// Times that are taken at once.
const BLOCK: usize = 256;

/// S at each time, and the variance of ln S for as long as S is above 0.
///
/// Whether a time has events follows no pattern. So the factors of a block of times are found without a
/// branch on that, those without events as 1.
#[expect(
    clippy::indexing_slicing,
    reason = "the places of a block are times of the series, and no more than it has room for"
)]
pub(crate) fn product_limit(series: &RiskSeries) -> (Large, Large) {
    let n_times = series.time().len();
    let mut curve = (Large::zeros(n_times), Large::zeros(n_times));
    let (mut survival, mut variance) = (1.0, 0.0);
    let (mut factors, mut terms) = ([0.0; BLOCK], [0.0; BLOCK]);
    for start in (0..n_times).step_by(BLOCK) {
        let places = start..n_times.min(start + BLOCK);
        let (d, y) = (&series.n_event()[places.clone()], &series.n_risk()[places.clone()]);
        let (factors, terms) = (&mut factors[..d.len()], &mut terms[..d.len()]);
        series.staying(places, factors);
        let end = match write_steps(d, y, factors, terms) {
            true => d.iter().zip(y).position(|(&d, &y)| d > 0.0 && d == y),
            false => None,
        };
        let n = end.unwrap_or(d.len());
        let both = curve.0[start..].iter_mut().zip(&mut curve.1[start..]);
        for ((s, v), (factor, term)) in both.zip(factors[..n].iter().zip(&*terms)) {
            survival *= factor;
            variance += term;
            (*s, *v) = (survival, variance);
        }
        if end.is_some() {
            curve.1.truncate(start + n);
            break;
        }
    }
    curve
}

/// Turns those who stay into the factors of some times, writes their terms, and returns whether the events of
/// one took all at risk.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn write_steps(d: &[f64], y: &[f64], factors: &mut [f64], terms: &mut [f64]) -> bool {
    let mut emptied = false;
    for ((left, term), (&d, &y)) in factors.iter_mut().zip(terms).zip(d.iter().zip(y)) {
        let events = d > 0.0;
        emptied |= events & (d == y);
        let (stay, risk) = if events { (*left, y) } else { (1.0, 1.0) };
        (*left, *term) = (stay / risk, d / risk / stay);
    }
    emptied
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, RightCensored, RiskTable, Weights};

    /// One time after the other, over several blocks; with weights, and where nobody is left before the
    /// last rows enter.
    #[test]
    fn equals_the_walk_along_the_times() {
        let n = 3 * BLOCK + 17;
        let exit: Vec<f64> = (0..n).map(|k| (k * 577 % n + 1) as f64).collect();
        let gap = (2 * BLOCK + 9) as f64;
        let event: Vec<bool> = (0..n).map(|row| row % 3 != 0 || exit[row] == gap).collect();
        let late: Vec<f64> = exit.iter().map(|&t| if t > gap { gap } else { 0.0 }).collect();
        let weights: Vec<f64> = (0..n).map(|row| 0.5 + (row % 7) as f64).collect();
        for entry in [vec![0.0; n], late] {
            let data = CountingProcess::new(&entry, &exit, &event).unwrap();
            let weighted = data.clone().with_weights(Weights::case(&weights).unwrap()).unwrap();
            for data in [data, weighted] {
                let series = RiskTable::new(&data).pooled();
                let (survival, variance) = product_limit(&series);
                let (mut s, mut v) = (1.0, 0.0);
                let columns = series.n_event().iter().zip(series.n_risk());
                for (place, (&d, &y)) in columns.enumerate() {
                    if d > 0.0 && d == y {
                        s = 0.0;
                    } else if d > 0.0 && s > 0.0 {
                        s *= series.n_staying(place) / y;
                        v += d / y / series.n_staying(place);
                    }
                    assert_eq!(survival[place], s);
                    assert_eq!(variance.get(place), (s > 0.0).then_some(&v));
                }
            }
        }
    }

    /// The only time with events takes all who are left: the variance ends before it.
    #[test]
    fn one_time_can_empty_the_risk_set() {
        let data = RightCensored::new(&[1.0, 2.0, 2.0], &[false, true, true]).unwrap();
        let (survival, variance) = product_limit(&RiskTable::new(&data).pooled());
        assert_eq!((&survival[..], &variance[..]), (&[1.0, 0.0][..], &[0.0][..]));
    }
}
