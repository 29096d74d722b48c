//! Fits tell what they were asked, what they read, and what the reader should know.

use riskset::data::IntervalCensored;
use riskset::inference::WeightedLogRank;
use riskset::nonparametric::{
    Alternative, AtRiskTable, Estimand, FixedTime, InfluenceFunctions, MaxCombo, PairVariance,
    Pairwise, RestrictedMean, TestWeight, Turnbull,
};
use riskset::regression::cox::{SharedFrailty, Ties};
use riskset::{
    CountingProcess, CoxPh, Design, Error, Groups, KaplanMeier, LogRank, NelsonAalen, Profile,
    RightCensored, Warning, Weights,
};

use crate::sample::assert_close;

const TIME: [f64; 8] = [1., 2., 2., 4., 5., 6., 7., 8.];
const EVENT: [bool; 8] = [true, true, false, true, false, true, true, false];
const AGE: [f64; 8] = [70., 51., 64., 66., 58., 49., 61., 55.];
const ARM: [&str; 8] = ["b", "a", "a", "b", "b", "a", "b", "a"];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &EVENT).unwrap()
}

/// The first time is that of the next two but for a rounding error: they are one in the end.
fn nearly_tied() -> RightCensored {
    let mut time = TIME;
    time[0] = 2.0 - 1e-12;
    RightCensored::new(&time, &EVENT).unwrap()
}

fn arms() -> Groups {
    Groups::new(&ARM).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("age", &AGE).build().unwrap()
}

#[test]
fn merged_times() {
    let (data, arms) = (nearly_tied(), arms());
    let told = |warnings: &[Warning]| {
        let [Warning::TimesMerged { merged: 2, max_shift }] = *warnings else {
            panic!("{warnings:?}");
        };
        assert!(max_shift > 0.9e-12 && max_shift < 1.1e-12, "{max_shift}");
    };
    told(KaplanMeier::new().fit(&data).unwrap().warnings());
    told(NelsonAalen::new().fit(&data).unwrap().warnings());
    told(LogRank::new().fit(&data, &arms).unwrap().warnings());
    told(MaxCombo::new().fit(&data, &arms).unwrap().warnings());
    told(InfluenceFunctions::new(Estimand::Survival).fit(&data, &[3.0]).unwrap().warnings());
}

/// Nobody is left at 2 before the others enter at 3.
#[test]
fn a_curve_that_fell_to_0_too_early() {
    let data = CountingProcess::new(&[0., 0., 3., 3.], &[1., 2., 4., 5.], &[true; 4]).unwrap();
    let emptied = [Warning::RiskSetEmptied { time: 2.0 }];
    let of = |estimand| InfluenceFunctions::new(estimand).fit(&data, &[4.0]).unwrap();
    assert_eq!(of(Estimand::Survival).warnings(), emptied);
    assert_eq!(of(Estimand::CumulativeHazard).warnings(), []);
    // Nor is a hazard told of that is 0 at first.
    let late = RightCensored::new(&[1., 2., 3., 4.], &[false, false, false, true]).unwrap();
    let hazard = InfluenceFunctions::new(Estimand::CumulativeHazard).fit(&late, &[4.0]).unwrap();
    assert_eq!(hazard.warnings(), []);
    assert_eq!(KaplanMeier::new().fit(&data).unwrap().warnings(), emptied);
}

/// Of columns with one scale the condition is that of their variance: ‖V‖₁ ‖V⁻¹‖₁.
#[test]
fn the_condition_of_the_information() {
    let mut other = AGE;
    other.rotate_left(3);
    let design = Design::builder().numeric("age", &AGE).numeric("other", &other).build().unwrap();
    let fit = CoxPh::new().fit(&data(), &design).unwrap();
    let (a, b, c) = (fit.vcov()[[0, 0]], fit.vcov()[[0, 1]].abs(), fit.vcov()[[1, 1]]);
    // The inverse has the same entries, exchanged, over the determinant.
    let largest = f64::max(a, c) + b;
    let expected = largest * largest / (a * c - b * b);
    approx::assert_relative_eq!(
        fit.convergence().condition.unwrap(),
        expected,
        max_relative = 1e-10
    );
    assert!(expected > 1.5, "{expected}");
}

