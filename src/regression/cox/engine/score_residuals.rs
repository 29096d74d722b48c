//! Score residuals.

#![expect(clippy::indexing_slicing, reason = "a place is one of the rows of the stratum")]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use ndarray::Array2;

use super::centres::{Centres, TimeFactors};
use super::hazards;
use super::ordered::Ordered;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::stratum::StratumRows;
use super::ties::Ties;
use super::times::TimesPass;
use super::varying;
use crate::linalg::write_combination;
use crate::numerics::blocks;

/// Score residuals ∫ (x − E) dM of every place, weighted, in the scaled columns. They sum to the
/// score. Tied events take the same steps as in the likelihood.
///
/// Source: Therneau, Grambsch & Fleming 1990, doi:10.1093/biomet/77.1.147.
pub(crate) fn score_residuals(ordered: &Ordered, ties: Ties, times: &TimesPass) -> Array2<f64> {
    factored_score_residuals(ordered, ties, times, TimeFactors::ONE)
}

/// ∫ g (x − E) dM, with the factor g of each event time. Of a fit without coefficients that follow time.
pub(crate) fn factored_score_residuals(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    factors: TimeFactors<'_>,
) -> Array2<f64> {
    let mut residuals = Array2::zeros((ordered.event.len(), ordered.n_columns()));
    each_score_residual(ordered, ties, times, factors, |place, residual| {
        residuals.row_mut(place).iter_mut().zip(residual).for_each(|(slot, value)| *slot = *value);
    });
    residuals
}

/// Calls `visit` with every place and its score residuals, in no particular order.
pub(crate) fn each_score_residual(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    factors: TimeFactors<'_>,
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
    for (s, stratum) in ordered.strata.iter().enumerate() {
        let counts = |k: usize| factors.at(s, k);
        let own = own_times(stratum);
        // The centres are those of the event times from `first` on.
        let each = |centres: &Centres, first: usize, place: usize, sum: &ScaledSum| {
            let factor = sum.factor_of(times.risk.at(place));
            let k = own[place - stratum.rows.start] as usize;
            let event = if ordered.event[place] { counts(k) * ordered.weight[place] } else { 0.0 };
            let martingale = event - factor * sum.total;
            let (row, met) = ((martingale, ordered.row(place)), (factor, &sum.first[..]));
            if ordered.event[place] {
                match centres.mean(k - first, -event) {
                    (stay, None) => write_combination(&mut residual, [row, met, stay]),
                    (stay, Some(leave)) => {
                        write_combination(&mut residual, [row, met, stay, leave]);
                    }
                }
            } else {
                write_combination(&mut residual, [row, met]);
            }
            visit(place, &residual);
        };
        match (&stratum.intervals, &stratum.tails) {
            (None, None) => in_blocks(ordered, ties, times, stratum, counts, each),
            _ => at_once(ordered, ties, times, stratum, counts, each),
        }
    }
}

/// Calls `each` with every place and what it meets while it is at risk.
fn at_once(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    stratum: &StratumRows,
    counts: impl Fn(usize) -> f64,
    mut each: impl FnMut(&Centres, usize, usize, &ScaledSum),
) {
    let p = ordered.n_columns();
    let mut centres = Centres::new(p, stratum.times.len());
    risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
        centres.push(ties, &stratum.times.at(k), stay, leave, counts(k));
    });
    let add_stay = |sum: &mut ScaledSum, k| centres.add_stay(sum, k);
    let add_leave = |sum: &mut ScaledSum, k| centres.add_leave(sum, k);
    let set = |place, sum: &ScaledSum| each(&centres, 0, place, sum);
    hazards::accumulate(stratum, &ScaledSum::new(p), add_stay, add_leave, set);
}

/// Event times whose centres are kept at a time.
const BLOCK: usize = 256;

/// The same for nested risk sets, with the centres of one block of event times after the other: those of
/// all times are as large as the covariates, and fresh memory costs more than to form them twice.
fn in_blocks(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    stratum: &StratumRows,
    counts: impl Fn(usize) -> f64,
    mut each: impl FnMut(&Centres, usize, usize, &ScaledSum),
) {
    let p = ordered.n_columns();
    let add = |sum: &mut ScaledSum, place| sum.add(times.risk.at(place), ordered.row(place));
    let blocks = blocks::cut(stratum.times.len(), BLOCK);
    let mut later = ScaledSum::new(p);
    let mut starts = Vec::with_capacity(blocks.len());
    for block in &blocks {
        starts.push(later.clone());
        if block.end < stratum.times.len() {
            risk_sets::walk_nested(stratum, block.clone(), &mut later, add, |_, _, _| {});
        }
    }
    let mut centres = Centres::new(p, BLOCK);
    let mut earlier = ScaledSum::new(p);
    for (block, mut later) in blocks.into_iter().zip(starts).rev() {
        centres.clear();
        risk_sets::walk_nested(stratum, block.clone(), &mut later, add, |k, stay, leave| {
            centres.push(ties, &stratum.times.at(k), stay, leave, counts(k));
        });
        let first = block.start;
        hazards::accumulate_nested(
            stratum,
            block,
            &mut earlier,
            |sum, k| centres.add_stay(sum, k - first),
            |sum, k| centres.add_leave(sum, k - first),
            |place, sum| each(&centres, first, place, sum),
        );
    }
}

/// The event time of each row of a stratum that has an event, 0 for the others.
fn own_times(stratum: &StratumRows) -> Vec<u32> {
    let mut own = vec![0; stratum.rows.len()];
    for (k, time) in stratum.times.iter().enumerate() {
        let start = stratum.rows.start;
        own[time.events().start - start..time.events().end - start].fill(k as u32);
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CountingProcess, Design, RightCensored, Rows, SurvivalData};
    use crate::numerics::test_numbers::fractions;

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

    /// Rows that all enter before the first event say the same, and their centres are kept all at once.
    #[test]
    fn centres_come_in_blocks() {
        let (n, p) = (1000, 5);
        let time: Vec<f64> = (0..n).map(|row| f64::from(row * 619 % n / 2 + 1)).collect();
        let event: Vec<bool> = (0..n).map(|row| row % 5 > 0).collect();
        let columns = fractions(1000 * p);
        let columns = columns.chunks(1000).zip(0..);
        let design = columns
            .fold(Design::builder(), |design, (x, j)| design.numeric(&format!("x{j}"), x))
            .build()
            .unwrap();
        let nested = RightCensored::new(&time, &event).unwrap();
        let entered = CountingProcess::new(&[0.0; 1000], &time, &event).unwrap();
        let of = |rows: &Rows| {
            let ordered = Ordered::new(rows, &design, Ties::Efron, None);
            let beta: Vec<f64> = (0..p).map(|j| [0.1, -0.2, 0.0][j % 3]).collect();
            let times = TimesPass::new(&ordered, Ties::Efron, &beta).unwrap();
            assert!(ordered.strata[0].times.len() > BLOCK);
            score_residuals(&ordered, Ties::Efron, &times)
        };
        approx::assert_relative_eq!(of(rows(&nested)), of(rows(&entered)), epsilon = 1e-12);
    }
}
