//! Averages over all rows at one time.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the code of a stratum, and a risk at each level"
)]

use ndarray::Array2;

use super::sample::Sample;
use crate::regression::cox::StratumHazard;

/// At one time, for each level: the mean survival, and its derivatives by hazards and coefficients.
#[derive(Debug)]
pub(super) struct Averages {
    /// Number of event times until then, by stratum.
    pub(super) until: Vec<usize>,
    /// S̄, one a level.
    pub(super) survival: Vec<f64>,
    /// Σ w S ρ/W of the rows of a stratum, levels × strata: less this, S̄ changes with the hazard.
    pub(super) by_hazard: Array2<f64>,
    /// Σ w S ρ (Λ z − q)/W, levels × columns: less this, S̄ changes with the coefficients.
    pub(super) by_coefficients: Array2<f64>,
}

impl Averages {
    /// One pass over rows and levels; keeps nothing of a row.
    pub(super) fn at(sample: &Sample<'_>, time: f64) -> Self {
        let strata = &sample.population.strata;
        let (n_levels, p) = (sample.levels.len(), sample.n_columns());
        let until: Vec<usize> = strata.iter().map(|stratum| stratum.n_until(time)).collect();
        let mut survival = vec![0.0; n_levels];
        let mut by_hazard = Array2::<f64>::zeros((n_levels, strata.len()));
        let mut by_coefficients = Array2::<f64>::zeros((n_levels, p));
        let mut x = vec![0.0; p];
        for &row in &sample.order {
            let code = sample.stratum(row);
            let hazard = strata[code].hazard[until[code]];
            let share = sample.weight[row] / sample.total;
            for level in 0..n_levels {
                let risk = sample.risk[[level, row]];
                let alive = (-risk * hazard).exp();
                survival[level] += share * alive;
                let slope = share * alive * risk;
                by_hazard[[level, code]] += slope;
                if slope * hazard > 0.0 {
                    sample.centred(row, level, &mut x);
                    let sums = by_coefficients.row_mut(level);
                    sums.into_iter().zip(&x).for_each(|(sum, z)| *sum += slope * hazard * z);
                }
            }
        }
        // Shares add up to 1 but for rounding.
        survival.iter_mut().for_each(|mean| *mean = mean.min(1.0));
        for (code, stratum) in strata.iter().enumerate() {
            subtract_means(stratum, until[code], code, &by_hazard, &mut by_coefficients);
        }
        Self { until, survival, by_hazard, by_coefficients }
    }
}

/// Takes off what the hazard of a stratum itself owes to the coefficients.
fn subtract_means(
    stratum: &StratumHazard,
    until: usize,
    code: usize,
    by_hazard: &Array2<f64>,
    by_coefficients: &mut Array2<f64>,
) {
    for (level, mut sums) in by_coefficients.rows_mut().into_iter().enumerate() {
        sums.scaled_add(-by_hazard[[level, code]], &stratum.first.row(until));
    }
}
