//! The gradient of Firth's penalty where covariates slide with time.
//!
//! What [`recentred`](super::recentred) is to score and information: where every risk set lies far from
//! the overall mean, the squares of z that the gradient is made of leave nothing of their differences.
//! So x and z are taken from one row of each risk set, pair by pair of a row and an event time. The sum
//! over a risk set of what multiplies x is 0, so that x may be taken from anywhere, too.

#![expect(
    clippy::indexing_slicing,
    reason = "a time is one of the stratum, a row has p + 1 numbers"
)]

use ndarray::Array2;
use std::ops::Range;

use super::firth::Share;
use super::ordered::Ordered;
use super::point::Point;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;

/// Pairs of rows and event times that are spent on one gradient, as a multiple of the rows.
const BUDGET: usize = 64;

/// The gradient; `None` without entry times, and where it would cost too much.
pub(super) fn gradient(
    ordered: &Ordered,
    ties: Ties,
    point: &Point,
    rows: &Array2<f64>,
) -> Option<Vec<f64>> {
    let ranges: Option<Vec<&Vec<Range<u32>>>> =
        ordered.strata.iter().map(|stratum| stratum.at_risk.as_ref()).collect();
    let ranges = ranges?;
    let pairs: usize = ranges.iter().flat_map(|ranges| ranges.iter()).map(Range::len).sum();
    if pairs > BUDGET * ordered.event.len() {
        return None;
    }
    let mut sum = vec![0.0; ordered.n_columns()];
    for (stratum, ranges) in ordered.strata.iter().zip(ranges) {
        let risk_sets = RiskSets { ordered, point, rows, stratum, ranges };
        risk_sets.add_to(&mut sum, ties);
    }
    Some(sum)
}

/// The risk sets of one stratum, each with its columns taken from those of its first event.
struct RiskSets<'a> {
    ordered: &'a Ordered,
    point: &'a Point,
    /// z and |z|² of every place.
    rows: &'a Array2<f64>,
    stratum: &'a StratumRows,
    /// The event times at which each row is at risk.
    ranges: &'a [Range<u32>],
}

impl RiskSets<'_> {
    /// Adds ½ Σ (x − x of the first event) times the bracket of the formula.
    fn add_to(&self, gradient: &mut [f64], ties: Ties) {
        let p = self.ordered.n_columns();
        let none = || vec![ScaledSum::new(p + 1); self.stratum.times.len()];
        let (mut stay, mut leave) = (none(), none());
        self.each(|place, k, own, z| {
            let sum = if own { &mut leave[k] } else { &mut stay[k] };
            sum.add(self.point.times.risk.at(place), z);
        });
        let both = stay.iter_mut().zip(&mut leave).zip(self.stratum.times.iter());
        let shares: Vec<Share> =
            both.map(|((stay, leave), time)| Share::new(ties, &time, stay, leave)).collect();
        self.each(|place, k, own, z| {
            let share = if own { &shares[k].leave } else { &shares[k].stay };
            let product: f64 = z[..p].iter().zip(&share.first).map(|(z, mean)| z * mean).sum();
            let bracket = z[p] * share.total - 2.0 * product + share.first[p];
            let half = share.factor_of(self.point.times.risk.at(place)) * bracket / 2.0;
            let from = self.ordered.row(self.stratum.times.at(k).events().start);
            let x = self.ordered.row(place).iter().zip(from).map(|(x, from)| x - from);
            gradient.iter_mut().zip(x).for_each(|(g, x)| *g += half * x);
        });
    }

    /// Calls `visit(place, k, own, z)` for every row and event time at which it is at risk, with z and
    /// |z|² taken from the first event, and whether the row has the event then.
    fn each(&self, mut visit: impl FnMut(usize, usize, bool, &[f64])) {
        let p = self.ordered.n_columns();
        let mut z = vec![0.0; p + 1];
        for (place, range) in self.stratum.rows.clone().zip(self.ranges) {
            for k in range.start as usize..range.end as usize {
                let from = self.rows.row(self.stratum.times.at(k).events().start);
                for ((z, own), from) in z.iter_mut().zip(self.rows.row(place)).zip(from) {
                    *z = own - from;
                }
                z[p] = z[..p].iter().map(|z| z * z).sum();
                visit(place, k, self.ordered.event[place] && k == range.start as usize, &z);
            }
        }
    }
}
