//! The mean covariates of the risk sets.

use ndarray::{Array2, Axis};

use super::ordered::Ordered;
use super::risk_sets;
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::TimesPass;

/// The mean E of the covariates over the steps of every event time, weighted by risk, in the scaled columns:
/// by stratum a matrix of times × columns, latest time first.
pub(crate) fn event_means(ordered: &Ordered, ties: Ties, times: &TimesPass) -> Vec<Array2<f64>> {
    let p = ordered.n_columns();
    let of_stratum = |stratum: &StratumRows| {
        let mut means = Array2::zeros((stratum.times.len(), p));
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            stay.align(leave);
            let time = &stratum.times.at(k);
            let steps = ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            let total = time.weight();
            let sums = stay.first.iter().zip(&leave.first);
            let of_steps = sums.map(|(n, d)| (steps.hazard * n + steps.hazard_event * d) / total);
            means.index_axis_mut(Axis(0), k).iter_mut().zip(of_steps).for_each(|(m, e)| *m = e);
        });
        means
    };
    ordered.strata.iter().map(of_stratum).collect()
}
