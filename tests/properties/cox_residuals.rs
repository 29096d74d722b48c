//! Residuals against direct sums, and the sums they must have.

use riskset::data::{SurvivalData, Variance};
use riskset::ndarray::{Array1, Array2, Axis};
use riskset::regression::cox::{CoxFit, CoxResiduals};
use riskset::{CoxPh, Ties, Weights};

use super::direct_cox::combinations;
use super::direct_sums::{Given, Weighting, with_columns};
use super::frequency::finite;
use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close};
use crate::sample::{check, tied};

/// A fit with its residuals, by row and by cluster, where the clusters are the groups; `None` unless all
/// coefficients are finite.
fn fitted(given: Given, sample: &Sample, variance: Variance) -> Option<(CoxFit, CoxResiduals)> {
    let design = if given.offset { sample.design_with_offset() } else { sample.design() };
    let model = CoxPh::new().ties(given.ties).variance(variance);
    macro_rules! on {
        ($data:expr) => {{
            let mut data = with_columns!($data, given, sample);
            if variance == Variance::Automatic {
                data = data.with_clusters(&sample.group()).unwrap();
            }
            let fit = model.fit(&data, &design).unwrap();
            finite(&fit)?;
            let of = fit.residuals(&data, &design).unwrap();
            Some((fit, of))
        }};
    }
    if given.entry { on!(sample.counting_process()) } else { on!(sample.right_censored()) }
}

fn weighted_sum(matrix: &Array2<f64>) -> Vec<f64> {
    matrix.sum_axis(Axis(0)).to_vec()
}

/// Conditions under which a comparison of numbers means something: no coefficient runs off.
fn moderate(fit: &CoxFit) -> Option<[f64; 2]> {
    let beta = finite(fit)?;
    (beta.iter().all(|b| b.abs() < 20.0)).then(|| [beta[0], beta[1]])
}

#[test]
fn every_kind_by_direct_sums() {
    let combinations = combinations();
    check(25, tied(6..=25), |sample| {
        for &given in &combinations {
            let Some((fit, residuals)) = fitted(given, &sample, Variance::ModelBased) else {
                continue;
            };
            let Some(beta) = moderate(&fit) else { continue };
            let direct = given.residuals(&sample, beta);
            let event: Vec<f64> =
                sample.event().into_iter().map(|e| f64::from(u8::from(e))).collect();
            assert_slice_close(&residuals.cox_snell(), &direct.expected, 1e-11);
            let martingale: Vec<f64> =
                event.iter().zip(&direct.expected).map(|(d, e)| d - e).collect();
            assert_slice_close(&residuals.martingale(), &martingale, 1e-11);
            let deviance = |(m, d): (&f64, &f64)| {
                let log = if *d > 0.0 { d * (d - m).ln() } else { 0.0 };
                m.signum() * (-2.0 * (m + log)).max(0.0).sqrt()
            };
            let deviance: Vec<f64> = martingale.iter().zip(&event).map(deviance).collect();
            // Cancellation in the direct form: half the digits near 0.
            assert_slice_close(&residuals.deviance(), &deviance, 1e-7);
            let n = sample.rows.len();
            let score = Array2::from_shape_fn((n, 2), |(i, j)| direct.score[i][j]);
            assert_matrix_close(residuals.score().view(), score.view(), 1e-11);
            let weight = |i: usize| match given.weights {
                Weighting::Frequency => 1.0,
                _ => direct.weight[i],
            };
            let unit = Array2::from_shape_fn((n, 2), |(i, j)| weight(i) * direct.score[i][j]);
            let dfbeta = unit.dot(&fit.vcov_model_based());
            let size = dfbeta.iter().fold(1e-300, |m: f64, x| m.max(x.abs()));
            let (found, expected) = (residuals.dfbeta() / size, &dfbeta / size);
            assert_matrix_close(found.view(), expected.view(), 1e-9);
            let se = fit.vcov_model_based().diag().mapv(f64::sqrt);
            assert_matrix_close(
                residuals.dfbetas().view(),
                (residuals.dfbeta() / &se).view(),
                1e-13,
            );
            let schoenfeld = residuals.schoenfeld();
            let rows: Vec<usize> = (0..n).filter(|&i| direct.schoenfeld[i].is_some()).collect();
            let mut found_rows = schoenfeld.row().to_vec();
            found_rows.sort_unstable();
            assert_eq!(found_rows, rows);
            for (k, &row) in schoenfeld.row().iter().enumerate() {
                let found = schoenfeld.residuals().row(k).to_vec();
                assert_slice_close(&found, &direct.schoenfeld[row].unwrap(), 1e-11);
                assert_eq!(schoenfeld.time()[k], sample.rows[row].exit);
            }
        }
    });
}

