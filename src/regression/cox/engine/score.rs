//! The score alone: one pass over the rows, no products of columns.

#![expect(
    clippy::indexing_slicing,
    reason = "a part lies in one of the strata, and a block within its part"
)]

use std::ops::Range;

use super::event_times::EventTime;
use super::ordered::Ordered;
use super::parts::Part;
use super::plain_intervals;
use super::risks::{become_risks, linear_predictors};
use super::rows::residual;
use super::ties::Ties;
use crate::linalg::{add_multiple, add_row_sums, running_sums, running_sums_back, sum};
use crate::numerics::blocks;

/// The score at given coefficients, in the scaled columns, for rows whose events all take steps, whose
/// coefficients do not vary and of which none stays at risk after its exit. `None` where some η is far
/// out of the ordinary.
pub(super) fn score(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Vec<f64>> {
    let mut score = vec![0.0; ordered.n_columns()];
    match ordered.is_nested() {
        true => add_nested(ordered, ties, beta, &mut score)?,
        false => add_of_intervals(ordered, ties, beta, &mut score)?,
    }
    score.iter().all(|score| score.is_finite()).then_some(score)
}

/// Adds rows under delayed entry: x times the event of each less those expected of it. No sum over a risk
/// set takes covariates.
fn add_of_intervals(ordered: &Ordered, ties: Ties, beta: &[f64], score: &mut [f64]) -> Option<()> {
    let mut residuals = Vec::new();
    for stratum in &ordered.strata {
        let (places, intervals) = (stratum.rows.clone(), stratum.intervals.as_ref()?);
        let risk = ordinary_risks(ordered, beta, places.clone())?;
        let jumps = plain_intervals::jumps(stratum, intervals, ties, &risk);
        let jumps = jumps.ordinary(0..jumps.len())?;
        residuals.clear();
        residuals.resize(places.len(), 0.0);
        plain_intervals::expect(stratum, intervals, jumps, &risk, &mut residuals);
        let both = places.clone().zip(&mut residuals);
        both.for_each(|(place, expected)| *expected = residual(ordered, place, *expected));
        // The rows of a small stratum are still near.
        add_row_sums(ordered.rows(places), [&residuals], [&mut *score]);
    }
    Some(())
}

/// Rows that are taken at a time, at the least: they stay near while they are met again.
const BLOCK: usize = 128;

/// Adds strata whose risk sets are nested, part by part.
fn add_nested(ordered: &Ordered, ties: Ties, beta: &[f64], score: &mut [f64]) -> Option<()> {
    // Σ r and Σ r x over the parts before.
    let (mut total, mut first) = (0.0, vec![0.0; score.len()]);
    blocks::scan(
        ordered.parts.iter(),
        |part| {
            let risk = ordinary_risks(ordered, beta, part.rows.clone())?;
            let total = sum(&risk);
            Some((risk, total))
        },
        |part, found| {
            let (risk, of_part) = found?;
            let before = if part.first { 0.0 } else { total };
            total = before + of_part;
            Some((risk, before))
        },
        |part, (risk, before)| {
            let mut sums = NestedSums::new(before, ordered.n_columns());
            sums.add_part(ordered, ties, part, &risk);
            (part, sums)
        },
        |(part, sums)| {
            if part.first {
                first.fill(0.0);
            }
            add_multiple(score, -sums.met, &first);
            add_multiple(score, 1.0, &sums.score);
            add_multiple(&mut first, 1.0, &sums.first);
        },
    )
}

/// The risks at some places, unless some η is out of the ordinary.
fn ordinary_risks(ordered: &Ordered, beta: &[f64], places: Range<usize>) -> Option<Vec<f64>> {
    let mut risk = vec![0.0; places.len()];
    linear_predictors(ordered, beta, places.clone(), &mut risk);
    become_risks(&mut risk, ordered.weight.of(places)).then_some(risk)
}

/// The sums over the rows of a part so far, by blocks that cut no event time.
///
/// A block whose times have the hazard H takes H Σ r x over all rows before it off the score. Each of its
/// own rows adds x times a factor: its event, less r times the hazard of those times of the block at which
/// it is at risk. The factors need no covariates, so that these are read once for η and once, still near,
/// for the sums. In the same way the part as a whole stands to those before it.
struct NestedSums {
    /// Σ r, over the parts before, too.
    total: f64,
    /// Σ r x.
    first: Vec<f64>,
    /// What the rows add to the score, but for the risk of the parts before.
    score: Vec<f64>,
    /// The hazard of all times.
    met: f64,
    /// The hazard jumps of a block, for those who stay and for those who leave.
    jumps: Vec<(f64, f64)>,
    /// The hazard that each place of a block meets.
    hazard: Vec<f64>,
    /// What each place of a block adds x times.
    factor: Vec<f64>,
}

impl NestedSums {
    fn new(total: f64, p: usize) -> Self {
        Self {
            total,
            first: vec![0.0; p],
            score: vec![0.0; p],
            met: 0.0,
            jumps: Vec::new(),
            hazard: Vec::new(),
            factor: Vec::new(),
        }
    }

    /// Adds the rows of a part, whose risks are given.
    fn add_part(&mut self, ordered: &Ordered, ties: Ties, part: &Part, risk: &[f64]) {
        let (times, mut next) = (&ordered.strata[part.stratum].times, part.times.start);
        let mut start = part.rows.start;
        while start < part.rows.end {
            let mut end = (start + BLOCK).min(part.rows.end);
            let mut block = next..next;
            if !part.tied.is_empty() {
                next = (times.reaching(next, end) + 1).min(part.times.end);
                block.end = next;
                end = times.range(block.clone()).next_back().map_or(end, |time| time.events().end);
            }
            let places = start..end;
            let risk = &risk[start - part.rows.start..end - part.rows.start];
            self.factor.clear();
            let events = ordered.event[places.clone()].iter();
            // A product with 0 or 1, since the processor cannot foresee who has the event.
            self.factor.extend(events.map(|&event| f64::from(u8::from(event))));
            let weights = ordered.weight.of(places.clone()).unwrap_or_default();
            self.factor.iter_mut().zip(weights).for_each(|(factor, weight)| *factor *= weight);
            let hazard = match part.tied.is_empty() {
                true => self.meet_untied(risk),
                false => self.meet(times.range(block), ties, risk),
            };
            self.met += hazard;
            self.add(ordered.rows(places), hazard, risk);
            start = end;
        }
    }

    /// Takes the hazard that each row of a block meets off its factor, which is the weight of its event;
    /// returns that of the whole block. Every event is alone at its time: no row needs to know the times.
    fn meet_untied(&mut self, risk: &[f64]) -> f64 {
        let (factor, hazard) = (&mut self.factor, &mut self.hazard);
        hazard.clear();
        hazard.extend_from_slice(risk);
        self.total = running_sums(hazard, self.total);
        hazard.iter_mut().zip(factor.iter()).for_each(|(total, event)| *total = event / *total);
        let met = running_sums_back(hazard, 0.0);
        let all = factor.iter_mut().zip(risk).zip(hazard);
        all.for_each(|((factor, risk), met)| *factor -= *met * risk);
        met
    }

    /// The same for a block of event times, whatever the ties.
    fn meet(
        &mut self,
        block: impl DoubleEndedIterator<Item = EventTime> + ExactSizeIterator + Clone,
        ties: Ties,
        risk: &[f64],
    ) -> f64 {
        let factor = &mut self.factor;
        let start = block.clone().next().map_or(0, |time| time.joining().start);
        let here = |places: Range<usize>| places.start - start..places.end - start;
        self.jumps.clear();
        for time in block.clone() {
            let stay = self.total + sum(&risk[here(time.joining())]);
            let leave = sum(&risk[here(time.events())]);
            self.jumps.push(ties.hazards(time.steps(), time.step_weight(), stay, leave));
            self.total = stay + leave;
        }
        let mut met = 0.0;
        for (time, (stay, leave)) in block.zip(&self.jumps).rev() {
            take(met + leave, here(time.events()), risk, factor);
            met += stay;
            take(met, here(time.joining()), risk, factor);
        }
        met
    }

    /// Adds the rows of a block.
    fn add(&mut self, rows: &[f64], hazard: f64, risk: &[f64]) {
        add_multiple(&mut self.score, -hazard, &self.first);
        add_row_sums(rows, [risk, &self.factor], [&mut self.first, &mut self.score]);
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

    /// More than a part holds.
    const N: usize = 9000;

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
            assert!(ordered.parts.iter().all(|part| part.tied.is_empty() == untied));
            assert_eq!(ordered.parts.is_empty(), !ordered.is_nested());
            let beta = [0.3, -0.2, 0.1, 0.0, 0.5, -0.4];
            let point = Point::new(&ordered, ties, beta.to_vec()).unwrap();
            let score = score(&ordered, ties, &beta).unwrap();
            for (found, expected) in score.iter().zip(&point.score) {
                approx::assert_abs_diff_eq!(found, expected, epsilon = 1e-10);
            }
            // The sums are kept without an exponent.
            assert!(super::score(&ordered, ties, &[300.0; 6]).is_none());
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