#[test]
fn the_question() {
    let (data, arms) = (data(), arms());
    for alternative in [Alternative::TwoSided, Alternative::SecondLower, Alternative::SecondHigher]
    {
        let fit = MaxCombo::new().alternative(alternative).fit(&data, &arms).unwrap();
        assert_eq!(fit.alternative(), alternative);
    }
    let times = [3.0, 1.5];
    assert_eq!(AtRiskTable::new(&data, &arms, &times).unwrap().times(), times);
    let influence = InfluenceFunctions::new(Estimand::Survival).fit(&data, &times).unwrap();
    assert_eq!(influence.times(), times);
    let curves = KaplanMeier::new().fit_by(&data, &arms).unwrap();
    let width = |level| {
        let fit = FixedTime::new(4.5).confidence(level).compare(&curves).unwrap();
        let interval = fit.differences[0].1.interval;
        assert_eq!((fit.level, interval.level), (level, level));
        interval.upper.unwrap() - interval.lower.unwrap()
    };
    assert!(width(0.5) < width(0.9));
}

#[test]
fn the_treatment_of_ties_and_the_columns() {
    let (data, design) = (data(), design());
    let pairs = data.clone().with_clusters(&[1_u8, 1, 2, 2, 3, 3, 4, 4]).unwrap();
    for ties in [Ties::Breslow, Ties::Efron] {
        let fit = CoxPh::new().ties(ties).fit(&data, &design).unwrap();
        assert_eq!(fit.baseline(&data, &design).unwrap().ties(), ties);
        let shared = SharedFrailty::gamma().ties(ties).theta(0.5).fit(&pairs, &design).unwrap();
        assert_eq!(shared.ties(), ties);
        assert_eq!(shared.coding(), fit.coding());
    }
}

#[test]
fn what_was_read() {
    let fit = NelsonAalen::new().fit(&data()).unwrap();
    assert_eq!(fit.time(), [1., 2., 4., 5., 6., 7., 8.]);
    assert_eq!(fit.n_censor(), [0., 1., 0., 1., 0., 0., 1.]);
    let (lower, upper) = ([0., 1., 2., 0.5, 3., 1.5, 4.], [2., 3., 5., 4., 6., 2.5, 7.]);
    let turnbull = Turnbull::new().fit(&IntervalCensored::new(&lower, &upper).unwrap()).unwrap();
    assert_eq!(turnbull.n(), 7);
    assert!(turnbull.iterations() > 0);
    let two = Weights::frequency(&[1, 2, 1, 1, 3, 1, 1, 1]).unwrap();
    let influence = InfluenceFunctions::new(Estimand::Survival);
    let influence = influence.fit_by(&data().with_weights(two).unwrap(), &arms(), &[3.0]).unwrap();
    assert_eq!((influence.groups(), influence.n()), (arms().names(), &[5.0, 6.0][..]));
}

#[test]
fn curves_of_several_persons_are_those_of_each() {
    let (data, design) = (data(), design());
    let baseline = CoxPh::new().fit(&data, &design).unwrap().baseline(&data, &design).unwrap();
    let from = baseline.single().unwrap();
    let profiles = [50.0, 65.0].map(|age| Profile::new().number("age", age));
    let curves = from.curves(&profiles).unwrap();
    assert_eq!(curves, profiles.map(|profile| from.curve(&profile).unwrap()));
}

#[test]
fn the_largest_dfbetas_of_each_row() {
    let (data, design) = (data(), design());
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let residuals = fit.residuals(&data, &design).unwrap();
    let largest: Vec<f64> = residuals.dfbetas().column(0).iter().map(|x| x.abs()).collect();
    let influence = residuals.influence();
    approx::assert_relative_eq!(influence.max_dfbetas(), &largest[..], max_relative = 1e-12);
}

#[test]
fn in_a_line() {
    let (data, arms) = (data(), arms());
    let [pair] = &Pairwise::new().fit(&data, &arms).unwrap()[..] else { panic!() };
    let test = &pair.test;
    let line = pair.to_string();
    assert!(
        line.starts_with(&format!("a against b: chi-square {:.2}, p = ", test.statistic)),
        "{line}"
    );
    let trend = LogRank::new().fit(&data, &arms).unwrap().trend_by(&[1.0, 2.5]).unwrap();
    assert_eq!(trend.to_string(), format!("{} (scores 1, 2.5)", trend.test));
    let mean = RestrictedMean::new(6.0).fit(&data).unwrap();
    let printed = mean.to_string();
    let header: Vec<&str> = printed.lines().next().unwrap().split_whitespace().collect();
    assert_eq!(header, ["tau", "mean", "std.err", "0.95LCL", "0.95UCL", "lost"]);
    assert_eq!(printed.lines().nth(1).unwrap().split_whitespace().next(), Some("6"));
}