#[test]
fn sums_are_those_of_the_likelihood_equations() {
    let combinations = combinations();
    check(25, tied(6..=25), |sample| {
        for &given in &combinations {
            let Some((fit, residuals)) = fitted(given, &sample, Variance::ModelBased) else {
                continue;
            };
            if moderate(&fit).is_none() {
                continue;
            }
            let residuals = residuals.weighted();
            let events = fit.n_events();
            assert_close(residuals.martingale().iter().sum::<f64>() / events, 0.0, 1e-12);
            let schoenfeld = residuals.schoenfeld();
            // The score at the estimate is 0 as far as Newton's method was taken.
            let score = weighted_sum(&residuals.score());
            let slack = 1e-7 * events;
            assert!(score.iter().all(|sum| sum.abs() < slack), "{score:?}");
            assert_slice_close(
                &schoenfeld.residuals().sum_axis(Axis(0)).to_vec(),
                &score,
                1e-10 * events,
            );
        }
    });
}

/// Σ dfbeta dfbetaᵀ over rows or clusters is the robust variance; a frequency counts its rows each.
#[test]
fn dfbeta_makes_the_robust_variance() {
    let combinations = combinations();
    check(25, tied(6..=25), |sample| {
        for &given in &combinations {
            for variance in [Variance::Robust, Variance::Automatic] {
                let Some((fit, residuals)) = fitted(given, &sample, variance) else { continue };
                if moderate(&fit).is_none() {
                    continue;
                }
                let clustered = variance == Variance::Automatic;
                let residuals = if clustered { residuals.by_cluster().unwrap() } else { residuals };
                let mut dfbeta = residuals.dfbeta();
                if given.weights == Weighting::Frequency && !clustered {
                    for (mut row, count) in dfbeta.rows_mut().into_iter().zip(sample.counts()) {
                        row *= (count as f64).sqrt();
                    }
                }
                let size = fit.vcov().iter().fold(1e-300, |m: f64, x| m.max(x.abs()));
                let found = dfbeta.t().dot(&dfbeta) / size;
                assert_matrix_close(found.view(), (&fit.vcov() / size).view(), 1e-9);
                if clustered {
                    assert_eq!(residuals.names().unwrap().len(), dfbeta.nrows());
                }
            }
        }
    });
}

/// A row with frequency k is k rows, each with the same residuals.
#[test]
fn a_frequency_is_so_many_rows() {
    check(25, tied(6..=20), |sample| {
        for ties in [Ties::Efron, Ties::Breslow] {
            let given = Given {
                ties,
                weights: Weighting::Frequency,
                entry: true,
                strata: true,
                offset: true,
            };
            let one = Given { weights: Weighting::None, ..given };
            let all = sample.repeated();
            let a = fitted(given, &sample, Variance::ModelBased);
            let b = fitted(one, &all, Variance::ModelBased);
            let Some(((fit, a), (_, b))) = a.zip(b) else { continue };
            if moderate(&fit).is_none() {
                continue;
            }
            let of: Vec<usize> = (sample.counts().iter().enumerate())
                .flat_map(|(row, &count)| std::iter::repeat_n(row, count as usize))
                .collect();
            let repeat = |matrix: &Array2<f64>| matrix.select(Axis(0), &of);
            let column: Vec<f64> = of.iter().map(|&row| a.martingale()[row]).collect();
            assert_slice_close(&column, &b.martingale(), 1e-8);
            assert_matrix_close(repeat(&a.score()).view(), b.score().view(), 1e-8);
            assert_matrix_close(repeat(&a.dfbeta()).view(), b.dfbeta().view(), 1e-7);
            let displacement: Vec<f64> =
                of.iter().map(|&row| a.influence().displacement()[row]).collect();
            assert_slice_close(&displacement, b.influence().displacement(), 1e-7);
        }
    });
}

