//! The pass over event times: log-likelihood, hazard jumps, and Σ E Eᵀ.

#![expect(
    clippy::indexing_slicing,
    reason = "a part lies in one of the strata, a place in its part, and β has all columns"
)]

use ndarray::{Array1, Array2, ArrayView1};
use std::ops::Range;

use super::event_times::EventTime;
use super::exact;
use super::jumps::Jumps;
use super::ordered::Ordered;
use super::parts::Part;
use super::risk_sets;
use super::risks::Risks;
use super::scaled_sum::{Scaled, ScaledSum, ln_scale, power};
use super::stratum::StratumRows;
use super::ties::{Steps, Ties};
use super::varying::{self, VaryingPass};
use crate::linalg::{Gram, dot, running_sums, sum};
use crate::numerics::blocks;
use crate::numerics::ln_sum::LnSum;
use crate::numerics::sum::Sum;

/// What the event times yield at given coefficients.
#[derive(Debug, Clone)]
pub(crate) struct TimesPass {
    pub(crate) log_likelihood: f64,
    /// What rounding of the η of events can have done to it: where columns lie far from 0 against what they
    /// say, it is a small rest of them. Of events that take steps; 0 where coefficients vary.
    pub(crate) rounding: f64,
    /// Weighted risk of each place.
    pub(crate) risk: Risks,
    /// By stratum, then by event time, latest first.
    pub(crate) jumps: Vec<Jumps>,
    /// Σ w E Eᵀ over the steps of all event times; none where risk sets are nested.
    pub(super) means: Option<Array2<f64>>,
    /// Everything where coefficients vary with time; the rest is empty then.
    pub(crate) varying: Option<VaryingPass>,
}

/// Rounding of η, relative to its size.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

impl TimesPass {
    /// Walks all risk sets; `None` where the log-likelihood is not finite.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Self> {
        if let Some(varying) = &ordered.varying {
            return varying::pass(ordered, varying, ties, beta).map(Self::of_varying);
        }
        let Walked { risk, jumps, collected, means } = match ordered.is_nested() {
            true => by_parts(ordered, ties, beta)?,
            false => by_strata(ordered, ties, beta)?,
        };
        let Collected { events, logarithms, size } = collected;
        let mut log_likelihood = events.after(logarithms.sum());
        if ordered.has_tied_times() {
            log_likelihood.add(exact::log_likelihood(
                ordered,
                beta,
                &linear_predictor(ordered, beta),
            ));
        }
        let log_likelihood = log_likelihood.value();
        log_likelihood.is_finite().then_some(Self {
            log_likelihood,
            rounding: ROUNDING * size,
            risk,
            jumps,
            means,
            varying: None,
        })
    }

    /// Gives back what is as long as the rows.
    pub(crate) fn release(&mut self) {
        (self.risk, self.jumps) = (Risks::default(), Vec::new());
    }

    fn of_varying(pass: VaryingPass) -> Self {
        let (risk, jumps, means) = (Risks::default(), Vec::new(), None);
        let (log_likelihood, rounding) = (pass.log_likelihood, 0.0);
        Self { log_likelihood, rounding, risk, jumps, means, varying: Some(pass) }
    }
}

/// What a walk over the risk sets finds.
struct Walked {
    risk: Risks,
    /// By stratum.
    jumps: Vec<Jumps>,
    collected: Collected,
    means: Option<Array2<f64>>,
}

/// Walks nested risk sets part by part. Their covariates are met in the [pass over rows](super::nested).
fn by_parts(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Walked> {
    let mut risks = Risks::default();
    let mut jumps = vec![Jumps::default(); ordered.strata.len()];
    let mut all = Collected::default();
    let mut before = Scaled::ZERO;
    blocks::scan(
        ordered.parts.iter(),
        |part| {
            let (risk, eta) = Risks::with_predictors(ordered, beta, part.rows.clone())?;
            let total = risk.sum(0..part.rows.len());
            Some((risk, eta, total))
        },
        |part, found| {
            let (risk, eta, total) = found?;
            let start = if part.first { Scaled::ZERO } else { before };
            before = start.plus(total);
            Some((risk, eta, start))
        },
        |part, (risk, eta, before)| {
            let mut times = PartTimes::new(ordered, ties, part);
            times.walk(&risk, eta, before);
            (part, risk, times)
        },
        |(part, risk, times)| {
            risks.append(part.rows.start, risk, ordered.weight.len());
            jumps[part.stratum].append(times.jumps, ordered.strata[part.stratum].times.len());
            all.merge(times.all);
        },
    )?;
    Some(Walked { risk: risks, jumps, collected: all, means: None })
}

/// The event times of a part.
struct PartTimes<'a> {
    ordered: &'a Ordered,
    ties: Ties,
    part: &'a Part,
    jumps: Jumps,
    all: Collected,
}

