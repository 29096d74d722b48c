//! Columns of any scale, and linear predictors beyond the reach of exp.

use riskset::{CoxPh, Design, Ties};

use super::{EVENT, X, design, ranks, rows};
use crate::sample::assert_close;

const Z: [f64; 8] = [0.5, -1.0, 0.25, 2.0, -0.75, 1.0, 0.0, -2.0];

/// z statistics and the likelihood have no unit.
#[test]
fn columns_sixteen_orders_of_magnitude_apart() {
    let fit = |a: f64, b: f64| {
        let (x, z) = (X.map(|x| a * x), Z.map(|z| b * z));
        let design = Design::builder().numeric("x", &x).numeric("z", &z).build().unwrap();
        CoxPh::new().fit(&rows(&ranks()), &design).unwrap()
    };
    let right = fit(1.0, 1.0);
    for (a, b) in [(1e-8, 1e8), (1e8, 1e-8), (1e-20, 1e20), (-1e8, 1e8)] {
        let scaled = fit(a, b);
        assert_close(scaled.log_likelihood(), right.log_likelihood(), 1e-14);
        for (k, factor) in [a, b].into_iter().enumerate() {
            let (found, right) = (&scaled.coefficients()[k], &right.coefficients()[k]);
            let expected = right.estimate.unwrap() / factor;
            assert!((found.estimate.unwrap() / expected - 1.0).abs() < 1e-13);
            let expected = right.std_error.unwrap() / factor.abs();
            assert!((found.std_error.unwrap() / expected - 1.0).abs() < 1e-13);
        }
        let (found, right) = (scaled.wald().unwrap(), right.wald().unwrap());
        assert_close(found.statistic, right.statistic, 1e-12);
    }
}

/// Σ over events of η − ln Σ exp(η), each sum shifted by its own largest term.
fn log_likelihood(beta: f64) -> f64 {
    let eta = X.map(|x| beta * x);
    let event = (0..8).filter(|&row| EVENT[row]);
    event
        .map(|row| {
            let largest = eta[row..].iter().fold(f64::MIN, |m, &eta| m.max(eta));
            let sum: f64 = eta[row..].iter().map(|eta| (eta - largest).exp()).sum();
            (eta[row] - largest) - sum.ln()
        })
        .sum()
}

#[test]
fn the_likelihood_where_exp_overflows() {
    for beta in [-1e4, -800.0, -150.0, 150.0, 800.0, 1e4] {
        for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
            let model = CoxPh::new().ties(ties);
            let at = model.likelihood_at(&rows(&ranks()), &design(&X), &[beta]).unwrap();
            let right = log_likelihood(beta);
            assert!((at.log_likelihood() / right - 1.0).abs() < 1e-14, "{beta}: {right}");
            // The derivative by differences: far out the likelihood is a straight line.
            let slope = (right - log_likelihood(beta * (1.0 - 1e-2))) / (beta * 1e-2);
            assert_close(at.score()[0], slope, 1e-9);
        }
    }
}