#[test]
fn what_cannot_be_answered() {
    let data = data();
    let alone = Groups::new(&["a"; 8]).unwrap();
    let level = || "a".to_owned();
    assert_eq!(
        MaxCombo::new().fit(&data, &alone).unwrap_err(),
        Error::SingleLevel { what: "groups".to_owned(), level: level() }
    );
    let test = LogRank::new().fit(&data, &arms()).unwrap();
    assert_eq!(test.trend_by(&[0.0, 0.0]), Err(Error::NothingToCompare));
    // The unit of the scores does not matter.
    for unit in [1e-9, 1e9] {
        let (trend, plain) = (test.trend_by(&[0.0, unit]).unwrap(), test.trend().unwrap());
        approx::assert_relative_eq!(
            trend.test.statistic,
            plain.test.statistic,
            max_relative = 1e-14
        );
    }
    // Nor does how small the variance is.
    let weight = TestWeight::FlemingHarrington { rho: 20.0, gamma: 20.0 };
    let test = LogRank::new().weight(weight).fit(&data, &arms()).unwrap();
    for unit in [1e-15, 1.0, 1e9] {
        let trend = test.trend_by(&[0.0, unit]).unwrap().test.statistic;
        approx::assert_relative_eq!(trend * trend, test.test().statistic, max_relative = 1e-12);
    }
    // Only one of the groups is there when somebody dies.
    let gone = RightCensored::new(&[0.5, 1.0, 2.0], &[false, true, true]).unwrap();
    let groups = Groups::new(&["a", "b", "b"]).unwrap();
    assert_eq!(LogRank::new().fit(&gone, &groups), Err(Error::NothingToCompare));
    assert_eq!(MaxCombo::new().fit(&gone, &groups), Err(Error::NothingToCompare));
    assert_eq!(WeightedLogRank::new().fit(&gone, &groups), Err(Error::NothingToCompare));
    // Two of the groups are gone before.
    let time = [0.5, 0.5, 1.0, 2.0, 3.0, 4.0];
    let gone = RightCensored::new(&time, &[false, false, true, true, true, false]).unwrap();
    let groups = Groups::new(&["a", "b", "c", "d", "c", "d"]).unwrap();
    let pairs = Pairwise::new().variance(PairVariance::Pooled).fit(&gone, &groups);
    assert_eq!(pairs, Err(Error::NothingToCompare));
    let mean = InfluenceFunctions::new(Estimand::RestrictedMean);
    assert_eq!(
        mean.fit(&data, &[2.0, 0.0]).unwrap_err().to_string(),
        "option `times` is 0: must be above 0 and finite"
    );
    // Before the first time and at the last one.
    assert!(InfluenceFunctions::new(Estimand::Survival).fit(&data, &[0.0, 8.0]).is_ok());
    let design = design();
    let fit = CoxPh::new().fit(&data, &design).unwrap();
    let nobody = RightCensored::new(&TIME, &[false; 8]).unwrap();
    assert_eq!(fit.residuals(&nobody, &design).unwrap_err(), Error::NoEvents { rows: 8 });
}

/// Half of u²/I, with the score u and the information I where a fit has ended, or was given up after so many
/// steps.
#[test]
fn what_the_likelihood_still_lacks_of_its_maximum() {
    let at = |beta: f64| {
        let at = CoxPh::new().likelihood_at(&data(), &design(), &[beta]).unwrap();
        (at.score()[0], at.information()[[0, 0]])
    };
    let lacks = |beta: f64| {
        let (score, information) = at(beta);
        score * score / information / 2.0
    };
    let fit = CoxPh::new().tolerance(0.9).fit(&data(), &design()).unwrap();
    let estimate = fit.coefficients()[0].estimate.unwrap();
    let same = |found: f64, expected: f64| {
        approx::assert_relative_eq!(found, expected, epsilon = 0.0, max_relative = 1e-3);
    };
    same(fit.convergence().decrement, lacks(estimate));
    let mut beta = 0.0;
    for steps in 1..=2 {
        let (score, information) = at(beta);
        beta += score / information;
        let error = CoxPh::new().max_iterations(steps).fit(&data(), &design()).unwrap_err();
        let Error::NotConverged { iterations, decrement, log_likelihood } = error else {
            panic!("{error}");
        };
        assert_eq!(iterations, steps);
        same(decrement, lacks(beta));
        let there = CoxPh::new().likelihood_at(&data(), &design(), &[beta]).unwrap();
        assert_close(log_likelihood, there.log_likelihood(), 1e-14);
    }
}