/// Likelihood displacement and LMAX by their n × n definition.
#[test]
fn influence_by_its_definition() {
    check(40, tied(8..=25), |sample| {
        let given = Given {
            ties: Ties::Efron,
            weights: Weighting::Case,
            entry: true,
            strata: false,
            offset: false,
        };
        let Some((fit, residuals)) = fitted(given, &sample, Variance::ModelBased) else { return };
        if moderate(&fit).is_none() {
            return;
        }
        let score = residuals.clone().weighted().score();
        let matrix = score.dot(&fit.vcov_model_based()).dot(&score.t());
        let influence = residuals.influence();
        let size = matrix.diag().iter().fold(1e-300, |m: f64, x| m.max(*x));
        for (found, expected) in influence.displacement().iter().zip(matrix.diag()) {
            assert_close(found / size, expected / size, 1e-10);
        }
        let lmax = Array1::from(influence.lmax().unwrap().to_vec());
        assert_close(lmax.dot(&lmax), 1.0, 1e-12);
        // Of the elements with the largest size one is positive.
        let largest = lmax.fold(0.0, |m: f64, x| m.max(x.abs()));
        assert!(lmax.iter().any(|x| *x >= largest * (1.0 - 1e-9)), "{lmax}");
        let image = matrix.dot(&lmax);
        let value = lmax.dot(&image);
        assert_slice_close(&(&image / value).to_vec(), &lmax.to_vec(), 1e-7);
        // No direction moves the estimate more.
        let (mut power, n) = (Array1::from_elem(lmax.len(), 1.0), lmax.len());
        power[n / 2] = -0.5;
        for _ in 0..200 {
            power = matrix.dot(&power);
            power /= power.dot(&power).sqrt().max(1e-300);
        }
        assert!(power.dot(&matrix.dot(&power)) <= value * (1.0 + 1e-9));
        let top = influence.top(3);
        assert!(top.windows(2).all(|pair| pair[0].displacement >= pair[1].displacement));
        assert_eq!(top[0].displacement, influence.displacement()[top[0].row]);
        let largest =
            |row: usize| residuals.dfbetas().row(row).fold(0.0, |m: f64, x| m.max(x.abs()));
        assert_close(top[0].max_dfbetas, largest(top[0].row), 1e-12);
    });
}

/// dfbeta is, nearly, what leaving out a row does: exactly so in the limit of a small weight.
#[test]
fn dfbeta_is_a_derivative() {
    check(20, tied(12..=25), |sample| {
        let data = sample.right_censored();
        let design = sample.design();
        let base = Weights::case(&vec![1.0; sample.rows.len()]).unwrap();
        let model = CoxPh::new().tolerance(1e-13).ties(Ties::Breslow);
        let fit = |weights: Weights| {
            model.fit(&data.clone().with_weights(weights).unwrap(), &design).ok()
        };
        let Some(whole) = fit(base.clone()) else { return };
        let Some(beta) = moderate(&whole) else { return };
        let weighted = data.clone().with_weights(base).unwrap();
        let dfbeta = whole.residuals(&weighted, &design).unwrap().dfbeta();
        let of = |row: usize, by: f64| {
            let mut values = vec![1.0; sample.rows.len()];
            values[row] += by;
            finite(&fit(Weights::case(&values).unwrap())?)
        };
        for row in [0, 3, 7] {
            let step = 1e-4;
            let (Some(up), Some(down)) = (of(row, step), of(row, -step)) else { return };
            for j in 0..2 {
                let slope = (up[j] - down[j]) / (2.0 * step);
                let size = beta[j].abs().max(1.0);
                assert!((dfbeta[[row, j]] - slope).abs() < 1e-5 * size, "{row} {j} {slope}");
            }
        }
    });
}

/// Rows cut into pieces keep the sums of their residuals.
#[test]
fn residuals_of_pieces_add_up() {
    check(25, tied(6..=20), |whole| {
        let (pieces, ids) = super::split_rows::split(&whole);
        let model = CoxPh::new();
        let fit = |sample: &Sample, ids: &[usize]| {
            let data = sample.counting_process().with_clusters(ids).unwrap();
            let fit = model.fit(&data, &sample.design()).ok()?;
            moderate(&fit)?;
            fit.residuals(&data, &sample.design()).unwrap().by_cluster().ok()
        };
        let own: Vec<usize> = (0..whole.rows.len()).collect();
        let (Some(a), Some(b)) = (fit(&pieces, &ids), fit(&whole, &own)) else { return };
        assert_slice_close(&a.martingale(), &b.martingale(), 1e-8);
        assert_slice_close(&a.deviance(), &b.deviance(), 1e-6);
        assert_matrix_close(a.score().view(), b.score().view(), 1e-8);
        assert_matrix_close(a.dfbeta().view(), b.dfbeta().view(), 1e-7);
    });
}

fn refused(data: &impl SurvivalData, sample: &Sample, fit: &CoxFit) -> String {
    fit.residuals(data, &sample.design()).unwrap_err().to_string()
}

#[test]
fn other_rows_are_refused() {
    check(20, tied(10..=20), |sample| {
        let data = sample.right_censored();
        let fit = CoxPh::new().fit(&data, &sample.design()).unwrap();
        let weighted = data.with_weights(sample.frequency()).unwrap();
        if sample.counts().iter().any(|&count| count > 1) && fit.log_likelihood() < -1e-3 {
            let text = refused(&weighted, &sample, &fit);
            assert!(text.starts_with("the log-likelihood at the estimate"), "{text}");
        }
    });
}
