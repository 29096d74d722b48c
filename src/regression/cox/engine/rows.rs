//! The pass over rows: martingale residuals, score, information.

use ndarray::Array2;
use std::ops::Range;

use super::exact;
use super::hazards;
use super::ordered::Ordered;
use super::recentred::{self, Recentred};
use super::risks::Risks;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::{Jump, TimesPass, linear_predictor};
use crate::linalg::{Gram, add_row_sums};
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
        let expected = expected_events(ordered, times);
        let n = expected.len();
        let parts = blocks::cut(n, ROWS.max(n.div_ceil(PARTS)));
        let partial = blocks::map(&parts, |part| partial_sums(ordered, &expected, part));
        let p = ordered.n_columns();
        let (mut score, mut gram) = (vec![0.0; p], Gram::new(p));
        for (part_score, part_gram) in partial {
            for (sum, part) in score.iter_mut().zip(part_score) {
                *sum += part;
            }
            gram.merge(part_gram);
        }
        let gram = gram.symmetric();
        let moment = gram.diag().to_vec();
        let plain = Self { score, information: gram - times.means(), moment, recentred: false };
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

/// Score and Σ e x xᵀ over some of the rows, e being the expected events of a row.
fn partial_sums(ordered: &Ordered, expected: &[f64], part: Range<usize>) -> (Vec<f64>, Gram) {
    let p = ordered.n_columns();
    let (mut score, mut squares) = (vec![0.0; p], Gram::new(p));
    let mut residuals = Vec::with_capacity(BLOCK.min(part.len()));
    for block in blocks::cut(part.len(), BLOCK) {
        let places = part.start + block.start..part.start + block.end;
        residuals.clear();
        residuals.extend(places.clone().map(|place| residual(ordered, expected, place)));
        let rows = ordered.rows(places.clone());
        add_row_sums(rows, [&residuals], [&mut score]);
        squares.push_rows(rows, &expected[places]);
    }
    (score, squares)
}

/// The martingale residual of a row: its event less the events expected of it, weighted.
pub(crate) fn residual(ordered: &Ordered, expected: &[f64], place: usize) -> f64 {
    // A product, since the processor cannot foresee who has the event.
    f64::from(u8::from(ordered.event[place])) * ordered.weight[place] - expected[place]
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
pub(super) fn expect(stratum: &StratumRows, jumps: &[Jump], risk: &Risks, expected: &mut [f64]) {
    hazards::accumulate(
        stratum,
        &ScaledSum::new(0),
        |hazard, k| hazard.add(jumps[k].stay(), &[]),
        |hazard, k| hazard.add(jumps[k].leave(), &[]),
        |place, hazard| expected[place] = hazard.total * hazard.factor_of(risk.at(place)),
    );
}
