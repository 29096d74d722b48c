//! Cumulative sums of residuals: their ends, their simulated spread, and their size where a model holds.

use riskset::inference::{CumulativeSum, CumulativeSums};
use riskset::ndarray::Axis;
use riskset::{CountingProcess, CoxPh, Design, RightCensored, Ties, Weights};

use super::frequency::finite;
use crate::sample::{Sample, check, tied};

fn data(sample: &Sample) -> CountingProcess {
    let data = sample.counting_process().with_weights(sample.case()).unwrap();
    data.with_strata(&sample.stratum()).unwrap()
}

/// All residuals sum to 0, and so do the simulated ones: the estimate moves along.
#[test]
fn sums_end_at_zero() {
    check(30, tied(15..=30), |sample| {
        let data = data(&sample);
        let design = Design::builder().numeric("a", &sample.x(0)).numeric("b", &sample.x(1));
        let design = design.numeric("c", &sample.offset()).build().unwrap();
        let Ok(fit) = CoxPh::new().tolerance(1e-13).fit(&data, &design) else { return };
        if !finite(&fit).is_some_and(|beta| beta.iter().all(|beta| beta.abs() < 10.0)) {
            return;
        }
        let sums = CumulativeSums::new().simulations(40).paths(40);
        let mut all = sums.functional_form(&fit, &data, &design).unwrap();
        all.push(sums.link(&fit, &data, &design).unwrap());
        all.extend(sums.proportionality(&fit, &data, &design).unwrap());
        assert_eq!(all.len(), 7);
        for sum in &all {
            assert!(sum.position.windows(2).all(|pair| pair[0] < pair[1]));
            let last = sum.position.len() - 1;
            assert!(sum.observed[last].abs() < 1e-6, "{sum:?}");
            assert!(sum.simulated.column(last).iter().all(|end| end.abs() < 1e-9), "{sum:?}");
            let largest = sum.observed.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
            assert_eq!(sum.statistic, largest);
            let as_far = (sum.simulated.rows().into_iter())
                .filter(|path| path.iter().any(|value| value.abs() >= largest));
            assert_eq!(sum.p_value, (1 + as_far.count()) as f64 / 41.0);
        }
    });
}

/// A deterministic sample with ties, delayed entry, strata and weights.
fn sample() -> (CountingProcess, Design, Vec<[f64; 2]>) {
    let n = 40;
    let noise = |k: usize| ((k * 7919 + 101) % 997) as f64 / 997.0;
    let exit: Vec<f64> = (0..n).map(|i| 2.0 + (8.0 * noise(i)).floor()).collect();
    let entry: Vec<f64> = (0..n).map(|i| if i % 3 == 0 { 1.0 } else { 0.0 }).collect();
    let event: Vec<bool> = (0..n).map(|i| noise(3 * i + 1) < 0.7).collect();
    let x: Vec<[f64; 2]> =
        (0..n).map(|i| [(5.0 * noise(5 * i)).floor(), noise(7 * i + 3)]).collect();
    let stratum: Vec<u8> = (0..n).map(|i| (i % 2) as u8).collect();
    let weights = Weights::case(&(0..n).map(|i| 0.5 + noise(11 * i)).collect::<Vec<_>>());
    let data = CountingProcess::new(&entry, &exit, &event).unwrap().with_strata(&stratum).unwrap();
    let column = |k: usize| x.iter().map(|x| x[k]).collect::<Vec<f64>>();
    let design =
        Design::builder().numeric("a", &column(0)).numeric("b", &column(1)).build().unwrap();
    (data.with_weights(weights.unwrap()).unwrap(), design, x)
}

