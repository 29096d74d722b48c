//! The pass over event times: log-likelihood, hazard jumps, and Σ E Eᵀ.

use ndarray::{Array1, Array2, ArrayView1};

use super::exact;
use super::jumps::Jumps;
use super::ordered::Ordered;
use super::risk_sets;
use super::risks::Risks;
use super::scaled_sum::{ScaledSum, ln_scale};
use super::stratum::{EventTime, StratumRows};
use super::ties::{Steps, Ties};
use super::varying::{self, VaryingPass};
use crate::linalg::{Gram, dot};
use crate::numerics::blocks;
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
        let Collected { mut log_likelihood, size, means } = collected;
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
            let risk = Risks::of(ordered, beta, part.rows.clone())?;
            // Nobody comes after the last part.
            let sums = (!part.last).then(|| risk_sets::sums_of_part(ordered, part, &risk));
            Some((risk, sums))
        },
        |part, found| {
            let (risk, sums) = found?;
            if part.first {
                before.clear();
            }
            let start = before.clone();
            if let Some(sums) = sums {
                before.merge(&sums);
            }
            Some((risk, start))
        },
        |part, (risk, before)| {
            let mut of_part = Jumps::with_capacity(part.times.len());
            let mut collected = Collected::new(p);
            risk_sets::walk_part(ordered, part, &risk, before, |time, stay, leave| {
                collected.visit((ordered, ties, beta), time, (stay, leave), &mut of_part);
            });
            (part, risk, of_part, collected)
        },
        |(part, risk, of_part, collected)| {
            risks.append(part.rows.start, &risk);
            jumps[part.stratum].append(&of_part);
            all.merge(collected);
        },
    )?;
    Some((risks, jumps, all))
}

/// Walks any risk sets.
fn by_strata(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Walked> {
    let risks = Risks::of_all(ordered, beta)?;
    let mut all = Collected::new(ordered.n_columns());
    let of_stratum = |stratum: &StratumRows| {
        let mut jumps = Jumps::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &risks, |k, stay, leave| {
            let time = &stratum.times[k];
            all.visit((ordered, ties, beta), time, (stay, leave), &mut jumps);
        });
        jumps
    };
    let jumps = ordered.strata.iter().map(of_stratum).collect();
    Some((risks, jumps, all))
}

/// What is collected over event times whose events take steps.
struct Collected {
    log_likelihood: Sum,
    /// Σ |w η| of the events.
    size: f64,
    means: Gram,
}

impl Collected {
    fn new(p: usize) -> Self {
        Self { log_likelihood: Sum::default(), size: 0.0, means: Gram::new(p) }
    }

    /// One event time, whose jump comes behind those before.
    #[inline]
    fn visit(
        &mut self,
        (ordered, ties, beta): (&Ordered, Ties, &[f64]),
        time: &EventTime,
        (stay, leave): (&mut ScaledSum, &mut ScaledSum),
        jumps: &mut Jumps,
    ) {
        let exponent = stay.align(leave);
        let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        let ln = steps.ln + time.weight() * ln_scale(exponent);
        // One by one: where η is large, the log-likelihood is a small rest.
        let mut events =
            time.events().map(|place| ordered.weight[place] * eta(ordered, beta, place));
        let first = events.next().unwrap_or(0.0);
        self.size += first.abs();
        self.log_likelihood.add(first - ln);
        for of_event in events {
            self.size += of_event.abs();
            self.log_likelihood.add(of_event);
        }
        add_mean(&mut self.means, time, &steps, stay, leave);
        jumps.push(&steps, exponent);
    }

    fn merge(&mut self, other: Self) {
        self.log_likelihood.merge(other.log_likelihood);
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
/// steps is a quadratic form in the first moments of those who stay and who leave.
pub(crate) fn add_mean(
    sum: &mut Gram,
    time: &EventTime,
    steps: &Steps,
    stay: &ScaledSum,
    leave: &ScaledSum,
) {
    let both = stay.first.iter().zip(&leave.first);
    let root = steps.square.sqrt();
    sum.push(both.map(|(n, d)| root * (n + steps.mean_theta * d)));
    if steps.spread > 0.0 && time.steps() > 1.0 {
        let root = steps.spread.sqrt();
        sum.push(leave.first.iter().map(|d| root * d));
    }
}