impl<'a> PartTimes<'a> {
    fn new(ordered: &'a Ordered, ties: Ties, part: &'a Part) -> Self {
        let jumps = Jumps::with_capacity(part.times.len());
        Self { ordered, ties, part, jumps, all: Collected::default() }
    }

    /// Takes all times, given risk and η of the rows of the part, and the risk of the rows before it.
    fn walk(&mut self, risk: &Risks, eta: Vec<f64>, stay: Scaled) {
        let steps = self.part.tied.is_empty() || self.stratum().times.events_are_steps();
        match risk.ordinary(0..risk.len()).filter(|_| steps && stay.exponent == 0) {
            Some(risk) => self.walk_steps(risk, eta, stay.mantissa),
            None => self.walk_times(risk, &eta, stay),
        }
    }

    /// One time after the other, whatever the size of the risks and the number of steps.
    fn walk_times(&mut self, risk: &Risks, eta: &[f64], mut stay: Scaled) {
        for time in self.stratum().times.range(self.part.times.clone()) {
            let (joining, events) = (self.here(time.joining()), self.here(time.events()));
            let both = time.events().zip(&eta[events.clone()]);
            both.for_each(|(place, eta)| self.all.add_event(self.ordered.weight[place] * eta));
            stay = stay.plus(risk.sum(joining));
            let leave = risk.sum(events);
            let all = stay.plus(leave);
            let on = |number: Scaled| number.mantissa * power(number.exponent - all.exponent);
            let sums = (on(stay), on(leave));
            self.all.add_time(self.ties, &time, sums, all.exponent);
            let (n, each) = (time.steps(), time.step_weight());
            self.jumps.push(self.ties.hazards(n, each, sums.0, sums.1), all.exponent);
            stay = all;
        }
    }

    /// Each event as one step, where all risks are on the exponent 0: only where events are tied times are asked.
    fn walk_steps(&mut self, risk: &[f64], mut etas: Vec<f64>, before: f64) {
        let places = self.part.rows.clone();
        // Empty where all are 1.
        let mut weights = self.ordered.weight.of(places.clone()).unwrap_or_default().to_vec();
        let mut totals = risk.to_vec();
        running_sums(&mut totals, before);
        // Each place is written, and kept if it has the event: nobody can foresee who has.
        let mut n = 0;
        for (row, &event) in self.ordered.event[places].iter().enumerate() {
            (totals[n], etas[n]) = (totals[row], etas[row]);
            if let Some(&weight) = weights.get(row) {
                weights[n] = weight;
            }
            n += usize::from(event);
        }
        totals.truncate(n);
        let weight_at = |weights: &[f64], k: usize| weights.get(k).copied().unwrap_or(1.0);
        let both = etas[..n].iter().enumerate();
        both.for_each(|(k, eta)| self.all.add_event(weight_at(&weights, k) * eta));
        let tied = self.tied();
        // From the last one back: the total before each is still that of all rows there.
        for (time, steps) in tied.iter().rev() {
            let before = steps.start.checked_sub(1).map_or(before, |last| totals[last]);
            let stay = before + sum(&risk[self.here(time.joining())]);
            let leave = sum(&risk[self.here(time.events())]);
            if let Some(weights) = weights.get_mut(steps.clone()) {
                weights.fill(time.step_weight());
            }
            let both = totals[steps.clone()].iter_mut().zip(self.ties.thetas(steps.len()));
            both.for_each(|(total, theta)| *total = stay + theta * leave);
        }
        for (k, total) in totals.iter_mut().enumerate() {
            let weight = weight_at(&weights, k);
            self.all.logarithms.add(weight, *total);
            *total = weight / *total;
        }
        self.push_jumps(&totals, tied);
    }

