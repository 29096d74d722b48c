//! Shared frailty: against the partial likelihood with a column for every cluster, against the observed
//! likelihood of gamma frailties, and laws.

use riskset::ndarray::Array2;
use riskset::regression::cox::{FrailtyDistribution, FrailtyFit, SharedFrailty};
use riskset::statistic::TestKind;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties, Warning, Weights};

use super::frequency::finite;
use crate::sample::{
    Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied, untied,
};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

fn models(ties: Ties) -> [SharedFrailty; 2] {
    [SharedFrailty::gamma().ties(ties), SharedFrailty::log_normal().ties(ties)]
}

/// Five clusters, by row.
fn clusters(sample: &Sample) -> Vec<usize> {
    (0..sample.rows.len()).map(|row| row % 5).collect()
}

/// With entry, strata and case weights.
fn data(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
    data.with_weights(sample.case()).unwrap().with_clusters(&clusters(sample)).unwrap()
}

/// Whether the model without frailties has finite coefficients.
fn regular(sample: &Sample) -> bool {
    let fit = CoxPh::new().variance(riskset::data::Variance::ModelBased);
    finite(&fit.fit(&data(sample), &sample.design_with_offset()).unwrap()).is_some()
}

fn estimates(fit: &FrailtyFit) -> Vec<f64> {
    fit.coefficients().iter().map(|c| c.estimate.unwrap()).collect()
}

fn ln_frailties(fit: &FrailtyFit) -> Vec<f64> {
    fit.frailties().iter().map(|frailty| frailty.estimate.ln()).collect()
}

/// Inverse and ln of the determinant of a positive definite matrix, by elimination.
fn inverse(matrix: &Array2<f64>) -> (Array2<f64>, f64) {
    let n = matrix.nrows();
    let (mut a, mut inverse, mut ln) = (matrix.clone(), Array2::eye(n), 0.0);
    for k in 0..n {
        let pivot = a[[k, k]];
        ln += pivot.ln();
        for j in 0..n {
            a[[k, j]] /= pivot;
            inverse[[k, j]] /= pivot;
        }
        for i in (0..n).filter(|&i| i != k) {
            let factor = a[[i, k]];
            for j in 0..n {
                let (above, beside) = (a[[k, j]], inverse[[k, j]]);
                a[[i, j]] -= factor * above;
                inverse[[i, j]] -= factor * beside;
            }
        }
    }
    (inverse, ln)
}

/// Score equations, variances and the approximated integral, from the likelihood, score and
/// information of a model with an indicator column for each cluster.
#[test]
fn agrees_with_a_column_for_every_cluster() {
    check(25, tied(20..=30), |sample| {
        if !regular(&sample) {
            return;
        }
        let codes = clusters(&sample);
        let indicator = |code: usize| -> Vec<f64> {
            codes.iter().map(|&k| f64::from(u8::from(k == code))).collect()
        };
        let columns: Vec<Vec<f64>> = (0..5).map(indicator).collect();
        let mut builder = Design::builder();
        for (name, column) in ["c0", "c1", "c2", "c3", "c4"].iter().zip(&columns) {
            builder = builder.numeric(name, column);
        }
        let builder = builder.numeric("a", &sample.x(0)).numeric("b", &sample.x(1));
        let wide = builder.offset(&sample.offset()).build().unwrap();
        for ties in TIES {
            for model in models(ties) {
                let theta = 0.7;
                let fit = model.theta(theta).fit(&data(&sample), &sample.design_with_offset());
                let fit = fit.unwrap();
                let b = ln_frailties(&fit);
                let position = [b.clone(), estimates(&fit)].concat();
                let at = CoxPh::new().ties(ties).likelihood_at(&data(&sample), &wide, &position);
                let at = at.unwrap();
                let gamma = fit.distribution() == FrailtyDistribution::Gamma;
                let slope = |b: f64| if gamma { b.exp_m1() / theta } else { b / theta };
                let bend = |b: f64| if gamma { b.exp() / theta } else { 1.0 / theta };
                let expected: Vec<f64> = b.iter().map(|&b| slope(b)).chain([0.0, 0.0]).collect();
                assert_slice_close(at.score(), &expected, 1e-9);
                assert_close(fit.log_likelihood_partial(), at.log_likelihood(), 1e-11);

                let mut full = at.information().to_owned();
                (0..5).for_each(|k| full[[k, k]] += bend(b[k]));
                let (variance, _) = inverse(&full);
                let block = Array2::from_shape_fn((2, 2), |(i, j)| variance[[5 + i, 5 + j]]);
                assert_matrix_close(fit.vcov(), block.view(), 1e-9);
                let errors: Vec<f64> = (0..5).map(|k| variance[[k, k]].sqrt()).collect();
                let found: Vec<f64> =
                    fit.frailties().iter().map(|f| f.std_error_ln.unwrap()).collect();
                assert_slice_close(&found, &errors, 1e-9);
                let held: f64 = (0..5).map(|k| bend(b[k]) * variance[[k, k]]).sum();
                assert_close(fit.effective_df().unwrap(), 7.0 - held, 1e-9);
                if !gamma {
                    let of_frailties = Array2::from_shape_fn((5, 5), |(i, j)| full[[i, j]] * theta);
                    let penalty: f64 = b.iter().map(|b| b * b / (2.0 * theta)).sum();
                    let (_, ln) = inverse(&of_frailties);
                    let marginal = at.log_likelihood() - penalty - ln / 2.0;
                    assert_close(fit.log_likelihood(), marginal, 1e-11);
                }
            }
        }
    });
}

