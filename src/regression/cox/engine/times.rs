//! The pass over event times: log-likelihood, hazard jumps, and Σ E Eᵀ.

use ndarray::{Array1, Array2, ArrayView1};

use super::exact;
use super::jumps::Jumps;
use super::ordered::Ordered;
use super::parts::Part;
use super::risk_sets::{self, Visit};
use super::risks::Risks;
use super::scaled_sum::{ScaledSum, ln_scale};
use super::stratum::{EventTime, StratumRows};
use super::ties::{Steps, Ties};
use super::varying::{self, VaryingPass};
use crate::linalg::{Gram, dot};
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
    /// Σ w E Eᵀ over the steps of all event times.
    pub(super) means: Array2<f64>,
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
        let (risk, jumps, collected) = match ordered.is_nested() {
            true => by_parts(ordered, ties, beta)?,
            false => by_strata(ordered, ties, beta)?,
        };
        let Collected { events, logarithms, size, means } = collected;
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
            means: means.symmetric(),
            varying: None,
        })
    }

    /// Gives back what is as long as the rows.
    pub(crate) fn release(&mut self) {
        (self.risk, self.jumps) = (Risks::default(), Vec::new());
    }

    fn of_varying(pass: VaryingPass) -> Self {
        let (risk, jumps, means) = (Risks::default(), Vec::new(), Array2::default((0, 0)));
        let (log_likelihood, rounding) = (pass.log_likelihood, 0.0);
        Self { log_likelihood, rounding, risk, jumps, means, varying: Some(pass) }
    }
}

/// Risks, by stratum the jumps, and what is collected.
type Walked = (Risks, Vec<Jumps>, Collected);

/// Walks nested risk sets part by part.
fn by_parts(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Walked> {
    let p = ordered.n_columns();
    let mut risks = Risks::with_capacity(ordered.weight.len());
    let room = |stratum: &StratumRows| Jumps::with_capacity(stratum.times.len());
    let mut jumps: Vec<Jumps> = ordered.strata.iter().map(room).collect();
    let mut all = Collected::new(p);
    let mut before = ScaledSum::new(p);
    blocks::scan(
        ordered.parts.iter().collect(),
        |part| {
            let (risk, eta) = Risks::with_predictors(ordered, beta, part.rows.clone())?;
            // Nobody comes after the last part.
            let sums = (!part.last).then(|| risk_sets::sums_of_part(ordered, part, &risk));
            Some((risk, eta, sums))
        },
        |part, found| {
            let (risk, eta, sums) = found?;
            if part.first {
                before.clear();
            }
            let start = before.clone();
            if let Some(sums) = sums {
                before.merge(&sums);
            }
            Some((risk, eta, start))
        },
        |part, (risk, eta, before)| {
            let (jumps, all) = (Jumps::with_capacity(part.times.len()), Collected::new(p));
            let mut visits = PartVisits { ordered, ties, part, eta: &eta, jumps, all };
            risk_sets::walk_part(ordered, part, &risk, before, &mut visits);
            (part, risk, visits.jumps, visits.all)
        },
        |(part, risk, of_part, collected)| {
            risks.append(part.rows.start, &risk);
            jumps[part.stratum].append(&of_part);
            all.merge(collected);
        },
    )?;
    Some((risks, jumps, all))
}

/// The event times of a part.
struct PartVisits<'a> {
    ordered: &'a Ordered,
    ties: Ties,
    part: &'a Part,
    /// η of the rows of the part.
    eta: &'a [f64],
    jumps: Jumps,
    all: Collected,
}

impl Visit for PartVisits<'_> {
    #[inline(always)]
    fn visit(&mut self, time: &EventTime, stay: &mut ScaledSum, leave: &mut ScaledSum) {
        let (places, start) = (time.events(), self.part.rows.start);
        let eta = &self.eta[places.start - start..places.end - start];
        let both = places.zip(eta);
        both.for_each(|(place, eta)| self.all.add_event(self.ordered.weight[place] * eta));
        self.all.visit(self.ties, time, (stay, leave), &mut self.jumps);
    }
}

/// Walks any risk sets.
fn by_strata(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Walked> {
    let risks = Risks::of_all(ordered, beta)?;
    let mut all = Collected::new(ordered.n_columns());
    let of_stratum = |stratum: &StratumRows| {
        let mut jumps = Jumps::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &risks, |k, stay, leave| {
            let time = &stratum.times[k];
            for place in time.events() {
                all.add_event(ordered.weight[place] * eta(ordered, beta, place));
            }
            all.visit(ties, time, (stay, leave), &mut jumps);
        });
        jumps
    };
    let jumps = ordered.strata.iter().map(of_stratum).collect();
    Some((risks, jumps, all))
}

