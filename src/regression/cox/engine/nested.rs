//! Score and information where risk sets are nested.
//!
//! From the latest time back, rows join one after the other. A row that finds a set of the total risk T and
//! the mean E adds to its scatter, Σ r (x − E)(x − E)ᵀ, the term
//! ```text
//! r T/(T + r) (x − E)(x − E)ᵀ
//! ```
//! which is in every risk set from there on. The information is the sum of their scatters, each over its
//! total, so that the row adds its term once, times the hazard that it meets: with e the events expected of
//! it, e T/(T + r) (x − E)(x − E)ᵀ. Nothing large is taken off something large.
//!
//! Tied events form a set of their own, which joins the others as a whole. The distance between the means of
//! the two counts N D/(N + D) times the hazard of the earlier times, and Σ w θ N D/u² over the steps of
//! their own.
//!
//! Source: Chan, Golub & LeVeque 1983, doi:10.1080/00031305.1983.10483115.

#![expect(
    clippy::indexing_slicing,
    reason = "a part lies in one of the strata, and a block within its part"
)]

use multiversion::multiversion;
use std::ops::Range;

use super::event_times::EventTime;
use super::ordered::Ordered;
use super::parts::Part;
use super::rows::{RowsPass, expected_of_part, residual};
use super::scaled_sum::Scaled;
use super::ties::Ties;
use super::times::TimesPass;
use crate::linalg::{
    Gram, add_multiple, add_row_squares, add_row_sums, running_sums, write_deviations,
};
use crate::numerics::blocks;

/// Rows that are read for several sums and, still near, once more.
const BLOCK: usize = 128;

/// The pass over all rows, part by part from the latest time on.
pub(super) fn pass(ordered: &Ordered, ties: Ties, times: &TimesPass) -> RowsPass {
    let p = ordered.n_columns();
    let mut gram = Gram::new(p);
    let (mut score, mut moment) = (vec![0.0; p], vec![0.0; p]);
    let mut before = RiskSet::new(p);
    let met = hazards_before(ordered, times);
    blocks::scan(
        ordered.parts.iter().zip(met),
        |(part, met)| PartSums::new(ordered, times, part, *met),
        |(part, _), sums| {
            if part.first {
                before = RiskSet::new(p);
            }
            let start = before.clone();
            before.join(&sums.rows);
            Some((start, sums))
        },
        |(part, met), (mut before, sums)| {
            let mut walk = Walk::new(ordered, times, part, &sums.expected);
            walk.all(&mut before, ties, met);
            (walk.gram, sums)
        },
        |(of_part, sums)| {
            gram.merge(of_part);
            add_multiple(&mut score, 1.0, &sums.score);
            add_multiple(&mut moment, 1.0, &sums.moment);
        },
    )
    .unwrap_or_default();
    RowsPass { score, information: gram.symmetric(), moment, recentred: false }
}

/// Of each part the hazard that those who stay have met before, over the times earlier than its own.
fn hazards_before(ordered: &Ordered, times: &TimesPass) -> Vec<Scaled> {
    let of_part = |part: &Part| times.jumps[part.stratum].sum(part.times.clone());
    let mut hazards = blocks::map(ordered.parts.iter().collect(), of_part);
    let mut met = Scaled::ZERO;
    for (part, hazard) in ordered.parts.iter().zip(&mut hazards).rev() {
        if part.last {
            met = Scaled::ZERO;
        }
        let of_part = std::mem::replace(hazard, met);
        met = met.plus(of_part);
    }
    hazards
}

/// The total risk and the mean of some rows.
#[derive(Debug, Clone)]
struct RiskSet {
    total: Scaled,
    mean: Vec<f64>,
}

impl RiskSet {
    fn new(p: usize) -> Self {
        Self { total: Scaled::ZERO, mean: vec![0.0; p] }
    }

    /// Takes in other rows.
    fn join(&mut self, other: &Self) {
        self.total = self.total.plus(other.total);
        let share = other.total.over(self.total);
        let both = self.mean.iter_mut().zip(&other.mean);
        both.for_each(|(mean, other)| *mean += share * (other - *mean));
    }
}

