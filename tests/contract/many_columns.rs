//! A table of many terms does no more work than it shows.

use std::time::{Duration, Instant};

use riskset::study::{HazardRatios, TermTestKind};
use riskset::{CoxPh, Design, RightCensored};

const ROWS: usize = 120;
const COLUMNS: usize = 30;

/// A sequence that looks random, in (0, 1).
fn noise(seed: usize) -> f64 {
    ((seed as f64 * 12.9898).sin() * 43_758.545_3).rem_euclid(1.0)
}

/// Wald's tests come from the one fit of all terms, while each likelihood ratio takes a fit without its term;
/// both are those that the fit gives by itself.
#[test]
fn the_tests_that_are_shown_are_those_that_are_made() {
    let time: Vec<f64> = (0..ROWS).map(noise).collect();
    let event: Vec<bool> = (0..ROWS).map(|row| row % 4 != 0).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let columns: Vec<Vec<f64>> = (1..=COLUMNS)
        .map(|column| (0..ROWS).map(|row| noise(row + column * ROWS)).collect())
        .collect();
    let names: Vec<String> = (0..COLUMNS).map(|column| format!("x{column}")).collect();
    let mut design = Design::builder();
    for (name, column) in names.iter().zip(&columns) {
        design = design.numeric(name, column);
    }
    let design = design.build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let tests = fit.term_tests(&data, &design).unwrap();
    let mut best = [Duration::MAX; 2];
    for _ in 0..2 {
        let kinds = [TermTestKind::Wald, TermTestKind::LikelihoodRatio];
        for (best, kind) in best.iter_mut().zip(kinds) {
            let start = Instant::now();
            let table = HazardRatios::new().term_test(kind).fit(&data, &design).unwrap();
            *best = start.elapsed().min(*best);
            for (shown, test) in table.terms.iter().zip(&tests.tests) {
                let by_itself = match kind {
                    TermTestKind::Wald => test.wald.ok(),
                    _ => test.likelihood_ratio.ok(),
                };
                assert_eq!(shown.multivariable, by_itself, "{}", shown.name);
            }
        }
    }
    let [wald, likelihood_ratio] = best;
    assert!(2 * wald < likelihood_ratio, "{wald:?} {likelihood_ratio:?}");
}
