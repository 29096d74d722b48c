//! Exact ties where enumeration would never end, or a product of risks overflow.

use riskset::regression::cox::{CoefficientStatus, CoxFit};
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};
use std::time::{Duration, Instant};

use crate::sample::assert_close;

fn exact() -> CoxPh {
    CoxPh::new().ties(Ties::ExactPartial)
}

/// A sequence that looks random, in (0, 1).
fn noise(seed: usize) -> f64 {
    ((seed as f64 * 12.9898).sin() * 43_758.545_3).rem_euclid(1.0)
}

fn estimate(fit: &CoxFit) -> f64 {
    fit.coefficients()[0].estimate.unwrap()
}

/// R enumerates the subsets of such rows.
#[test]
fn a_dozen_tied_events_among_fifty_with_delayed_entry() {
    let n = 50;
    let entry: Vec<f64> = (0..n).map(|row| f64::from(row % 3)).collect();
    let exit: Vec<f64> = (0..n).map(|row| if row % 4 == 0 { 5.0 } else { 6.0 }).collect();
    let event: Vec<bool> = (0..n).map(|row| row % 4 == 0 || row == 1).collect();
    let x: Vec<f64> = (0..n as usize).map(noise).collect();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    let begin = Instant::now();
    let fit = exact().fit(&CountingProcess::new(&entry, &exit, &event).unwrap(), &design).unwrap();
    assert!(begin.elapsed() < Duration::from_secs(5));
    // All have entered before 5, so that entry says nothing here.
    let same = exact().fit(&RightCensored::new(&exit, &event).unwrap(), &design).unwrap();
    assert_close(fit.log_likelihood(), same.log_likelihood(), 1e-14);
    assert_close(estimate(&fit), estimate(&same), 1e-12);
    // 50 choose 13, and the one event at 6 among 37.
    let choose: f64 = (0..13).map(|k| (f64::from(50 - k) / f64::from(13 - k)).ln()).sum();
    assert_close(fit.log_likelihood_null(), -choose - 37_f64.ln(), 1e-13);
}

/// e_500 of 5000 risks is above 10^697, and with the covariates far above and below.
#[test]
fn five_hundred_tied_events_among_five_thousand() {
    let n = 5000;
    let x: Vec<f64> = (0..n).map(|row| 4.0 * noise(row)).collect();
    let event: Vec<bool> = (0..n).map(|row| noise(row + n) < 0.02 + 0.04 * x[row]).collect();
    let d = event.iter().filter(|&&event| event).count();
    assert!((450..550).contains(&d), "{d}");
    let data = RightCensored::new(&vec![1.0; n], &event).unwrap();
    let design = |x: &[f64]| Design::builder().numeric("x", x).build().unwrap();
    let fit = exact().fit(&data, &design(&x)).unwrap();
    let choose: f64 = (0..d).map(|k| ((n - k) as f64 / (d - k) as f64).ln()).sum();
    assert_close(fit.log_likelihood_null(), -choose, 1e-12);
    assert!(fit.likelihood_ratio().unwrap().p_value < 1e-20);
    // The covariate in other units and from another origin.
    let moved: Vec<f64> = x.iter().map(|x| 1e6 - 1e3 * x).collect();
    let beta = -1e-3 * estimate(&fit);
    let at = exact().likelihood_at(&data, &design(&moved), &[beta]).unwrap();
    assert_close(at.log_likelihood(), fit.log_likelihood(), 1e-12);
    assert_close(at.information()[[0, 0]].recip(), 1e-6 * fit.vcov()[[0, 0]], 1e-12);
}

/// Risks from exp(-2000) to exp(2000), which no number holds: two thirds of the events are nearly
/// sure, the last is one of four of equal risk.
#[test]
fn risks_of_any_size() {
    let eta = [2000.0, -2000.0, 1000.0, 0.0, 0.0, 0.0, 0.0];
    let event = [true, false, true, true, false, false, false];
    let data = RightCensored::new(&[1.0; 7], &event).unwrap();
    let design = Design::builder().numeric("x", &eta).build().unwrap();
    let at = exact().likelihood_at(&data, &design, &[1.0]).unwrap();
    // A logarithm near 2000 is good to 2e-13.
    assert_close(at.log_likelihood(), -4_f64.ln(), 1e-12);
    assert_close(at.score()[0], 0.0, 1e-12);
    let reversed = exact().likelihood_at(&data, &design, &[-1.0]).unwrap();
    // The likeliest three are now the one with -2000 and two of the four: six sets, of which 3000 + 2000.
    assert_close(reversed.log_likelihood(), -3000.0 - 2000.0 - 6_f64.ln(), 1e-14);
    assert_close(reversed.score()[0], 5000.0, 1e-12);
}

/// Where all at risk have the event, and where one does not, at every time.
#[test]
fn nearly_all_have_the_event() {
    let time = [1., 1., 1., 1., 2., 2., 2.];
    let event = [true, true, true, false, true, true, true];
    let x = [1.0, 2.0, 4.0, 3.0, 0.5, 1.5, 2.5];
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    let at = exact().likelihood_at(&data, &design, &[0.3]).unwrap();
    // Of the seven at risk at 1 three have the event; at 2 all three that are left.
    let r = |k: usize| (0.3 * x[k]).exp();
    let triples =
        (0..7).flat_map(|a| (0..a).flat_map(move |b| (0..b).map(move |c| r(a) * r(b) * r(c))));
    let likelihood = r(0) * r(1) * r(2) / triples.sum::<f64>();
    assert_close(at.log_likelihood(), likelihood.ln(), 1e-13);
}

#[test]
fn constant_and_aliased_columns() {
    let time = [1., 1., 1., 2., 2., 2., 3., 3.];
    let event = [true, true, false, true, true, false, false, true];
    let x = [1.0, 2.0, 4.0, 3.0, 0.5, 1.5, 2.5, 0.0];
    let data = RightCensored::new(&time, &event).unwrap();
    let twice: Vec<f64> = x.iter().map(|x| 1e5 + 2.0 * x).collect();
    let design = Design::builder().numeric("one", &[7.0; 8]).numeric("x", &x).numeric("2x", &twice);
    let fit = exact().fit(&data, &design.build().unwrap()).unwrap();
    let status = |k: usize| fit.coefficients()[k].status.clone();
    assert_eq!(status(0), CoefficientStatus::Aliased { of: Vec::new() });
    assert_eq!(status(1), CoefficientStatus::Finite);
    assert_eq!(status(2), CoefficientStatus::Aliased { of: vec!["x".to_owned()] });
}

/// The means of three equal numbers are not always that number.
#[test]
fn a_column_that_is_constant_in_every_risk_set() {
    let entry = [0., 0., 0., 1., 1., 1., 1., 2., 2., 2.];
    let exit = entry.map(|entry| entry + 1.0);
    let event = [true, true, false, true, true, false, false, true, false, true];
    let x = [1.0, 2.0, 4.0, 3.0, 0.5, 1.5, 2.5, 0.0, 1.0, 0.3];
    let of_set = entry.map(|entry| 0.1 + 0.7 * entry);
    let data = CountingProcess::new(&entry, &exit, &event).unwrap();
    let design = Design::builder().numeric("set", &of_set).numeric("x", &x).build().unwrap();
    let fit = exact().fit(&data, &design).unwrap();
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::Aliased { of: Vec::new() });
    assert_eq!(fit.coefficients()[1].status, CoefficientStatus::Finite);
}
