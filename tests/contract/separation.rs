//! Coefficients without a finite estimate: infinite, and aliased.

use riskset::regression::cox::{CoefficientStatus, CoxFit, TimeFunction};
use riskset::{CoxPh, Design, Error, RightCensored, Ties, Warning};

use crate::sample::assert_close;

const STATUSES: fn(&CoxFit) -> Vec<CoefficientStatus> =
    |fit| fit.coefficients().iter().map(|coefficient| coefficient.status.clone()).collect();

fn data() -> RightCensored {
    let time = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.];
    let event = [1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0].map(|event| event == 1);
    RightCensored::new(&time, &event).unwrap()
}

/// Mixed among events and the rest.
const X: [f64; 12] = [0.3, -1.2, 0.8, 0.1, 1.4, -0.6, 0.2, -0.9, 1.1, 0.5, -0.2, 0.7];

/// 1 for the first two rows, which are the first two events.
fn early() -> Vec<f64> {
    (0..12).map(|row| f64::from(u8::from(row < 2))).collect()
}

/// 1 for the censored rows.
fn never() -> Vec<f64> {
    [2, 6, 9, 11].iter().fold(vec![0.0; 12], |mut column, &row| {
        column[row] = 1.0;
        column
    })
}

fn fit(columns: &[(&str, &[f64])], ties: Ties) -> CoxFit {
    let add = |builder: riskset::data::DesignBuilder, column: &(&str, &[f64])| {
        builder.numeric(column.0, column.1)
    };
    let design = columns.iter().fold(Design::builder(), add).build().unwrap();
    CoxPh::new().ties(ties).fit(&data(), &design).unwrap()
}

#[test]
fn one_separated_column_is_plus_or_minus_infinity() {
    for ties in [Ties::Efron, Ties::Breslow] {
        let rising = fit(&[("early", &early())], ties);
        assert_eq!(STATUSES(&rising), [CoefficientStatus::PlusInfinity]);
        let falling = fit(&[("never", &never())], ties);
        assert_eq!(STATUSES(&falling), [CoefficientStatus::MinusInfinity]);
        let minus: Vec<f64> = early().iter().map(|x| -x).collect();
        assert_eq!(STATUSES(&fit(&[("x", &minus)], ties)), [CoefficientStatus::MinusInfinity]);
        for fit in [rising, falling] {
            assert!(fit.wald().is_none());
            assert!(fit.score().is_some());
            assert!(fit.likelihood_ratio().unwrap().p_value < 0.5);
            assert!(fit.coefficients()[0].estimate.is_none());
            assert!(fit.coefficients()[0].std_error.is_none());
            let [Warning::InfiniteCoefficient { .. }] = fit.warnings() else { panic!() };
        }
    }
}

/// At the limit the two early rows have left a likelihood of their own: that of the others.
#[test]
fn the_likelihood_is_its_limit() {
    let fit = fit(&[("early", &early())], Ties::Efron);
    // The first event is one of two with an infinite hazard, the second is alone.
    let at_risk = [9.0_f64, 8.0, 7.0, 5.0, 4.0, 2.0];
    let limit = -2_f64.ln() - at_risk.iter().map(|n| n.ln()).sum::<f64>();
    assert_close(fit.log_likelihood(), limit, 1e-12);
    let null = -[12.0_f64, 11.0, 9.0, 8.0, 7.0, 5.0, 4.0, 2.0].iter().map(|n| n.ln()).sum::<f64>();
    assert_close(fit.log_likelihood_null(), null, 1e-14);
    let ratio = fit.likelihood_ratio().unwrap();
    assert_close(ratio.statistic, 2.0 * (limit - null), 1e-12);
    assert_eq!(ratio.df, Some(1));
}

#[test]
fn a_finite_column_keeps_its_estimate_beside_an_infinite_one() {
    let both = fit(&[("x", &X), ("early", &early())], Ties::Efron);
    assert_eq!(STATUSES(&both), [CoefficientStatus::Finite, CoefficientStatus::PlusInfinity]);
    assert!(both.wald().is_none());
    let ratios = both.hazard_ratios(0.95).unwrap();
    assert!(ratios[0].estimate.is_some() && ratios[0].test.is_some());
    assert!(ratios[1].estimate.is_none() && ratios[1].test.is_none());
    assert_eq!(ratios[1].to_string(), "early  +infinity: see profile_hazard_ratios");
    assert_eq!(both.vcov()[[1, 1]], 0.0);
    let contrast = both.contrast("difference", &[1.0, -1.0], 0.95);
    assert_eq!(contrast, Err(Error::NotEstimable { column: "early".to_owned() }));
    assert!(both.contrast("x", &[2.0, 0.0], 0.95).is_ok());
    let at = both.coefficient_at("early", &[1.0], 0.95);
    assert_eq!(at, Err(Error::NotEstimable { column: "early".to_owned() }));
    assert!(both.coefficient_at("x", &[1.0], 0.95).is_ok());
}

