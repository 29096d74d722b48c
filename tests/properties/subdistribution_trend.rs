//! The test of proportional subdistribution hazards: its variance from derivatives by the weights of rows,
//! what it is without competing events, and how often it rejects.

use riskset::competing::{FineGray, FineGrayVariance};
use riskset::data::SurvivalData;
use riskset::inference::{Proportionality, ProportionalityFit, TimeTransform};
use riskset::{CompetingRisks, CoxPh, Design, RightCensored, Ties, Weights};

use super::bands::uniform;
use super::fine_gray::{Layout, cause, layouts};
use crate::sample::{Sample, assert_close, check, tied};

const STEP: f64 = 1e-4;

fn model() -> FineGray {
    FineGray::new(cause()).tolerance(1e-13)
}

fn test() -> Proportionality {
    Proportionality::new().transform(TimeTransform::Identity)
}

/// The test, and U = Σ w t (x − E), at the fit of rows with these weights; `None` where no ordinary
/// numbers tell the coefficients.
fn of<D: SurvivalData>(
    data: CompetingRisks<D>,
    layout: Layout,
    sample: &Sample,
    weights: &[f64],
) -> Option<(ProportionalityFit, [f64; 2])> {
    let data = layout.dressed(data, sample, Weights::case(weights).unwrap());
    let design = sample.design_with_offset();
    let fit = model().fit(&data, &design).ok()?;
    if fit.coefficients().iter().any(|c| c.estimate.is_none_or(|estimate| estimate.abs() > 3.0)) {
        return None;
    }
    let schoenfeld = fit.residuals(&data, &design).unwrap().schoenfeld();
    let mut score = [0.0; 2];
    let events = schoenfeld.row().iter().zip(schoenfeld.time());
    for ((row, time), residual) in events.zip(schoenfeld.residuals().rows()) {
        for (sum, value) in score.iter_mut().zip(residual) {
            *sum += weights[*row] * time * value;
        }
    }
    Some((test().fit_subdistribution(&fit, &data, &design).unwrap(), score))
}

fn answer(
    layout: Layout,
    sample: &Sample,
    weights: &[f64],
) -> Option<(ProportionalityFit, [f64; 2])> {
    match layout.entry {
        true => of(sample.competing_process(), layout, sample, weights),
        false => of(sample.competing_risks(), layout, sample, weights),
    }
}

/// The error of β and of the estimated weights is in what U does when the weight of a row moves.
#[test]
fn the_variance_is_that_of_derivatives() {
    let compared = std::cell::Cell::new(0);
    check(7, tied(14..=26), |sample| {
        let weights = sample.case().values().to_vec();
        for layout in layouts() {
            let Some((found, score)) = answer(layout, &sample, &weights) else { continue };
            let mut variance = [0.0; 2];
            let all = (0..weights.len()).all(|row| {
                let moved = |by: f64| {
                    let mut weights = weights.clone();
                    weights[row] += by;
                    answer(layout, &sample, &weights)
                };
                let Some(((_, up), (_, down))) = moved(STEP).zip(moved(-STEP)) else {
                    return false;
                };
                for k in 0..2 {
                    variance[k] += (weights[row] * (up[k] - down[k]) / (2.0 * STEP)).powi(2);
                }
                true
            });
            for k in (0..2).filter(|&k| all && variance[k] > 1e-3) {
                let statistic = found.columns()[k].test.unwrap().statistic;
                assert_close(statistic, score[k].powi(2) / variance[k], 1e-4);
                compared.set(compared.get() + 1);
            }
        }
    });
    assert!(compared.get() > 25, "{} tests compared", compared.get());
}

/// Without competing events no weight is anything but 1, and the model-based test is that of a Cox model,
/// with ties, strata and delayed entry, whatever the function of time.
#[test]
fn without_competing_events_it_is_the_test_of_a_cox_model() {
    check(40, tied(8..=40), |sample| {
        let (entry, exit, event) = (sample.entry(), sample.exit(), sample.event());
        let codes: Vec<u32> = event.iter().copied().map(u32::from).collect();
        let risks = CompetingRisks::counting_process(&entry, &exit, &codes, &[(1, "a")]).unwrap();
        let risks = risks.with_strata(&sample.stratum()).unwrap();
        let data = sample.counting_process().with_strata(&sample.stratum()).unwrap();
        let design = sample.design();
        for ties in [Ties::Breslow, Ties::Efron] {
            let model = model().ties(ties).variance(FineGrayVariance::ModelBased);
            let Ok(cox) = CoxPh::new().ties(ties).tolerance(1e-13).fit(&data, &design) else {
                return;
            };
            let fit = model.fit(&risks, &design).unwrap();
            for transform in [TimeTransform::KaplanMeier, TimeTransform::Rank, TimeTransform::Log] {
                let test = Proportionality::new().transform(transform);
                let expected = test.fit(&cox, &data, &design).unwrap();
                let found = test.fit_subdistribution(&fit, &risks, &design).unwrap();
                for (found, expected) in found.columns().iter().zip(expected.columns()) {
                    let statistic = |of: &riskset::inference::ProportionalityTest| {
                        of.test.map(|test| test.statistic)
                    };
                    match (statistic(found), statistic(expected)) {
                        (Some(found), Some(expected)) => assert_close(found, expected, 1e-8),
                        (found, expected) => assert_eq!(found, expected),
                    }
                }
            }
        }
    });
}

