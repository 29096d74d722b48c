//! The variance of a Fine–Gray model: what it sums are derivatives by the weights of rows, those of the
//! estimated distributions of censoring and entry included.

use riskset::competing::{FineGray, FineGrayFit, FineGrayVariance};
use riskset::data::SurvivalData;
use riskset::ndarray::Array2;
use riskset::{CompetingRisks, Error, Profile, Ties, Weights};

use super::fine_gray::{Layout, cause, layouts};
use crate::sample::{
    Row, Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied,
};

const STEP: f64 = 1e-4;
const TIMES: [f64; 3] = [2.0, 5.0, 8.0];

fn model() -> FineGray {
    FineGray::new(cause()).tolerance(1e-13)
}

fn estimates(fit: &FineGrayFit) -> Vec<f64> {
    fit.coefficients().iter().map(|c| c.estimate.unwrap_or(f64::NAN)).collect()
}

/// The coefficients are finite, and numbers of ordinary size tell them.
fn is_well_posed(fit: &FineGrayFit) -> bool {
    estimates(fit).iter().all(|estimate| estimate.abs() < 3.0)
        && fit.vcov_model_based().diag().iter().all(|v| *v < 3.0)
}

fn profile() -> Profile {
    Profile::new().number("a", 0.4).number("b", -0.3).offset(0.2)
}

fn incidence<D: SurvivalData>(
    fit: &FineGrayFit,
    data: &CompetingRisks<D>,
    sample: &Sample,
) -> Vec<[f64; 2]> {
    let design = sample.design_with_offset();
    let incidence = match data.strata() {
        None => fit.incidence(data, &design, &TIMES),
        Some(strata) => fit.incidence_in(&strata.names()[0], data, &design, &TIMES),
    };
    // With an infinite coefficient there may be no prediction.
    let predicted = incidence.unwrap().at(&profile()).unwrap_or_default();
    predicted.iter().map(|at| [at.cumulative_incidence, at.std_error]).collect()
}

/// Coefficients, and F with its standard error.
type Answer = (Vec<f64>, Vec<[f64; 2]>, FineGrayFit);

fn answer(layout: Layout, sample: &Sample, weights: &[f64]) -> Result<Answer, Error> {
    let weights = Weights::case(weights)?;
    let fit = layout.fit(sample, weights.clone(), &model())?;
    let at = match layout.entry {
        true => {
            incidence(&fit, &layout.dressed(sample.competing_process(), sample, weights), sample)
        }
        false => {
            incidence(&fit, &layout.dressed(sample.competing_risks(), sample, weights), sample)
        }
    };
    Ok((estimates(&fit), at, fit))
}

