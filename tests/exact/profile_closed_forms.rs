//! Profile limits and likelihood-ratio tests where the likelihood is a formula.

use riskset::data::SurvivalData;
use riskset::inference::HazardRatio;
use riskset::regression::cox::CoefficientStatus;
use riskset::{CoxPh, Design, RightCensored, Ties};

use super::cox_closed_forms::{
    Likelihood, first, first_likelihood, second, second_likelihood, weighted, weighted_likelihood,
};
use crate::sample::assert_close;

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

/// The 0.95 quantile of chi-square on one degree of freedom.
const QUANTILE: f64 = 3.841_458_820_694_124;

fn profile(model: &CoxPh, data: &impl SurvivalData, design: &Design) -> HazardRatio {
    let fit = model.fit(data, design).unwrap();
    let ratio = fit.profile_hazard_ratio("x", data, design, 0.95).unwrap();
    assert_eq!(fit.profile_hazard_ratios(data, design, 0.95), Ok(vec![ratio.clone()]));
    ratio
}

/// Ties, delayed entry, case weights.
#[test]
fn limits_of_the_textbook_data() {
    fn holds(data: &impl SurvivalData, design: &Design, expected: fn(Ties) -> Likelihood) {
        for ties in TIES {
            let ratio = profile(&CoxPh::new().ties(ties), data, design);
            let likelihood = expected(ties);
            let top = likelihood.value(ratio.estimate.unwrap().ln());
            let interval = ratio.interval.unwrap();
            for limit in [interval.lower, interval.upper] {
                let twice = 2.0 * (top - likelihood.value(limit.unwrap().ln()));
                assert_close(twice, QUANTILE, 1e-11);
            }
            let statistic = 2.0 * (top - likelihood.value(0.0));
            assert_close(ratio.test.unwrap().statistic, statistic, 1e-12);
        }
    }
    let (data, design) = first();
    holds(&data, &design, first_likelihood);
    let (data, design) = second();
    holds(&data, &design, second_likelihood);
    let (data, design) = weighted();
    holds(&data, &design, weighted_likelihood);
}

/// Five of one arm die before anybody of the other: with r the hazard ratio the likelihood is
/// 1/Π (k + 5r) over k from 1 to 5, at most 1/120 as r falls to 0, and 1/(6·7·8·9·10) at 1. The ratio of
/// the two is 252.
#[test]
fn an_arm_without_events() {
    let time: Vec<f64> = (1..=10).map(f64::from).collect();
    let event: Vec<bool> = (1..=10).map(|time| time <= 5).collect();
    let data = RightCensored::new(&time, &event).unwrap();
    let arm: Vec<f64> = (1..=10).map(|time| f64::from(u8::from(time > 5))).collect();
    let flipped: Vec<f64> = arm.iter().map(|x| 1.0 - x).collect();
    for ties in TIES {
        let of = |x: &[f64]| {
            let design = Design::builder().numeric("x", x).build().unwrap();
            profile(&CoxPh::new().ties(ties), &data, &design)
        };
        let (falling, rising) = (of(&arm), of(&flipped));
        assert_eq!(falling.status, CoefficientStatus::MinusInfinity);
        assert_eq!((falling.estimate, falling.std_error_ln), (None, None));
        let interval = falling.interval.unwrap();
        let r = interval.upper.unwrap();
        let drop: f64 = (1..=5).map(|k| (5.0 * r / f64::from(k)).ln_1p()).sum();
        assert_close(2.0 * drop, QUANTILE, 1e-11);
        assert!((r - 0.218).abs() < 5e-4 && interval.lower.is_none());
        let test = falling.test.unwrap();
        assert_close(test.statistic, 2.0 * 252_f64.ln(), 1e-12);
        assert!((test.p_value - 0.00088).abs() < 5e-6);
        assert_eq!(falling.to_string(), "x  -infinity (0–0.22)  p<0.001");

        assert_eq!(rising.status, CoefficientStatus::PlusInfinity);
        let interval = rising.interval.unwrap();
        assert_close(interval.lower.unwrap() * r, 1.0, 1e-9);
        assert!(interval.upper.is_none());
        assert_close(rising.test.unwrap().statistic, test.statistic, 1e-12);
        assert_eq!(rising.to_string(), "x  +infinity (4.59–∞)  p<0.001");
    }
}

/// Two with x = 1 die together, m outlive them. Under Efron the likelihood is r²/((2r + m)(r + m)), at
/// most 1/2, under Breslow r²/(2r + m)², at most 1/4: in each the limit solves a quadratic.
#[test]
fn a_lower_limit_that_solves_a_quadratic() {
    let c = (-QUANTILE / 2.0).exp();
    for m in [1_u8, 3, 20] {
        let n = usize::from(m) + 2;
        let first = |row: usize| row < 2;
        let time: Vec<f64> = (0..n).map(|row| if first(row) { 1.0 } else { 2.0 }).collect();
        let event: Vec<bool> = (0..n).map(first).collect();
        let x: Vec<f64> = (0..n).map(|row| f64::from(u8::from(first(row)))).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let m = f64::from(m);
        for ties in TIES {
            let expected = match ties {
                // 2 r² = c (2 r² + 3 m r + m²)
                Ties::Efron => {
                    let (a, b) = (2.0 - 2.0 * c, 3.0 * c * m);
                    (b + (b * b + 4.0 * a * c * m * m).sqrt()) / (2.0 * a)
                }
                // 2 r = √c (2 r + m)
                _ => c.sqrt() * m / (2.0 - 2.0 * c.sqrt()),
            };
            let ratio = profile(&CoxPh::new().ties(ties), &data, &design);
            let interval = ratio.interval.unwrap();
            assert_close(interval.lower.unwrap(), expected, 1e-10);
            assert_eq!(interval.upper, None);
        }
    }
}