/// What the rows of a part yield by themselves.
struct PartSums {
    /// The events expected of each.
    expected: Vec<f64>,
    rows: RiskSet,
    score: Vec<f64>,
    moment: Vec<f64>,
}

impl PartSums {
    /// Those of a part whose rows have met some hazard before.
    fn new(ordered: &Ordered, times: &TimesPass, part: &Part, met: Scaled) -> Self {
        let p = ordered.n_columns();
        let expected = expected_of_part(ordered, times, part, met);
        let total = times.risk.sum(part.rows.clone());
        let mut rows = RiskSet { total, mean: vec![0.0; p] };
        let (mut score, mut moment) = (vec![0.0; p], vec![0.0; p]);
        let mut room = [[0.0; BLOCK]; 2];
        for (places, expected) in in_blocks(part.rows.clone()).zip(expected.chunks(BLOCK)) {
            let [shares, residuals] = room.each_mut().map(|room| &mut room[..places.len()]);
            times.risk.shares(places.clone(), total, shares);
            let both = residuals.iter_mut().zip(places.clone().zip(expected));
            both.for_each(|(to, (place, expected))| *to = residual(ordered, place, *expected));
            let x = ordered.rows(places);
            add_row_sums(x, [shares, residuals], [&mut rows.mean, &mut score]);
            add_row_squares(x, expected, &mut moment);
        }
        Self { expected, rows, score, moment }
    }
}

/// Places in blocks, the last one shorter.
fn in_blocks(places: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = places.end;
    places.step_by(BLOCK).map(move |start| start..end.min(start + BLOCK))
}

/// The rows of a part, as they join.
struct Walk<'a> {
    ordered: &'a Ordered,
    times: &'a TimesPass,
    part: &'a Part,
    /// The events expected of each row.
    expected: &'a [f64],
    gram: Gram,
    /// The events of one time, in memory that serves all times.
    leave: RiskSet,
    /// Of each row of a block its share of the total, and the root of how often its deviation counts.
    shares: [f64; BLOCK],
    roots: [f64; BLOCK],
}

impl<'a> Walk<'a> {
    fn new(
        ordered: &'a Ordered,
        times: &'a TimesPass,
        part: &'a Part,
        expected: &'a [f64],
    ) -> Self {
        let (gram, leave) = (Gram::new(ordered.n_columns()), RiskSet::new(0));
        let (shares, roots) = ([0.0; BLOCK], [0.0; BLOCK]);
        Self { ordered, times, part, expected, gram, leave, shares, roots }
    }

    /// Takes all rows, which join those before; `met` is the hazard of the times before the part.
    fn all(&mut self, rows: &mut RiskSet, ties: Ties, met: Scaled) {
        let part = self.part;
        let mut next = part.rows.start;
        for (time, met) in self.tied_times(met) {
            self.one_by_one(rows, next..time.joining().end);
            next = time.events().end;
            self.together(rows, ties, &time, met);
        }
        self.one_by_one(rows, next..part.rows.end);
    }

    /// The times of several events or steps, each with the hazard that those who stay have met at all earlier
    /// ones.
    fn tied_times(&self, mut met: Scaled) -> Vec<(EventTime, Scaled)> {
        let Part { stratum, times: Range { mut end, .. }, .. } = *self.part;
        let (times, jumps) = (&self.ordered.strata[stratum].times, &self.times.jumps[stratum]);
        let earlier = self.part.tied.iter().rev().map(|&k| {
            met = met.plus(jumps.sum(k + 1..end));
            end = k + 1;
            (times.at(k), met)
        });
        let mut tied: Vec<_> = earlier.collect();
        tied.reverse();
        tied
    }

    /// Rows at some places join one after the other.
    fn one_by_one(&mut self, rows: &mut RiskSet, places: Range<usize>) {
        let p = rows.mean.len();
        for places in in_blocks(places) {
            self.weigh(&mut rows.total, places.clone());
            let x = self.ordered.rows(places.clone());
            self.gram.push_each(places.len(), |range, into, width| {
                let x = &x[range.start * p..range.end * p];
                let (shares, roots) = (&self.shares[range.clone()], &self.roots[range]);
                write_deviations(x, shares, roots, &mut rows.mean, (into, width));
            });
        }
    }

