//! Weighted sums of the jumps of a cumulative incidence: Fₖ(t) itself, and the area below it.
//!
//! θ = Σ φ(s) ΔFₖ(s) over the times s up to some limit. With A(s) what is still to come after s, the
//! variance is the sum of S(s−)² Var(φ(s) eₖ − A(s)/S(s) e), in which nothing cancels between times, and
//! the influence of a row is
//! ```text
//! Σ { φ(s) S(s−) (dNₖ − dₖ/Y)/Y + A(s) b(s) }
//! ```
//! over the times it is at risk, with e, eₖ as in [`IncidenceVariance`](super::IncidenceVariance) and
//! dNₖ, b as in the jackknife of the curve.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the times, a row one of the data, and there is one sum more than places"
)]

use super::variance::IncidenceVariance;
use super::walk::{CauseSteps, Walk};
use crate::data::{RiskSeries, Rows};
use crate::numerics::sum::Sum;

/// The sum for one cause of one group.
pub(in crate::competing) struct Functional<'a> {
    counts: &'a RiskSeries,
    walk: &'a Walk,
    /// One for each time up to the limit.
    places: Vec<Place>,
    value: f64,
}

#[derive(Clone, Copy)]
struct Place {
    /// S(s−).
    before: f64,
    d_cause: f64,
    phi: f64,
    ahead: f64,
}

impl<'a> Functional<'a> {
    /// Up to and including `limit`, with the weight `phi` of a jump at a time.
    pub(in crate::competing) fn new(
        counts: &'a RiskSeries,
        walk: &'a Walk,
        cause: &CauseSteps,
        limit: f64,
        phi: impl Fn(f64) -> f64,
    ) -> Self {
        let n = counts.time().partition_point(|&time| time <= limit);
        let mut step = 0;
        let mut places: Vec<Place> = (0..n)
            .map(|k| {
                let time = counts.time()[k];
                let here = cause.time.get(step) == Some(&time);
                let d_cause = if here { cause.n_event[step] } else { 0.0 };
                step += usize::from(here);
                let before = k.checked_sub(1).map_or(1.0, |k| walk.survival[k]);
                Place { before, d_cause, phi: phi(time), ahead: 0.0 }
            })
            .collect();
        let mut ahead = Sum::default();
        for (place, &y) in places.iter_mut().zip(counts.n_risk()).rev() {
            place.ahead = ahead.value();
            if place.d_cause > 0.0 {
                ahead.add(place.phi * (place.before * place.d_cause / y));
            }
        }
        Self { counts, walk, places, value: ahead.value() }
    }

    /// θ.
    pub(in crate::competing) fn value(&self) -> f64 {
        self.value
    }

    /// Its variance, other than the robust one.
    pub(in crate::competing) fn variance(&self, kind: IncidenceVariance) -> f64 {
        let mut variance = Sum::default();
        for (k, place) in self.places.iter().enumerate() {
            let (y, d) = (self.counts.n_risk()[k], self.counts.n_event()[k]);
            if d > 0.0 && place.before > 0.0 {
                let errors = kind.errors(place.d_cause, d, y, self.counts.n_staying(k));
                let after = self.walk.survival[k];
                let own = place.before * place.phi;
                let any = if after > 0.0 { place.ahead * (place.before / after) } else { 0.0 };
                variance.add(own * own * errors.cause + any * any * errors.any);
                variance.add(-2.0 * own * any * errors.both);
            }
        }
        variance.value().max(0.0)
    }

    /// Writes the influence of each of the rows; `is_cause` tells whether the event of a row is of the
    /// cause.
    pub(in crate::competing) fn influence(
        &self,
        rows: &Rows,
        members: &[u32],
        is_cause: impl Fn(usize) -> bool,
        mut write: impl FnMut(usize, f64),
    ) {
        let at = |k: usize| {
            let (y, d, place) = (self.counts.n_risk()[k], self.counts.n_event()[k], self.places[k]);
            let own = place.phi * place.before / y;
            let mean = own * (place.d_cause / y);
            match self.counts.all_fail(k) {
                true => (own, -mean, -mean),
                false => {
                    let stay = d / y / self.counts.n_staying(k);
                    (own, place.ahead * stay - mean, -place.ahead / y - mean)
                }
            }
        };
        // What a row has collected that has stayed through the places before each.
        let mut stayed = vec![Sum::default()];
        let mut sum = Sum::default();
        for k in 0..self.places.len() {
            sum.add(at(k).1);
            stayed.push(sum);
        }
        let up_to = |time: f64| {
            self.counts.time()[..self.places.len()].partition_point(|&known| known <= time)
        };
        for row in members.iter().map(|&row| row as usize) {
            let first = rows.times.entry.as_ref().map_or(0, |entry| up_to(entry[row]));
            let (exit, end) = (rows.times.exit[row], up_to(rows.times.exit[row]));
            let observed = end > 0 && self.counts.time()[end - 1] == exit;
            let value = match rows.event[row] && observed {
                true => {
                    let (own, _, leave) = at(end - 1);
                    let own = if is_cause(row) { own } else { 0.0 };
                    stayed[end - 1].since(stayed[first]) + leave + own
                }
                false => stayed[end].since(stayed[first]),
            };
            write(row, value);
        }
    }
}
