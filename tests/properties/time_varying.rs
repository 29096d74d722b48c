//! Coefficients that follow time, against rows cut at every event time with the products as columns.

use proptest::prelude::*;
use riskset::data::{SurvivalData, Variance};
use riskset::regression::cox::{CoxFit, LikelihoodAt, TimeFunction};
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties};

use super::direct_sums::Weighting;
use super::frequency::finite;
use super::split_rows::split;
use crate::sample::{
    Sample, assert_close, assert_matrix_close, assert_slice_close, check, tied, untied,
};

/// Whole times with a few ties each, and many of them.
fn coarse(n: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Sample> {
    untied(n).prop_map(|mut sample| {
        for row in &mut sample.rows {
            row.exit = (row.exit / 3.0).ceil();
            row.entry = (row.entry / 3.0).floor();
        }
        sample
    })
}

/// Few values, in rows that are at risk at many times: sums go by value, in every stratum.
fn few_values() -> impl Strategy<Value = Sample> {
    untied(190..=200).prop_map(|mut sample| {
        for row in &mut sample.rows {
            row.exit = (row.exit / 12.0).ceil();
            row.entry = if row.count > 1 { 0.0 } else { (row.entry / 12.0).floor() };
            row.x = if row.group == 0 { [0.5, -0.2] } else { [-0.2, 0.3] };
        }
        sample
    })
}

const TIES: [Ties; 3] = [Ties::Efron, Ties::Breslow, Ties::ExactPartial];

/// What varies: the term and its functions of time, as the crate is told, and one by one.
type Products = Vec<(&'static str, fn(f64) -> f64)>;

fn models() -> Vec<(CoxPh, Products)> {
    let times: Vec<f64> = (1..=40).map(f64::from).collect();
    let root = TimeFunction::tabulated("sqrt", &times, |t| (t + 0.5).sqrt() - 2.0);
    let step = TimeFunction::step(&[2.0, 5.0]);
    vec![
        (CoxPh::new().time_varying("a", TimeFunction::Identity), vec![("a", |t| t)]),
        (CoxPh::new().time_varying("a", TimeFunction::Log), vec![("a", f64::ln)]),
        (
            CoxPh::new().time_varying("a", step),
            vec![
                ("a", |t| f64::from(u8::from(2.0 < t && t <= 5.0))),
                ("a", |t| f64::from(u8::from(5.0 < t))),
            ],
        ),
        (
            CoxPh::new().time_varying("a", root).time_varying("b", TimeFunction::Log),
            vec![("a", |t| (t + 0.5).sqrt() - 2.0), ("b", f64::ln)],
        ),
    ]
}

/// The design of rows cut at every whole time, with the products.
fn expanded(pieces: &Sample, products: &Products) -> Design {
    let mut builder = Design::builder()
        .numeric("a", &pieces.x(0))
        .numeric("b", &pieces.x(1))
        .offset(&pieces.offset());
    for (k, (of, g)) in products.iter().enumerate() {
        let x = pieces.x(usize::from(*of == "b"));
        let product: Vec<f64> = x.iter().zip(pieces.exit()).map(|(x, t)| x * g(t)).collect();
        builder = builder.numeric(&format!("product {k}"), &product);
    }
    builder.build().unwrap()
}

/// Every combination of entry, strata and weights that the ties take.
fn data(sample: &Sample, weights: Weighting, strata: bool) -> CountingProcess {
    let mut data = sample.counting_process();
    match weights {
        Weighting::None => {}
        Weighting::Frequency => data = data.with_weights(sample.frequency()).unwrap(),
        Weighting::Case => data = data.with_weights(sample.case()).unwrap(),
    }
    if strata { data.with_strata(&sample.stratum()).unwrap() } else { data }
}

fn assert_same(found: &LikelihoodAt, expected: &LikelihoodAt) {
    assert_close(found.log_likelihood(), expected.log_likelihood(), 1e-11);
    assert_slice_close(found.score(), expected.score(), 1e-11);
    assert_matrix_close(found.information(), expected.information(), 1e-11);
}

fn agree(sample: &Sample, beta: &[f64; 4]) {
    let (pieces, _) = split(sample);
    for (model, products) in models() {
        let beta = &beta[..2 + products.len()];
        let design = expanded(&pieces, &products);
        for ties in TIES {
            let (with, without) = (model.clone().ties(ties), CoxPh::new().ties(ties));
            for weights in [Weighting::None, Weighting::Frequency, Weighting::Case] {
                if ties == Ties::ExactPartial && weights == Weighting::Case {
                    continue;
                }
                for strata in [false, true] {
                    let cut = data(&pieces, weights, strata);
                    let expected = without.likelihood_at(&cut, &design, beta).unwrap();
                    let rows = data(sample, weights, strata);
                    let found = with.likelihood_at(&rows, &sample.design_with_offset(), beta);
                    assert_same(&found.unwrap(), &expected);
                }
            }
        }
    }
}

fn points() -> impl Strategy<Value = [f64; 4]> {
    prop::array::uniform4(-0.8..0.8)
}

#[test]
fn rows_with_entry_by_piece() {
    check(12, (coarse(10..=40), points()), |(sample, beta)| agree(&sample, &beta));
}

#[test]
fn rows_with_entry_by_value() {
    check(3, (few_values(), points()), |(sample, beta)| agree(&sample, &beta));
}

/// Rows from time 0, which are not cut apart from those of a counting process elsewhere.
#[test]
fn rows_without_entry() {
    let samples = prop_oneof![3 => coarse(10..=40), 1 => few_values()];
    check(24, (samples, points()), |(mut sample, beta)| {
        sample.rows.iter_mut().for_each(|row| row.entry = 0.0);
        let (pieces, _) = split(&sample);
        for (model, products) in models() {
            let beta = &beta[..2 + products.len()];
            let design = expanded(&pieces, &products);
            for ties in TIES {
                let cut = pieces.counting_process().with_strata(&pieces.stratum()).unwrap();
                let expected = CoxPh::new().ties(ties).likelihood_at(&cut, &design, beta).unwrap();
                let rows = sample.right_censored().with_strata(&sample.stratum()).unwrap();
                let own = sample.design_with_offset();
                let found = model.clone().ties(ties).likelihood_at(&rows, &own, beta).unwrap();
                assert_same(&found, &expected);
            }
        }
    });
}

fn fit(model: &CoxPh, data: &impl SurvivalData, design: &Design) -> CoxFit {
    model.fit(data, design).unwrap()
}

/// The whole fit, robust by subject, with the rank and the infinite coefficients that small samples have.
#[test]
fn fits_are_those_of_cut_rows() {
    // The second column says something of its own here.
    let by_value = few_values().prop_map(|mut sample| {
        sample.rows.iter_mut().for_each(|row| row.x[1] = f64::from(row.stratum) - row.offset);
        sample
    });
    let samples = prop_oneof![19 => tied(8..=25), 1 => by_value];
    check(60, samples, |sample| {
        let (pieces, ids) = split(&sample);
        let own: Vec<usize> = (0..sample.rows.len()).collect();
        for (model, products) in models() {
            let design = expanded(&pieces, &products);
            for variance in [Variance::ModelBased, Variance::Robust] {
                let cut = data(&pieces, Weighting::Case, true).with_clusters(&ids).unwrap();
                let expected = fit(&CoxPh::new().variance(variance), &cut, &design);
                let rows = data(&sample, Weighting::Case, true).with_clusters(&own).unwrap();
                let found =
                    fit(&model.clone().variance(variance), &rows, &sample.design_with_offset());
                let status = |fit: &CoxFit| {
                    let finite = |c: &riskset::regression::cox::Coefficient| c.estimate.is_some();
                    fit.coefficients().iter().map(finite).collect::<Vec<_>>()
                };
                assert_close(found.log_likelihood(), expected.log_likelihood(), 1e-8);
                assert_close(found.log_likelihood_null(), expected.log_likelihood_null(), 1e-11);
                assert_eq!(status(&found), status(&expected), "{found}{expected}");
                let (Some(a), Some(b)) = (finite(&found), finite(&expected)) else { continue };
                let largest = expected.vcov().iter().fold(0.0, |m: f64, v| m.max(*v));
                if largest > 1e4 {
                    continue;
                }
                assert_slice_close(&a, &b, 1e-7);
                assert_matrix_close(found.vcov(), expected.vcov(), 1e-6);
                let score = |fit: &CoxFit| fit.robust_score().or(fit.score()).copied().unwrap();
                assert_close(score(&found).statistic, score(&expected).statistic, 1e-8);
            }
        }
    });
}

/// A step function is a stratum-free fit of rows cut at the steps.
#[test]
fn a_step_function_is_a_cut_at_its_steps() {
    let cuts = [3.0, 7.0];
    check(20, coarse(30..=60), |sample| {
        let mut cut = Sample { rows: Vec::new() };
        let mut interval = Vec::new();
        for row in &sample.rows {
            let mut entry = row.entry;
            while entry < row.exit {
                let k = cuts.iter().filter(|&&c| c <= entry).count();
                let exit = cuts.get(k).map_or(row.exit, |end| end.min(row.exit));
                let event = row.event && exit == row.exit;
                cut.rows.push(crate::sample::Row { entry, exit, event, ..row.clone() });
                interval.push(k);
                entry = exit;
            }
        }
        let product = |k: usize| -> Vec<f64> {
            let in_k = interval.iter().map(|&of| f64::from(u8::from(of == k)));
            cut.x(0).iter().zip(in_k).map(|(x, in_k)| x * in_k).collect()
        };
        let design = Design::builder()
            .numeric("a", &cut.x(0))
            .numeric("b", &cut.x(1))
            .numeric("second", &product(1))
            .numeric("third", &product(2));
        let expected = fit(&CoxPh::new(), &cut.counting_process(), &design.build().unwrap());
        let model = CoxPh::new().time_varying("a", TimeFunction::step(&cuts));
        let found = fit(&model, &sample.counting_process(), &sample.design());
        assert_close(found.log_likelihood(), expected.log_likelihood(), 1e-9);
        let (Some(a), Some(b)) = (finite(&found), finite(&expected)) else { return };
        assert_slice_close(&a, &b, 1e-7);
        assert_eq!(found.coefficients()[2].name, "a:(3, 7]");
        // The coefficient in each interval, and its standard error.
        let at = found.coefficient_at("a", &[3.0, 3.5, 7.0, 8.0], 0.95).unwrap();
        assert_eq!(at[0].estimate, a[0]);
        assert_close(at[1].estimate, a[0] + a[2], 1e-14);
        assert_eq!((at[1].estimate, at[1].std_error), (at[2].estimate, at[2].std_error));
        let v = found.vcov();
        let variance = v[[0, 0]] + 2.0 * v[[0, 3]] + v[[3, 3]];
        assert_close(at[3].std_error, variance.sqrt(), 1e-12);
    });
}

/// One column follows nothing, so that its own product with 1 is aliased, whatever way is taken.
#[test]
fn a_constant_function_is_aliased() {
    check(10, coarse(30..=60), |sample| {
        let one = TimeFunction::tabulated("one", &sample.exit(), |_| 1.0);
        let model = CoxPh::new().time_varying("a", one);
        let found = fit(&model, &sample.right_censored(), &sample.design());
        let plain = fit(&CoxPh::new(), &sample.right_censored(), &sample.design());
        assert!(found.coefficients()[2].estimate.is_none());
        assert_close(found.log_likelihood(), plain.log_likelihood(), 1e-11);
    });
}

/// R's tt() would build 2 · 10⁸ rows here.
#[test]
fn twenty_thousand_rows_of_two_arms() {
    let n = 20_000;
    let noise = |seed: usize| ((seed as f64 * 12.9898).sin() * 43_758.545_3).rem_euclid(1.0);
    let arm: Vec<f64> =
        (0..n).map(|row: usize| f64::from(u8::from(row.is_multiple_of(2)))).collect();
    // Hazards 1 and 2 t: their ratio has the logarithm ln 2 + ln t.
    let time: Vec<f64> = (0..n)
        .map(|row| {
            let exponential = -noise(row + 1).ln();
            if row.is_multiple_of(2) { exponential.sqrt() } else { exponential }
        })
        .collect();
    let event: Vec<bool> = (0..n).map(|row| noise(row + 2 * n) < 0.8).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder().numeric("arm", &arm).build().unwrap();
    let model = CoxPh::new().time_varying("arm", TimeFunction::Log);
    let found = fit(&model, &data, &design);
    let [beta, gamma] = [0, 1].map(|k| {
        let coefficient = &found.coefficients()[k];
        (coefficient.estimate.unwrap(), coefficient.std_error.unwrap())
    });
    assert!((beta.0 - 2_f64.ln()).abs() < 3.0 * beta.1, "{beta:?}");
    assert!((gamma.0 - 1.0).abs() < 3.0 * gamma.1 && gamma.1 < 0.05, "{gamma:?}");
}

/// A stratum that repeats another halves the variance and moves nothing else, by either way of summing.
#[test]
fn strata_that_are_copies() {
    let n = 300;
    let time: Vec<f64> = (0..n).map(|row| f64::from(row * 7 % n + 1)).collect();
    let event: Vec<bool> = (0..n).map(|row| row % 4 != 0).collect();
    let few: Vec<f64> = (0..n).map(|row| f64::from(row % 3)).collect();
    let many: Vec<f64> =
        time.iter().enumerate().map(|(row, t)| (row as f64).sin() + 0.002 * t).collect();
    for x in [few, many] {
        let model = CoxPh::new().time_varying("x", TimeFunction::Log);
        let fit_of = |copies: usize| {
            let strata: Vec<usize> = (0..copies * x.len()).map(|row| row / x.len()).collect();
            let data = RightCensored::new(&time.repeat(copies), &event.repeat(copies)).unwrap();
            let data = data.with_strata(&strata).unwrap();
            fit(&model, &data, &Design::builder().numeric("x", &x.repeat(copies)).build().unwrap())
        };
        let (one, two) = (fit_of(1), fit_of(2));
        for (one, two) in one.coefficients().iter().zip(two.coefficients()) {
            assert_close(one.estimate.unwrap(), two.estimate.unwrap(), 1e-9);
        }
        assert_matrix_close(one.vcov(), (2.0 * &two.vcov()).view(), 1e-9);
        assert_close(2.0 * one.log_likelihood(), two.log_likelihood(), 1e-12);
    }
}