/// The variances of the simulated sums, from the coefficient of each event's noise by direct sums under
/// Breslow's ties:
/// w_l [1{x_l ≤ z} − mean of 1{x ≤ z} − A(z)ᵀ V (x_l − E_l)], and for the sum over time likewise.
#[test]
fn simulated_sums_have_the_variance_they_should() {
    let (data, design, x) = sample();
    let fit = CoxPh::new().ties(Ties::Breslow).fit(&data, &design).unwrap();
    let beta = finite(&fit).unwrap();
    let vcov = fit.vcov_model_based();
    let n = x.len();
    let (entry, exit, event) = (data.entry().to_vec(), data.time().to_vec(), data.event().to_vec());
    let weight = data.weights().unwrap().values().to_vec();
    let risk: Vec<f64> =
        (0..n).map(|i| weight[i] * (beta[0] * x[i][0] + beta[1] * x[i][1]).exp()).collect();
    let at_risk = |l: usize| -> Vec<usize> {
        (0..n).filter(|i| i % 2 == l % 2 && entry[*i] < exit[l] && exit[l] <= exit[*i]).collect()
    };
    let mean = |l: usize, value: &dyn Fn(usize) -> f64| -> f64 {
        let rows = at_risk(l);
        let total: f64 = rows.iter().map(|&i| risk[i]).sum();
        rows.iter().map(|&i| risk[i] * value(i)).sum::<f64>() / total
    };
    let events: Vec<usize> = (0..n).filter(|&l| event[l]).collect();
    let residual = |l: usize, j: usize| x[l][j] - mean(l, &|i| x[i][j]);
    let product = |a: [f64; 2], l: usize| -> f64 {
        let r = [residual(l, 0), residual(l, 1)];
        (0..2)
            .flat_map(|j| (0..2).map(move |k| (j, k)))
            .map(|(j, k)| a[j] * vcov[[j, k]] * r[k])
            .sum()
    };
    let replicates = 10_000;
    let sums = CumulativeSums::new().simulations(replicates).paths(replicates).seed(3);
    // Four standard errors of a variance estimated from so many normal values.
    let bound = 4.0 * (2.0 / replicates as f64).sqrt();
    let assert_variance = |sum: &CumulativeSum, k: usize, expected: f64| {
        let path = sum.simulated.column(k);
        let found = path.dot(&path) / replicates as f64;
        assert!((found / expected - 1.0).abs() < bound, "{} {k}: {found} {expected}", sum.name);
    };
    for (j, sum) in sums.functional_form(&fit, &data, &design).unwrap().iter().enumerate() {
        for (k, &z) in sum.position.iter().enumerate().take(sum.position.len() - 1).step_by(3) {
            let below = |i: usize| f64::from(u8::from(x[i][j] <= z));
            let slope = [0, 1].map(|c| -> f64 {
                let at = |&l: &usize| {
                    let cross = mean(l, &|i| below(i) * x[i][c]);
                    weight[l] * (cross - mean(l, &below) * mean(l, &|i| x[i][c]))
                };
                events.iter().map(at).sum()
            });
            let coefficient =
                |&l: &usize| weight[l] * (below(l) - mean(l, &below) - product(slope, l));
            assert_variance(sum, k, events.iter().map(|l| coefficient(l).powi(2)).sum());
        }
    }
    for (j, sum) in sums.proportionality(&fit, &data, &design).unwrap().iter().enumerate() {
        for (k, &t) in sum.position.iter().enumerate().take(sum.position.len() - 1) {
            let by = |l: usize| f64::from(u8::from(exit[l] <= t));
            let slope = [0, 1].map(|c| -> f64 {
                let at = |&l: &usize| {
                    let cross = mean(l, &|i| x[i][j] * x[i][c]);
                    by(l) * weight[l] * (cross - mean(l, &|i| x[i][j]) * mean(l, &|i| x[i][c]))
                };
                events.iter().map(at).sum()
            });
            let coefficient = |&l: &usize| {
                vcov[[j, j]].sqrt() * weight[l] * (by(l) * residual(l, j) - product(slope, l))
            };
            assert_variance(sum, k, events.iter().map(|l| coefficient(l).powi(2)).sum());
        }
    }
}