#[test]
fn the_variance_is_that_of_derivatives() {
    let compared = std::cell::Cell::new(0);
    check(14, tied(14..=26), |sample| {
        let weights = sample.case().values().to_vec();
        for layout in layouts() {
            let Ok((_, at, fit)) = answer(layout, &sample, &weights) else { continue };
            if !is_well_posed(&fit) {
                continue;
            }
            let mut vcov = Array2::zeros((2, 2));
            let mut of_incidence = [0.0; TIMES.len()];
            for row in 0..weights.len() {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[row] += by;
                    answer(layout, &sample, &weights).unwrap()
                };
                let (up, down) = (moved(STEP), moved(-STEP));
                let slope = |up: f64, down: f64| weights[row] * (up - down) / (2.0 * STEP);
                let beta: Vec<f64> =
                    up.0.iter().zip(&down.0).map(|(&up, &down)| slope(up, down)).collect();
                for ((i, j), v) in vcov.indexed_iter_mut() {
                    *v += beta[i] * beta[j];
                }
                for (k, sum) in of_incidence.iter_mut().enumerate() {
                    *sum += slope(up.1[k][0], down.1[k][0]).powi(2);
                }
            }
            assert_matrix_close(fit.vcov(), vcov.view(), 2e-5);
            for (k, variance) in of_incidence.into_iter().enumerate() {
                assert_close(at[k][1], variance.sqrt(), 2e-5);
            }
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 20, "{} fits compared", compared.get());
}

/// With Efron's ties the weight of a tied event moves the likelihood beyond its residual; that of a row without
/// one, censored or lost to another cause, does not.
#[test]
fn under_efrons_ties_rows_without_an_event_have_their_derivatives() {
    let model = model().ties(Ties::Efron);
    let compared = std::cell::Cell::new(0);
    check(8, tied(14..=26), |sample| {
        let weights = sample.case().values().to_vec();
        let design = sample.design_with_offset();
        for layout in layouts().filter(|layout| layout.entry) {
            let of = |weights: &[f64]| layout.fit(&sample, Weights::case(weights).unwrap(), &model);
            let Ok(fit) = of(&weights) else { continue };
            if !is_well_posed(&fit) {
                continue;
            }
            let weighted = Weights::case(&weights).unwrap();
            let data = layout.dressed(sample.competing_process(), &sample, weighted);
            let residuals = fit.residuals(&data, &design).unwrap();
            let without = |row: &usize| data.status()[*row] != Some(cause());
            for row in (0..weights.len()).filter(without) {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[row] += by;
                    estimates(&of(&weights).unwrap())
                };
                for ((up, down), dfbeta) in
                    moved(STEP).iter().zip(moved(-STEP)).zip(residuals.dfbeta().row(row))
                {
                    assert_close(*dfbeta, weights[row] * (up - down) / (2.0 * STEP), 2e-6);
                }
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 100, "{} rows compared", compared.get());
}

/// Offsets are taken from their mean. A row of each stratum that is left when all is over, of next to no risk, has no
/// say but in that mean, which it can move so far from all others that their risks are beyond the numbers.
#[test]
fn risks_beyond_the_numbers_have_the_same_variance() {
    let compared = std::cell::Cell::new(0);
    check(14, tied(14..=26), |sample| {
        for layout in layouts() {
            let [near, far, further] = [-60.0, -2e3, -4e3].map(|offset| {
                let mut sample = sample.clone();
                let row = Row { entry: 0.0, exit: 10.0, event: false, offset, ..sample.rows[0] };
                sample.rows.extend([0, 1, 2].map(|group| Row { group, ..row.clone() }));
                let weights = sample.case().values().to_vec();
                answer(layout, &sample, &weights).ok().filter(|(_, _, fit)| is_well_posed(fit))
            });
            let Some((beta, at, near)) = near else { continue };
            for (of_far, at_far, far) in [far, further].into_iter().flatten() {
                assert_slice_close(&of_far, &beta, 1e-7);
                assert_matrix_close(far.vcov(), near.vcov(), 1e-6);
                // Further off there is no prediction.
                for (far, near) in at_far.iter().zip(&at) {
                    assert_slice_close(far, near, 1e-6);
                }
                compared.set(compared.get() + at_far.len());
            }
        }
    });
    assert!(compared.get() > 40, "{} predictions compared", compared.get());
}

/// dfbeta is what the variance sums; scores and martingale residuals sum to 0.
#[test]
fn residuals_sum_to_what_they_should() {
    check(60, tied(10..=30), |sample| {
        let design = sample.design();
        let data = sample.competing_process().with_weights(sample.case()).unwrap();
        let data = data.with_strata(&sample.group()).unwrap();
        for (ties, variance) in [
            (Ties::Breslow, FineGrayVariance::EstimatedWeights),
            (Ties::Efron, FineGrayVariance::FixedWeights),
        ] {
            let model = model().ties(ties).variance(variance);
            let Ok(fit) = model.fit(&data, &design) else { return };
            let residuals = fit.residuals(&data, &design).unwrap();
            let dfbeta = residuals.dfbeta();
            if is_well_posed(&fit) {
                assert_matrix_close(dfbeta.t().dot(dfbeta).view(), fit.vcov(), 1e-12);
                for column in residuals.score().columns() {
                    assert_close(column.sum(), 0.0, 1e-9);
                }
                for column in residuals.schoenfeld().residuals().columns() {
                    let weights = sample.case();
                    let rows = residuals.schoenfeld().row().to_vec();
                    let weighted =
                        column.iter().zip(rows).map(|(r, row)| r * weights.values()[row]);
                    assert_close(weighted.sum(), 0.0, 1e-9);
                }
            }
            let weights = sample.case();
            let martingale = residuals.martingale();
            let sum: f64 = martingale.iter().zip(weights.values()).map(|(m, w)| m * w).sum();
            assert_close(sum, 0.0, 1e-10);
        }
    });
}

/// The variance of a fit by clusters, and what the same fit without them sums row by row.
fn by_cluster_and_by_row<D: SurvivalData + Clone>(
    data: CompetingRisks<D>,
    sample: &Sample,
    clusters: &[usize],
) -> Option<(Array2<f64>, Array2<f64>)> {
    let design = sample.design_with_offset();
    let fit = model().fit(&data, &design).ok().filter(is_well_posed)?;
    let by_row = fit.residuals(&data, &design).unwrap().dfbeta().to_owned();
    let clustered = model().fit(&data.with_clusters(clusters).unwrap(), &design).unwrap();
    assert_eq!(estimates(&clustered), estimates(&fit));
    Some((clustered.vcov().to_owned(), by_row))
}

#[test]
fn what_the_rows_of_a_cluster_contribute_is_summed_before_it_is_squared() {
    let compared = std::cell::Cell::new(0);
    check(20, tied(14..=26), |sample| {
        let weights = || Weights::case(sample.case().values()).unwrap();
        let clusters: Vec<usize> = (0..sample.rows.len()).map(|row| row * 7 % 5).collect();
        for layout in layouts() {
            let found = match layout.entry {
                true => by_cluster_and_by_row(
                    layout.dressed(sample.competing_process(), &sample, weights()),
                    &sample,
                    &clusters,
                ),
                false => by_cluster_and_by_row(
                    layout.dressed(sample.competing_risks(), &sample, weights()),
                    &sample,
                    &clusters,
                ),
            };
            let Some((vcov, by_row)) = found else { continue };
            let mut sums = Array2::<f64>::zeros((5, by_row.ncols()));
            for (row, &cluster) in by_row.rows().into_iter().zip(&clusters) {
                sums.row_mut(cluster).scaled_add(1.0, &row);
            }
            assert_matrix_close(vcov.view(), sums.t().dot(&sums).view(), 1e-10);
            compared.set(compared.get() + 1);
        }
    });
    assert!(compared.get() > 20, "{} fits compared", compared.get());
}