    /// The events of one time join as a whole.
    fn together(&mut self, rows: &mut RiskSet, ties: Ties, time: &EventTime, met: Scaled) {
        let events = time.events();
        let mut leave = std::mem::replace(&mut self.leave, RiskSet::new(0));
        leave.total = self.times.risk.at(events.start);
        leave.mean.clear();
        leave.mean.extend_from_slice(self.ordered.row(events.start));
        self.one_by_one(&mut leave, events.start + 1..events.end);
        let all = rows.total.plus(leave.total);
        let (stay, share) = (rows.total.over(all), leave.total.over(all));
        let own = ties.between(time.steps(), time.step_weight(), stay, share);
        let root = (own + stay * leave.total.times(met)).sqrt();
        let both = rows.mean.iter().zip(&leave.mean);
        self.gram.push(both.map(|(stay, leave)| root * (leave - stay)));
        rows.join(&leave);
        self.leave = leave;
    }

    /// Finds the shares and roots of some rows that join a total.
    fn weigh(&mut self, total: &mut Scaled, places: Range<usize>) {
        let start = self.part.rows.start;
        let expected = &self.expected[places.start - start..places.end - start];
        let (shares, roots) = (&mut self.shares[..places.len()], &mut self.roots[..places.len()]);
        // Then the total is ordinary, too.
        if let Some(risk) = self.times.risk.ordinary(places.clone()) {
            return weigh_ordinary(&mut total.mantissa, risk, expected, shares, roots);
        }
        let both = shares.iter_mut().zip(roots).zip(expected);
        for (place, ((share, root), expected)) in places.zip(both) {
            let risk = self.times.risk.at(place);
            let after = total.plus(risk);
            *share = risk.over(after);
            *root = (expected * total.over(after)).sqrt();
            *total = after;
        }
    }
}

/// The same where all risks are of ordinary size.
#[multiversion(targets("x86_64+avx512f+avx512vl", "x86_64+avx2"))]
fn weigh_ordinary(
    total: &mut f64,
    risk: &[f64],
    expected: &[f64],
    shares: &mut [f64],
    roots: &mut [f64],
) {
    weigh_each(total, risk, expected, shares, roots);
}

