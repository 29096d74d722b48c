//! The analysis of `examples/colon_trial` against R; `generate/40_colon_trial.R` made the
//! numbers.

use approx::assert_relative_eq;
use ndarray::ArrayView1;
use riskset::nonparametric::AtRiskTable;
use riskset::{CoxPh, Design, Groups, KaplanMeier, LogRank, RightCensored};
use serde_json::Value;
use std::fs;

use super::case::folder;
use super::frame::Frame;

const ARMS: [&str; 3] = ["Obs", "Lev", "Lev+5FU"];

fn data(rows: &Frame) -> RightCensored {
    let years: Vec<f64> = rows.numbers("time").iter().map(|days| days / 365.25).collect();
    let status: Vec<i32> = rows.numbers("status").iter().map(|&code| code as i32).collect();
    RightCensored::from_codes(&years, &status, 0, 1).unwrap()
}

fn design(rows: &Frame) -> Design {
    let decades: Vec<f64> = rows.numbers("age").iter().map(|years| years / 10.0).collect();
    let text = |name| ArrayView1::from(rows.text(name));
    Design::builder()
        .factor_with_levels("rx", text("rx"), &ARMS, ARMS[0])
        .numeric("sex", &rows.numbers("sex"))
        .numeric("age", &decades)
        .numeric("obstruct", &rows.numbers("obstruct"))
        .numeric("perfor", &rows.numbers("perfor"))
        .numeric("adhere", &rows.numbers("adhere"))
        .numeric("nodes", &rows.numbers("nodes"))
        .factor("differ", text("differ"), "1")
        .factor("extent", text("extent"), "3")
        .numeric("surg", &rows.numbers("surg"))
        .build()
        .unwrap()
}

#[track_caller]
fn same(found: &[Option<f64>], expected: &Value, bound: f64) {
    let expected: Vec<Option<f64>> = serde_json::from_value(expected.clone()).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        match found.zip(expected) {
            Some((found, expected)) => assert_relative_eq!(found, expected, max_relative = bound),
            None => assert_eq!(*found, expected),
        }
    }
}

fn curves(rows: &Frame, expected: &Value) {
    let data = data(rows);
    let arms = Groups::with_levels(rows.text("rx"), &ARMS).unwrap();
    let curves = KaplanMeier::new().fit_by(&data, &arms).unwrap();
    let medians = curves.iter().flat_map(|(_, fit)| {
        let median = fit.curve().median();
        [median.time, median.interval.lower, median.interval.upper]
    });
    same(&medians.collect::<Vec<_>>(), &expected["median"], 1e-12);
    let survival =
        curves.iter().flat_map(|(_, fit)| fit.at(&[1.0, 3.0, 5.0]).unwrap()).flat_map(|at| {
            let interval = at.interval.unwrap();
            [Some(at.survival), interval.lower, interval.upper]
        });
    same(&survival.collect::<Vec<_>>(), &expected["survival"], 1e-12);

    let years: Vec<f64> = (0..=8).map(f64::from).collect();
    let table = AtRiskTable::new(&data, &arms, &years).unwrap();
    let n_risk = table.rows().iter().flat_map(|arm| arm.n_risk.iter().copied().map(Some));
    same(&n_risk.collect::<Vec<_>>(), &expected["n_risk"], 0.0);

    let log_rank = LogRank::new().fit(&data, &arms).unwrap();
    let test = log_rank.test();
    same(&[Some(test.statistic), Some(test.p_value)], &expected["log_rank"], 1e-10);
}

fn cox(rows: &Frame, expected: &Value) {
    let fit = CoxPh::new().fit(&data(rows), &design(rows)).unwrap();
    let each = |value: &dyn Fn(usize) -> Option<f64>| {
        (0..fit.coefficients().len()).map(value).collect::<Vec<_>>()
    };
    let ratios = fit.hazard_ratios(0.95).unwrap();
    same(&[Some(fit.n()), Some(fit.n_events())], &expected["n"], 0.0);
    same(&each(&|j| fit.coefficients()[j].estimate), &expected["coefficients"], 1e-9);
    same(&each(&|j| fit.coefficients()[j].std_error), &expected["std_error"], 1e-9);
    same(&each(&|j| Some(ratios[j].test?.p_value)), &expected["p_value"], 1e-8);
    let likelihoods = [Some(fit.log_likelihood_null()), Some(fit.log_likelihood())];
    same(&likelihoods, &expected["log_likelihood"], 1e-12);
}

#[test]
fn agrees_with_r() {
    let expected: Value = serde_json::from_str(include_str!("colon_trial.json")).unwrap();
    let frame = Frame::read(&folder("data/colon.csv"));
    for (endpoint, code) in [("recurrence", "1"), ("death", "2")] {
        let kind = frame.text("etype");
        let rows: Vec<usize> = (0..frame.n_rows()).filter(|&row| kind[row] == code).collect();
        let rows = frame.select(&rows);
        curves(&rows, &expected[endpoint]);
        let complete = rows.complete(&["nodes".to_owned(), "differ".to_owned()]);
        cox(&rows.select(&complete), &expected[endpoint]);
    }
}

#[test]
fn the_example_has_the_same_data() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/colon.csv");
    assert!(fs::read(example).unwrap() == fs::read(folder("data/colon.csv")).unwrap());
}
