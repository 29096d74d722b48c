//! Firth's estimate solves its score equation, the penalty's gradient taken by differences.

use proptest::prelude::*;
use riskset::regression::cox::{CoefficientStatus, CoxFit, LikelihoodAt};
use riskset::{CountingProcess, CoxPh, Design, Result, Ties};

use super::frequency::finite;
use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

#[derive(Debug, Clone, Copy)]
enum Weighting {
    Frequency,
    Case,
}

const WEIGHTINGS: [Weighting; 2] = [Weighting::Frequency, Weighting::Case];

fn data(sample: &Sample, weighting: Weighting) -> CountingProcess {
    let weights = match weighting {
        Weighting::Frequency => sample.frequency(),
        Weighting::Case => sample.case(),
    };
    let data = sample.counting_process().with_weights(weights).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

fn fit(data: &CountingProcess, design: &Design, ties: Ties) -> Result<CoxFit> {
    CoxPh::new().ties(ties).firth().fit(data, design)
}

fn at(data: &CountingProcess, design: &Design, ties: Ties, beta: &[f64]) -> LikelihoodAt {
    CoxPh::new().ties(ties).likelihood_at(data, design, beta).unwrap()
}

/// ½ ln|I| of two columns.
fn penalty(at: &LikelihoodAt) -> f64 {
    let i = at.information();
    (i[[0, 0]] * i[[1, 1]] - i[[0, 1]] * i[[1, 0]]).ln() / 2.0
}

/// Few rows, so that many samples are separated: only aliased columns have no estimate.
#[test]
fn the_penalised_score_is_zero() {
    let finite_ones = std::cell::Cell::new(0);
    check(120, tied(3..=25), |sample| {
        for (ties, weighting) in TIES.iter().flat_map(|&t| WEIGHTINGS.map(|w| (t, w))) {
            let (data, design) = (data(&sample, weighting), sample.design_with_offset());
            let fit = fit(&data, &design, ties).unwrap();
            let Some(beta) = finite(&fit) else {
                let plain = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
                for (a, b) in fit.coefficients().iter().zip(plain.coefficients()) {
                    let aliased =
                        |s: &CoefficientStatus| matches!(s, CoefficientStatus::Aliased { .. });
                    assert!(aliased(&a.status) || a.status == CoefficientStatus::Finite, "{fit}");
                    assert!(!aliased(&a.status) || aliased(&b.status), "{fit}{plain}");
                }
                continue;
            };
            finite_ones.set(finite_ones.get() + 1);
            let here = at(&data, &design, ties, &beta);
            assert_close(fit.penalty().unwrap().value, penalty(&here), 1e-8);
            for j in 0..2 {
                let error = fit.coefficients()[j].std_error.unwrap();
                let step = 1e-3 * error;
                let moved = |k: f64| {
                    let mut beta = beta.clone();
                    beta[j] += k * step;
                    penalty(&at(&data, &design, ties, &beta))
                };
                let near = 8.0 * (moved(1.0) - moved(-1.0)) - (moved(2.0) - moved(-2.0));
                let slope = here.score()[j] + near / (12.0 * step);
                assert!((slope * error).abs() < 1e-8, "{} {fit}", slope * error);
            }
        }
    });
    assert!(finite_ones.get() > 300, "{}", finite_ones.get());
}

#[test]
fn no_point_is_higher() {
    let points = prop::collection::vec(prop::array::uniform2(-10.0..10.0), 10);
    check(60, (tied(4..=12), points), |(sample, points)| {
        for ties in TIES {
            let (data, design) = (data(&sample, Weighting::Case), sample.design_with_offset());
            let fit = fit(&data, &design, ties).unwrap();
            let Some(beta) = finite(&fit) else { continue };
            let best = fit.log_likelihood() + fit.penalty().unwrap().value;
            for (point, scale) in points.iter().flat_map(|p| [(p, 1.0), (p, 0.1), (p, 0.01)]) {
                let beta: Vec<f64> = beta.iter().zip(point).map(|(b, d)| b + scale * d).collect();
                let there = at(&data, &design, ties, &beta);
                let other = there.log_likelihood() + penalty(&there);
                // Not a number where rounding has eaten the information.
                assert!(!(other > best + 1e-8), "{other} at {beta:?} is above {fit}");
            }
        }
    });
}

#[test]
fn a_frequency_repeats_the_row() {
    check(40, tied(4..=20), |sample| {
        let all = sample.repeated();
        for ties in TIES {
            let weighted = data(&sample, Weighting::Frequency);
            let repeated = all.counting_process().with_strata(&all.stratum()).unwrap();
            let a = fit(&weighted, &sample.design(), ties).unwrap();
            let b = fit(&repeated, &all.design(), ties).unwrap();
            let (Some(beta_a), Some(beta_b)) = (finite(&a), finite(&b)) else { return };
            assert_slice_close(&beta_a, &beta_b, 1e-7);
            assert_matrix_close(a.vcov(), b.vcov(), 1e-7);
            assert_close(a.penalty().unwrap().value, b.penalty().unwrap().value, 1e-10);
            let statistic = |fit: &CoxFit| fit.likelihood_ratio().unwrap().statistic;
            assert_close(statistic(&a), statistic(&b), 1e-9);
        }
    });
}

/// The penalised likelihood has a maximum, and so its profile has both limits.
#[test]
fn profile_limits_exist_on_separated_data_too() {
    check(40, tied(4..=12), |sample| {
        let (data, design) = (data(&sample, Weighting::Case), sample.design());
        let fit = fit(&data, &design, Ties::Efron).unwrap();
        let Some(beta) = finite(&fit) else { return };
        let ratios = fit.profile_hazard_ratios(&data, &design, 0.9).unwrap();
        for (ratio, beta) in ratios.iter().zip(beta) {
            let interval = ratio.interval.unwrap();
            let (lower, upper) = (interval.lower.unwrap(), interval.upper.unwrap());
            assert!(lower.ln() < beta && beta < upper.ln(), "{ratio:?}");
        }
    });
}