/// What is collected over event times whose events take steps.
struct Collected {
    /// Σ w η of the events.
    events: Sum,
    /// Σ w ln u over the steps.
    logarithms: LnSum,
    /// Σ |w η| of the events.
    size: f64,
    means: Gram,
}

impl Collected {
    fn new(p: usize) -> Self {
        Self {
            events: Sum::default(),
            logarithms: LnSum::default(),
            size: 0.0,
            means: Gram::new(p),
        }
    }

    /// An event, given its w η. They are added one by one: where η is large, the log-likelihood is a small
    /// rest.
    #[inline(always)]
    fn add_event(&mut self, of_event: f64) {
        self.size += of_event.abs();
        self.events.add(of_event);
    }

    /// One event time, whose jump comes behind those before. It is compiled for the processor of its caller.
    #[inline(always)]
    fn visit(
        &mut self,
        ties: Ties,
        time: &EventTime,
        (stay, leave): (&mut ScaledSum, &mut ScaledSum),
        jumps: &mut Jumps,
    ) {
        let exponent = stay.align(leave);
        let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        let sums = (stay.total, leave.total);
        ties.add_logarithms(time.steps(), time.step_weight(), sums, &mut self.logarithms);
        if exponent != 0 {
            self.events.add(-time.weight() * ln_scale(exponent));
        }
        add_mean(&mut self.means, time, &steps, stay, leave);
        jumps.push(&steps, exponent);
    }

    fn merge(&mut self, other: Self) {
        self.events.merge(other.events);
        self.logarithms.merge(other.logarithms);
        self.size += other.size;
        self.means.merge(other.means);
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
pub(crate) fn add_mean(
    sum: &mut Gram,
    time: &EventTime,
    steps: &Steps,
    stay: &ScaledSum,
    leave: &ScaledSum,
) {
    let root = steps.square.sqrt();
    let leaving = (!leave.is_empty()).then_some((root * steps.mean_theta, &leave.first[..]));
    sum.push_combination((root, &stay.first), leaving);
    if steps.spread > 0.0 && time.steps() > 1.0 {
        sum.push_combination((steps.spread.sqrt(), &leave.first), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored, Rows, SurvivalData};
    use crate::numerics::test_numbers::{fractions, same_bits};
    use crate::regression::cox::engine::risk_sets::{walk_in_turn, walk_part};

    const N: usize = 300;

    fn rows(data: &impl SurvivalData) -> &Rows {
        data.rows()
    }

    /// The walk, and what is done at an event time, which is compiled with it.
    #[test]
    fn same_bits_on_every_processor() {
        // Days of which some have one event and some many, among rows that leave without one.
        let time: Vec<f64> = (0..N).map(|row| (row * row % 401 / 5) as f64).collect();
        let event: Vec<bool> = (0..N).map(|row| row % 3 > 0).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        for p in 1..=21 {
            let columns = fractions(N * p);
            let mut design = Design::builder();
            for (j, column) in columns.chunks_exact(N).enumerate() {
                design = design.numeric(&format!("x{j}"), column);
            }
            let ordered = Ordered::new(rows(&data), &design.build().unwrap(), Ties::Efron, None);
            let part = &ordered.parts[0];
            assert_eq!(part.times, 0..ordered.strata[0].times.len());
            let beta: Vec<f64> = fractions(p).iter().map(|beta| beta * 1e-6).collect();
            let (risk, eta) = Risks::with_predictors(&ordered, &beta, part.rows.clone()).unwrap();
            let found = |plain: bool| {
                let (jumps, all) = (Jumps::with_capacity(0), Collected::new(p));
                let ordered = &ordered;
                let mut visits =
                    PartVisits { ordered, ties: Ties::Efron, part, eta: &eta, jumps, all };
                match plain {
                    true => walk_in_turn(ordered, part, &risk, ScaledSum::new(p), &mut visits),
                    false => walk_part(ordered, part, &risk, ScaledSum::new(p), &mut visits),
                }
                let PartVisits { jumps, all, .. } = visits;
                let mut numbers = vec![all.events.value(), all.logarithms.sum().value(), all.size];
                let of_time = |k| [jumps.stay(k).mantissa, jumps.leave(k).mantissa];
                numbers.extend((0..jumps.len()).flat_map(of_time));
                numbers.extend(all.means.symmetric());
                numbers
            };
            assert!(same_bits(&found(false), &found(true)), "{p} columns");
        }
    }
}
