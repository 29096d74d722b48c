//! What a search over degenerate input has found: one row, tiny weights, enormous times, levels near 0, each
//! against what its name promises. A probability lies in [0, 1], a variance is not below 0, limits lie on
//! either side of the estimate, and what no number can hold is an error.

use riskset::adjustment::{BalancingWeights, PropensityScores, Standardisation, TargetPopulation};
use riskset::competing::TimeLost;
use riskset::data::RightCensored;
use riskset::nonparametric::{BandKind, Bands, RestrictedMean};
use riskset::regression::cox::{CoefficientStatus, CoxFit};
use riskset::statistic::IntervalTransform;
use riskset::validation::{Bootstrap, Jackknife};
use riskset::{
    CompetingRisks, CountingProcess, CoxPh, Design, Error, Groups, KaplanMeier, NelsonAalen, Ties,
    Weights,
};

#[track_caller]
fn is_unsupported<T: std::fmt::Debug>(result: riskset::Result<T>) {
    assert!(matches!(result, Err(Error::Unsupported { .. })), "{result:?}");
}

/// Three deaths.
fn weighing(weights: [f64; 3]) -> RightCensored {
    let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true; 3]).unwrap();
    data.with_weights(Weights::case(&weights).unwrap()).unwrap()
}

/// Where next to nothing of the weight is left, n v/(1 + n v) was 1, and the critical value no number.
#[test]
fn a_band_of_tiny_weights() {
    for kind in [BandKind::EqualPrecision, BandKind::HallWellner] {
        let of = |weights| Bands::new().kind(kind).of(&KaplanMeier::new().fit(&weighing(weights))?);
        is_unsupported(of([1.0, 1e-15, 1e-30]));
        for weight in [1e-100, 1e-3] {
            let band = of([weight; 3]).unwrap();
            assert!(band.critical > 0.0 && band.lower.iter().zip(&band.upper).all(|(l, u)| l <= u));
        }
    }
}

/// The standard errors were infinite.
#[test]
fn a_mean_whose_error_no_number_holds() {
    let hazard = NelsonAalen::new().fit(&weighing([1e-100; 3])).unwrap();
    let curve = hazard.survival_curve(IntervalTransform::Log).unwrap();
    let mean = |tau| RestrictedMean::new(tau).carry_forward().of_curve(&curve);
    is_unsupported(mean(1e300));
    assert!(mean(1e200).unwrap().std_error.is_finite());
}

/// Neither has an infinite standard error, but their difference had.
#[test]
fn a_difference_whose_error_no_number_holds() {
    let arm = Groups::new(&["a", "a", "b", "b"]).unwrap();
    let last = f64::MAX;
    let weights = || Weights::case(&[0.2; 4]).unwrap();
    let causes =
        CompetingRisks::from_codes(&[0.0, last, 0.0, last], &[1, 2, 1, 2], &[(1, "x"), (2, "y")]);
    let causes = causes.unwrap().with_weights(weights()).unwrap();
    let lost = TimeLost::new(last).variance(riskset::competing::IncidenceVariance::Delta);
    assert!(lost.fit_by(&causes, &arm).is_ok());
    is_unsupported(lost.compare(&causes, &arm));
    let data = RightCensored::new(&[1.0, last, 1.0, last], &[true; 4]).unwrap();
    let data = data.with_weights(Weights::case(&[0.16; 4]).unwrap()).unwrap();
    assert!(RestrictedMean::new(last).fit_by(&data, &arm).is_ok());
    is_unsupported(RestrictedMean::new(last).compare_by(&data, &arm));
}

/// Where everybody at risk has the event there is nothing to choose, but all were laid out in memory.
#[test]
fn exact_ties_of_more_rows_than_memory_holds() {
    let counts = Weights::frequency(&[9_000_000_000_000_000, 1]).unwrap();
    for event in [[true, true], [true, false]] {
        let data = RightCensored::new(&[1.0, 1.0], &event).unwrap();
        let data = data.with_weights(counts.clone()).unwrap();
        let design = Design::builder().numeric("x", &[0.0, 1.0]).build().unwrap();
        let exact = CoxPh::new().ties(Ties::ExactPartial);
        let refused = exact.likelihood_at(&data, &design, &[0.5]);
        assert!(matches!(refused, Err(Error::TooManyTies { .. })), "{refused:?}");
    }
}

