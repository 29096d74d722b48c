//! One rule for a time at which a result is read: what is not a number is refused, an infinite time is
//! before or after everything, and nothing but the time itself is infinite in the answer.

use std::fmt::Debug;

use riskset::competing::{FineGray, StateOccupation};
use riskset::data::{Cause, MultiState};
use riskset::nonparametric::{AtRiskTable, Estimand, InfluenceFunctions};
use riskset::regression::cox::TimeFunction;
use riskset::study::SurvivalSummary;
use riskset::{
    AalenJohansen, CompetingRisks, CoxPh, Design, Error, Groups, KaplanMeier, NelsonAalen, Profile,
    Result, RightCensored,
};

const TIME: [f64; 8] = [1., 2., 3., 4., 5., 6., 7., 8.];
const X: [f64; 8] = [2., 5., 1., 4., 3., 0., 2., 1.];
const FOREVER: [f64; 2] = [f64::NEG_INFINITY, f64::INFINITY];

fn data() -> RightCensored {
    RightCensored::new(&TIME, &[true, true, true, true, false, true, true, false]).unwrap()
}

fn design() -> Design {
    Design::builder()
        .numeric("x", &X)
        .numeric("z", &[1., 0., 0., 1., 1., 0., 1., 0.])
        .build()
        .unwrap()
}

fn person() -> Profile {
    Profile::new().number("x", 1.0).number("z", 0.5)
}

/// Reads at both ends of time as at times before and after all rows, and refuses NaN.
fn reads<T: Debug>(read: impl Fn(&[f64]) -> Result<T>) {
    let told = |times: &[f64; 2]| {
        let [before, after] = times.map(|time| format!("{time:?}"));
        let text = format!("{:?}", read(times).unwrap());
        text.replace(&format!("time: {before}"), "").replace(&format!("time: {after}"), "")
    };
    let infinite = told(&FOREVER).replace("times: [-inf, inf]", "");
    assert!(!infinite.contains("inf") && !infinite.contains("NaN"), "{infinite}");
    assert_eq!(infinite, told(&[-1.0, 9.0]).replace("times: [-1.0, 9.0]", ""));
    let refused = read(&[1.0, f64::NAN]).unwrap_err();
    let rule = "must be a number";
    assert!(
        matches!(refused, Error::InvalidOption { rule: said, .. } if said == rule),
        "{refused}"
    );
}

#[test]
fn curves_and_counts() {
    let fit = KaplanMeier::new().fit(&data()).unwrap();
    reads(|times| fit.at(times));
    assert_eq!(FOREVER.map(|time| fit.curve().survival_at(time)), [Some(1.0), None]);
    let hazard = NelsonAalen::new().fit(&data()).unwrap();
    assert_eq!(FOREVER.map(|time| hazard.cumulative_hazard_at(time)), [Some(0.0), None]);
    let groups = Groups::new(&["a", "b", "a", "b", "a", "b", "a", "b"]).unwrap();
    reads(|times| AtRiskTable::new(&data(), &groups, times));
    reads(|times| SurvivalSummary::new().times(times).fit(&data()));
}

#[test]
fn competing_risks() {
    let codes = [1, 2, 1, 1, 0, 2, 1, 0];
    let data = CompetingRisks::from_codes(&TIME, &codes, &[(1, "death"), (2, "other")]).unwrap();
    let fit = AalenJohansen::new().fit(&data).unwrap();
    reads(|times| fit.counts_at(times));
    reads(|times| fit.incidence_of("death")?.at(times));
    let fit = FineGray::new(Cause::new(1).unwrap()).fit(&data, &design()).unwrap();
    reads(|times| fit.incidence(&data, &design(), times)?.at(&person()));
}

#[test]
fn predictions_of_a_cox_model() {
    let fit = CoxPh::new().fit(&data(), &design()).unwrap();
    let baseline = fit.baseline(&data(), &design()).unwrap();
    let one = baseline.single().unwrap();
    reads(|times| one.at(&person(), times));
    let (data, design) = (data(), design());
    let rows = baseline.rows(&data, &design).unwrap();
    reads(|times| rows.at(3, times));
    reads(|times| rows.survival_at(times));
    let [start, end] = FOREVER;
    let (all, known) = (one.expected(&person(), start, end), one.expected(&person(), 0.0, 9.0));
    assert_eq!(all.unwrap(), known.unwrap());
}

/// Steps go on without end, t and ln t leave every number behind. A function of another term is no
/// matter.
#[test]
fn coefficients_that_follow_time() {
    let fit = |function| {
        let model = CoxPh::new().time_varying("x", function);
        model.fit(&data(), &design()).unwrap()
    };
    for function in [TimeFunction::step(&[4.5]), TimeFunction::Identity, TimeFunction::Log] {
        let infinite = !matches!(function, TimeFunction::Step { .. });
        let fit = fit(function);
        reads(|times| fit.coefficient_at("z", times, 0.95));
        if infinite {
            for time in FOREVER {
                let refused = fit.coefficient_at("x", &[time], 0.95).unwrap_err();
                assert!(matches!(refused, Error::TimeFunction { .. }), "{refused}");
            }
        } else {
            reads(|times| fit.coefficient_at("x", times, 0.95));
        }
    }
    let tabulated = fit(TimeFunction::tabulated("√t", &TIME, f64::sqrt));
    assert!(tabulated.coefficient_at("x", &[f64::INFINITY], 0.95).is_err());
    assert!(TimeFunction::step(&[4.5]).at(f64::NAN).is_err());
}

/// Whose follow-up ends too early is named.
#[test]
fn influences() {
    let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]).unwrap();
    let groups = Groups::new(&["a", "a", "b", "b"]).unwrap();
    let influence = InfluenceFunctions::new(Estimand::Survival);
    let beyond = |what: &str, last: f64| {
        Err(Error::BeyondFollowUp { what: what.to_owned(), time: 4.5, last })
    };
    assert_eq!(influence.fit(&data, &[4.5]), beyond("data", 4.0));
    assert_eq!(influence.fit_by(&data, &groups, &[4.5]), beyond("a", 2.0));
}

/// A state before the first time, or after the last, is not known at all.
#[test]
fn states() {
    let (entry, exit) = ([0., 2., 0., 0.], [2., 5., 3., 4.]);
    let to = [Some("ill"), Some("dead"), Some("dead"), None];
    let states = ["well", "ill", "dead"];
    let data = MultiState::new(&["1", "1", "2", "3"], &entry, &exit, &to, &states).unwrap();
    let fit = StateOccupation::new().fit(&data).unwrap();
    let [before, after] = FOREVER.map(|time| fit.at("ill", time).unwrap_err());
    assert!(matches!(before, Error::InvalidOption { .. }), "{before}");
    assert!(matches!(after, Error::BeyondFollowUp { .. }), "{after}");
}
