//! Hazards and their errors by direct sums over risk sets, the coefficients given.

use riskset::Ties;
use riskset::ndarray::ArrayView2;

use super::direct_sums::{Given, Weighting};
use crate::sample::{Row, Sample};

/// One step of one event time.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub time: f64,
    /// w/u.
    pub jump: f64,
    /// w/u².
    pub variance: f64,
}

/// A person in a stratum.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub stratum: u8,
    pub x: [f64; 2],
    pub offset: f64,
}

impl Given {
    /// The steps of one stratum.
    pub fn steps(self, sample: &Sample, stratum: u8, beta: [f64; 2]) -> Vec<Step> {
        let case = sample.case();
        let rows: Vec<(&Row, f64)> = (sample.rows.iter().zip(case.values()))
            .map(|(row, &case)| (row, self.weight(row, case)))
            .filter(|(row, _)| !self.strata || row.stratum == stratum)
            .collect();
        let events = rows.iter().filter(|(row, _)| row.event);
        let mut times: Vec<f64> = events.map(|(row, _)| row.exit).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        let mut steps = Vec::new();
        for time in times {
            let at_risk = |row: &Row| (!self.entry || row.entry < time) && time <= row.exit;
            let died = |row: &Row| row.event && row.exit == time;
            let sum = |of: &dyn Fn(&Row) -> bool| -> f64 {
                let risk = |(row, w): &(&Row, f64)| w * self.eta(row, beta).exp();
                rows.iter().filter(|(row, _)| of(row)).map(risk).sum()
            };
            let (all, leave) = (sum(&at_risk), sum(&died));
            let dead = rows.iter().filter(|(row, _)| died(row));
            let total: f64 = dead.clone().map(|(_, weight)| weight).sum();
            let n = if self.weights == Weighting::Frequency { total } else { dead.count() as f64 };
            for step in 0..n as usize {
                let gone = if self.ties == Ties::Efron { step as f64 / n } else { 0.0 };
                let u = all - gone * leave;
                steps.push(Step { time, jump: total / n / u, variance: total / n / (u * u) });
            }
        }
        steps
    }

    /// Λ of a person over (entry, exit], and its variance with the coefficients known.
    pub fn hazard(
        self,
        sample: &Sample,
        person: Person,
        beta: [f64; 2],
        (entry, exit): (f64, f64),
    ) -> (f64, f64) {
        let offset = if self.offset { person.offset } else { 0.0 };
        let risk = (person.x[0] * beta[0] + person.x[1] * beta[1] + offset).exp();
        let steps = self.steps(sample, person.stratum, beta);
        let within = steps.iter().filter(|step| entry < step.time && step.time <= exit);
        within.fold((0.0, 0.0), |(hazard, variance), step| {
            (hazard + risk * step.jump, variance + risk * risk * step.variance)
        })
    }

    /// ∫₀^τ exp(−Λ), and Σ A² w/u² exp(2η).
    pub fn area(self, sample: &Sample, person: Person, beta: [f64; 2], tau: f64) -> (f64, f64) {
        let hazard = |time: f64| self.hazard(sample, person, beta, (-1.0, time)).0;
        let mut times: Vec<f64> =
            self.steps(sample, person.stratum, beta).iter().map(|step| step.time).collect();
        times.dedup();
        times.retain(|&time| time < tau);
        let area = |from: f64| {
            let mut cuts = vec![from];
            cuts.extend(times.iter().copied().filter(|&time| time > from));
            cuts.push(tau);
            cuts.windows(2).map(|c| (-hazard(c[0])).exp() * (c[1] - c[0])).sum::<f64>()
        };
        let variance = times.iter().map(|&time| {
            let before = self.hazard(sample, person, beta, (-1.0, time)).1;
            let without = self.hazard(sample, person, beta, (-1.0, time - 0.5)).1;
            area(time).powi(2) * (before - without)
        });
        (area(0.0), variance.sum())
    }
}

/// gᵀ V g with the gradient of `of` by central differences.
pub fn delta(beta: [f64; 2], vcov: ArrayView2<'_, f64>, of: impl Fn([f64; 2]) -> f64) -> f64 {
    let gradient = [0, 1].map(|j| {
        let h = 1e-5;
        let (mut up, mut down) = (beta, beta);
        up[j] += h;
        down[j] -= h;
        (of(up) - of(down)) / (2.0 * h)
    });
    let mut sum = 0.0;
    for (j, a) in gradient.iter().enumerate() {
        for (l, b) in gradient.iter().enumerate() {
            sum += a * vcov[[j, l]] * b;
        }
    }
    sum
}