/// A row with frequency k is k rows with noise of their own: the same variance.
#[test]
fn a_frequency_has_the_noise_of_so_many_rows() {
    let (data, design, x) = sample();
    let counts: Vec<u64> = (0..x.len()).map(|i| 1 + i as u64 % 3).collect();
    let of: Vec<usize> =
        (0..x.len()).flat_map(|i| std::iter::repeat_n(i, counts[i] as usize)).collect();
    let pick = |values: &[f64]| of.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    let events: Vec<bool> = of.iter().map(|&i| data.event()[i]).collect();
    let frequency = RightCensored::new(data.time(), data.event())
        .and_then(|rows| rows.with_weights(Weights::frequency(&counts)?))
        .unwrap();
    let repeated = RightCensored::new(&pick(data.time()), &events).unwrap();
    let all = Design::from_matrix(&design.matrix().select(Axis(0), &of), &["a", "b"]).unwrap();
    let replicates = 10_000;
    let sums = CumulativeSums::new().simulations(replicates).paths(replicates);
    let (a, b) = (
        CoxPh::new().fit(&frequency, &design).unwrap(),
        CoxPh::new().fit(&repeated, &all).unwrap(),
    );
    let a = sums.functional_form(&a, &frequency, &design).unwrap();
    let b = sums.functional_form(&b, &repeated, &all).unwrap();
    let bound = 4.0 * (4.0 / replicates as f64).sqrt();
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(a.position, b.position);
        assert!((a.statistic - b.statistic).abs() < 1e-9);
        for k in (0..a.position.len() - 1).step_by(4) {
            let variance =
                |sum: &CumulativeSum| sum.simulated.column(k).dot(&sum.simulated.column(k));
            assert!((variance(a) / variance(b) - 1.0).abs() < bound, "{} {k}", a.name);
        }
    }
}

#[test]
fn a_seed_gives_the_same_numbers() {
    let (data, design, _) = sample();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let with = |seed, simulations| {
        let sums = CumulativeSums::new().seed(seed).simulations(simulations).paths(5);
        sums.proportionality(&fit, &data, &design).unwrap()
    };
    assert_eq!(with(5, 99), with(5, 99));
    assert_ne!(with(5, 99)[0].simulated, with(6, 99)[0].simulated);
    // The first paths do not depend on how many follow.
    assert_eq!(with(5, 99)[0].simulated, with(5, 64)[0].simulated);
}

/// Rejections at 5 % among `trials` samples of `n` rows in which the model holds, or has log hazard x².
fn rejections(trials: usize, n: usize, simulations: usize, square: bool) -> [usize; 2] {
    let mut state = 20_240_601_u64;
    let mut uniform = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut rejected = [0; 2];
    for trial in 0..trials {
        let x: Vec<f64> = (0..n).map(|_| 2.0 * uniform() - 1.0).collect();
        let log_hazard = |x: f64| if square { 3.0 * x * x } else { 0.7 * x };
        let failure: Vec<f64> = x.iter().map(|&x| -uniform().ln() / log_hazard(x).exp()).collect();
        let limit: Vec<f64> = (0..n).map(|_| 3.0 * uniform()).collect();
        let time: Vec<f64> = failure.iter().zip(&limit).map(|(a, b)| a.min(*b)).collect();
        let event: Vec<bool> = failure.iter().zip(&limit).map(|(a, b)| a <= b).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let sums = CumulativeSums::new().simulations(simulations).seed(trial as u64);
        let form = sums.functional_form(&fit, &data, &design).unwrap();
        let proportional = sums.proportionality(&fit, &data, &design).unwrap();
        for (count, sum) in rejected.iter_mut().zip([&form[0], &proportional[0]]) {
            *count += usize::from(sum.p_value <= 0.05);
        }
    }
    rejected
}

/// Within four standard errors of the nominal size.
fn assert_size(rejected: usize, trials: usize) {
    let (n, p) = (trials as f64, 0.05);
    let distance = (rejected as f64 - n * p).abs() / (n * p * (1.0 - p)).sqrt();
    assert!(distance < 4.0, "{rejected} of {trials} rejected");
}

#[test]
fn a_model_that_holds_is_rejected_at_the_nominal_rate() {
    for rejected in rejections(200, 60, 199, false) {
        assert_size(rejected, 200);
    }
}

#[test]
#[ignore = "two thousand samples, a minute or so"]
fn a_model_that_holds_is_rejected_at_the_nominal_rate_in_many_samples() {
    for rejected in rejections(2000, 150, 399, false) {
        assert_size(rejected, 2000);
    }
}

#[test]
fn a_wrong_form_is_found() {
    let [form, _] = rejections(20, 200, 199, true);
    assert!(form >= 15, "{form} of 20");
}