/// So near the maximum the likelihood has not fallen by more than its rounding, on whichever side.
#[test]
fn profile_limits_of_next_to_no_confidence() {
    let event = [true, true, false, true, true, true, false, true];
    let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &event).unwrap();
    for x in [
        [2., 0., 7., 5., 3., 1., 8., 6.],
        [5., 0., 4., 8., 3., 7., 2., 6.],
        [8., 0., 1., 2., 3., 4., 5., 6.],
    ] {
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        for level in [1e-8, 1e-10, 1e-12] {
            let ratio = fit.profile_hazard_ratios(&data, &design, level).unwrap().remove(0);
            let (interval, estimate) = (ratio.interval.unwrap(), ratio.estimate.unwrap());
            assert!(interval.lower.unwrap() <= estimate, "{x:?} at {level:e}");
            assert!(interval.upper.unwrap() >= estimate, "{x:?} at {level:e}");
        }
    }
}

/// Before the first event all are alive: shares of a total that do not add up to 1 made it more than all.
#[test]
fn standardised_survival_is_at_most_one() {
    for weights in [[0.1, 0.2, 0.3, 0.7], [0.7, 0.1, 0.7, 0.3], [0.9, 0.1, 0.6, 0.4]] {
        let weights: Vec<f64> = weights.into_iter().cycle().take(30).collect();
        let time: Vec<f64> = (1..=30).map(f64::from).collect();
        let event: Vec<bool> = (0..30).map(|row| row % 3 != 1).collect();
        let data = RightCensored::new(&time, &event).unwrap();
        let data = data.with_weights(Weights::case(&weights).unwrap()).unwrap();
        let arm: Vec<u32> = (0..30).map(|row| row % 2).collect();
        let design = Design::builder().factor("arm", &arm, "0").build().unwrap();
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        let curves = Standardisation::new(&[0.5]).of(&fit, "arm", &data, &design).unwrap();
        assert_eq!(curves.curve("0").unwrap()[0].survival, 1.0);
    }
}

/// (Σ w)²/Σ w² of equal weights is their number.
#[test]
fn no_more_rows_than_there_are() {
    for n in [5, 9, 11] {
        let arm: Vec<u32> = (0..n).map(|row| row % 2).collect();
        let design = Design::builder().numeric("x", &vec![1.0; arm.len()]).build().unwrap();
        let scores = PropensityScores::new().fit(&Groups::new(&arm).unwrap(), &design).unwrap();
        let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores).unwrap();
        for group in weights.by_group() {
            assert!(group.n_effective <= group.n as f64, "{group:?}");
        }
    }
}

/// Where a small penalty is all that is known of a column, its sampling variance was rounding of the
/// information by the square of an enormous variance, of either sign.
#[test]
fn the_sampling_variance_of_what_only_a_penalty_knows() {
    for first in 0..20 {
        let of = |f: &dyn Fn(usize) -> f64| (0..12).map(f).collect::<Vec<f64>>();
        let exit = of(&|row| 1.0 + (row * 7 % 11) as f64);
        let entry: Vec<f64> = exit.iter().map(|time| time - 0.5).collect();
        let event: Vec<bool> = (0..12).map(|row| (row + first) % 7 % 4 != 2).collect();
        let data = CountingProcess::new(&entry, &exit, &event).unwrap();
        for scale in [1.0, 1e90] {
            let design = Design::builder()
                .numeric("a", &of(&|row| scale * ((row * 5 + first) % 7) as f64))
                .numeric("b", &of(&|row| (row % 2) as f64))
                .interaction("a", "b")
                .build()
                .unwrap();
            for penalty in [1e-9, 1e-6, 1e-3, 0.1, 10.0] {
                let fit = CoxPh::new().ridge(penalty).fit(&data, &design).unwrap();
                let sampling = &fit.penalty().unwrap().vcov_sampling;
                for (own, all) in sampling.diag().into_iter().zip(fit.vcov().diag()) {
                    assert!((0.0..=all * (1.0 + 1e-9)).contains(own), "{own:e}");
                }
            }
        }
    }
}

/// Whole numbers that look random.
fn next(state: &mut u64, below: u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    ((*state >> 33) % below) as f64
}

#[track_caller]
fn all_numbers(value: &impl std::fmt::Debug) {
    let text = format!("{value:?}");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{text}");
}

