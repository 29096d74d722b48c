//! The Cox partial likelihood by direct sums: each risk set formed from all rows, nothing reused.

use riskset::Ties;

use crate::sample::{Row, Sample};

/// What a model may be given.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    pub ties: Ties,
    pub weights: Weighting,
    pub entry: bool,
    pub strata: bool,
    pub offset: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weighting {
    None,
    Frequency,
    Case,
}

/// Adds the weights and strata that a model is given to rows.
macro_rules! with_columns {
    ($data:expr, $given:expr, $sample:expr) => {{
        let mut data = $data;
        match $given.weights {
            $crate::properties::direct_sums::Weighting::None => {}
            $crate::properties::direct_sums::Weighting::Frequency => {
                data = data.with_weights($sample.frequency()).unwrap()
            }
            $crate::properties::direct_sums::Weighting::Case => {
                data = data.with_weights($sample.case()).unwrap()
            }
        }
        if $given.strata {
            data = data.with_strata(&$sample.stratum()).unwrap();
        }
        data
    }};
}
pub(crate) use with_columns;

/// Log-likelihood, score and information.
#[derive(Debug, Clone, Default)]
pub struct Direct {
    pub log_likelihood: f64,
    pub score: [f64; 2],
    pub information: [[f64; 2]; 2],
}

impl Given {
    pub fn weight(self, row: &Row, case: f64) -> f64 {
        match self.weights {
            Weighting::None => 1.0,
            Weighting::Frequency => row.count as f64,
            Weighting::Case => case,
        }
    }

    pub fn eta(self, row: &Row, beta: [f64; 2]) -> f64 {
        let offset = if self.offset { row.offset } else { 0.0 };
        row.x[0] * beta[0] + row.x[1] * beta[1] + offset
    }

    pub fn likelihood(self, sample: &Sample, beta: [f64; 2]) -> Direct {
        let case = sample.case();
        let rows: Vec<(&Row, f64)> = (sample.rows.iter().zip(case.values()))
            .map(|(row, &case)| (row, self.weight(row, case)))
            .collect();
        let mut places: Vec<(u8, f64)> = (rows.iter().filter(|(row, _)| row.event))
            .map(|(row, _)| (if self.strata { row.stratum } else { 0 }, row.exit))
            .collect();
        places.sort_by(|a, b| a.partial_cmp(b).unwrap());
        places.dedup();
        let mut sum = Direct::default();
        for (stratum, time) in places {
            let at_risk: Vec<(&Row, f64)> = (rows.iter().copied())
                .filter(|(row, _)| !self.strata || row.stratum == stratum)
                .filter(|(row, _)| (!self.entry || row.entry < time) && time <= row.exit)
                .collect();
            self.add_time(&mut sum, &at_risk, time, beta);
        }
        sum
    }

    /// One event time: as many terms as tied events, each with its own denominator under Efron.
    fn add_time(self, sum: &mut Direct, at_risk: &[(&Row, f64)], time: f64, beta: [f64; 2]) {
        let died = |row: &Row| row.event && row.exit == time;
        let dead: Vec<(&Row, f64)> = at_risk.iter().copied().filter(|(row, _)| died(row)).collect();
        for (row, weight) in &dead {
            sum.log_likelihood += weight * self.eta(row, beta);
            (0..2).for_each(|j| sum.score[j] += weight * row.x[j]);
        }
        let total: f64 = dead.iter().map(|(_, weight)| weight).sum();
        let steps = if self.weights == Weighting::Frequency { total } else { dead.len() as f64 };
        for step in 0..steps as usize {
            let gone = if self.ties == Ties::Efron { step as f64 / steps } else { 0.0 };
            let share = |row: &Row| if died(row) { 1.0 - gone } else { 1.0 };
            let mean = |value: &dyn Fn(&Row) -> f64| {
                let risk = |(row, weight): &(&Row, f64)| {
                    share(row) * weight * self.eta(row, beta).exp() * value(row)
                };
                at_risk.iter().map(risk).sum::<f64>()
            };
            let all = mean(&|_| 1.0);
            sum.log_likelihood -= total / steps * all.ln();
            for j in 0..2 {
                let mean_j = mean(&|row| row.x[j]) / all;
                sum.score[j] -= total / steps * mean_j;
                for l in 0..2 {
                    let mean_l = mean(&|row| row.x[l]) / all;
                    let spread = mean(&|row| (row.x[j] - mean_j) * (row.x[l] - mean_l)) / all;
                    sum.information[j][l] += total / steps * spread;
                }
            }
        }
    }
}