/// The loop itself, in the instructions of its caller.
#[inline(always)]
fn weigh_each(
    total: &mut f64,
    risk: &[f64],
    expected: &[f64],
    shares: &mut [f64],
    roots: &mut [f64],
) {
    // The totals before and after each, of which the rest is made without waiting for one another.
    shares.copy_from_slice(risk);
    let end = running_sums(shares, *total);
    if let (Some((first, roots)), Some((_, totals))) =
        (roots.split_first_mut(), shares.split_last())
    {
        *first = std::mem::replace(total, end);
        roots.copy_from_slice(totals);
    }
    let both = roots.iter_mut().zip(shares).zip(risk.iter().zip(expected));
    for ((before, after), (risk, expected)) in both {
        let inverse = 1.0 / *after;
        *before = (expected * (*before * inverse)).sqrt();
        *after = risk * inverse;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, Design, RightCensored, SurvivalData, Weights};
    use crate::numerics::test_numbers::{fractions, same_bits};
    use crate::regression::cox::engine::point::Point;

    #[test]
    fn same_bits_on_every_processor() {
        for n in [0, 1, 7, 8, 33] {
            let risk: Vec<f64> = fractions(n).iter().map(|risk| risk.abs() + 0.1).collect();
            let (expected, mut chosen) = (vec![0.3; n], vec![0.0; 2 * n]);
            let mut plain = chosen.clone();
            let (mut total, mut of_plain) = (0.5, 0.5);
            let (shares, roots) = chosen.split_at_mut(n);
            weigh_ordinary(&mut total, &risk, &expected, shares, roots);
            let (shares, roots) = plain.split_at_mut(n);
            weigh_each(&mut of_plain, &risk, &expected, shares, roots);
            assert!(same_bits(&chosen, &plain) && total == of_plain, "{n} rows");
        }
    }

    /// So many that the larger stratum has two parts.
    const N: usize = 9000;

    fn point(data: &impl SurvivalData, design: &Design, ties: Ties, beta: &[f64]) -> Point {
        let ordered = Ordered::of_data(data, design, ties);
        assert!(!ordered.is_nested() || ordered.parts.len() == 3);
        let beta = beta.iter().zip(&ordered.scale).map(|(beta, scale)| beta * scale).collect();
        Point::new(&ordered, ties, beta).unwrap()
    }

    /// Rows that all enter before the first event say the same as rows without entry, whose sums are
    /// differences of squares.
    fn agrees(time: &[f64], event: &[bool], beta: &[f64], weights: Option<Weights>) {
        let columns: Vec<Vec<f64>> =
            (0..6).map(|j| fractions((j + 1) * N)[j * N..].into()).collect();
        let mut design = Design::builder();
        for (j, column) in columns.iter().enumerate() {
            let column: Vec<f64> = column.iter().map(|x| x % 3.0).collect();
            design = design.numeric(&format!("x{j}"), &column);
        }
        let design = design.build().unwrap();
        let stratum: Vec<usize> = (0..N).map(|row| usize::from(row % 30 > 0)).collect();
        let plain = RightCensored::new(time, event).unwrap().with_strata(&stratum).unwrap();
        let entered = CountingProcess::new(&[0.0; N], time, event).unwrap();
        let entered = entered.with_strata(&stratum).unwrap();
        let (plain, entered) = match weights {
            None => (plain, entered),
            Some(weights) => (
                plain.with_weights(weights.clone()).unwrap(),
                entered.with_weights(weights).unwrap(),
            ),
        };
        for ties in [Ties::Efron, Ties::Breslow] {
            let [nested, others] =
                [point(&plain, &design, ties, beta), point(&entered, &design, ties, beta)];
            assert!(nested.times.means.is_none() && others.times.means.is_some());
            let size = others.information.diag().iter().copied().fold(0.0, f64::max);
            let within = 1e-12 * size;
            approx::assert_abs_diff_eq!(nested.information, others.information, epsilon = within);
            let slopes = nested.score.iter().zip(&others.score);
            slopes.for_each(|(a, b)| approx::assert_abs_diff_eq!(a, b, epsilon = within));
            approx::assert_relative_eq!(
                nested.log_likelihood(),
                others.log_likelihood(),
                max_relative = 1e-13
            );
            for (a, b) in nested.diagonal().iter().zip(others.diagonal()) {
                approx::assert_relative_eq!(*a, b, max_relative = 1e-11);
            }
        }
    }

    #[test]
    fn equals_the_differences_of_squares() {
        let noise = |k: usize| (0..N).map(move |row| ((row * 7919 + k * 104_729) % 10_007) as f64);
        let time: Vec<f64> = noise(1).map(|u| 1.0 + u / 100.0).collect();
        let event: Vec<bool> = noise(2).map(|u| u < 6000.0).collect();
        let (whole, fifths) =
            (time.iter().map(|time| time.floor()), time.iter().map(|time| (time * 5.0).ceil()));
        let (whole, fifths): (Vec<f64>, Vec<f64>) = (whole.collect(), fifths.collect());
        let weights: Vec<f64> = noise(3).map(|u| 0.1 + u / 5000.0).collect();
        let counts: Vec<u64> = (0..N as u64).map(|row| 1 + row % 3).collect();
        for time in [&time, &whole, &fifths] {
            // As ordinary risks, and as some of which are far apart.
            for beta in
                [[0.0; 6], [0.3, -0.2, 0.1, 0.0, 0.5, -0.4], [60.0, -50.0, 0.1, 0.0, 9.0, 0.0]]
            {
                agrees(time, &event, &beta, None);
                agrees(time, &event, &beta, Some(Weights::case(&weights).unwrap()));
                agrees(time, &event, &beta, Some(Weights::frequency(&counts).unwrap()));
            }
        }
    }
}