#[test]
fn two_separated_columns() {
    for ties in [Ties::Efron, Ties::Breslow] {
        let both = fit(&[("early", &early()), ("x", &X), ("never", &never())], ties);
        let expected = [
            CoefficientStatus::PlusInfinity,
            CoefficientStatus::Finite,
            CoefficientStatus::MinusInfinity,
        ];
        assert_eq!(STATUSES(&both), expected);
        assert!(both.wald().is_none());
        assert!(both.likelihood_ratio().unwrap().p_value > 0.0);
        assert_eq!(both.likelihood_ratio().unwrap().df, Some(3));
        assert_eq!(both.warnings().len(), 2);
    }
}

#[test]
fn an_aliased_column_names_those_it_is_made_of() {
    let turn = [3., 7., 1., 4., 9., 2., 8., 5., 0., 6., 11., 10.];
    let sum: Vec<f64> = X.iter().zip(&turn).map(|(x, turn)| 0.1 * x + 0.7 * turn).collect();
    let other: Vec<f64> = X.iter().map(|x| x * x).collect();
    let columns: [(&str, &[f64]); 4] =
        [("x", &X), ("other", &other), ("turn", &turn), ("sum", &sum)];
    let fit = fit(&columns, Ties::Efron);
    let of = vec!["x".to_owned(), "turn".to_owned()];
    assert_eq!(fit.coefficients()[3].status, CoefficientStatus::Aliased { of });
    assert_eq!(fit.coefficients()[3].estimate, None);
    assert_eq!(fit.wald().unwrap().df, Some(3));
    assert_eq!(fit.warnings(), [Warning::AliasedColumn { column: "sum".to_owned() }]);
}

#[test]
fn a_constant_column_is_aliased_of_nothing() {
    let constant = fit(&[("one", &[1e6; 12]), ("x", &X)], Ties::Efron);
    let status = &constant.coefficients()[0].status;
    assert_eq!(*status, CoefficientStatus::Aliased { of: Vec::new() });
    assert_eq!(constant.coefficients()[1].status, CoefficientStatus::Finite);
    let alone = fit(&[("one", &[0.1; 12])], Ties::Efron);
    assert!(alone.wald().is_none() && alone.score().is_none());
    assert!(alone.likelihood_ratio().is_none());
    assert_eq!(alone.log_likelihood(), alone.log_likelihood_null());
}

#[test]
fn more_columns_than_rows() {
    let columns: Vec<Vec<f64>> = (0..20)
        .map(|k| (0..12).map(|row| ((row * 7 + k * 5 + row * k) % 11) as f64).collect())
        .collect();
    let names: Vec<String> = (0..20).map(|k| format!("x{k}")).collect();
    let columns: Vec<(&str, &[f64])> =
        names.iter().zip(&columns).map(|(name, x)| (name.as_str(), x.as_slice())).collect();
    let fit = fit(&columns, Ties::Efron);
    let finite = STATUSES(&fit).iter().filter(|s| **s == CoefficientStatus::Finite).count();
    assert!(finite < 12, "{finite}");
    assert!(fit.wald().is_none());
}

/// Early rows are low throughout, so that the likelihood tends to 1: nothing is left for the others.
#[test]
fn complete_separation() {
    let row: Vec<f64> = (0..12).map(f64::from).collect();
    for ties in [Ties::Efron, Ties::Breslow] {
        let alone = fit(&[("row", &row)], ties);
        assert_eq!(STATUSES(&alone), [CoefficientStatus::MinusInfinity]);
        assert_close(alone.log_likelihood(), 0.0, 1e-8);
        let both = fit(&[("x", &X), ("row", &row)], ties);
        let aliased = CoefficientStatus::Aliased { of: Vec::new() };
        assert_eq!(STATUSES(&both), [aliased, CoefficientStatus::MinusInfinity]);
        assert!(both.wald().is_none());
        let null = both.log_likelihood_null();
        assert_close(both.likelihood_ratio().unwrap().statistic, -2.0 * null, 1e-8);
    }
}

/// At 1 those with x = 1 have the events and at 3 those with 0, of ties in either case: the coefficient
/// of x falls without an end, from plus to minus infinity.
#[test]
fn a_coefficient_that_follows_time_is_separated_among_ties() {
    let time = [1., 1., 1., 1., 3., 3., 3., 3., 4., 4.];
    let event = [true, true, false, false, true, true, false, false, false, false];
    let x = [1., 1., 0., 0., 0., 0., 1., 1., 0.5, 0.5];
    let data = RightCensored::new(&time, &event).unwrap();
    let design = Design::builder().numeric("x", &x).build().unwrap();
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let fit = CoxPh::new().ties(ties).time_varying("x", TimeFunction::Identity);
        let fit = fit.fit(&data, &design).unwrap();
        let [rising, falling] = [CoefficientStatus::PlusInfinity, CoefficientStatus::MinusInfinity];
        assert_eq!(STATUSES(&fit), [rising, falling], "{ties:?}");
    }
}
