//! A centre: the rows stay here, sums leave.

use riskset::regression::cox::LikelihoodAt;
use riskset::{CoxPh, Design, RightCensored};

/// The rows of one centre. All centres have the same columns in the same order, and measure time on one grid.
#[derive(Debug)]
pub(crate) struct Centre {
    data: RightCensored,
    design: Design,
}

/// A grid of time: everybody leaves at the next of its times, and nobody later than at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Grid {
    pub(crate) width: f64,
    pub(crate) end: f64,
}

impl Grid {
    pub(crate) fn moved(self, time: f64, event: bool) -> (f64, bool) {
        let next = (time / self.width).ceil() * self.width;
        (next.min(self.end), event && next <= self.end)
    }
}

/// Σ w, Σ w x and Σ w x xᵀ over some rows, with w = exp(xβ).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Moments {
    pub(crate) total: f64,
    pub(crate) first: Vec<f64>,
    /// p × p, row by row.
    pub(crate) second: Vec<f64>,
}

/// What a centre tells of one event time of the trial.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AtTime {
    /// Its events then.
    pub(crate) events: u32,
    /// Σ x over them.
    pub(crate) covariates: Vec<f64>,
    /// Its risk set.
    pub(crate) at_risk: Moments,
    /// Those of its risk set who have the event.
    pub(crate) leaving: Moments,
}

impl Moments {
    fn zero(p: usize) -> Self {
        Self { total: 0.0, first: vec![0.0; p], second: vec![0.0; p * p] }
    }

    fn include(&mut self, weight: f64, x: &[f64]) {
        let p = x.len();
        self.total += weight;
        for i in 0..p {
            self.first[i] += weight * x[i];
            for j in 0..p {
                self.second[i * p + j] += weight * x[i] * x[j];
            }
        }
    }

    fn add(&mut self, other: &Self) {
        self.total += other.total;
        self.first.iter_mut().zip(&other.first).for_each(|(a, b)| *a += b);
        self.second.iter_mut().zip(&other.second).for_each(|(a, b)| *a += b);
    }
}

impl AtTime {
    fn zero(p: usize) -> Self {
        let (at_risk, leaving) = (Moments::zero(p), Moments::zero(p));
        Self { events: 0, covariates: vec![0.0; p], at_risk, leaving }
    }

    /// Sums of two centres.
    pub(crate) fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.covariates.iter_mut().zip(&other.covariates).for_each(|(a, b)| *a += b);
        self.at_risk.add(&other.at_risk);
        self.leaving.add(&other.leaving);
    }
}

impl Centre {
    pub(crate) fn new(data: RightCensored, design: Design) -> Self {
        Self { data, design }
    }

    /// The same rows on a grid of time.
    pub(crate) fn on_grid(&self, grid: Grid) -> riskset::Result<Self> {
        let rows = self.data.time().iter().zip(self.data.event());
        let (times, events): (Vec<f64>, Vec<bool>) =
            rows.map(|(&time, &event)| grid.moved(time, event)).unzip();
        Ok(Self { data: RightCensored::new(&times, &events)?, design: self.design.clone() })
    }

    /// How many of its patients leave from each event time of all centres to the next: without the event, and
    /// with it.
    pub(crate) fn leaving(&self, times: &[f64]) -> Vec<[usize; 2]> {
        let mut leaving = vec![[0; 2]; times.len()];
        for (&exit, &event) in self.data.time().iter().zip(self.data.event()) {
            if let Some(last) = times.partition_point(|&time| time <= exit).checked_sub(1) {
                leaving[last][usize::from(event)] += 1;
            }
        }
        leaving
    }

    /// How many columns there are.
    pub(crate) fn n_columns(&self) -> usize {
        self.design.columns().len()
    }

    /// What it sends where each centre has a baseline hazard of its own: log-likelihood, score and
    /// information at β, 1 + p + p (p + 1)/2 numbers.
    pub(crate) fn likelihood(&self, beta: &[f64]) -> riskset::Result<LikelihoodAt> {
        CoxPh::new().likelihood_at(&self.data, &self.design, beta)
    }

    /// Its distinct event times, the first thing it sends where the baseline hazard is common.
    pub(crate) fn event_times(&self) -> Vec<f64> {
        let rows = self.data.time().iter().zip(self.data.event());
        let mut times: Vec<f64> =
            rows.filter(|(_, event)| **event).map(|(time, _)| *time).collect();
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
    }

    /// What it sends then, each round: sums at the event times of all centres, which ascend.
    pub(crate) fn sums(&self, times: &[f64], beta: &[f64]) -> Vec<AtTime> {
        let p = beta.len();
        let mut all: Vec<AtTime> = times.iter().map(|_| AtTime::zero(p)).collect();
        for (row, x) in self.design.matrix().rows().into_iter().enumerate() {
            let (x, exit) = (x.to_vec(), self.data.time()[row]);
            let weight = x.iter().zip(beta).map(|(x, beta)| x * beta).sum::<f64>().exp();
            // At risk up to its exit: it enters at the last event time that it reaches.
            let Some(last) = times.partition_point(|&time| time <= exit).checked_sub(1) else {
                continue;
            };
            all[last].at_risk.include(weight, &x);
            if self.data.event()[row] {
                all[last].events += 1;
                all[last].covariates.iter_mut().zip(&x).for_each(|(sum, x)| *sum += x);
                all[last].leaving.include(weight, &x);
            }
        }
        for k in (1..all.len()).rev() {
            let later = all[k].at_risk.clone();
            all[k - 1].at_risk.add(&later);
        }
        all
    }
}
