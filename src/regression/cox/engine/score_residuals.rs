//! Score residuals.

use ndarray::Array2;

use super::centres::Centres;
use super::hazards;
use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::TimesPass;
use super::varying;

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
        let mut centres = Centres::new(p, stratum.times.len());
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            centres.push(ties, &stratum.times[k], stay, leave);
        });
        let own = own_times(stratum);
        hazards::accumulate(
            stratum,
            &ScaledSum::new(p),
            |sum, k| centres.add_stay(sum, k),
            |sum, k| centres.add_leave(sum, k),
            |place, sum| {
                let factor = sum.factor_of(times.risk[place]);
                let event = if ordered.event[place] { ordered.weight[place] } else { 0.0 };
                let martingale = event - factor * sum.total;
                let both = ordered.row(place).iter().zip(&sum.first);
                for (value, (x, e)) in residual.iter_mut().zip(both) {
                    *value = martingale * x + factor * e;
                }
                if ordered.event[place] {
                    let k = own[place - stratum.rows.start] as usize;
                    centres.subtract_mean(k, event, &mut residual);
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
        let ordered = Ordered::new(rows(&data), &design.unwrap(), Ties::Breslow, None);
        let times = TimesPass::new(&ordered, Ties::Breslow, &[0.0]).unwrap();
        let residuals = score_residuals(&ordered, Ties::Breslow, &times);
        let expected = [10.0, -2.0, 7.0, -1.0, 5.0, 5.0].map(|numerator| numerator / 24.0);
        for (place, &row) in ordered.source.iter().enumerate() {
            let found = residuals[[place, 0]] * ordered.scale[0];
            approx::assert_abs_diff_eq!(found, expected[row as usize], epsilon = 1e-15);
        }
    }
}
