//! Conditional logistic regression: pairs, sets that say nothing, many sets.

use proptest::prelude::*;
use riskset::ndarray::Array2;
use riskset::regression::{ConditionalLogistic, ConditionalLogisticFit};
use riskset::{CoxPh, Design, RightCensored, Ties};

use super::frequency::finite;
use crate::sample::{Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied};

fn fit(case: &[bool], sets: &[usize], design: &Design) -> ConditionalLogisticFit {
    ConditionalLogistic::new().fit(case, sets, design).unwrap()
}

fn design(x: &[[f64; 2]]) -> Design {
    let column = |k: usize| x.iter().map(|x| x[k]).collect::<Vec<f64>>();
    Design::builder().numeric("a", &column(0)).numeric("b", &column(1)).build().unwrap()
}

/// Log-likelihood, score and information of logistic regression without an intercept in which every row
/// is a success.
fn logistic(x: &[[f64; 2]], beta: &[f64]) -> (f64, [f64; 2], [[f64; 2]; 2]) {
    let (mut value, mut score, mut information) = (0.0, [0.0; 2], [[0.0; 2]; 2]);
    for x in x {
        let eta = x[0] * beta[0] + x[1] * beta[1];
        let p = 1.0 / (1.0 + (-eta).exp());
        value += p.ln();
        for j in 0..2 {
            score[j] += (1.0 - p) * x[j];
            (0..2).for_each(|l| information[j][l] += p * (1.0 - p) * x[j] * x[l]);
        }
    }
    (value, score, information)
}

/// A matched pair is an ordinary logistic regression on the difference of case and control.
#[test]
fn pairs_are_logistic_regression_on_differences() {
    let pair = prop::array::uniform4(-4_i8..=4).prop_map(|x| x.map(|x| f64::from(x) / 2.0));
    check(60, prop::collection::vec(pair, 12..=40), |pairs| {
        let x: Vec<[f64; 2]> = pairs.iter().flat_map(|[a, b, c, d]| [[*a, *b], [*c, *d]]).collect();
        let case: Vec<bool> = (0..x.len()).map(|row| row % 2 == 0).collect();
        let sets: Vec<usize> = (0..x.len()).map(|row| row / 2).collect();
        let fit = fit(&case, &sets, &design(&x));
        let difference: Vec<[f64; 2]> = pairs.iter().map(|[a, b, c, d]| [a - c, b - d]).collect();
        let null = logistic(&difference, &[0.0; 2]).0;
        assert_close(fit.cox().log_likelihood_null(), null, 1e-13);
        let Some(beta) = finite(fit.cox()) else { return };
        let (value, score, information) = logistic(&difference, &beta);
        assert_close(fit.cox().log_likelihood(), value, 1e-12);
        assert_slice_close(&score, &[0.0; 2], 1e-7);
        let information = Array2::from_shape_fn((2, 2), |(j, l)| information[j][l]);
        assert_matrix_close(information.dot(&fit.cox().vcov()).view(), Array2::eye(2).view(), 1e-9);
    });
}

fn rows(sample: &Sample) -> (Vec<bool>, Vec<usize>) {
    (sample.event(), sample.exit().iter().map(|&exit| exit as usize).collect())
}

/// Sets are whoever leaves at one time. Rows of sets without a case or a control are dropped by hand.
#[test]
fn sets_that_say_nothing_say_nothing() {
    check(100, tied(8..=40), |sample| {
        let (case, sets) = rows(&sample);
        let has = |set: usize, which: bool| {
            sets.iter().zip(&case).any(|(&of, &case)| of == set && case == which)
        };
        let informs = |set: usize| has(set, true) && has(set, false);
        let kept: Vec<usize> = (0..case.len()).filter(|&row| informs(sets[row])).collect();
        for ties in [Ties::ExactPartial, Ties::Efron, Ties::Breslow] {
            let model = ConditionalLogistic::new().ties(ties);
            let all = model.fit(&case, &sets, &sample.design());
            let part = sample.reordered(&kept);
            if kept.is_empty() {
                assert!(all.is_err());
                continue;
            }
            let (all, (case, sets)) = (all.unwrap(), rows(&part));
            let data = RightCensored::new(&vec![1.0; kept.len()], &case).unwrap();
            let data = data.with_strata(&sets).unwrap();
            let part = CoxPh::new().ties(ties).fit(&data, &part.design()).unwrap();
            assert_eq!(all.cox().coefficients(), part.coefficients());
            assert_eq!(all.cox().log_likelihood(), part.log_likelihood());
            assert_eq!(all.cox().n_events(), part.n_events());
            assert_eq!(all.cox().n(), sample.rows.len() as f64);
            let informative = all.n_sets() - all.sets_without_case() - all.sets_without_control();
            assert_eq!(informative, data.strata().unwrap().names().len());
        }
    });
}

#[test]
fn the_counts_of_sets() {
    let case = [true, false, true, true, false, false, true, false];
    let sets = [1, 1, 2, 2, 3, 3, 4, 4];
    let x: Vec<[f64; 2]> = (0..8).map(|k| [f64::from(k * k % 7), f64::from(k % 3)]).collect();
    let fit = fit(&case, &sets, &design(&x));
    assert_eq!((fit.n_sets(), fit.sets_without_case(), fit.sets_without_control()), (4, 1, 1));
    assert!(
        fit.to_string().ends_with("matched sets= 4, without a case= 1, without a control= 1\n")
    );
    assert_eq!(fit.cox().n_events(), 2.0);
}

/// Of every three pairs the case is exposed in two, the control in one.
#[test]
fn many_sets() {
    let n = 30_000;
    let sets: Vec<usize> = (0..n).map(|row| row / 2).collect();
    let case: Vec<bool> = (0..n).map(|row| row % 2 == 0).collect();
    let exposed = |row: usize| row % 2 == usize::from((row / 2).is_multiple_of(3));
    let exposed: Vec<f64> = (0..n).map(|row| f64::from(u8::from(exposed(row)))).collect();
    let design = Design::builder().numeric("exposed", &exposed).build().unwrap();
    let fit = fit(&case, &sets, &design);
    let ratio = &fit.odds_ratios(0.95).unwrap()[0];
    assert_close(ratio.estimate.unwrap(), 2.0, 1e-10);
    let variance = 1.0 / 5_000.0 + 1.0 / 10_000.0;
    assert_close(ratio.std_error_ln.unwrap(), f64::sqrt(variance), 1e-10);
    assert_eq!(fit.n_sets(), 15_000);
}
