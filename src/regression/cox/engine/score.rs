//! The score alone: one pass over the rows, no products of columns.

use std::ops::Range;

use super::ordered::Ordered;
use super::risk_sets;
use super::risks::{Risks, become_risks, linear_predictors};
use super::rows::{expect, residual};
use super::scaled_sum::ScaledSum;
use super::stratum::{EventTime, StratumRows};
use super::ties::Ties;
use super::times::Jump;
use crate::linalg::{add_multiple, add_row_sums};

/// The score at given coefficients, in the scaled columns, for rows whose events all take steps, whose
/// coefficients do not vary and of which none stays at risk after its exit. `None` where some η is far
/// out of the ordinary.
pub(super) fn score(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Vec<f64>> {
    let mut score = vec![0.0; ordered.n_columns()];
    match ordered.strata.iter().any(|stratum| stratum.intervals.is_some()) {
        true => add_of_intervals(ordered, ties, beta, &mut score)?,
        false => {
            for stratum in &ordered.strata {
                add_nested(ordered, stratum, ties, beta, &mut score)?;
            }
        }
    }
    score.iter().all(|score| score.is_finite()).then_some(score)
}

/// Adds rows under delayed entry: x times the event of each less those expected of it. No sum over a risk
/// set takes covariates.
fn add_of_intervals(ordered: &Ordered, ties: Ties, beta: &[f64], score: &mut [f64]) -> Option<()> {
    let mut risks = Risks::at_start(ordered, beta);
    let mut expected = vec![0.0; ordered.weight.len()];
    let (mut jumps, mut residuals) = (Vec::new(), Vec::new());
    for stratum in &ordered.strata {
        let places = stratum.rows.clone();
        risks.reach(ordered, beta, places.end)?;
        jumps.clear();
        let add = |sum: &mut ScaledSum, place: usize| sum.add(risks.at(place), &[]);
        risk_sets::walk_columns(stratum, 0, add, |k, stay, leave| {
            let time = &stratum.times[k];
            let exponent = stay.align(leave);
            let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            jumps.push(Jump::new(&steps, exponent));
        });
        expect(stratum, &jumps, &risks, &mut expected);
        residuals.clear();
        residuals.extend(places.clone().map(|place| residual(ordered, &expected, place)));
        // The rows of a small stratum are still near.
        add_row_sums(ordered.rows(places), [&residuals], [&mut *score]);
    }
    Some(())
}

/// Rows that are taken at a time, at the least: they stay near while they are met again.
const BLOCK: usize = 128;

/// Adds a stratum whose risk sets are nested, by blocks of rows that cut no event time.
fn add_nested(
    ordered: &Ordered,
    stratum: &StratumRows,
    ties: Ties,
    beta: &[f64],
    score: &mut [f64],
) -> Option<()> {
    let mut sums = NestedSums::new(score);
    let (mut risk, mut factor) = (Vec::new(), Vec::new());
    let mut times = &stratum.times[..];
    let untied = stratum.is_untied();
    let mut start = stratum.rows.start;
    while start < stratum.rows.end {
        let mut end = (start + BLOCK).min(stratum.rows.end);
        let mut block = &times[..0];
        if !untied {
            let reaches = |time: &EventTime| time.events().end >= end;
            let length = times.iter().position(reaches).map_or(times.len(), |last| last + 1);
            (block, times) = times.split_at(length);
            end = block.last().map_or(end, |time| time.events().end);
        }
        let places = start..end;
        let weights = &ordered.weight[places.clone()];
        risk.resize(places.len(), 0.0);
        linear_predictors(ordered, beta, places.clone(), &mut risk);
        if !become_risks(&mut risk, weights) {
            return None;
        }
        factor.clear();
        // A product, since the processor cannot foresee who has the event.
        let events = ordered.event[places.clone()].iter().zip(weights);
        factor.extend(events.map(|(&event, weight)| f64::from(u8::from(event)) * weight));
        let hazard = match untied {
            true => sums.meet_untied(&risk, &mut factor),
            false => sums.meet(block, ties, &risk, &mut factor),
        };
        sums.add(ordered.rows(places), hazard, &risk, &factor);
        start = end;
    }
    Some(())
}

/// The sums over the rows of the blocks so far.
///
/// A block whose times have the hazard H takes H Σ r x over all rows before it off the score. Each of its
/// own rows adds x times a factor: its event, less r times the hazard of those times of the block at which
/// it is at risk. The factors need no covariates, so that these are read once for η and once, still near,
/// for the sums.
struct NestedSums<'a> {
    /// Σ r.
    total: f64,
    /// Σ r x.
    first: Vec<f64>,
    score: &'a mut [f64],
    /// The hazard jumps of a block, for those who stay and for those who leave.
    jumps: Vec<(f64, f64)>,
    /// The hazard jump at each place of a block.
    hazard: Vec<f64>,
}

impl<'a> NestedSums<'a> {
    fn new(score: &'a mut [f64]) -> Self {
        Self {
            total: 0.0,
            first: vec![0.0; score.len()],
            score,
            jumps: Vec::new(),
            hazard: Vec::new(),
        }
    }

