//! What carries no information changes nothing: rows in no risk set, a constant in the offset.

use riskset::regression::cox::LikelihoodAt;
use riskset::{CoxPh, Design, Ties};

use crate::sample::{Row, Sample, assert_close, assert_matrix_close, assert_slice_close};
use crate::sample::{check, tied, untied};

fn assert_same(a: &LikelihoodAt, b: &LikelihoodAt) {
    assert_close(a.log_likelihood(), b.log_likelihood(), 1e-12);
    assert_slice_close(a.score(), b.score(), 1e-12);
    assert_matrix_close(a.information(), b.information(), 1e-12);
}

/// Rows between two events, before the first and after the last, wherever their covariates lie.
fn with_bystanders(sample: &Sample, x: f64) -> Sample {
    let mut all = sample.clone();
    let bystander = |row: &Row| Row {
        entry: row.exit + 0.25,
        exit: row.exit + 0.75,
        event: false,
        x: [x, -x],
        ..row.clone()
    };
    all.rows.extend(sample.rows.iter().map(bystander));
    all
}

#[test]
fn rows_in_no_risk_set() {
    for x in [1.0, 1e3, 1e12] {
        check(20, tied(4..=20), |sample| {
            for ties in [Ties::Efron, Ties::Breslow] {
                let at = |s: &Sample| {
                    let data = s.counting_process().with_strata(&s.stratum()).unwrap();
                    let model = CoxPh::new().ties(ties);
                    model.likelihood_at(&data, &s.design(), &[0.5, 1.5]).unwrap()
                };
                assert_same(&at(&with_bystanders(&sample, x)), &at(&sample));
            }
        });
    }
}

/// A stratum without events adds nothing either.
#[test]
fn a_stratum_without_events() {
    check(30, untied(4..=20), |sample| {
        let mut all = sample.clone();
        for row in &sample.rows {
            let x = [1e9 * row.x[0], 1e9];
            all.rows.push(Row { stratum: 9, event: false, x, ..row.clone() });
        }
        let at = |s: &Sample| {
            let data = s.right_censored().with_strata(&s.stratum()).unwrap();
            CoxPh::new().likelihood_at(&data, &s.design(), &[0.5, 1.5]).unwrap()
        };
        assert_same(&at(&all), &at(&sample));
    });
}

#[test]
fn a_constant_in_the_offset() {
    check(30, tied(4..=20), |sample| {
        let at = |shift: f64| {
            let offset: Vec<f64> = sample.offset().iter().map(|o| o + shift).collect();
            let design = Design::builder().numeric("a", &sample.x(0)).numeric("b", &sample.x(1));
            let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
            let design = design.offset(&offset).build().unwrap();
            CoxPh::new().likelihood_at(&data, &design, &[0.5, 1.5]).unwrap()
        };
        for shift in [-2000.0, 3.0, 700.0, 1e6] {
            assert_same(&at(shift), &at(0.0));
        }
    });
}

/// A level of its own for each stratum is no information within them.
#[test]
fn a_column_constant_within_strata() {
    check(30, tied(4..=20), |sample| {
        let at = |shift: f64| {
            let shifted: Vec<f64> =
                sample.rows.iter().map(|row| row.x[0] + shift * f64::from(row.stratum)).collect();
            let design = Design::builder().numeric("a", &shifted).numeric("b", &sample.x(1));
            let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
            CoxPh::new().likelihood_at(&data, &design.build().unwrap(), &[2.0, 1.5]).unwrap()
        };
        assert_same(&at(1024.0), &at(0.0));
    });
}
