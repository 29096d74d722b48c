//! Location, scale and coding of covariates.

use riskset::regression::cox::CoxFit;
use riskset::{CoxPh, Design, Ties};

use super::frequency::finite;
use crate::sample::{Sample, assert_close, assert_slice_close, check, tied};

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

fn fit(sample: &Sample, ties: Ties, design: &Design) -> CoxFit {
    let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
    CoxPh::new().ties(ties).fit(&data, design).unwrap()
}

#[test]
fn shift_and_scale_move_the_coefficient_alone() {
    check(30, tied(15..=25), |sample| {
        for (shift, scale) in [(1994.0, 1.0), (-3.0, 64.0), (0.0, 1e-8), (1e6, 1e3)] {
            for ties in TIES {
                let moved: Vec<f64> = sample.x(0).iter().map(|x| shift + scale * x).collect();
                let design = Design::builder().numeric("a", &moved).numeric("b", &sample.x(1));
                let a = fit(&sample, ties, &design.build().unwrap());
                let b = fit(&sample, ties, &sample.design());
                let (Some(beta_a), Some(beta_b)) = (finite(&a), finite(&b)) else { return };
                assert_slice_close(&[beta_a[0] * scale, beta_a[1]], &beta_b, 1e-9);
                let error = |fit: &CoxFit| fit.coefficients()[0].std_error.unwrap();
                assert_close(error(&a) * scale, error(&b), 1e-9);
                assert_close(a.log_likelihood(), b.log_likelihood(), 1e-12);
            }
        }
    });
}

#[test]
fn flipped_coding_inverts_the_hazard_ratio() {
    check(30, tied(15..=25), |mut sample| {
        sample.rows.iter_mut().for_each(|row| row.group %= 2);
        for ties in TIES {
            let ratio = |reference: &str| {
                let design = Design::builder().factor("arm", &sample.group(), reference);
                let fit = fit(&sample, ties, &design.build().unwrap());
                fit.hazard_ratios(0.9).unwrap().remove(0)
            };
            let (a, b) = (ratio("0"), ratio("1"));
            let (Some(hr_a), Some(hr_b)) = (a.estimate, b.estimate) else { return };
            assert_close(hr_a * hr_b, 1.0, 1e-9);
            let (a, b) = (a.interval.unwrap(), b.interval.unwrap());
            assert_close(a.lower.unwrap() * b.upper.unwrap(), 1.0, 1e-9);
            assert_close(a.upper.unwrap() * b.lower.unwrap(), 1.0, 1e-9);
        }
    });
}

#[test]
fn the_order_of_columns_is_the_order_of_coefficients() {
    check(30, tied(15..=25), |sample| {
        let swapped = Design::builder().numeric("b", &sample.x(1)).numeric("a", &sample.x(0));
        let a = fit(&sample, Ties::Efron, &swapped.build().unwrap());
        let b = fit(&sample, Ties::Efron, &sample.design());
        let (Some(beta_a), Some(beta_b)) = (finite(&a), finite(&b)) else { return };
        assert_slice_close(&[beta_a[1], beta_a[0]], &beta_b, 1e-9);
    });
}