    /// Adds the jumps of all times, given those of the steps and which of them are tied.
    fn push_jumps(&mut self, of_steps: &[f64], tied: Vec<(EventTime, Range<usize>)>) {
        let mut next = 0;
        for (_, steps) in tied {
            self.jumps.extend_untied(&of_steps[next..steps.start]);
            next = steps.end;
            let both = of_steps[steps.clone()].iter().zip(self.ties.thetas(steps.len()));
            let sums = both.fold((0.0, 0.0), |(stay, leave), (jump, theta)| {
                (stay + jump, leave + theta * jump)
            });
            self.jumps.push(sums, 0);
        }
        self.jumps.extend_untied(&of_steps[next..]);
    }

    /// The times of several events, and where these stand among all events of the part.
    fn tied(&self) -> Vec<(EventTime, Range<usize>)> {
        let (times, first) = (&self.stratum().times, self.part.times.start);
        // Of the events before a time, those that are not the first of theirs.
        let mut more = 0;
        let of_time = |&k: &usize| {
            let start = k - first + more;
            let n = times.events(k).len();
            more += n - 1;
            (times.at(k), start..start + n)
        };
        self.part.tied.iter().map(of_time).collect()
    }

    fn stratum(&self) -> &'a StratumRows {
        &self.ordered.strata[self.part.stratum]
    }

    /// Places among those of the part.
    fn here(&self, places: Range<usize>) -> Range<usize> {
        let start = self.part.rows.start;
        places.start - start..places.end - start
    }
}

/// Walks any risk sets.
fn by_strata(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Walked> {
    let risk = Risks::of_all(ordered, beta)?;
    let (mut collected, mut means) = (Collected::default(), Gram::new(ordered.n_columns()));
    let of_stratum = |stratum: &StratumRows| {
        let mut jumps = Jumps::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &risk, |k, stay, leave| {
            let time = &stratum.times.at(k);
            for place in time.events() {
                collected.add_event(ordered.weight[place] * eta(ordered, beta, place));
            }
            let exponent = stay.align(leave);
            let sums = (stay.total, leave.total);
            collected.add_time(ties, time, sums, exponent);
            let steps = ties.steps(time.steps(), time.step_weight(), sums.0, sums.1);
            add_mean(&mut means, &steps, stay, leave);
            jumps.push((steps.hazard, steps.hazard_event), exponent);
        });
        jumps
    };
    let jumps = ordered.strata.iter().map(of_stratum).collect();
    Some(Walked { risk, jumps, collected, means: Some(means.symmetric()) })
}

/// What is collected over event times whose events take steps.
#[derive(Default)]
struct Collected {
    /// Σ w η of the events.
    events: Sum,
    /// Σ w ln u over the steps.
    logarithms: LnSum,
    /// Σ |w η| of the events.
    size: f64,
}

impl Collected {
    /// An event, given its w η. They are added one by one: where η is large, the log-likelihood is a small
    /// rest.
    #[inline]
    fn add_event(&mut self, of_event: f64) {
        self.size += of_event.abs();
        self.events.add(of_event);
    }

    /// One event time, with the sums over those who stay and those who leave on an exponent.
    #[inline]
    fn add_time(&mut self, ties: Ties, time: &EventTime, sums: (f64, f64), exponent: i32) {
        ties.add_logarithms(time.steps(), time.step_weight(), sums, &mut self.logarithms);
        if exponent != 0 {
            self.events.add(-time.weight() * ln_scale(exponent));
        }
    }

    fn merge(&mut self, other: Self) {
        self.events.merge(other.events);
        self.logarithms.merge(other.logarithms);
        self.size += other.size;
    }
}

/// η = xβ + offset at one place.
fn eta(ordered: &Ordered, beta: &[f64], place: usize) -> f64 {
    let offset = ordered.offset.as_ref().map_or(0.0, |offset| offset[place]);
    dot(ordered.row(place), beta) + offset
}

/// η = xβ + offset at each place, without what varies with time.
pub(crate) fn linear_predictor(ordered: &Ordered, beta: &[f64]) -> Array1<f64> {
    let eta = ordered.matrix().dot(&ArrayView1::from(&beta[..ordered.x.n_columns()]));
    match &ordered.offset {
        Some(offset) => eta + ArrayView1::from(offset),
        None => eta,
    }
}