/// ln of the likelihood of the observed rows under gamma frailties: a closed form of coefficients,
/// variance, and the hazard at the event of each row.
fn observed(sample: &Sample, beta: &[f64], theta: f64, hazard: &[f64]) -> f64 {
    let (codes, exit, event) = (clusters(sample), sample.exit(), sample.event());
    let nu = 1.0 / theta;
    let (mut events, mut expected, mut ln) = ([0.0; 5], [0.0; 5], 0.0);
    for i in 0..exit.len() {
        let eta = beta[0] * sample.rows[i].x[0] + beta[1] * sample.rows[i].x[1];
        let cumulative: f64 =
            (0..exit.len()).filter(|&j| event[j] && exit[j] <= exit[i]).map(|j| hazard[j]).sum();
        expected[codes[i]] += eta.exp() * cumulative;
        if event[i] {
            events[codes[i]] += 1.0;
            ln += eta + hazard[i].ln();
        }
    }
    // Γ(d + ν)/Γ(ν) is a product of d factors.
    for (d, e) in events.iter().zip(expected) {
        ln += (0..*d as usize).map(|k| (nu + k as f64).ln()).sum::<f64>();
        ln += nu * nu.ln() - (d + nu) * (nu + e).ln();
    }
    ln
}

#[test]
fn gamma_maximises_the_likelihood_of_the_rows() {
    check(40, untied(30..=40), |sample| {
        let data = sample.right_censored().with_clusters(&clusters(&sample)).unwrap();
        if finite(&CoxPh::new().fit(&data, &sample.design()).unwrap()).is_none() {
            return;
        }
        for model in [SharedFrailty::gamma().theta(0.4), SharedFrailty::gamma()] {
            let estimated = model == SharedFrailty::gamma();
            let fit = model.fit(&data, &sample.design()).unwrap();
            if !(fit.theta() > 0.0) {
                continue;
            }
            let (beta, omega) = (estimates(&fit), fit.frailties());
            let risk = |i: usize| {
                let x = sample.rows[i].x;
                omega[i % 5].estimate * (beta[0] * x[0] + beta[1] * x[1]).exp()
            };
            let exit = sample.exit();
            let hazard: Vec<f64> = (0..exit.len())
                .map(|i| {
                    let at_risk = (0..exit.len()).filter(|&j| exit[j] >= exit[i]);
                    1.0 / at_risk.map(risk).sum::<f64>()
                })
                .collect();
            let ln = observed(&sample, &beta, fit.theta(), &hazard);
            assert_close(fit.log_likelihood(), ln + fit.n_events(), 1e-11);
            let slope = |move_by: &dyn Fn(f64) -> f64| (move_by(1e-4) - move_by(-1e-4)) / 2e-4;
            for k in 0..2 {
                let moved = |step: f64| {
                    let mut beta = beta.clone();
                    beta[k] += step;
                    observed(&sample, &beta, fit.theta(), &hazard)
                };
                assert_close(slope(&moved), 0.0, 1e-6);
            }
            for i in (0..exit.len()).filter(|&i| sample.rows[i].event) {
                let moved = |step: f64| {
                    let mut hazard = hazard.clone();
                    hazard[i] *= step.exp();
                    observed(&sample, &beta, fit.theta(), &hazard)
                };
                assert_close(slope(&moved), 0.0, 1e-6);
            }
            if estimated {
                let moved = |step: f64| observed(&sample, &beta, fit.theta() * step.exp(), &hazard);
                assert_close(slope(&moved), 0.0, 1e-6);
            }
        }
    });
}

