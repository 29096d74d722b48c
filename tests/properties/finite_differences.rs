//! Score and information against differences of the log-likelihood and of the score.

use proptest::prelude::*;
use riskset::regression::cox::LikelihoodAt;
use riskset::{CoxPh, Ties};

use crate::sample::{Sample, assert_close, check, tied};

const STEP: f64 = 1e-3;

/// The derivative at 0 by five points: the error is of the order of STEP⁴.
pub fn slope(f: impl Fn(f64) -> f64) -> f64 {
    (8.0 * (f(STEP) - f(-STEP)) - (f(2.0 * STEP) - f(-2.0 * STEP))) / (12.0 * STEP)
}

fn at(sample: &Sample, ties: Ties, beta: &[f64]) -> LikelihoodAt {
    let data = sample.counting_process().with_weights(sample.case()).unwrap();
    let data = data.with_strata(&sample.stratum()).unwrap();
    CoxPh::new().ties(ties).likelihood_at(&data, &sample.design_with_offset(), beta).unwrap()
}

#[test]
fn derivatives_agree_at_random_points() {
    let points = prop::array::uniform2(-2.0..2.0);
    check(40, (tied(4..=25), points), |(sample, beta)| {
        for ties in [Ties::Efron, Ties::Breslow] {
            let here = at(&sample, ties, &beta);
            for j in 0..2 {
                let moved = |step: f64| {
                    let mut beta = beta;
                    beta[j] += step;
                    at(&sample, ties, &beta)
                };
                let score = slope(|step| moved(step).log_likelihood());
                assert_close(here.score()[j], score, 1e-9);
                for l in 0..2 {
                    let information = -slope(|step| moved(step).score()[l]);
                    assert_close(here.information()[[j, l]], information, 1e-9);
                }
            }
        }
    });
}
