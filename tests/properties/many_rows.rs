//! Fits of many rows take another way to the maximum, which must not show.

use riskset::data::Variance;
use riskset::inference::Proportionality;
use riskset::ndarray::{Array2, Axis, concatenate};
use riskset::regression::cox::CoefficientStatus;
use riskset::{CountingProcess, CoxPh, Design, Error, RightCensored, Ties, Weights};

use crate::sample::{assert_close, assert_matrix_close, assert_slice_close};

const ROWS: usize = 24_000;
const NAMES: [&str; 5] = ["normal", "half", "rare", "far", "twice"];

/// A multiplicative congruential generator: the data only have to be irregular.
fn uniforms(count: usize) -> Vec<f64> {
    let mut state = 2_463_534_242_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    (0..count).map(|_| next()).collect()
}

struct Rows {
    entry: Vec<f64>,
    exit: Vec<f64>,
    event: Vec<bool>,
    design: Design,
    weight: Vec<f64>,
    centre: Vec<usize>,
}

/// Five columns, the last of which repeats the first; times to `step`.
fn rows(n: usize, step: f64) -> Rows {
    let u = uniforms(8 * n);
    let of = |row: usize| &u[8 * row..8 * row + 8];
    let x = Array2::from_shape_fn((n, 5), |(row, column)| {
        let u = of(row);
        let normal = u[0] + u[1] + u[2] - 1.5;
        match column {
            0 => normal,
            1 => f64::from(u[3] < 0.5),
            2 => f64::from(u[4] < 0.002),
            3 => 2e6 + 1e3 * u[5],
            _ => 2.0 * normal,
        }
    });
    let exit = |row: usize| {
        let eta = 0.8 * x[[row, 0]] - 0.5 * x[[row, 1]] + 1.0 * x[[row, 2]];
        ((-of(row)[6].ln() * (-eta).exp() / step).ceil() * step).min(3.0)
    };
    let exit: Vec<f64> = (0..n).map(exit).collect();
    Rows {
        entry: (0..n).map(|row| 0.4 * exit[row] * of(row)[7]).collect(),
        event: (0..n).map(|row| exit[row] < 3.0 && of(row)[5] < 0.8).collect(),
        exit,
        design: Design::from_matrix(&x, &NAMES).unwrap(),
        weight: (0..n).map(|row| 0.5 + of(row)[2]).collect(),
        centre: (0..n).map(|row| row % 7).collect(),
    }
}

/// The fit from nothing known equals the one by Newton's method from 0.
#[track_caller]
fn assert_same(model: &CoxPh, data: &impl riskset::data::SurvivalData, design: &Design) {
    let fit = model.fit(data, design).unwrap();
    let plain = model.clone().start(&[0.0; 5]).fit(data, design).unwrap();
    assert_close(fit.log_likelihood(), plain.log_likelihood(), 1e-14);
    assert_matrix_close(fit.vcov(), plain.vcov(), 1e-12);
    for (found, expected) in fit.coefficients().iter().zip(plain.coefficients()) {
        assert_eq!(found.status, expected.status);
        let both = found.estimate.zip(expected.estimate);
        both.into_iter().for_each(|(a, b)| assert!((a - b).abs() <= 1e-12 * b.abs().max(1e-3)));
    }
    assert!(fit.convergence().decrement < 1e-12);
}

#[test]
fn the_way_does_not_show() {
    for step in [1e-9, 0.01] {
        let rows = rows(ROWS, step);
        let data = RightCensored::new(&rows.exit, &rows.event).unwrap();
        for ties in [Ties::Efron, Ties::Breslow] {
            assert_same(&CoxPh::new().ties(ties), &data, &rows.design);
        }
        let strata = data.clone().with_strata(&rows.centre).unwrap();
        let weights = Weights::case(&rows.weight).unwrap();
        let weighted = strata.with_weights(weights).unwrap();
        assert_same(&CoxPh::new().variance(Variance::Robust), &weighted, &rows.design);
        let entered = CountingProcess::new(&rows.entry, &rows.exit, &rows.event).unwrap();
        let entered = entered.with_strata(&rows.centre).unwrap();
        assert_same(&CoxPh::new(), &entered, &rows.design);
    }
}

