//! Separation by columns of which none separates.

use riskset::regression::cox::CoefficientStatus::{Finite, MinusInfinity, PlusInfinity};
use riskset::regression::cox::CoxFit;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};

use crate::sample::assert_close;

/// What separates: every event has the largest of its risk set, often beside others.
const SUM: [f64; 10] = [2., 2., 2., 1., 1., 1., 0., 0., 0., 0.];
/// What does not.
const DIFFERENCE: [f64; 10] = [1., 3., 0., 2., 5., 1., 4., 0., 2., 3.];
const EVENT: [bool; 10] = [true, true, true, true, false, true, false, true, false, true];

fn data() -> RightCensored {
    RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8., 9., 10.], &EVENT).unwrap()
}

fn fit(ties: Ties, columns: &[[f64; 10]]) -> CoxFit {
    let add = |builder: riskset::data::DesignBuilder, (k, x): (usize, &[f64; 10])| {
        builder.numeric(&format!("x{k}"), x)
    };
    let design = columns.iter().enumerate().fold(Design::builder(), add).build().unwrap();
    CoxPh::new().ties(ties).fit(&data(), &design).unwrap()
}

/// The likelihood rises for ever along (1, 1). In the limit an event meets only those with the same
/// sum: the sums are strata.
#[test]
fn the_sum_of_two_columns_separates() {
    let a: [f64; 10] = std::array::from_fn(|row| (SUM[row] + DIFFERENCE[row]) / 2.0);
    let b: [f64; 10] = std::array::from_fn(|row| (SUM[row] - DIFFERENCE[row]) / 2.0);
    let strata = data().with_strata(&SUM.map(|sum| sum as u8)).unwrap();
    let difference = Design::builder().numeric("difference", &DIFFERENCE).build().unwrap();
    for ties in [Ties::Efron, Ties::Breslow] {
        let within = CoxPh::new().ties(ties).fit(&strata, &difference).unwrap();
        let both = fit(ties, &[a, b]);
        let statuses = |fit: &CoxFit| fit.coefficients().iter().map(|c| c.status.clone()).collect();
        let found: Vec<_> = statuses(&both);
        assert_eq!(found, [PlusInfinity, PlusInfinity]);
        assert!(both.coefficients().iter().all(|c| c.estimate.is_none() && c.std_error.is_none()));
        assert_close(both.log_likelihood(), within.log_likelihood(), 1e-12);
        // Turned, the part that does not separate keeps its estimate.
        let turned = fit(ties, &[SUM, DIFFERENCE]);
        let found: Vec<_> = statuses(&turned);
        assert_eq!(found, [PlusInfinity, Finite]);
        assert_close(turned.log_likelihood(), within.log_likelihood(), 1e-12);
        let (found, right) = (&turned.coefficients()[1], &within.coefficients()[0]);
        assert_close(found.estimate.unwrap(), right.estimate.unwrap(), 1e-10);
        assert_close(found.std_error.unwrap(), right.std_error.unwrap(), 1e-10);
        let (found, right) = (both.likelihood_ratio().unwrap(), turned.likelihood_ratio().unwrap());
        assert_close(found.statistic, right.statistic, 1e-12);
        assert_eq!(found.df, Some(2));
    }
}

/// All events have the largest of their risk sets along the way (1, −2).
fn late() -> (CountingProcess, Design) {
    let event = [true, true, false, true, true];
    let (entry, exit) = ([0.0, 1.0, 1.0, 7.0, 0.0], [1.0, 3.0, 5.0, 8.0, 2.0]);
    let design = Design::builder()
        .numeric("a", &[0.875, 0.25, -0.375, -0.75, -0.5])
        .numeric("b", &[0.125, 0.75, -0.125, 0.75, -0.625]);
    (CountingProcess::new(&entry, &exit, &event).unwrap(), design.build().unwrap())
}

