//! How far each row moves a standardised curve.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the code of a stratum, and a risk at each level"
)]

use ndarray::{Array2, ArrayView1};

use super::averages::Averages;
use super::sample::Sample;

/// Where the history of each row stands among the event times of its stratum.
#[derive(Debug)]
pub(super) struct Histories {
    /// Event times before the row is at risk.
    before: Vec<usize>,
    /// Event times at which it is at risk, its own event left out, and those before.
    at_risk: Vec<usize>,
    /// Place of its own event.
    event: Vec<Option<usize>>,
}

impl Histories {
    pub(super) fn new(sample: &Sample<'_>) -> Self {
        let n = sample.rows.len();
        let stratum = |row: usize| &sample.population.strata[sample.stratum(row)];
        let times = &sample.rows.times;
        let before = |row: usize| match &times.entry {
            Some(entry) => stratum(row).n_until(entry[row]),
            None => 0,
        };
        let until = |row: usize| stratum(row).n_until(times.exit[row]);
        let event = |row: usize| sample.rows.event[row].then(|| until(row) - 1);
        Self {
            before: (0..n).map(before).collect(),
            at_risk: (0..n).map(|row| event(row).unwrap_or_else(|| until(row))).collect(),
            event: (0..n).map(event).collect(),
        }
    }

    /// The derivative of the hazard of a row's stratum, after so many event times, by the weight of the
    /// row.
    fn of_hazard(&self, sample: &Sample<'_>, row: usize, until: usize) -> f64 {
        let stratum = &sample.population.strata[sample.stratum(row)];
        let risk = sample.own_risk[row];
        let from = self.before[row].min(until);
        let to = self.at_risk[row].min(until).max(from);
        let lost = risk * (stratum.square[to] - stratum.square[from]);
        match self.event[row].filter(|&k| k < until) {
            Some(k) => stratum.share[k] - risk * stratum.square_event[k] - lost,
            None => -lost,
        }
    }
}

/// Adds `factor` times the influence of every row on the curves at one time to rows × levels. It is that
/// of the row with its weight.
pub(super) fn add(
    sample: &Sample<'_>,
    histories: &Histories,
    averages: &Averages,
    covariates_vary: bool,
    factor: f64,
    influence: &mut Array2<f64>,
) {
    let strata = &sample.population.strata;
    for (row, mut influence) in influence.rows_mut().into_iter().enumerate() {
        let code = sample.stratum(row);
        let until = averages.until[code];
        let hazard = strata[code].hazard[until];
        let weight = sample.weight[row];
        let of_hazard = weight * histories.of_hazard(sample, row, until);
        let persons = if sample.counts() { weight } else { 1.0 };
        let dfbeta: ArrayView1<'_, f64> = sample.population.dfbeta.row(row);
        for (level, slot) in influence.iter_mut().enumerate() {
            let mut own = -averages.by_hazard[[level, code]] * of_hazard
                - persons * averages.by_coefficients.row(level).dot(&dfbeta);
            if covariates_vary {
                let alive = (-sample.risk[[level, row]] * hazard).exp();
                own += weight / sample.total * (alive - averages.survival[level]);
            }
            *slot += factor * own;
        }
    }
}
