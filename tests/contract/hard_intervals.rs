//! Interval-censored data, one sample and MaxCombo at the edge: no panic, no number that is none.

use riskset::data::IntervalCensored;
use riskset::nonparametric::{MaxCombo, OneSampleLogRank, Turnbull, TurnbullFit};
use riskset::{Error, Groups, RightCensored, Weights};

const NEVER: f64 = f64::INFINITY;

fn finite(fit: &TurnbullFit) {
    assert!(fit.log_likelihood().is_finite() && fit.reduced_gradient().is_finite());
    let total: f64 = fit.intervals().iter().map(|cell| cell.mass).sum();
    assert!((total - 1.0).abs() < 1e-12);
    assert!(!format!("{fit}").contains("NaN"));
}

#[test]
fn extreme_ends_have_an_estimate() {
    let cases: [(&[f64], &[f64]); 5] = [
        (&[0.0], &[NEVER]),
        (&[0.0, 0.0], &[0.0, NEVER]),
        (&[f64::MAX], &[NEVER]),
        (&[0.0, 1e295, 1e300], &[1e297, 1e305, f64::MAX]),
        (&[3.0, 3.0, 3.0], &[3.0, 3.0, 3.0]),
    ];
    for (left, right) in cases {
        finite(&Turnbull::new().fit(&IntervalCensored::new(left, right).unwrap()).unwrap());
    }
}

#[test]
fn extreme_weights_give_an_estimate_or_an_error() {
    let (left, right) = ([0.0, 1.0, 2.0, 4.0], [2.0, 3.0, 5.0, NEVER]);
    for weights in [[1e-100, 1.0, 1e100, 1.0], [1e-12, 1.0, 1e-12, 1e12], [1e-9, 1.0, 1.0, 1e-9]] {
        let data = IntervalCensored::new(&left, &right).unwrap();
        let data = data.with_weights(Weights::case(&weights).unwrap()).unwrap();
        match Turnbull::new().fit(&data) {
            Ok(fit) => finite(&fit),
            Err(error) => assert!(matches!(error, Error::NotMaximised { .. }), "{error}"),
        }
    }
}

#[test]
fn too_few_iterations_are_told() {
    let data =
        IntervalCensored::new(&[0.0, 2.0, 4.0, 4.0, 6.0], &[3.0, 5.0, 5.0, 8.0, NEVER]).unwrap();
    let error = Turnbull::new().max_iterations(0).fit(&data).unwrap_err();
    assert!(error.to_string().starts_with("no convergence in 0 iterations (reduced gradient"));
    for tolerance in [0.0, 1.0, f64::NAN] {
        assert!(Turnbull::new().tolerance(tolerance).fit(&data).is_err());
    }
}

#[test]
fn hazards_of_any_size_give_a_test_or_an_error() {
    let data = RightCensored::new(&[1.0, 2.0], &[true, true]).unwrap();
    for each in [f64::MIN_POSITIVE, 1e-160, 1.0, 1e160, f64::MAX] {
        if let Ok(fit) = OneSampleLogRank::new().fit(&data, |_| each) {
            assert!(fit.test().statistic.is_finite() && fit.test().p_value.is_finite());
        }
    }
}

#[test]
fn far_and_tiny_comparisons_have_a_p_value() {
    let time: Vec<f64> = (0..400).map(f64::from).collect();
    let arm: Vec<bool> = (0..400).map(|row| row >= 200).collect();
    let data = RightCensored::new(&time, &[true; 400]).unwrap();
    let fit = MaxCombo::new().fit(&data, &Groups::new(&arm).unwrap()).unwrap();
    assert!(fit.p_value() > 0.0 && fit.p_value() < 1e-30, "{}", fit.p_value());
    assert!(fit.p_value_error() < 1e-8 * fit.p_value());
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true; 3]).unwrap();
    let groups = Groups::new(&["a", "b", "a"]).unwrap();
    let fit = MaxCombo::new().fit(&data, &groups).unwrap();
    assert!((0.0..=1.0).contains(&fit.p_value()));
}