/// Without competing events and censorings the sandwich test, from sums as they are defined.
#[test]
fn without_competing_events_the_sandwich_is_that_of_a_cox_model() {
    let time: Vec<f64> = (1..=12).map(f64::from).collect();
    let x = [0.4, -0.2, 1.1, 0.3, -0.9, 0.8, 0.1, -1.2, 0.6, 0.0, -0.5, 0.9];
    let design = Design::builder().numeric("x", &x).build().unwrap();
    let risks = CompetingRisks::from_codes(&time, &[1; 12], &[(1, "a")]).unwrap();
    let fit = model().fit(&risks, &design).unwrap();
    let found = test().fit_subdistribution(&fit, &risks, &design).unwrap();

    let data = RightCensored::new(&time, &[true; 12]).unwrap();
    let cox = CoxPh::new().ties(Ties::Breslow).tolerance(1e-13).fit(&data, &design).unwrap();
    let beta = cox.coefficients()[0].estimate.unwrap();
    let n = time.len();
    let sum = |t: usize, power: i32| -> f64 {
        (t..n).map(|i| (x[i] * beta).exp() * x[i].powi(power)).sum()
    };
    let mean = |t: usize| sum(t, 1) / sum(t, 0);
    let spread = |t: usize| sum(t, 2) / sum(t, 0) - mean(t).powi(2);
    // ψ of row i with g: g(i) (x − E(i)) − Σ_{t ≤ i} g(t) (x − E(t)) exp(xβ)/S0(t).
    let influence = |i: usize, g: &dyn Fn(usize) -> f64| {
        let expected: f64 =
            (0..=i).map(|t| g(t) * (x[i] - mean(t)) * (x[i] * beta).exp() / sum(t, 0)).sum();
        g(i) * (x[i] - mean(i)) - expected
    };
    let (one, g) = (|_: usize| 1.0, |t: usize| time[t]);
    let information: f64 = (0..n).map(spread).sum();
    let cross: f64 = (0..n).map(|t| g(t) * spread(t)).sum();
    let score: f64 = (0..n).map(|t| g(t) * (x[t] - mean(t))).sum();
    let variance: f64 =
        (0..n).map(|i| (influence(i, &g) - cross / information * influence(i, &one)).powi(2)).sum();
    let statistic = found.global().unwrap().statistic;
    assert_close(statistic, score * score / variance, 1e-10);
}

/// How many of the trials reject at 0.05. A row has the cause by t with the probability
/// 1 − (1 − p (1 − exp(−t)))^exp(β x), after Fine and Gray; with `trend` its hazard ratio is turned
/// round at the median.
fn rejected(trials: u32, n: usize, trend: bool, seed: u64) -> u32 {
    let mut state = seed;
    let mut random = || uniform(&mut state);
    let mut rejected = 0;
    for _ in 0..trials {
        let (mut time, mut codes, mut x) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..n {
            let treated = f64::from(u8::from(random() < 0.5));
            let (ratio, p) = ((0.5 * treated).exp(), 0.6);
            let by_cause = 1.0 - (1.0_f64 - p).powf(ratio);
            let (event, code) = match random() {
                u if u < by_cause => {
                    let left = (1.0 - (1.0 - u).powf(1.0 / ratio)) / p;
                    let time = -(1.0 - left).ln();
                    let early = trend && treated > 0.0;
                    (if early { time / 4.0 } else { time }, 1)
                }
                _ => (-(1.0 - random()).ln(), 2),
            };
            let censored = 3.0 * random();
            time.push(event.min(censored));
            codes.push(if event <= censored { code } else { 0 });
            x.push(treated);
        }
        let data = CompetingRisks::from_codes(&time, &codes, &[(1, "a"), (2, "b")]).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let fit = FineGray::new(cause()).fit(&data, &design).unwrap();
        let test = fit.proportionality(&data, &design).unwrap();
        rejected += u32::from(test.global().unwrap().p_value < 0.05);
    }
    rejected
}

#[test]
fn it_rejects_as_often_as_it_says() {
    let (trials, n) = (400, 150);
    let share = f64::from(rejected(trials, n, false, 7)) / f64::from(trials);
    // Three standard errors of the simulation.
    let error = (0.05 * 0.95 / f64::from(trials)).sqrt();
    assert!((share - 0.05).abs() < 3.0 * error, "{share}");
    assert!(rejected(50, n, true, 7) > 40);
}
