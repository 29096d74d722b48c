//! The incidences of a person and the times lost, summed directly from cause-specific hazards, and their
//! variances by finite differences.

use riskset::competing::{CauseSpecificCoxFit, IncidenceForm};

use super::direct_hazard::Person;
use super::direct_sums::Given;
use crate::sample::Sample;

/// The rows with events of one cause only.
fn of_cause(sample: &Sample, code: u32) -> Sample {
    let mut sample = sample.clone();
    sample.rows.iter_mut().for_each(|row| row.event &= 1 + u32::from(row.group) == code);
    sample
}

/// The hazard of a person at each time and cause, and its variance with the coefficients known.
#[derive(Clone)]
pub struct Hazards {
    pub time: Vec<f64>,
    hazard: Vec<[f64; 3]>,
    variance: Vec<[f64; 3]>,
}

impl Hazards {
    pub fn new(given: Given, sample: &Sample, person: Person, beta: &[f64]) -> Self {
        let time: Vec<f64> = (1..=9).map(f64::from).collect();
        let (mut hazard, mut variance) = (vec![[0.0; 3]; 9], vec![[0.0; 3]; 9]);
        let offset = if given.offset { person.offset } else { 0.0 };
        for (cause, beta) in beta.chunks(2).enumerate() {
            let risk = (person.x[0] * beta[0] + person.x[1] * beta[1] + offset).exp();
            let own = of_cause(sample, cause as u32 + 1);
            for step in given.steps(&own, person.stratum, [beta[0], beta[1]]) {
                let k = time.iter().position(|&time| time == step.time).unwrap();
                hazard[k][cause] += risk * step.jump;
                variance[k][cause] += risk * risk * step.variance;
            }
        }
        Self { time, hazard, variance }
    }

    /// S and the incidences at each time.
    pub fn incidences(&self, form: IncidenceForm) -> Vec<[f64; 4]> {
        let (mut survival, mut incidence) = (1.0, [0.0; 3]);
        let one = |hazard: &[f64; 3]| {
            let all: f64 = hazard.iter().sum();
            let left = match form {
                IncidenceForm::Exponential => (-all).exp(),
                _ => (1.0 - all).max(0.0),
            };
            for (incidence, hazard) in incidence.iter_mut().zip(hazard) {
                *incidence += if all > 0.0 { survival * (1.0 - left) * hazard / all } else { 0.0 };
            }
            survival *= left;
            [survival, incidence[0], incidence[1], incidence[2]]
        };
        self.hazard.iter().map(one).collect()
    }

    /// The first time at which nobody is left by the product, where it has no derivative.
    pub fn emptied(&self) -> Option<usize> {
        let jump = |hazard: &[f64; 3]| hazard.iter().sum::<f64>();
        self.hazard.iter().position(|hazard| (jump(hazard) - 1.0).abs() < 1e-3)
    }

    /// The first time at which the product would leave less than nobody.
    pub fn above_one(&self) -> Option<f64> {
        let jump = |k: &usize| self.hazard[*k].iter().sum::<f64>();
        let first = (0..9).find(|k| jump(k) > 1.0 - 1e-10)?;
        (jump(&first) > 1.0 + 1e-10).then(|| self.time[first])
    }

    /// The areas under the incidences up to a time.
    pub fn lost(&self, form: IncidenceForm, tau: f64) -> [f64; 3] {
        let curve = self.incidences(form);
        let mut lost = [0.0; 3];
        for (k, at) in curve.iter().enumerate() {
            let right = self.time.get(k + 1).map_or(tau, |&time| time.min(tau));
            let width = (right - self.time[k]).max(0.0);
            lost.iter_mut().zip(&at[1..]).for_each(|(lost, f)| *lost += f * width);
        }
        lost
    }
}

/// The variance of several quantities of the hazards by finite differences: all jumps and all
/// coefficients one by one.
pub fn variances(
    given: Given,
    (sample, person): (&Sample, Person),
    (fit, beta): (&CauseSpecificCoxFit, &[f64]),
    of: impl Fn(&Hazards) -> Vec<f64>,
) -> Vec<f64> {
    let at = Hazards::new(given, sample, person, beta);
    let n = of(&at).len();
    let mut sum = vec![0.0; n];
    for k in 0..at.time.len() {
        for cause in (0..3).filter(|&cause| at.hazard[k][cause] > 0.0) {
            let h = 1e-5 * at.hazard[k][cause];
            let moved = |h: f64| {
                let mut moved = at.clone();
                moved.hazard[k][cause] += h;
                of(&moved)
            };
            for (sum, (up, down)) in sum.iter_mut().zip(moved(h).iter().zip(moved(-h))) {
                *sum += ((up - down) / (2.0 * h)).powi(2) * at.variance[k][cause];
            }
        }
    }
    let moved = |j: usize, h: f64| {
        let mut beta = beta.to_vec();
        beta[j] += h;
        of(&Hazards::new(given, sample, person, &beta))
    };
    let gradients: Vec<Vec<f64>> = (0..6)
        .map(|j| {
            let both = moved(j, 1e-5).into_iter().zip(moved(j, -1e-5));
            both.map(|(up, down)| (up - down) / 2e-5).collect()
        })
        .collect();
    // Where the coefficients of each cause stand in the covariance of those that have a model.
    let with_model = (fit.causes().iter().enumerate()).filter(|(_, cause)| cause.fit.is_some());
    let places: Vec<usize> = with_model.flat_map(|(k, _)| [2 * k, 2 * k + 1]).collect();
    for (q, sum) in sum.iter_mut().enumerate() {
        for (a, &i) in places.iter().enumerate() {
            for (b, &j) in places.iter().enumerate() {
                *sum += gradients[i][q] * fit.vcov()[[a, b]] * gradients[j][q];
            }
        }
    }
    sum
}
