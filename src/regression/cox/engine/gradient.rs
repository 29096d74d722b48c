//! Log-likelihood and score alone: one pass for the risks, one for their sums, no products of columns.

use super::event_rows::EventRows;
use super::ordered::Ordered;
use super::risk_sets;
use super::risks::Risks;
use super::scaled_sum::{ScaledSum, ln_scale};
use super::stratum::{EventTime, StratumRows};
use super::ties::Ties;
use super::times::risks;
use crate::numerics::sum::Sum;

/// Log-likelihood and score at given coefficients, in the scaled columns.
#[derive(Debug, Clone)]
pub(super) struct Gradient {
    pub(super) log_likelihood: f64,
    pub(super) score: Vec<f64>,
}

impl Gradient {
    /// The score as Σ w x − Σ w E over the events; `None` where the log-likelihood is not finite. For rows
    /// whose events all take steps and whose coefficients do not vary.
    pub(super) fn new(
        ordered: &Ordered,
        of_events: &EventRows,
        ties: Ties,
        beta: &[f64],
    ) -> Option<Self> {
        let risk = risks(ordered, beta)?;
        let mut sums = Sums {
            ordered,
            ties,
            log_likelihood: Sum::default(),
            score: of_events.columns().to_vec(),
        };
        sums.log_likelihood.add(of_events.eta(beta));
        for stratum in &ordered.strata {
            match stratum.intervals {
                None => sums.add_nested(stratum, &risk),
                Some(_) => risk_sets::walk(ordered, stratum, &risk, |k, stay, leave| {
                    sums.add(&stratum.times[k], stay, leave);
                }),
            }
        }
        let log_likelihood = sums.log_likelihood.value();
        log_likelihood.is_finite().then_some(Self { log_likelihood, score: sums.score })
    }
}

/// The sums over event times.
struct Sums<'a> {
    ordered: &'a Ordered,
    ties: Ties,
    log_likelihood: Sum,
    score: Vec<f64>,
}

impl Sums<'_> {
    /// Adds a stratum whose risk sets are nested. A single event goes to the running sum at once.
    fn add_nested(&mut self, stratum: &StratumRows, risk: &Risks) {
        let p = self.score.len();
        let (mut stay, mut leave) = (ScaledSum::new(p), ScaledSum::new(p));
        for time in &stratum.times {
            let ordered = self.ordered;
            let add = |sum: &mut ScaledSum, place| sum.add(risk.at(place), ordered.row(place));
            time.joining().for_each(|place| add(&mut stay, place));
            if time.events().len() == 1 && time.steps() == 1.0 {
                add(&mut stay, time.events().start);
                self.add_single(time, &stay);
                continue;
            }
            leave.clear();
            time.events().for_each(|place| add(&mut leave, place));
            self.add(time, &mut stay, &mut leave);
            stay.merge(&leave);
        }
    }

    /// Adds a time with one event, which is in the sum of the risk set.
    fn add_single(&mut self, time: &EventTime, all: &ScaledSum) {
        let weight = time.weight();
        self.log_likelihood.add(-weight * (all.total.ln() + ln_scale(all.exponent)));
        let hazard = weight / all.total;
        self.score.iter_mut().zip(&all.first).for_each(|(sum, s)| *sum -= hazard * s);
    }

    /// Adds an event time, with the sums of those who stay and of those who leave.
    fn add(&mut self, time: &EventTime, stay: &mut ScaledSum, leave: &mut ScaledSum) {
        let exponent = stay.align(leave);
        let steps = self.ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
        self.log_likelihood.add(-steps.ln - time.weight() * ln_scale(exponent));
        let (of_stay, of_leave) = (steps.hazard, steps.hazard_event);
        for ((sum, n), d) in self.score.iter_mut().zip(&stay.first).zip(&leave.first) {
            *sum -= of_stay * n + of_leave * d;
        }
    }
}