#[test]
fn frailties_average_to_their_mean() {
    check(25, tied(20..=30), |sample| {
        for ties in TIES {
            for (model, gamma) in models(ties).into_iter().zip([true, false]) {
                let fit = model.theta(0.8).fit(&data(&sample), &sample.design()).unwrap();
                let mean = match gamma {
                    true => fit.frailties().iter().map(|f| f.estimate).sum::<f64>() / 5.0 - 1.0,
                    false => ln_frailties(&fit).iter().sum::<f64>() / 5.0,
                };
                assert_close(mean, 0.0, 1e-10);
                for frailty in fit.frailties().iter().filter(|_| gamma) {
                    let mean = (frailty.n_events + 1.25) / (frailty.expected + 1.25);
                    assert_close(frailty.estimate, mean, 1e-9);
                }
            }
        }
    });
}

#[test]
fn without_variance_it_is_the_plain_model() {
    check(15, tied(20..=30), |sample| {
        if !regular(&sample) {
            return;
        }
        let plain = CoxPh::new().variance(riskset::data::Variance::ModelBased);
        let plain = plain.fit(&data(&sample), &sample.design_with_offset()).unwrap();
        for model in models(Ties::Efron) {
            for (theta, bound) in [(0.0, 1e-12), (1e-9, 1e-6)] {
                let fit = model.clone().theta(theta);
                let fit = fit.fit(&data(&sample), &sample.design_with_offset()).unwrap();
                assert_slice_close(&estimates(&fit), &finite(&plain).unwrap(), bound);
                assert_close(fit.log_likelihood(), plain.log_likelihood(), bound);
                assert_matrix_close(fit.vcov(), plain.vcov(), bound);
                assert_close(fit.log_likelihood_without_frailty(), plain.log_likelihood(), 1e-13);
            }
        }
    });
}

#[test]
fn the_estimate_is_highest_and_its_limits_are_as_low_as_said() {
    check(8, tied(30..=40), |sample| {
        for model in models(Ties::Efron) {
            let at = |theta: f64| {
                model.clone().theta(theta).fit(&data(&sample), &sample.design()).unwrap()
            };
            let fit = model.fit(&data(&sample), &sample.design()).unwrap();
            let best = fit.log_likelihood();
            for theta in [0.0, 0.01, 0.1, 0.3, 1.0, 3.0, 0.98 * fit.theta(), 1.02 * fit.theta()] {
                assert!(at(theta).log_likelihood() <= best + 1e-10, "{theta} and {}", fit.theta());
            }
            let interval = fit.theta_interval().unwrap();
            assert_eq!(interval.level, 0.95);
            let drop = 1.920_729_410_347_062;
            for limit in [interval.lower, interval.upper].into_iter().flatten() {
                let fallen = best - at(limit).log_likelihood();
                assert!(limit == 0.0 && fallen <= drop || (fallen - drop).abs() < 1e-8, "{fallen}");
            }
            assert!(interval.lower.is_some());
            // Whatever the estimate, a limit is missing only where the likelihood does not fall so far.
            if interval.upper.is_none() {
                let fallen = best - at(4_f64.powi(9)).log_likelihood();
                assert!(fallen < drop, "{fallen} and {}", fit.theta());
            }
            let test = fit.frailty_test().unwrap();
            let statistic = 2.0 * (best - fit.log_likelihood_without_frailty());
            assert_eq!(test.kind, TestKind::BoundaryLikelihoodRatio);
            assert_close(test.statistic, statistic.max(0.0), 1e-12);
            assert_eq!(fit.theta() == 0.0, fit.warnings().contains(&Warning::NoFrailty));
            assert_eq!(fit.theta() == 0.0, test.p_value == 1.0);
        }
    });
}

