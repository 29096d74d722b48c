//! The pass over event times: log-likelihood, hazard jumps, and Σ E Eᵀ.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::exact;
use super::ordered::Ordered;
use super::risk_sets;
use super::risks::Risks;
use super::scaled_sum::{Scaled, ScaledSum, ln_scale};
use super::stratum::EventTime;
use super::ties::{Steps, Ties};
use super::varying::{self, VaryingPass};
use crate::linalg::{Gram, dot};
use crate::numerics::sum::Sum;

/// The jump of the cumulative hazard at one event time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Jump {
    stay: f64,
    leave: f64,
    exponent: i32,
}

impl Jump {
    /// From the sums over the steps, where the risks that they divide by are on `exponent`: their
    /// inverses are on its negative.
    pub(crate) fn new(steps: &Steps, exponent: i32) -> Self {
        Self { stay: steps.hazard, leave: steps.hazard_event, exponent: -exponent }
    }

    /// For the rows that stay at risk.
    pub(crate) fn stay(self) -> Scaled {
        Scaled { mantissa: self.stay, exponent: self.exponent }
    }

    /// For the rows that have the event.
    pub(crate) fn leave(self) -> Scaled {
        Scaled { mantissa: self.leave, exponent: self.exponent }
    }
}

/// What the event times yield at given coefficients.
#[derive(Debug, Clone)]
pub(crate) struct TimesPass {
    pub(crate) log_likelihood: f64,
    /// Weighted risk of each place.
    pub(crate) risk: Risks,
    /// By stratum, then by event time, latest first.
    pub(crate) jumps: Vec<Vec<Jump>>,
    /// Σ w E Eᵀ over the steps of all event times.
    means: Gram,
    /// Everything where coefficients vary with time; the rest is empty then.
    pub(crate) varying: Option<VaryingPass>,
}

impl TimesPass {
    /// Walks all risk sets; `None` where the log-likelihood is not finite.
    pub(crate) fn new(ordered: &Ordered, ties: Ties, beta: &[f64]) -> Option<Self> {
        if let Some(varying) = &ordered.varying {
            return varying::pass(ordered, varying, ties, beta).map(Self::of_varying);
        }
        let risk = risks(ordered, beta)?;
        let mut log_likelihood = Sum::default();
        let mut means = OuterSum::new(ordered.n_columns());
        let mut jumps = Vec::with_capacity(ordered.strata.len());
        for stratum in &ordered.strata {
            let mut of_stratum = Vec::with_capacity(stratum.times.len());
            risk_sets::walk(ordered, stratum, &risk, |k, stay, leave| {
                let time = &stratum.times[k];
                let exponent = stay.align(leave);
                let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
                // One by one: where η is large, the log-likelihood is a small rest.
                for place in time.events() {
                    log_likelihood.add(ordered.weight[place] * eta(ordered, beta, place));
                }
                let scale = time.weight() * ln_scale(exponent);
                log_likelihood.add(-steps.ln - scale);
                means.add(time, &steps, stay, leave);
                of_stratum.push(Jump::new(&steps, exponent));
            });
            jumps.push(of_stratum);
        }
        if ordered.has_tied_times() {
            log_likelihood.add(exact::log_likelihood(
                ordered,
                beta,
                &linear_predictor(ordered, beta),
            ));
        }
        let log_likelihood = log_likelihood.value();
        let means = means.finish();
        log_likelihood.is_finite().then_some(Self {
            log_likelihood,
            risk,
            jumps,
            means,
            varying: None,
        })
    }

    fn of_varying(pass: VaryingPass) -> Self {
        let (risk, jumps, means) = (Risks::default(), Vec::new(), Gram::new(0));
        Self { log_likelihood: pass.log_likelihood, risk, jumps, means, varying: Some(pass) }
    }

    /// Σ w E Eᵀ.
    pub(crate) fn means(&self) -> Array2<f64> {
        self.means.clone().symmetric()
    }
}

/// η = xβ + offset at one place.
fn eta(ordered: &Ordered, beta: &[f64], place: usize) -> f64 {
    let offset = ordered.offset.as_ref().map_or(0.0, |offset| offset[place]);
    dot(ordered.row(place), beta) + offset
}

/// w exp(η) of each place; `None` where some η is out of reach.
pub(super) fn risks(ordered: &Ordered, beta: &[f64]) -> Option<Risks> {
    if beta.iter().all(|&beta| beta == 0.0) && ordered.offset.is_none() {
        return Some(ordered.weight.clone().into());
    }
    let mut risks = Risks::with_capacity(ordered.weight.len());
    for (place, &weight) in ordered.weight.iter().enumerate() {
        let eta = eta(ordered, beta, place);
        if !(eta.abs() < 1e9) {
            return None;
        }
        risks.push(Scaled::exp(eta, weight));
    }
    Some(risks)
}

/// η = xβ + offset at each place, without what varies with time.
pub(crate) fn linear_predictor(ordered: &Ordered, beta: &[f64]) -> Array1<f64> {
    let eta = ordered.matrix().dot(&ArrayView1::from(&beta[..ordered.x.ncols()]));
    match &ordered.offset {
        Some(offset) => eta + ArrayView1::from(offset),
        None => eta,
    }
}

/// Collects vectors in blocks for Σ v vᵀ.
pub(crate) struct OuterSum {
    /// The vectors of a block, one after the other.
    block: Vec<f64>,
    filled: usize,
    gram: Gram,
}

/// Vectors a block holds.
const BLOCK: usize = 256;

impl OuterSum {
    pub(crate) fn new(p: usize) -> Self {
        Self { block: Vec::with_capacity(BLOCK * p), filled: 0, gram: Gram::new(p) }
    }

    /// Adds Σ w E Eᵀ of one event time, in one vector, or two where tied events take steps: the
    /// sum over steps is a quadratic form in the first moments of those who stay and who leave.
    pub(crate) fn add(
        &mut self,
        time: &EventTime,
        steps: &Steps,
        stay: &ScaledSum,
        leave: &ScaledSum,
    ) {
        let both = stay.first.iter().zip(&leave.first);
        let root = steps.square.sqrt();
        self.push(both.map(|(n, d)| root * (n + steps.mean_theta * d)));
        if steps.spread > 0.0 && time.steps() > 1.0 {
            let root = steps.spread.sqrt();
            self.push(leave.first.iter().map(|d| root * d));
        }
    }

    /// Adds the outer product of a vector, whose length is the number of columns.
    #[inline]
    pub(crate) fn push(&mut self, vector: impl Iterator<Item = f64>) {
        self.block.extend(vector);
        self.filled += 1;
        if self.filled == BLOCK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let shape = (self.filled, self.block.len() / self.filled.max(1));
        if let Ok(block) = ArrayView2::from_shape(shape, &self.block) {
            self.gram.add(block);
        }
        self.block.clear();
        self.filled = 0;
    }

    pub(crate) fn finish(mut self) -> Gram {
        self.flush();
        self.gram
    }
}
