//! A table of many terms.

use riskset::study::{HazardRatios, TermTestKind};
use riskset::{CoxPh, Design, RightCensored};

const ROWS: usize = 120;
const COLUMNS: usize = 30;

/// A sequence that looks random, in (0, 1).
fn noise(seed: usize) -> f64 {
    ((seed as f64 * 12.9898).sin() * 43_758.545_3).rem_euclid(1.0)
}

/// A table asks for one kind of test, which is what the fit gives where it is asked for all.
#[test]
fn the_tests_that_are_shown_are_those_of_the_fit() {
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
    for kind in [TermTestKind::Wald, TermTestKind::LikelihoodRatio] {
        let table = HazardRatios::new().term_test(kind).fit(&data, &design).unwrap();
        for (shown, test) in table.terms.iter().zip(&tests.tests) {
            let by_itself = match kind {
                TermTestKind::Wald => test.wald.ok(),
                _ => test.likelihood_ratio.ok(),
            };
            assert!(by_itself.is_some());
            assert_eq!(shown.multivariable, by_itself, "{}", shown.name);
        }
    }
}