#[test]
fn row_order_scale_and_shift_do_not_matter() {
    check(8, tied(25..=35), |sample| {
        if !regular(&sample) {
            return;
        }
        let codes = clusters(&sample);
        let order: Vec<usize> = (0..codes.len()).rev().collect();
        let turned = sample.reordered(&order);
        let of = |sample: &Sample, codes: &[usize]| -> RightCensored {
            sample.right_censored().with_clusters(codes).unwrap()
        };
        let codes_turned: Vec<usize> = order.iter().map(|&row| codes[row]).collect();
        let moved: Vec<f64> = sample.x(0).iter().map(|x| 1994.0 + 1e4 * x).collect();
        let design = Design::builder().numeric("a", &moved).numeric("b", &sample.x(1)).build();
        for model in models(Ties::Efron) {
            let fit = model.fit(&of(&sample, &codes), &sample.design()).unwrap();
            let other = model.fit(&of(&turned, &codes_turned), &turned.design()).unwrap();
            let scaled = model.fit(&of(&sample, &codes), design.as_ref().unwrap()).unwrap();
            for found in [&other, &scaled] {
                assert_close(found.log_likelihood(), fit.log_likelihood(), 1e-11);
                assert_close(found.theta(), fit.theta(), 1e-7);
                assert_slice_close(&ln_frailties(found), &ln_frailties(&fit), 1e-7);
            }
            let [a, b] = [&fit, &scaled].map(estimates);
            assert_slice_close(&[b[0] * 1e4, b[1]], &a, 1e-7);
        }
    });
}

#[test]
fn a_frequency_is_so_many_rows_of_its_cluster() {
    check(10, tied(15..=20), |sample| {
        let codes = clusters(&sample);
        let repeated: Vec<usize> = (codes.iter().zip(sample.counts()))
            .flat_map(|(&code, count)| vec![code; count as usize])
            .collect();
        let weighted = sample.right_censored().with_weights(sample.frequency()).unwrap();
        let weighted = weighted.with_clusters(&codes).unwrap();
        let many = sample.repeated();
        let rows = many.right_censored().with_clusters(&repeated).unwrap();
        for ties in TIES {
            for model in models(ties) {
                let model = model.theta(0.6);
                let a = model.fit(&weighted, &sample.design()).unwrap();
                let b = model.fit(&rows, &many.design()).unwrap();
                assert_close(a.log_likelihood(), b.log_likelihood(), 1e-11);
                assert_slice_close(&ln_frailties(&a), &ln_frailties(&b), 1e-8);
                assert_matrix_close(a.vcov(), b.vcov(), 1e-8);
                assert_eq!((a.n(), a.n_events()), (b.n(), b.n_events()));
            }
        }
    });
}

/// Rows that are alone in their cluster say next to nothing: without covariates the frailty only bends
/// the common hazard, which is free anyway.
#[test]
fn one_cluster_a_row_has_no_variance() {
    check(10, untied(20..=30), |sample| {
        let codes: Vec<usize> = (0..sample.rows.len()).collect();
        let data = sample.right_censored().with_clusters(&codes).unwrap();
        let fit = SharedFrailty::gamma().fit(&data, &Design::empty(codes.len())).unwrap();
        assert_eq!(fit.theta(), 0.0);
        assert_eq!(fit.frailty_test().unwrap().p_value, 1.0);
        assert!(fit.frailties().iter().all(|frailty| frailty.estimate == 1.0));
    });
}

#[test]
fn weights_of_one_change_nothing() {
    check(5, tied(20..=25), |sample| {
        let codes = clusters(&sample);
        let data = sample.counting_process().with_clusters(&codes).unwrap();
        let ones = Weights::case(&vec![1.0; codes.len()]).unwrap();
        for model in models(Ties::Efron) {
            let a = model.clone().theta(0.5).fit(&data, &sample.design()).unwrap();
            let weighted = data.clone().with_weights(ones.clone()).unwrap();
            let b = model.theta(0.5).fit(&weighted, &sample.design()).unwrap();
            assert_eq!(ln_frailties(&a), ln_frailties(&b));
            assert_eq!(a.log_likelihood(), b.log_likelihood());
        }
    });
}