/// With one column held far out, what is left of the likelihood is flat, and a step that promises something
/// is lost in rounding.
#[test]
fn a_flat_rest_is_no_search_without_end() {
    let (data, design) = late();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let found: Vec<_> = fit.coefficients().iter().map(|c| c.status.clone()).collect();
    assert_eq!(found, [PlusInfinity, MinusInfinity]);
    assert!(fit.log_likelihood() <= 0.0 && fit.log_likelihood() > -1e-9);
    assert!(fit.convergence().iterations < 30);
}

/// What is left after the first column is held has iterations of its own.
#[test]
fn every_way_to_infinity_has_its_iterations() {
    let (data, design) = late();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let fewer = CoxPh::new().max_iterations(fit.convergence().iterations - 2);
    let again = fewer.fit(&data, &design).unwrap();
    assert_eq!(again.convergence(), fit.convergence());
    assert!(CoxPh::new().max_iterations(10).fit(&data, &design).is_err());
}

/// Two who die together tie, and leave information on every column alone: what vanishes is that on a combination.
/// With 1 for the first coefficient the third has to lie between -7/3 and -11/5 for these two to be the highest at 3,
/// and the third row at 4; the second is 3/2 of their sum.
#[test]
fn a_combination_of_columns_that_vanishes() {
    let event = [true, false, true, false, true];
    let data = RightCensored::new(&[3., 3., 4., 5., 3.], &event).unwrap();
    let design = Design::builder()
        .numeric("x", &[0., 0., 1., 2., 3.])
        .numeric("y", &[3., 1., 0., 3., 1.])
        .numeric("z", &[0., 3., 3., 1., 3.]);
    let fit = CoxPh::new().ties(Ties::Breslow).fit(&data, &design.build().unwrap()).unwrap();
    let found: Vec<_> = fit.coefficients().iter().map(|c| c.status.clone()).collect();
    assert_eq!(found, [PlusInfinity, MinusInfinity, MinusInfinity]);
    // To the tolerance of a fit: so narrow a way is long.
    assert_close(fit.log_likelihood(), -2.0 * 2_f64.ln(), 1e-9);
}

/// A start so far off that the likelihood is flat there says nothing of the way.
#[test]
fn a_start_far_off_leads_to_the_same_maximum() {
    let event = [true, true, false, false, true, false, true, true];
    let data = RightCensored::new(&[6., 1., 3., 5., 5., 6., 6., 7.], &event).unwrap();
    let design = Design::builder()
        .numeric("x", &[1., 1., 0., 1., 1., 1., 1., 1.])
        .numeric("y", &[1., 1., 1., 0., 0., 0., 1., 0.])
        .numeric("z", &[1., 1., 0., 0., 0., 1., 0., 1.]);
    let design = design.build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let far = CoxPh::new().start(&[287., 214., -0.5]).fit(&data, &design).unwrap();
    for (found, expected) in far.coefficients().iter().zip(fit.coefficients()) {
        assert_eq!(found.status, expected.status);
        assert_close(found.estimate.unwrap_or(0.0), expected.estimate.unwrap_or(0.0), 1e-10);
    }
    assert_eq!(fit.coefficients()[0].status, PlusInfinity);
    assert_close(far.log_likelihood(), fit.log_likelihood(), 1e-12);
}

/// All but the two who die together at 6 have the highest of their risk sets: those differ by a thousandth, and far
/// enough on the likelihood falls again.
#[test]
fn a_thousandth_keeps_a_coefficient_finite() {
    let event = [true, true, false, true, true, true, true];
    let data = RightCensored::new(&[4., 6., 2., 3., 6., 2., 5.], &event).unwrap();
    let design = Design::builder().numeric("x", &[0., 0.001, 0., 1., 0., 10., 0.]).build().unwrap();
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let model = CoxPh::new().ties(ties);
        let fit = model.fit(&data, &design).unwrap();
        assert_eq!(fit.coefficients()[0].status, Finite);
        let estimate = fit.coefficients()[0].estimate.unwrap();
        let at = |beta: f64| model.likelihood_at(&data, &design, &[beta]).unwrap();
        assert!(at(estimate).score()[0].abs() < 1e-12);
        for beta in [estimate - 1.0, estimate + 1.0, 40.0] {
            assert!(at(beta).log_likelihood() < fit.log_likelihood());
        }
    }
}
