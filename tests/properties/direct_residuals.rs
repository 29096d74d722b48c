//! Residuals by direct sums: each risk set formed from all rows, each step of tied events taken by itself.

use riskset::Ties;

use super::direct_sums::{Given, Weighting};
use crate::sample::Sample;

/// Residuals per unit of weight, by row.
#[derive(Debug, Clone, Default)]
pub struct DirectResiduals {
    /// Events expected.
    pub expected: Vec<f64>,
    pub score: Vec<[f64; 2]>,
    /// x − E of the rows with an event.
    pub schoenfeld: Vec<Option<[f64; 2]>>,
    pub weight: Vec<f64>,
}

impl Given {
    pub fn residuals(self, sample: &Sample, beta: [f64; 2]) -> DirectResiduals {
        let n = sample.rows.len();
        let case = sample.case();
        let rows = &sample.rows;
        let weight: Vec<f64> = (rows.iter().zip(case.values()))
            .map(|(row, case)| match self.weights {
                Weighting::None => 1.0,
                Weighting::Frequency => row.count as f64,
                Weighting::Case => *case,
            })
            .collect();
        let risk: Vec<f64> = rows
            .iter()
            .map(|row| {
                let offset = if self.offset { row.offset } else { 0.0 };
                (row.x[0] * beta[0] + row.x[1] * beta[1] + offset).exp()
            })
            .collect();
        let mut places: Vec<(u8, f64)> = (rows.iter().filter(|row| row.event))
            .map(|row| (if self.strata { row.stratum } else { 0 }, row.exit))
            .collect();
        places.sort_by(|a, b| a.partial_cmp(b).unwrap());
        places.dedup();
        let mut all = DirectResiduals {
            expected: vec![0.0; n],
            score: vec![[0.0; 2]; n],
            schoenfeld: vec![None; n],
            weight: weight.clone(),
        };
        for (stratum, time) in places {
            let at_risk: Vec<usize> = (0..n)
                .filter(|&i| !self.strata || rows[i].stratum == stratum)
                .filter(|&i| (!self.entry || rows[i].entry < time) && time <= rows[i].exit)
                .collect();
            let died = |i: usize| rows[i].event && rows[i].exit == time;
            let dead: Vec<usize> = at_risk.iter().copied().filter(|&i| died(i)).collect();
            let total: f64 = dead.iter().map(|&i| weight[i]).sum();
            let steps =
                if self.weights == Weighting::Frequency { total } else { dead.len() as f64 };
            let mut mean_of_steps = [0.0; 2];
            for step in 0..steps as usize {
                let gone = if self.ties == Ties::Efron { step as f64 / steps } else { 0.0 };
                let share = |i: usize| if died(i) { 1.0 - gone } else { 1.0 };
                let sum = |value: &dyn Fn(usize) -> f64| -> f64 {
                    at_risk.iter().map(|&i| share(i) * weight[i] * risk[i] * value(i)).sum()
                };
                let denominator = sum(&|_| 1.0);
                let mean = [0, 1].map(|j| sum(&|i| rows[i].x[j]) / denominator);
                for &i in &at_risk {
                    let hazard = total / steps * share(i) * risk[i] / denominator;
                    all.expected[i] += hazard;
                    (0..2).for_each(|j| all.score[i][j] -= hazard * (rows[i].x[j] - mean[j]));
                }
                (0..2).for_each(|j| mean_of_steps[j] += mean[j] / steps);
            }
            for i in dead {
                let residual = [0, 1].map(|j| rows[i].x[j] - mean_of_steps[j]);
                (0..2).for_each(|j| all.score[i][j] += residual[j]);
                all.schoenfeld[i] = Some(residual);
            }
        }
        all
    }
}
