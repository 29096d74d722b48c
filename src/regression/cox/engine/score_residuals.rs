//! Score residuals.

use ndarray::Array2;

use super::hazards;
use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::TimesPass;
use super::varying;

/// The contributions of one event time to the score residuals.
pub(super) struct Centre {
    /// Σ w E/u over the steps, for the rows that stay; its total is the hazard jump.
    pub(super) stay: ScaledSum,
    /// Σ w θ E/u, for the rows that leave with the event.
    pub(super) leave: ScaledSum,
    /// Mean of E over the steps.
    mean: Vec<f64>,
}

/// Score residuals ∫ (x − E) dM of every place, weighted, in the scaled columns. They sum to the
/// score. Tied events take the same steps as in the likelihood.
///
/// Source: Therneau, Grambsch & Fleming 1990, doi:10.1093/biomet/77.1.147.
pub(crate) fn score_residuals(ordered: &Ordered, ties: Ties, times: &TimesPass) -> Array2<f64> {
    let mut residuals = Array2::zeros((ordered.event.len(), ordered.n_columns()));
    each_score_residual(ordered, ties, times, |place, residual| {
        residuals.row_mut(place).iter_mut().zip(residual).for_each(|(slot, value)| *slot = *value);
    });
    residuals
}

/// Calls `visit` with every place and its score residuals, in no particular order.
pub(crate) fn each_score_residual(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    mut visit: impl FnMut(usize, &[f64]),
) {
    if let (Some(varying), Some(pass)) = (&ordered.varying, &times.varying) {
        let residuals = varying::score_residuals(ordered, varying, ties, pass);
        for (place, row) in residuals.rows().into_iter().enumerate() {
            visit(place, &row.to_vec());
        }
        return;
    }
    let p = ordered.n_columns();
    let mut residual = vec![0.0; p];
    for stratum in &ordered.strata {
        let mut centres = Vec::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            let (n, each) = (stratum.times[k].steps, stratum.times[k].step_weight);
            centres.push(centre(ties, n, each, stay, leave));
        });
        let own = own_times(stratum);
        hazards::accumulate(
            stratum,
            &ScaledSum::new(p),
            |sum, k| sum.merge(&centres[k].stay),
            |sum, k| sum.merge(&centres[k].leave),
            |place, sum| {
                let factor = sum.factor_of(times.risk[place]);
                let event = if ordered.event[place] { ordered.weight[place] } else { 0.0 };
                let martingale = event - factor * sum.total;
                let both = ordered.row(place).iter().zip(&sum.first);
                for (value, (x, e)) in residual.iter_mut().zip(both) {
                    *value = martingale * x + factor * e;
                }
                if ordered.event[place] {
                    let mean = &centres[own[place - stratum.rows.start] as usize].mean;
                    residual.iter_mut().zip(mean).for_each(|(value, mean)| *value -= event * mean);
                }
                visit(place, &residual);
            },
        );
    }
}

/// The event time of each row of a stratum that has an event, 0 for the others.
fn own_times(stratum: &StratumRows) -> Vec<u32> {
    let mut own = vec![0; stratum.rows.len()];
    for (k, time) in stratum.times.iter().enumerate() {
        let start = stratum.rows.start;
        own[time.events.start - start..time.events.end - start].fill(k as u32);
    }
    own
}

pub(super) fn centre(
    ties: Ties,
    n: f64,
    each: f64,
    stay: &mut ScaledSum,
    leave: &mut ScaledSum,
) -> Centre {
    let exponent = stay.align(leave);
    let steps = ties.steps(n, each, stay.total, leave.total);
    let theta = steps.mean_theta * steps.square;
    let theta_square = steps.spread + steps.mean_theta * theta;
    let combine = |total: f64, of_stay: f64, of_leave: f64| {
        let both = stay.first.iter().zip(&leave.first);
        let first = both.map(|(n, d)| of_stay * n + of_leave * d).collect();
        ScaledSum { exponent: -exponent, total, first }
    };
    let mean = combine(1.0, steps.hazard, steps.hazard_event).first;
    Centre {
        mean: mean.into_iter().map(|sum| sum / (n * each)).collect(),
        stay: combine(steps.hazard, steps.square, theta),
        leave: combine(steps.hazard_event, theta, theta_square),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored, Rows, SurvivalData};

    fn rows(data: &impl SurvivalData) -> &Rows {
        data.rows()
    }

    /// With a coefficient of 0 the score residuals of the first data set of Therneau & Grambsch 2000,
    /// appendix E, are fractions.
    #[test]
    fn fractions_at_zero() {
        let event = [true, false, true, true, false, true];
        let data = RightCensored::new(&[1.0, 1.0, 6.0, 6.0, 8.0, 9.0], &event).unwrap();
        let design = Design::builder().numeric("x", &[1.0, 1.0, 1.0, 0.0, 0.0, 0.0]).build();
        let ordered = Ordered::new(rows(&data), &design.unwrap(), Ties::Breslow);
        let times = TimesPass::new(&ordered, Ties::Breslow, &[0.0]).unwrap();
        let residuals = score_residuals(&ordered, Ties::Breslow, &times);
        let expected = [10.0, -2.0, 7.0, -1.0, 5.0, 5.0].map(|numerator| numerator / 24.0);
        for (place, &row) in ordered.source.iter().enumerate() {
            let found = residuals[[place, 0]] * ordered.scale[0];
            approx::assert_abs_diff_eq!(found, expected[row as usize], epsilon = 1e-15);
        }
    }
}
