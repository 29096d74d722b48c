//! Where the closed forms have their maxima.

use riskset::regression::cox::{Coefficient, CoefficientStatus, CoxFit};
use riskset::{CoxPh, Ties};

use super::cox_closed_forms::{
    Likelihood, first, first_likelihood, second, second_likelihood, weighted, weighted_likelihood,
};
use crate::sample::assert_close;

/// The root of the score, by bisection.
fn maximum(likelihood: &Likelihood) -> f64 {
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if likelihood.score(middle) > 0.0 { low = middle } else { high = middle }
    }
    low
}

fn assert_maximum(fit: &CoxFit, likelihood: &Likelihood, coefficient: f64) {
    let beta = maximum(likelihood);
    let Coefficient { estimate, std_error, .. } = &fit.coefficients()[0];
    assert_close(estimate.unwrap(), beta, 1e-12);
    assert_close(std_error.unwrap(), likelihood.information(beta).sqrt().recip(), 1e-12);
    assert_close(fit.log_likelihood_null(), likelihood.value(0.0), 1e-13);
    assert_close(fit.log_likelihood(), likelihood.value(beta), 1e-13);
    let score = likelihood.score(0.0).powi(2) / likelihood.information(0.0);
    assert_close(fit.score().unwrap().statistic, score, 1e-13);
    // The published figure, or the closed form.
    assert_close(beta, coefficient, 1e-9);
}

#[test]
fn right_censored_rows() {
    let (data, design) = first();
    let fit = |ties| CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    // Breslow: r² − 3 r − 6 = 0.
    let breslow = (1.5 + 33_f64.sqrt() / 2.0).ln();
    assert_maximum(&fit(Ties::Breslow), &first_likelihood(Ties::Breslow), breslow);
    assert_close(fit(Ties::Breslow).coefficients()[0].estimate.unwrap(), breslow, 1e-12);
    // Efron: r³ − 23 r − 30 = 0.
    let angle = (45.0 / 23.0 * (3.0_f64 / 23.0).sqrt()).acos() / 3.0;
    let efron = (2.0 * (23.0_f64 / 3.0).sqrt() * angle.cos()).ln();
    assert_maximum(&fit(Ties::Efron), &first_likelihood(Ties::Efron), efron);
    assert_close(fit(Ties::Efron).coefficients()[0].estimate.unwrap(), efron, 1e-12);
}

/// (2 β − 2 ln(3 r + 3)) rises for ever, to −2 ln 3.
#[test]
fn exact_ties_of_the_first_rows_have_no_maximum() {
    let (data, design) = first();
    let fit = CoxPh::new().ties(Ties::ExactPartial).fit(&data, &design).unwrap();
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::PlusInfinity);
    assert_eq!(fit.coefficients()[0].estimate, None);
    assert_close(fit.log_likelihood(), -2.0 * 3_f64.ln(), 1e-14);
    assert_close(fit.log_likelihood_null(), -2.0 * 6_f64.ln(), 1e-14);
    // U = 2 − 1, I = 2/4.
    assert_close(fit.score().unwrap().statistic, 2.0, 1e-14);
}

#[test]
fn counting_process_rows() {
    let (data, design) = second();
    let fit = |ties| CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    assert_maximum(&fit(Ties::Breslow), &second_likelihood(Ties::Breslow), -0.084_526_080_66);
    assert_maximum(&fit(Ties::Efron), &second_likelihood(Ties::Efron), -0.021_105_209_58);
    // Published nowhere: the root of the score by bisection.
    let exact = second_likelihood(Ties::ExactPartial);
    assert_maximum(&fit(Ties::ExactPartial), &exact, maximum(&exact));
}

#[test]
fn weighted_rows() {
    let (data, design) = weighted();
    let fit = |ties| CoxPh::new().ties(ties).fit(&data, &design).unwrap();
    assert_maximum(&fit(Ties::Breslow), &weighted_likelihood(Ties::Breslow), 0.859_557_444_5);
    assert_maximum(&fit(Ties::Efron), &weighted_likelihood(Ties::Efron), 0.872_604_246_4);
}