/// From 65,536 rows on a sample of them says where columns are centred and how they are scaled, unless one is
/// constant there: then all rows say so, and it must not show either.
#[test]
fn a_constant_column_changes_nothing() {
    let n = 70_000;
    for step in [1e-9, 0.01] {
        let rows = rows(n, step);
        let data = RightCensored::new(&rows.exit, &rows.event).unwrap();
        let matrix = concatenate![Axis(1), rows.design.matrix(), Array2::from_elem((n, 1), 5.0)];
        let names = [&NAMES[..], &["constant"]].concat();
        let more = Design::from_matrix(&matrix, &names).unwrap();
        let [fit, other] =
            [&rows.design, &more].map(|design| CoxPh::new().fit(&data, design).unwrap());
        assert_close(fit.log_likelihood(), other.log_likelihood(), 1e-14);
        for (found, expected) in fit.coefficients().iter().zip(other.coefficients()) {
            assert_eq!(found.status, expected.status);
            let near = |a: f64, b: f64| assert!((a - b).abs() <= 1e-12 * b.abs(), "{a:e} {b:e}");
            found.estimate.zip(expected.estimate).into_iter().for_each(|(a, b)| near(a, b));
            found.std_error.zip(expected.std_error).into_iter().for_each(|(a, b)| near(a, b));
        }
        let aliased = CoefficientStatus::Aliased { of: Vec::new() };
        assert_eq!(other.coefficients()[5].status, aliased);
        let residuals = fit.residuals(&data, &rows.design).unwrap();
        let others = other.residuals(&data, &more).unwrap();
        assert_slice_close(&residuals.martingale(), &others.martingale(), 1e-12);
        let of_others = others.score();
        for (found, expected) in residuals.score().columns().into_iter().zip(of_others.columns()) {
            assert_slice_close(&found.to_vec(), &expected.to_vec(), 1e-12);
        }
        assert_eq!(of_others.column(5).iter().fold(0.0, |m: f64, x| m.max(x.abs())), 0.0);
    }
}

/// Where a coefficient is infinite in the sample, or in all rows, the way is Newton's own.
#[test]
fn separation_is_found_in_many_rows() {
    let rows = rows(ROWS, 1e-9);
    let data = RightCensored::new(&rows.exit, &rows.event).unwrap();
    let never: Vec<f64> =
        (0..ROWS).map(|row| f64::from(!rows.event[row] && row % 3 == 0)).collect();
    let design = Design::builder().numeric("never", &never).build().unwrap();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::MinusInfinity);
}

#[test]
fn residuals_of_the_fit_are_those_of_its_rows() {
    let rows = rows(ROWS, 0.01);
    let data = RightCensored::new(&rows.exit, &rows.event).unwrap();
    let model = CoxPh::new();
    let (fit, residuals) = model.fit_with_residuals(&data, &rows.design).unwrap();
    assert_eq!(fit, model.fit(&data, &rows.design).unwrap());
    let again = fit.residuals(&data, &rows.design).unwrap();
    assert_slice_close(&residuals.martingale(), &again.martingale(), 1e-12);
    assert_matrix_close(residuals.score().view(), again.score().view(), 1e-12);
    let test = Proportionality::new();
    let from_rows = test.fit(&fit, &data, &rows.design).unwrap();
    let from_residuals = test.fit_residuals(&fit, &residuals, &data).unwrap();
    let (found, expected) = (from_residuals.global().unwrap(), from_rows.global().unwrap());
    assert_close(found.statistic, expected.statistic, 1e-10);
    let other = model.ties(Ties::Breslow).fit(&data, &rows.design).unwrap();
    let refused = test.fit_residuals(&other, &residuals, &data).unwrap_err();
    assert_eq!(refused, Error::OtherData { what: "the estimate of the residuals" });
}