    /// Takes the hazard that each row of a block meets off its factor, which is the weight of its event;
    /// returns that of the whole block. Every event is alone at its time: no row needs to know the times.
    fn meet_untied(&mut self, risk: &[f64], factor: &mut [f64]) -> f64 {
        self.hazard.clear();
        let mut total = self.total;
        self.hazard.extend(risk.iter().map(|risk| {
            total += risk;
            total
        }));
        self.total = total;
        self.hazard.iter_mut().zip(&*factor).for_each(|(total, event)| *total = event / *total);
        let mut met = 0.0;
        for ((factor, risk), hazard) in factor.iter_mut().zip(risk).zip(&self.hazard).rev() {
            met += hazard;
            *factor -= met * risk;
        }
        met
    }

    /// The same for a block of event times, whatever the ties.
    fn meet(&mut self, block: &[EventTime], ties: Ties, risk: &[f64], factor: &mut [f64]) -> f64 {
        let start = block.first().map_or(0, |time| time.joining().start);
        let here = |places: Range<usize>| places.start - start..places.end - start;
        self.jumps.clear();
        for time in block {
            let add = |sum: f64, risk: &f64| sum + risk;
            let stay = risk[here(time.joining())].iter().fold(self.total, add);
            let leave: f64 = risk[here(time.events())].iter().sum();
            self.jumps.push(ties.hazards(time.steps(), time.step_weight(), stay, leave));
            self.total = stay + leave;
        }
        let mut met = 0.0;
        for (time, (stay, leave)) in block.iter().zip(&self.jumps).rev() {
            take(met + leave, here(time.events()), risk, factor);
            met += stay;
            take(met, here(time.joining()), risk, factor);
        }
        met
    }

    /// Adds the rows of a block.
    fn add(&mut self, rows: &[f64], hazard: f64, risk: &[f64], factor: &[f64]) {
        add_multiple(self.score, -hazard, &self.first);
        add_row_sums(rows, [risk, factor], [&mut self.first, self.score]);
    }
}

/// Takes r times what they meet off the factors of some rows.
#[inline]
fn take(met: f64, places: Range<usize>, risk: &[f64], factor: &mut [f64]) {
    let both = factor[places.clone()].iter_mut().zip(&risk[places]);
    both.for_each(|(factor, risk)| *factor -= met * risk);
}

#[cfg(test)]
mod tests {
    use super::super::point::Point;
    use super::*;
    use crate::data::{CountingProcess, Design, RightCensored, Rows, SurvivalData, Weights};

    const N: usize = 1000;

    fn noise(seed: usize) -> Vec<f64> {
        (0..N).map(|row| ((row * 7919 + seed * 104_729) % 10_007) as f64 / 10_007.0).collect()
    }

    /// Both passes of a Newton step have the same score.
    fn agrees(data: &impl SurvivalData, untied: bool) {
        let rows: &Rows = data.rows();
        let offset = noise(3);
        let columns: Vec<Vec<f64>> = (10..16).map(noise).collect();
        let mut design = Design::builder().offset(&offset);
        for (j, column) in columns.iter().enumerate() {
            design = design.numeric(&format!("x{j}"), column);
        }
        let design = design.build().unwrap();
        for ties in [Ties::Efron, Ties::Breslow] {
            let ordered = Ordered::new(rows, &design, ties, None);
            assert_eq!(ordered.strata.iter().all(StratumRows::is_untied), untied);
            let beta = [0.3, -0.2, 0.1, 0.0, 0.5, -0.4];
            let point = Point::new(&ordered, ties, beta.to_vec()).unwrap();
            let score = score(&ordered, ties, &beta).unwrap();
            for (found, expected) in score.iter().zip(&point.score) {
                approx::assert_abs_diff_eq!(found, expected, epsilon = 1e-10);
            }
            // Sums over nested risk sets are kept without an exponent.
            let nested = ordered.strata.iter().all(|stratum| stratum.intervals.is_none());
            assert_eq!(super::score(&ordered, ties, &[300.0; 6]).is_none(), nested);
        }
    }

    #[test]
    fn equals_that_of_a_newton_step() {
        let time: Vec<f64> = noise(1).iter().map(|u| 1.0 + u * 100.0).collect();
        let whole: Vec<f64> = time.iter().map(|time| time.floor()).collect();
        let event: Vec<bool> = noise(2).iter().map(|&u| u < 0.6).collect();
        let entry: Vec<f64> = time.iter().zip(noise(4)).map(|(time, u)| (time - 1.0) * u).collect();
        let stratum: Vec<usize> = (0..N).map(|row| row % 3).collect();
        let weights = Weights::sampling(&noise(5).iter().map(|u| u + 0.1).collect::<Vec<_>>());
        let weights = weights.unwrap();
        // Of these times some have one event, some several.
        let fifths: Vec<f64> = time.iter().map(|time| (time * 5.0).ceil() / 5.0).collect();
        for (time, untied) in [(&time, true), (&whole, false), (&fifths, false)] {
            let plain = RightCensored::new(time, &event).unwrap();
            agrees(&plain, untied);
            agrees(&plain.with_weights(weights.clone()).unwrap(), untied);
            let late = CountingProcess::new(&entry, time, &event).unwrap();
            agrees(&late.with_strata(&stratum).unwrap(), untied);
        }
    }
}
