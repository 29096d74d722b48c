//! Firth's penalised likelihood where it is a formula in the share q of a risk set.

use riskset::{CoxPh, Design, RightCensored, Ties, Weights};

use crate::sample::assert_close;

const TIES: [Ties; 2] = [Ties::Efron, Ties::Breslow];

/// The 0.9 quantile of chi-square on one degree of freedom.
const QUANTILE: f64 = 2.705_543_454_095_404;

/// `strata` with one event each, with x = 1 in the first `ones` of them and x = 0 in the others, among
/// n1 with x = 1 and n0 with x = 0.
fn strata(ones: usize, strata: usize, n1: usize, n0: usize) -> (RightCensored, Design) {
    let (mut time, mut event, mut x, mut label) = (vec![], vec![], vec![], vec![]);
    for stratum in 0..strata {
        let dies = if stratum < ones { 0 } else { n1 };
        for row in 0..n1 + n0 {
            time.push(if row == dies { 1.0 } else { 2.0 });
            event.push(row == dies);
            x.push(f64::from(u8::from(row < n1)));
            label.push(stratum as u32);
        }
    }
    let data = RightCensored::new(&time, &event).unwrap().with_strata(&label).unwrap();
    (data, Design::builder().numeric("x", &x).build().unwrap())
}

/// With q = n1 r/(n1 r + n0) the penalised likelihood is k1 ln q + k0 ln(1 − q) + ½ ln(q (1 − q)): a half
/// is added to either count, also where one of them is 0.
#[test]
fn a_half_is_added_to_either_count() {
    for (k1, k0, n1, n0) in [(1, 0, 1, 1), (3, 0, 2, 3), (0, 4, 1, 5), (2, 3, 4, 1), (5, 1, 3, 3)] {
        let (data, design) = strata(k1, k1 + k0, n1, n0);
        let (a, b) = (k1 as f64 + 0.5, k0 as f64 + 0.5);
        let value = |q: f64| a * q.ln() + b * (1.0 - q).ln();
        let share = |ratio: f64| n1 as f64 * ratio / (n1 as f64 * ratio + n0 as f64);
        for ties in TIES {
            let model = CoxPh::new().ties(ties).firth();
            let fit = model.fit(&data, &design).unwrap();
            let ratio = &fit.profile_hazard_ratios(&data, &design, 0.9).unwrap()[0];
            let q = a / (a + b);
            let odds = q / (1.0 - q) * n0 as f64 / n1 as f64;
            assert_close(ratio.estimate.unwrap(), odds, 1e-9);
            // The inverse of (k1 + k0) q (1 − q).
            let variance = 1.0 / ((a + b - 1.0) * q * (1.0 - q));
            assert_close(fit.vcov()[[0, 0]], variance, 1e-9);
            let interval = ratio.interval.unwrap();
            for limit in [interval.lower, interval.upper] {
                let drop = value(q) - value(share(limit.unwrap()));
                assert_close(2.0 * drop, QUANTILE, 1e-9);
            }
            let statistic = 2.0 * (value(q) - value(share(1.0)));
            assert_close(ratio.test.unwrap().statistic, statistic, 1e-9);
            assert_close(fit.likelihood_ratio().unwrap().statistic, statistic, 1e-9);
        }
    }
}

/// A weight w on the event counts it w times: q is (w + ½)/(w + 1).
#[test]
fn of_a_weighted_event() {
    for w in [0.3, 1.0, 7.5] {
        let weights = Weights::case(&[w, w, 1.0]).unwrap();
        let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, false]).unwrap();
        let data = data.with_weights(weights).unwrap();
        let design = Design::builder().numeric("x", &[1.0, 0.0, 0.0]).build().unwrap();
        let fit = CoxPh::new().firth().fit(&data, &design).unwrap();
        // q = w r/(w r + w + 1)
        let odds = (w + 0.5) / 0.5 * (w + 1.0) / w;
        assert_close(fit.coefficients()[0].estimate.unwrap(), odds.ln(), 1e-9);
    }
}

/// Two with x = 1 die together, m outlive them. With shares p and q of the two steps the penalised
/// score is (1 − p) + (1 − q) + ½ Σ p (1 − p)(1 − 2p) / Σ p (1 − p), the sums over both steps.
#[test]
fn of_tied_events() {
    for m in [1.0, 2.0, 9.0] {
        let n = m as usize + 2;
        let time: Vec<f64> = (0..n).map(|row| if row < 2 { 1.0 } else { 2.0 }).collect();
        let event: Vec<bool> = (0..n).map(|row| row < 2).collect();
        let x: Vec<f64> = (0..n).map(|row| f64::from(u8::from(row < 2))).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        for (ties, second) in [(Ties::Efron, 1.0), (Ties::Breslow, 2.0)] {
            let score = |beta: f64| {
                let shares = [2.0, second].map(|k| k * beta.exp() / (k * beta.exp() + m));
                let sum = |of: fn(f64) -> f64| shares.map(of).iter().sum::<f64>();
                sum(|q| 1.0 - q)
                    + sum(|q| q * (1.0 - q) * (1.0 - 2.0 * q)) / sum(|q| q * (1.0 - q)) / 2.0
            };
            let (mut low, mut high) = (-10.0, 20.0);
            for _ in 0..200 {
                let middle = f64::midpoint(low, high);
                if score(middle) > 0.0 { low = middle } else { high = middle }
            }
            let fit = CoxPh::new().ties(ties).firth().fit(&data, &design).unwrap();
            assert_close(fit.coefficients()[0].estimate.unwrap(), low, 1e-9);
        }
    }
}