/// Along the way to the maximum the one row far out takes over, and with it the information left the range
/// of numbers: a step by the inverse of infinity is 0, which passed for the maximum. A last step could lead
/// far away from it, to an infinite decrement, and so did errors say where only its square was too large.
#[test]
fn an_outlier_among_weights_of_all_sizes() {
    let weights = Weights::case(&[1e-100, 1e100, 1.0].repeat(10)).unwrap();
    let (mut fits, mut failures) = (0, 0);
    for seed in 0..80 {
        let state = &mut (seed + 1);
        let mut column = |below| (0..30).map(|_| next(state, below)).collect::<Vec<f64>>();
        let (time, event, mut x, y) = (column(10), column(5), column(4), column(1000));
        let event: Vec<bool> = event.iter().map(|&event| event < 3.0).collect();
        let far = [1e3, 1e6, 1e10, 1e50, 1e99][(seed % 5) as usize];
        x[next(state, 30) as usize] = far;
        let data = RightCensored::new(&time, &event).unwrap();
        let data = data.with_weights(weights.clone()).unwrap();
        let design = Design::builder().numeric("x", &x);
        let design = if seed % 2 == 0 { design } else { design.numeric("y", &y) };
        let design = design.build().unwrap();
        match CoxPh::new().fit(&data, &design) {
            Ok(fit) => all_numbers(&fit),
            Err(error) => all_numbers(&error),
        }
        if let Ok(fit) = Bootstrap::new(seed).replicates(8).fit_cox(&data, &design, &CoxPh::new()) {
            all_numbers(&fit);
            fits += 1;
            failures += fit.failures().len();
        }
    }
    assert!(fits > 20 && failures > 20, "{fits} {failures}");
}

fn of_weights(event: [bool; 4], x: [f64; 4], weights: [f64; 4]) -> (RightCensored, Design) {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &event).unwrap();
    let data = data.with_weights(Weights::case(&weights).unwrap()).unwrap();
    (data, Design::builder().numeric("x", &x).build().unwrap())
}

fn one(fit: &CoxFit) -> f64 {
    assert_eq!(fit.coefficients()[0].status, CoefficientStatus::Finite);
    fit.coefficients()[0].estimate.unwrap()
}

/// The first step leads to where all information is gone and only a slope is left: it is climbed, or the
/// coefficient would be aliased to nothing. With r = exp(β) the score is 0 where the mean at the first event,
/// 100.0001 r of 0.01 + 100.0001 r, is 0.01, but for a trillionth; of events that weigh 100 one row that weighs
/// 1e-4 decides, so that a fit comes no nearer than that.
#[test]
fn a_slope_without_curvature() {
    let event = [true, false, true, true];
    let (data, design) = of_weights(event, [0.0, 1.0, 2.0, 1.0], [1e-2, 1e-4, 1e-4, 1e2]);
    let r: f64 = 1e-4 / 0.99 / 100.0001;
    let found = one(&CoxPh::new().fit(&data, &design).unwrap());
    assert!((found - r.ln()).abs() < 1e-7, "{found}");
}

/// A search from far off ended where a column had no information left, and the column was aliased to nothing;
/// from 0 it does not. The weights: the score is 0 where 1e-4/(1 + r) is 10 r/(1 + r), but for rounding of 1e-5.
#[test]
fn a_start_far_off_loses_no_column() {
    let event = [false, true, true, false];
    let (data, design) = of_weights(event, [0.0, 1.0, 0.0, 1.0], [1e-4, 1e-4, 1e1, 1e1]);
    let far = CoxPh::new().start(&[16.0]).fit(&data, &design).unwrap();
    let found = one(&far);
    assert!((found - 1e-5_f64.ln()).abs() < 1e-4, "{found}");
    assert!(far.convergence().iterations > 10);

    let event = [true, true, false, false, true, true, true];
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], &event).unwrap();
    let design = Design::builder()
        .numeric("a", &[1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0])
        .numeric("b", &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0])
        .build()
        .unwrap();
    let near = CoxPh::new().fit(&data, &design).unwrap();
    let far = CoxPh::new().start(&[-12.0, 5.0]).fit(&data, &design).unwrap();
    assert_eq!(far.coefficients()[1].status, CoefficientStatus::PlusInfinity);
    assert!((one(&far) - one(&near)).abs() < 1e-9);
}

/// The values are finite, what is made of them was not.
#[test]
fn resampled_values_at_the_end_of_the_range() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4]).unwrap();
    let far = |_: &RightCensored, rows: &[usize]| {
        let odd = rows.iter().filter(|&&row| row % 2 == 1).count();
        Ok(vec![if 2 * odd > rows.len() { f64::MAX } else { -f64::MAX }])
    };
    let bootstrap = Bootstrap::new(1).replicates(40).fit(&data, far).unwrap();
    let values = bootstrap.values();
    assert!(values.iter().any(|&value| value > 0.0) && values.iter().any(|&value| value < 0.0));
    assert_eq!((bootstrap.bias(), bootstrap.std_error()), (vec![None], vec![None]));
    (1..99).for_each(|level| {
        all_numbers(&bootstrap.percentile(f64::from(level) / 100.0).unwrap());
    });
    let jackknife = Jackknife::new().fit(&data, far).unwrap();
    assert_eq!(jackknife.std_error(), [None]);
    all_numbers(&jackknife.acceleration());
    all_numbers(&bootstrap.bca(0.5, &jackknife).unwrap());
}
