//! Tests of terms against closed forms: two columns, each of which varies in one stratum only.

use riskset::inference::LevelPairs;
use riskset::{CoxPh, Design, RightCensored};

use crate::sample::assert_close;

/// Events at 1 (x = 1), 2 (x = 0) and 3 (x = 1) in the first stratum: with u = exp(β)
/// ```text
/// ℓ = β − ln(2u + 1) − ln(1 + u)     U = 1/(2u + 1) − u/(1 + u)     u = 1/√2 at the maximum
/// ```
/// and the same with x reversed in the second, so that u = √2 there.
fn data() -> (RightCensored, Design) {
    let data = RightCensored::new(&[1., 2., 3., 1., 2., 3.], &[true; 6]).unwrap();
    let data = data.with_strata(&[1, 1, 1, 2, 2, 2]).unwrap();
    let design = Design::builder()
        .numeric("a", &[1., 0., 1., 0., 0., 0.])
        .factor("b", &["n", "n", "n", "n", "y", "n"], "n")
        .build();
    (data, design.unwrap())
}

#[test]
fn each_term_is_tested_by_its_own_stratum() {
    let (data, design) = data();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let u = 0.5_f64.sqrt();
    let ratio = 2.0 * (u.ln() - (2.0 * u).ln_1p() - u.ln_1p() + 6_f64.ln());
    let wald = u.ln().powi(2) * (2.0 * u / (2.0 * u + 1.0).powi(2) + u / (1.0 + u).powi(2));
    let tests = fit.term_tests(&data, &design).unwrap();
    for term in ["a", "b"] {
        let test = tests.term(term).unwrap();
        assert_eq!(test.df, 1);
        assert_close(test.likelihood_ratio.unwrap().statistic, ratio, 1e-13);
        assert_close(test.wald.unwrap().statistic, wald, 1e-12);
        // U = −1/6, I = 2/9 + 1/4.
        assert_close(test.score.unwrap().statistic, 1.0 / 17.0, 1e-13);
    }
    let steps = fit.sequential_tests(&data, &design).unwrap();
    for (step, k) in steps.steps.iter().zip(1..) {
        assert_close(step.likelihood_ratio.unwrap().statistic, ratio, 1e-13);
        assert_close(step.log_likelihood, -2.0 * 6_f64.ln() + 0.5 * f64::from(k) * ratio, 1e-13);
    }
    let pair = &LevelPairs::new().of(&fit, "b").unwrap()[0];
    assert_close(pair.ratio.estimate.unwrap(), 2_f64.sqrt(), 1e-12);
    assert_close(fit.aic(), -2.0 * (-2.0 * 6_f64.ln() + ratio) + 4.0, 1e-13);
    assert_close(fit.bic(), fit.aic() - 4.0 + 2.0 * 6_f64.ln(), 1e-13);
    let snell = 1.0 - (-2.0 * ratio / 6.0).exp();
    assert_close(fit.cox_snell_r_squared(), snell, 1e-13);
    let largest = 1.0 - (-4.0 * 6_f64.ln() / 6.0).exp();
    assert_close(fit.nagelkerke_r_squared().unwrap(), snell / largest, 1e-13);
}