/// Adds Σ w E Eᵀ of one event time, in one vector, or two where tied events take steps: the sum over
/// steps is a quadratic form in the first moments of those who stay and who leave. It is compiled for the
/// processor of its caller.
#[inline(always)]
pub(crate) fn add_mean(sum: &mut Gram, steps: &Steps, stay: &ScaledSum, leave: &ScaledSum) {
    let root = steps.square.sqrt();
    let leaving = (!leave.is_empty()).then_some((root * steps.mean_theta, &leave.first[..]));
    sum.push_combination((root, &stay.first), leaving);
    if steps.spread > 0.0 {
        sum.push_combination((steps.spread.sqrt(), &leave.first), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored, Weights};

    /// Two parts.
    const N: usize = 9000;

    fn number(row: usize, k: usize) -> f64 {
        ((row * 7919 + k * 104_729) % 10_007) as f64 / 10_007.0
    }

    /// Weighted rows, of whom seven leave at a time, or one. Those of one of the latest times have `far` more
    /// for an offset, which is kept on an exponent where it is large: they stand in the first part, and are at
    /// risk all over the second.
    fn order(far: f64, tied: bool, ties: Ties) -> Ordered {
        let at_once = if tied { 7 } else { 1 };
        let time: Vec<f64> = (0..N).map(|row| (row * 7919 % N / at_once) as f64).collect();
        let late = (N * 9 / 10 / at_once) as f64;
        let event: Vec<bool> = (0..N).map(|row| number(row, 1) < 0.6).collect();
        let weights: Vec<f64> = (0..N).map(|row| number(row, 2) + 0.5).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let data = data.with_weights(Weights::sampling(&weights).unwrap()).unwrap();
        let offset = |row: usize| number(row, 3) + if time[row] == late { far } else { 0.0 };
        let offset: Vec<f64> = (0..N).map(offset).collect();
        let x: Vec<f64> = (0..N).map(|row| number(row, 4)).collect();
        let design = Design::builder().numeric("x", &x).offset(&offset).build().unwrap();
        Ordered::of_data(&data, &design, ties)
    }

    /// Part by part, and over all risk sets of a stratum one after the other.
    #[test]
    fn parts_find_what_a_walk_over_all_risk_sets_finds() {
        for (tied, ties) in [(false, Ties::Efron), (true, Ties::Efron), (true, Ties::Breslow)] {
            // 140 is just above what is ordinary: the number that is kept of it is tiny.
            for far in [0.0, 140.0, -300.0] {
                let (ordered, beta) = (order(far, tied, ties), [0.3]);
                assert_eq!((ordered.parts.len(), ordered.parts[1].tied.is_empty()), (2, !tied));
                let parts = by_parts(&ordered, ties, &beta).unwrap();
                let walk = by_strata(&ordered, ties, &beta).unwrap();
                assert_eq!(parts.risk.ordinary(0..N).is_some(), far == 0.0);
                let mut size = 0.0;
                let eta = linear_predictor(&ordered, &beta);
                for place in 0..N {
                    let ratio = parts.risk.at(place).over(walk.risk.at(place));
                    approx::assert_relative_eq!(ratio, 1.0, max_relative = 1e-15);
                    let event = f64::from(u8::from(ordered.event[place]));
                    size += event * ordered.weight[place] * eta[place].abs();
                }
                let (a, b) = (&parts.jumps[0], &walk.jumps[0]);
                assert_eq!((a.len(), b.len()), (ordered.strata[0].times.len(), a.len()));
                for k in 0..a.len() {
                    let ratio = [a.stay(k).over(b.stay(k)), a.leave(k).over(b.leave(k))];
                    approx::assert_relative_eq!(ratio[..], [1.0, 1.0], max_relative = 1e-12);
                }
                let value = |Collected { events, logarithms, .. }: Collected| {
                    events.after(logarithms.sum()).value()
                };
                for collected in [&parts.collected, &walk.collected] {
                    approx::assert_relative_eq!(collected.size, size, max_relative = 1e-12);
                }
                let (a, b) = (value(parts.collected), value(walk.collected));
                approx::assert_relative_eq!(a, b, max_relative = 1e-13);
            }
        }
    }
}
