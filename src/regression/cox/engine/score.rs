//! The score alone: one pass over the rows, no products of columns.

use std::ops::Range;

use super::ordered::Ordered;
use super::risk_sets;
use super::risks::{Risks, linear_predictors};
use super::scaled_sum::ORDINARY;
use super::stratum::{EventTime, StratumRows};
use super::ties::Ties;
use crate::linalg::{add_multiple, add_row_sums};
use crate::numerics::exp::exp_all;

/// The score at given coefficients, in the scaled columns, for rows whose events all take steps, whose
/// coefficients do not vary and of which none stays at risk after its exit. `None` where some η is far
/// out of the ordinary.
pub(super) fn score(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Vec<f64>> {
    let mut risks = Risks::at_start(ordered, beta);
    let mut score = vec![0.0; ordered.n_columns()];
    for stratum in &ordered.strata {
        match stratum.intervals {
            None => add_nested(ordered, stratum, ties, beta, &mut score)?,
            Some(_) => {
                risks.reach(ordered, beta, stratum.rows.end)?;
                add_of_intervals(ordered, stratum, ties, &risks, &mut score);
            }
        }
    }
    score.iter().all(|score| score.is_finite()).then_some(score)
}

/// Adds a stratum under delayed entry: Σ w x over its events, less Σ w E.
fn add_of_intervals(
    ordered: &Ordered,
    stratum: &StratumRows,
    ties: Ties,
    risks: &Risks,
    score: &mut [f64],
) {
    risk_sets::walk(ordered, stratum, risks, |k, stay, leave| {
        let time = &stratum.times[k];
        stay.align(leave);
        let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        add_multiple(score, -steps.hazard, &stay.first);
        add_multiple(score, -steps.hazard_event, &leave.first);
        for place in time.events() {
            add_multiple(score, ordered.weight[place], ordered.row(place));
        }
    });
}

/// Rows that are taken at a time, at the least: they stay near while they are met again.
const BLOCK: usize = 128;

/// Adds a stratum whose risk sets are nested, by blocks of event times.
fn add_nested(
    ordered: &Ordered,
    stratum: &StratumRows,
    ties: Ties,
    beta: &[f64],
    score: &mut [f64],
) -> Option<()> {
    let mut sums = NestedSums { total: 0.0, first: vec![0.0; score.len()], score };
    let (mut risk, mut factor) = (Vec::new(), Vec::new());
    let mut times = &stratum.times[..];
    while let Some(latest) = times.first() {
        let start = latest.joining().start;
        let fills = |time: &EventTime| time.events().end >= start + BLOCK;
        let length = times.iter().position(fills).map_or(times.len(), |last| last + 1);
        let (block, earlier) = times.split_at(length);
        let places = start..block[length - 1].events().end;
        risk.resize(places.len(), 0.0);
        ordinary_risks(ordered, beta, places.clone(), &mut risk)?;
        factor.clear();
        factor.extend(places.clone().map(|place| match ordered.event[place] {
            true => ordered.weight[place],
            false => 0.0,
        }));
        let hazard = sums.meet(block, ties, &risk, &mut factor);
        sums.add(ordered.rows(places), hazard, &risk, &factor);
        times = earlier;
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
}

impl NestedSums<'_> {
    /// Takes the hazard that each row of a block meets off its factor; returns that of all its times.
    fn meet(&mut self, block: &[EventTime], ties: Ties, risk: &[f64], factor: &mut [f64]) -> f64 {
        let start = block.first().map_or(0, |time| time.joining().start);
        let here = |places: Range<usize>| places.start - start..places.end - start;
        let hazards: Vec<(f64, f64)> = (block.iter())
            .map(|time| {
                let sum = |sum: f64, risk: &f64| sum + risk;
                let stay = risk[here(time.joining())].iter().fold(self.total, sum);
                let leave = risk[here(time.events())].iter().fold(0.0, sum);
                self.total = stay + leave;
                ties.hazards(time.steps(), time.step_weight(), stay, leave)
            })
            .collect();
        let mut met = 0.0;
        for (time, (stay, leave)) in block.iter().zip(hazards).rev() {
            let mut take = |places: Range<usize>, met: f64| {
                let both = factor[places.clone()].iter_mut().zip(&risk[places]);
                both.for_each(|(factor, risk)| *factor -= met * risk);
            };
            take(here(time.events()), met + leave);
            met += stay;
            take(here(time.joining()), met);
        }
        met
    }

    /// Adds the rows of a block.
    fn add(&mut self, rows: &[f64], hazard: f64, risk: &[f64], factor: &[f64]) {
        add_multiple(self.score, -hazard, &self.first);
        add_row_sums(rows, [risk, factor], [&mut self.first, self.score]);
    }
}

/// w exp(η) of some places; `None` where one is out of the ordinary.
fn ordinary_risks(
    ordered: &Ordered,
    beta: &[f64],
    places: Range<usize>,
    risk: &mut [f64],
) -> Option<()> {
    linear_predictors(ordered, beta, places.clone(), risk);
    if !risk.iter().all(|eta| eta.abs() < ORDINARY) {
        return None;
    }
    exp_all(risk);
    risk.iter_mut().zip(&ordered.weight[places]).for_each(|(risk, weight)| *risk *= weight);
    Some(())
}