/// Clusters whose rows are in no risk set change nothing, but their number: beyond 1000 the variances
/// come without a matrix.
#[test]
fn variances_do_not_depend_on_how_they_are_found() {
    check(6, tied(20..=30), |sample| {
        let mut rows = sample.clone();
        rows.rows.iter_mut().for_each(|row| row.exit += 1.0);
        let design = |n: usize| {
            let wide = |k: usize| [rows.x(k), vec![0.5; n]].concat();
            Design::builder().numeric("a", &wide(0)).numeric("b", &wide(1)).build().unwrap()
        };
        let fit = |n: usize| {
            let exit = [rows.exit(), vec![0.5; n]].concat();
            let event = [rows.event(), vec![false; n]].concat();
            let codes: Vec<usize> = clusters(&rows).into_iter().chain(5..5 + n).collect();
            let data = RightCensored::new(&exit, &event).unwrap().with_clusters(&codes).unwrap();
            SharedFrailty::gamma().theta(0.6).fit(&data, &design(n)).unwrap()
        };
        let (few, many) = (fit(1), fit(1000));
        assert!(few.effective_df().is_some() && many.effective_df().is_none());
        assert_close(few.log_likelihood(), many.log_likelihood(), 1e-12);
        assert_matrix_close(few.vcov(), many.vcov(), 1e-9);
    });
}

/// Beyond the variances that are tried first: four clusters die one after the other, two never.
#[test]
fn a_large_variance_is_found() {
    let cluster: Vec<usize> = (0..48).map(|row| row % 6).collect();
    let time: Vec<f64> = (0..48)
        .map(|row| f64::from(row) / 48.0 + if row % 6 < 4 { 10_f64.powi(row % 6) } else { 2e3 })
        .collect();
    let event: Vec<bool> = (0..48).map(|row| row % 6 < 4).collect();
    let data = RightCensored::new(&time, &event).unwrap().with_clusters(&cluster).unwrap();
    let x: Vec<f64> = (0..48).map(|row| f64::from(row * 7 % 5)).collect();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    for model in models(Ties::Efron) {
        let fit = model.fit(&data, &design).unwrap();
        assert!(fit.theta() > 4.0);
        for factor in [0.25, 0.9, 1.1, 4.0] {
            let other = model.clone().theta(factor * fit.theta()).fit(&data, &design).unwrap();
            assert!(other.log_likelihood() < fit.log_likelihood(), "{factor} {}", fit.theta());
        }
    }
}

/// Below the variances that are tried first: some 10⁸ rows in each of six clusters tell apart what differs by
/// a thousandth.
#[test]
fn a_tiny_variance_is_found() {
    let (mut exit, mut event, mut code, mut n) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (cluster, percent) in [-0.16, -0.1, -0.02, 0.04, 0.1, 0.14].into_iter().enumerate() {
        let mut left = 1e8;
        for time in 1..=5 {
            let die = if time < 5 { 0.2 * (1.0 + percent / 100.0) * left } else { left };
            exit.push(f64::from(time));
            event.push(time < 5);
            code.push(cluster);
            n.push(die);
            left -= die;
        }
    }
    let data = RightCensored::new(&exit, &event).unwrap().with_clusters(&code).unwrap();
    let data = data.with_weights(Weights::case(&n).unwrap()).unwrap();
    // The mean square of what they differ by, less the variance of that. A partial likelihood does not know
    // the mean, so that its square is over 5.
    for (model, theta) in models(Ties::Breslow).into_iter().zip([1.103e-6, 1.327e-6]) {
        let at = |model: SharedFrailty| model.fit(&data, &Design::empty(exit.len())).unwrap();
        let fit = at(model.clone());
        assert!((fit.theta() / theta - 1.0).abs() < 0.01, "{}", fit.theta());
        for factor in [0.25, 0.9, 1.1, 4.0] {
            let other = at(model.clone().theta(factor * fit.theta()));
            assert!(other.log_likelihood() < fit.log_likelihood(), "{factor} {}", fit.theta());
        }
    }
}
