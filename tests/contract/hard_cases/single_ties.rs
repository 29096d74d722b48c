//! One event, all rows in one tie, and a hundred thousand of them.

use riskset::{CoxPh, Groups, KaplanMeier, LogRank, NelsonAalen, RightCensored, Ties};

use super::{X, design, estimate, std_error};
use crate::sample::assert_close;

/// 1 has the event, 0 and 3 stay: 2 r³ = 1 with r = exp β.
#[test]
fn one_event_has_a_closed_form() {
    let data = RightCensored::new(&[2., 1., 2.], &[false, true, false]).unwrap();
    let r = 0.5_f64.cbrt();
    for ties in [Ties::Efron, Ties::Breslow, Ties::ExactPartial] {
        let fit = CoxPh::new().ties(ties).fit(&data, &design(&[0., 1., 3.])).unwrap();
        assert_close(estimate(&fit), r.ln(), 1e-14);
        assert_close(std_error(&fit).powi(2), (1.5 + r) / 3.0, 1e-14);
        assert_close(fit.log_likelihood(), (r / (1.5 + r)).ln(), 1e-14);
        assert_close(fit.log_likelihood_null(), -3_f64.ln(), 1e-15);
    }
    let test = LogRank::new().fit(&data, &Groups::new(&["a", "b", "a"]).unwrap()).unwrap();
    assert_close(test.test().statistic, 2.0, 1e-15);
}

/// All die at once: no covariate can tell who is first. Exact ties are certain whatever β.
#[test]
fn all_rows_in_one_tie_know_nothing_of_their_covariates() {
    let data = RightCensored::new(&[1.0; 8], &[true; 8]).unwrap();
    let squares: f64 = X.iter().map(|x| (x - 18.0 / 8.0).powi(2)).sum();
    for (ties, null) in [(Ties::Efron, -40_320_f64.ln()), (Ties::Breslow, -8.0 * 8_f64.ln())] {
        let fit = CoxPh::new().ties(ties).fit(&data, &design(&X)).unwrap();
        assert_close(estimate(&fit), 0.0, 1e-15);
        assert_close(std_error(&fit).powi(2) * squares, 1.0, 1e-14);
        assert_close(fit.log_likelihood_null(), null, 1e-15);
    }
    let certain = CoxPh::new().ties(Ties::ExactPartial).fit(&data, &design(&X)).unwrap();
    assert_eq!(certain.log_likelihood_null(), 0.0);
    assert_eq!(certain.coefficients()[0].estimate, None);
    assert_eq!(certain.coefficients()[0].std_error, None);
    let curve = KaplanMeier::new().fit(&data).unwrap();
    assert_eq!(curve.survival(), [0.0]);
    assert_eq!(curve.curve().std_error().iter().flatten().count(), 0);
    assert_eq!(curve.curve().lower().iter().flatten().count(), 0);
    assert_eq!(curve.curve().median().time, Some(1.0));
}

/// Rows of one moment in two arms: `a` of `of_a` and `b` of `of_b` have the event.
fn one_moment([a, of_a, b, of_b]: [usize; 4]) -> (RightCensored, Vec<f64>) {
    let event: Vec<bool> = [(true, a), (false, of_a - a), (true, b), (false, of_b - b)]
        .map(|(e, n)| vec![e; n])
        .concat();
    let arm = [vec![0.0; of_a], vec![1.0; of_b]].concat();
    (RightCensored::new(&vec![1.0; of_a + of_b], &event).unwrap(), arm)
}

/// ln n!
fn ln_factorial(n: usize) -> f64 {
    (2..=n).map(|k| (k as f64).ln()).sum()
}

fn ln_choose(n: usize, k: usize) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

#[test]
fn a_hundred_thousand_rows_in_one_tie() {
    let (data, arm) = one_moment([30_000, 60_000, 15_000, 40_000]);
    let groups = Groups::new(&arm.iter().map(|&arm| arm > 0.0).collect::<Vec<_>>()).unwrap();
    let test = LogRank::new().fit(&data, &groups).unwrap();
    let variance = 45_000.0 * 0.4 * 0.6 * 55_000.0 / 99_999.0;
    assert_close(test.test().statistic, 3000_f64.powi(2) / variance, 1e-14);
    assert_eq!(KaplanMeier::new().fit(&data).unwrap().survival(), [0.55]);
    assert_eq!(NelsonAalen::new().fit(&data).unwrap().cumulative_hazard(), [0.45]);

    // Breslow: 15 of 45 events are in arm b, 60 + 40 r at risk.
    let breslow = CoxPh::new().ties(Ties::Breslow).fit(&data, &design(&arm)).unwrap();
    assert_close(estimate(&breslow), 0.75_f64.ln(), 2e-12);
    assert_close(std_error(&breslow), (45_000.0 * 2.0 / 9.0_f64).sqrt().recip(), 1e-12);
    assert_close(breslow.log_likelihood_null(), -45_000.0 * 1e5_f64.ln(), 1e-14);

    // Efron: the k-th death is one of those left when k − 1 average deaths have gone.
    let efron = CoxPh::new().ties(Ties::Efron).fit(&data, &design(&arm)).unwrap();
    let null = ln_factorial(55_000) - ln_factorial(100_000);
    assert_close(efron.log_likelihood_null(), null, 1e-13);
    let r = estimate(&efron).exp();
    let left = |l: f64| {
        let (s0, s1) = (60_000.0 + 40_000.0 * r, 40_000.0 * r);
        (s1 - l * 15_000.0 * r) / (s0 - l * (30_000.0 + 15_000.0 * r))
    };
    let expected: f64 = (0..45_000).map(|k| left(f64::from(k) / 45_000.0)).sum();
    assert_close(expected, 15_000.0, 1e-12);
}

/// One over the number of ways to choose 900 of 2000, which has 596 digits.
#[test]
fn exact_ties_of_two_thousand_rows() {
    let (data, arm) = one_moment([600, 1200, 300, 800]);
    let exact = CoxPh::new().ties(Ties::ExactPartial);
    let at = exact.likelihood_at(&data, &design(&arm), &[0.0]).unwrap();
    assert_close(at.log_likelihood(), -ln_choose(2000, 900), 1e-13);
    // Its score test is the log-rank test.
    assert_close(at.score()[0], 300.0 - 900.0 * 0.4, 1e-12);
    let variance = 900.0 * 0.4 * 0.6 * 1100.0 / 1999.0;
    assert_close(at.information()[[0, 0]], variance, 1e-12);
}
