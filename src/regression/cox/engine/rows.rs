//! The pass over rows: martingale residuals, score, information.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, a part lies in one of the strata"
)]

use ndarray::Array2;
use std::ops::Range;

use super::exact;
use super::hazards;
use super::jumps::Jumps;
use super::nested;
use super::ordered::Ordered;
use super::parts::Part;
use super::plain_intervals;
use super::recentred::{self, Recentred};
use super::risks::Risks;
use super::scaled_sum::{Scaled, ScaledSum};
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::{TimesPass, linear_predictor};
use crate::linalg::{Gram, add_row_sums, running_sums_back};
use crate::numerics::blocks;

/// Score and information at given coefficients, in the scaled columns.
#[derive(Debug, Clone)]
pub(crate) struct RowsPass {
    pub(crate) score: Vec<f64>,
    pub(crate) information: Array2<f64>,
    /// Σ e x² of each column, e being the expected events and x taken from where it is centred: what
    /// the diagonal of the information is left of once the means are taken off.
    pub(crate) moment: Vec<f64>,
    /// Whether columns had to be centred in blocks of event times.
    pub(crate) recentred: bool,
}

/// Rows a partial sum covers at least, and how many partial sums there are at most.
pub(super) const ROWS: usize = 4096;
pub(super) const PARTS: usize = 64;

/// What rounding of x itself can leave of Σ e x² at the most, with a margin.
pub(crate) const ROUNDING: f64 = 5e-15;

/// Rows that are read for the score and, still near, once more for the information.
const BLOCK: usize = 128;

impl RowsPass {
    /// The pass at `beta`, where `times` is the pass over event times.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, beta: &[f64], times: &TimesPass) -> Self {
        if let Some(varying) = &times.varying {
            return varying.rows.clone();
        }
        let mut pass = Self::of_steps(ordered, ties, times);
        if ordered.has_tied_times() {
            exact::add_derivatives(ordered, beta, &linear_predictor(ordered, beta), &mut pass);
        }
        pass
    }

    /// What the event times add whose events take steps.
    fn of_steps(ordered: &Ordered, ties: Ties, times: &TimesPass) -> Self {
        let Some(means) = &times.means else { return nested::pass(ordered, ties, times) };
        let RowSums { score, gram } = of_expected(ordered, &expected_events(ordered, times));
        let gram = gram.symmetric();
        let moment = gram.diag().to_vec();
        let plain = Self { score, information: gram - means, moment, recentred: false };
        if plain.keeps_digits() {
            return plain;
        }
        match recentred::pass(ordered, ties, times, |_, _| 1.0) {
            Some(Recentred { score, information, moment }) => {
                let floor = plain.moment.iter().map(|moment| ROUNDING * moment);
                let moment = moment.into_iter().zip(floor).map(|(m, floor)| m.max(floor));
                Self { score, information, moment: moment.collect(), recentred: true }
            }
            None => plain,
        }
    }

    /// Adds another part of the rows.
    pub(crate) fn add(&mut self, other: &Self) {
        self.information += &other.information;
        self.score.iter_mut().zip(&other.score).for_each(|(sum, part)| *sum += part);
        self.moment.iter_mut().zip(&other.moment).for_each(|(sum, part)| *sum += part);
    }

    /// Whether the means take no more than four digits off any column.
    pub(crate) fn keeps_digits(&self) -> bool {
        let both = self.information.diag().into_iter().zip(&self.moment);
        both.into_iter().all(|(information, moment)| *information >= 1e-4 * moment)
    }
}

/// Score and Σ e x xᵀ over rows, e being the expected events of a row.
struct RowSums {
    score: Vec<f64>,
    gram: Gram,
}

impl RowSums {
    fn new(p: usize) -> Self {
        Self { score: vec![0.0; p], gram: Gram::new(p) }
    }

    /// Adds rows, given the events expected of each.
    fn add(&mut self, ordered: &Ordered, places: Range<usize>, expected: &[f64]) {
        let mut residuals = Vec::with_capacity(BLOCK.min(places.len()));
        for block in blocks::cut(places.len(), BLOCK) {
            let expected = &expected[block.clone()];
            let places = places.start + block.start..places.start + block.end;
            residuals.clear();
            let both = places.clone().zip(expected);
            residuals.extend(both.map(|(place, expected)| residual(ordered, place, *expected)));
            let rows = ordered.rows(places);
            add_row_sums(rows, [&residuals], [&mut self.score]);
            self.gram.push_rows(rows, expected);
        }
    }

    fn merge(&mut self, other: Self) {
        self.score.iter_mut().zip(other.score).for_each(|(sum, part)| *sum += part);
        self.gram.merge(other.gram);
    }
}

/// The events expected of the rows of a part, where `met` is the sum of the jumps before it.
pub(super) fn expected_of_part(
    ordered: &Ordered,
    times: &TimesPass,
    part: &Part,
    met: Scaled,
) -> Vec<f64> {
    let (stratum, jumps) = (&ordered.strata[part.stratum], &times.jumps[part.stratum]);
    let mut expected = vec![0.0; part.rows.len()];
    let here = |places: Range<usize>| places.start - part.rows.start..places.end - part.rows.start;
    let ordinary = times.risk.ordinary(part.rows.clone()).zip(jumps.ordinary(part.times.clone()));
    if let Some((risk, (stay, leave))) = ordinary {
        // `met` is made of the same jumps, and so ordinary, too.
        if part.tied.is_empty() {
            // The jump of each event stands at its own place, found by counting events: no time is asked.
            let mut k = 0;
            for (expected, &event) in expected.iter_mut().zip(&ordered.event[part.rows.clone()]) {
                let event = u8::from(event);
                *expected = f64::from(event) * stay.get(k).copied().unwrap_or_default();
                k += usize::from(event);
            }
            running_sums_back(&mut expected, met.mantissa);
        } else {
            // That of each time stands at its last event; for events tied there it is another.
            for (k, stay) in part.times.clone().zip(stay) {
                expected[here(stratum.times.events(k)).end - 1] = *stay;
            }
            running_sums_back(&mut expected, met.mantissa);
            for &k in &part.tied {
                let events = here(stratum.times.events(k));
                let earlier = expected.get(events.end).copied().unwrap_or(met.mantissa);
                expected[events].fill(earlier + leave[k - part.times.start]);
            }
        }
        expected.iter_mut().zip(risk).for_each(|(expected, risk)| *expected *= risk);
        return expected;
    }
    let mut earlier =
        ScaledSum { exponent: met.exponent, total: met.mantissa, ..ScaledSum::new(0) };
    hazards::accumulate_nested(
        stratum,
        part.times.clone(),
        &mut earlier,
        |hazard, k| hazard.add(jumps.stay(k), &[]),
        |hazard, k| hazard.add(jumps.leave(k), &[]),
        |place, hazard| {
            let events = hazard.total * hazard.factor_of(times.risk.at(place));
            expected[place - part.rows.start] = events;
        },
    );
    expected
}

/// Over all rows, given the events expected of each.
fn of_expected(ordered: &Ordered, expected: &[f64]) -> RowSums {
    let (n, p) = (expected.len(), ordered.n_columns());
    let parts = blocks::cut(n, ROWS.max(n.div_ceil(PARTS)));
    let partial = blocks::map(parts, |part| {
        let mut sums = RowSums::new(p);
        sums.add(ordered, part.clone(), &expected[part]);
        sums
    });
    let mut all = RowSums::new(p);
    partial.into_iter().for_each(|sums| all.merge(sums));
    all
}

/// The martingale residual of a row: its event less the events expected of it, weighted.
pub(crate) fn residual(ordered: &Ordered, place: usize, expected: f64) -> f64 {
    // A product, since the processor cannot foresee who has the event.
    f64::from(u8::from(ordered.event[place])) * ordered.weight[place] - expected
}

/// r H at each place: the events expected over the time the row was at risk.
pub(crate) fn expected_events(ordered: &Ordered, times: &TimesPass) -> Vec<f64> {
    let mut expected = vec![0.0; times.risk.len()];
    for (stratum, jumps) in ordered.strata.iter().zip(&times.jumps) {
        expect(stratum, jumps, &times.risk, &mut expected);
    }
    expected
}

/// The same for the places of one stratum.
fn expect(stratum: &StratumRows, jumps: &Jumps, risk: &Risks, expected: &mut [f64]) {
    let plain = risk.ordinary(stratum.rows.clone()).zip(jumps.ordinary(0..jumps.len()));
    let intervals = stratum.intervals.as_ref().filter(|_| stratum.tails.is_none());
    if let Some((intervals, (risk, jumps))) = intervals.zip(plain) {
        let expected = &mut expected[stratum.rows.clone()];
        return plain_intervals::expect(stratum, intervals, jumps, risk, expected);
    }
    hazards::accumulate(
        stratum,
        &ScaledSum::new(0),
        |hazard, k| hazard.add(jumps.stay(k), &[]),
        |hazard, k| hazard.add(jumps.leave(k), &[]),
        |place, hazard| expected[place] = hazard.total * hazard.factor_of(risk.at(place)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, Design};
    use ndarray::array;

    fn pass(information: Array2<f64>, moment: [f64; 2]) -> RowsPass {
        RowsPass { score: vec![1.0, -2.0], information, moment: moment.to_vec(), recentred: false }
    }

    #[test]
    fn parts_are_added() {
        let mut sum = pass(array![[2.0, 1.0], [1.0, 5.0]], [3.0, 7.0]);
        sum.add(&pass(array![[1.0, -4.0], [-4.0, 0.5]], [2.0, 11.0]));
        assert_eq!((sum.score, sum.moment), (vec![2.0, -4.0], vec![5.0, 18.0]));
        assert_eq!(sum.information, array![[3.0, -3.0], [-3.0, 5.5]]);
    }

    #[test]
    fn four_digits_may_be_lost() {
        let keeps = |a: f64, b: f64| pass(array![[1.0, 0.0], [0.0, 3.0]], [a, b]).keeps_digits();
        assert!(keeps(9_990.0, 29_970.0));
        assert!(!keeps(10_010.0, 3.0));
        assert!(!keeps(1.0, 30_030.0));
    }

    /// Two rows at risk at each time, with one value: with the coefficient 0 each is expected to have half of
    /// the event. About the mean of each risk set nothing is left, but for what rounding can leave of
    /// Σ e x².
    #[test]
    fn what_rounding_can_leave_is_the_least_moment() {
        let exit: Vec<f64> = (0..20).map(|row| f64::from(row / 2 + 1)).collect();
        let entry: Vec<f64> = exit.iter().map(|exit| exit - 0.5).collect();
        let event: Vec<bool> = (0..20).map(|row| row % 2 == 0).collect();
        let data = CountingProcess::new(&entry, &exit, &event).unwrap();
        let x: Vec<f64> = exit.iter().map(|exit| exit * exit).collect();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::Efron);
        let times = TimesPass::new(&ordered, Ties::Efron, &[0.0]).unwrap();
        let pass = RowsPass::new(&ordered, Ties::Efron, &[0.0], &times);
        let square: f64 = ordered.x.view().iter().map(|x| x * x / 2.0).sum();
        assert!(pass.recentred && pass.information[[0, 0]].abs() < 1e-20 * square);
        approx::assert_relative_eq!(pass.moment[0], 5e-15 * square, max_relative = 1e-12);
    }
}
