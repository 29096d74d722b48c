//! Cause-specific Cox models: what is refused, how it is said, and what they print.

use proptest::prelude::*;
use proptest::sample::select;
use riskset::competing::{CauseSpecificBaseline, CauseSpecificCox, IncidenceForm};
use riskset::data::{Cause, Variance};
use riskset::statistic::IntervalTransform;
use riskset::{CompetingRisks, CoxPh, Design, Error, Profile, Result, Ties, Warning};
use std::fmt::Debug;

use crate::sample::{assert_close, check};

const CAUSES: [(u32, &str); 3] = [(1, "relapse"), (2, "death"), (3, "loss")];
const TIME: [f64; 10] = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
const CODES: [u32; 10] = [1, 2, 0, 1, 2, 2, 0, 1, 2, 0];
const X: [f64; 10] = [2., 5., 1., 4., 3., 0., 2., 1., 1., 2.];

fn data() -> CompetingRisks {
    CompetingRisks::from_codes(&TIME, &CODES, &CAUSES).unwrap()
}

fn design() -> Design {
    Design::builder().numeric("x", &X).build().unwrap()
}

fn cause(code: u32) -> Cause {
    Cause::new(code).unwrap()
}

fn baseline() -> CauseSpecificBaseline {
    let fit = CauseSpecificCox::default().fit(&data(), &design()).unwrap();
    fit.baseline(&data(), &design()).unwrap()
}

fn at(x: f64) -> Profile {
    Profile::new().number("x", x)
}

#[track_caller]
fn says<T: Debug>(result: Result<T>, expected: &str) {
    assert_eq!(result.unwrap_err().to_string(), expected);
}

#[test]
fn a_cause_without_events_leaves_the_others_alone() {
    let fit = CauseSpecificCox::default().fit(&data(), &design()).unwrap();
    says(fit.named("loss"), "cause `loss`: no events among 10 rows");
    says(fit.get(cause(3)), "cause `loss`: no events among 10 rows");
    assert!(fit.causes()[2].fit.is_none());
    assert_eq!(fit.named("death").unwrap().n_events(), 4.0);
    says(fit.named("cure"), "no cause is named `cure`; there are relapse, death, loss");
    says(fit.get(cause(7)), "no cause is named `7`; there are 1, 2, 3");
    let from = baseline();
    says(from.get(cause(3)), "no cause with events is named `3`; there are 1, 2");
    let found = from.single().unwrap().incidence(&at(1.0)).unwrap();
    let loss = found.incidence_of("loss").unwrap();
    assert_eq!((loss.time().len(), loss.at(&[9.0]).unwrap()[0].incidence), (0, 0.0));
    says(found.incidence_of("cure"), "no cause is named `cure`; there are relapse, death, loss");
    let lost = from.single().unwrap().time_lost(&at(1.0), 8.0).unwrap();
    assert_eq!((lost.causes[2].time_lost, lost.causes[2].std_error), (0.0, 0.0));

    let nobody = CompetingRisks::from_codes(&TIME, &[0; 10], &CAUSES).unwrap();
    says(CauseSpecificCox::default().fit(&nobody, &design()), "no events among 10 rows");
}

#[test]
fn an_error_names_its_cause() {
    let model = CauseSpecificCox::new(CoxPh::new().max_iterations(1).tolerance(1e-15));
    let error = model.fit(&data(), &design()).unwrap_err();
    let Error::InCause { cause, error } = error else { panic!("{error}") };
    assert_eq!(cause, "relapse");
    assert!(matches!(*error, Error::NotConverged { iterations: 1, .. }));
    let short = Design::empty(9);
    says(
        CauseSpecificCox::default().fit(&data(), &short),
        "cause `relapse`: `design` has 9 rows, expected 10",
    );
    let exact = CauseSpecificCox::new(CoxPh::new().ties(Ties::ExactPartial));
    let fit = exact.fit(&data(), &design()).unwrap();
    let error = fit.baseline(&data(), &design()).unwrap_err();
    assert!(error.to_string().starts_with("cause `relapse`: CoxFit: "), "{error}");
    let fit = CauseSpecificCox::default().fit(&data(), &design()).unwrap();
    let fewer = CompetingRisks::from_codes(&TIME, &CODES.map(|c| c.min(1)), &CAUSES[..1]).unwrap();
    says(
        fit.baseline(&fewer, &design()),
        "the list of causes is not that of the fit: give the rows and the design it was made from",
    );
}

/// A design a cause is one model a cause, and a profile speaks of the covariates of all.
#[test]
fn every_cause_may_have_its_own_design() {
    let (x, none) = (design(), Design::empty(10));
    let model = CauseSpecificCox::default();
    let designs = [(cause(2), &x), (cause(1), &none), (cause(3), &none)];
    let fit = model.fit_by_cause(&data(), &designs).unwrap();
    assert_eq!(fit.vcov().dim(), (1, 1));
    let alone = CoxPh::new().fit(&data().cause_specific(cause(2)).unwrap(), &x).unwrap();
    assert_eq!(fit.named("death").unwrap(), &alone);
    let from = fit.baseline_by_cause(&data(), &designs).unwrap();
    let found = from.single().unwrap().incidence(&at(3.0)).unwrap();
    assert_close(
        found.curves()[0].at(&[1.0]).unwrap()[0].incidence,
        0.1_f64.exp_m1() / 0.1_f64.exp(),
        1e-15,
    );
    says(
        from.single().unwrap().incidence(&at(3.0).number("age", 4.0)),
        "no term is named `age`; there are x",
    );
    says(from.single().unwrap().incidence(&Profile::new()), "the profile says nothing about `x`");
    says(model.fit_by_cause(&data(), &designs[..2]), "`designs` has 2 rows, expected 3");
    let twice = [designs[0], designs[0], designs[1], designs[2]];
    says(model.fit_by_cause(&data(), &twice), "the name `2` is given twice");
    let other = [(cause(7), &x)];
    says(model.fit_by_cause(&data(), &other), "no cause is named `7`; there are 1, 2, 3");
    says(
        fit.equal_effects("x"),
        "`causes with `x`` has a single level, `death`: at least two are needed",
    );
    says(fit.equal_effects("age"), "no term is named `age`; there are x");
}

#[test]
fn a_model_with_strata_needs_one() {
    let strata = ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"];
    let data = data().with_strata(&strata).unwrap();
    let fit = CauseSpecificCox::default().fit(&data, &design()).unwrap();
    let from = fit.baseline(&data, &design()).unwrap();
    assert!(from.is_stratified() && from.single().is_err());
    says(from.stratum("c"), "no stratum is named `c`; there are a, b");
    let found = from.stratum("a").unwrap().incidence(&at(1.0)).unwrap();
    assert_eq!(found.time(), [1.0, 3.0, 5.0, 7.0, 9.0]);
}

#[test]
fn options_out_of_range() {
    let from = baseline();
    let from = from.single().unwrap();
    let options = |level| from.clone().confidence(level).incidence(&at(1.0));
    says(options(1.0), "option `confidence` is 1: must be between 0 and 1");
    assert!(options(f64::NAN).is_err());
    for tau in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let result = from.time_lost(&at(1.0), tau);
        says(result, &format!("option `tau` is {tau}: must be above 0 and finite"));
    }
    says(from.time_lost(&at(1.0), 11.0), "`all` is followed up to 10: nothing is known at 11");
}

#[test]
fn profiles_far_from_the_data() {
    let from = baseline();
    for form in [IncidenceForm::Exponential, IncidenceForm::ProductLimit] {
        let from = from.single().unwrap().form(form);
        let tame = from.incidence(&at(1.0)).unwrap();
        assert!(tame.warnings().is_empty());
        for x in [-400.0, -50.0, 50.0, 400.0] {
            let found = from.incidence(&at(x)).unwrap();
            let total: f64 =
                found.curves().iter().map(|c| c.at(&[10.0]).unwrap()[0].incidence).sum();
            assert_close(total + found.survival()[9], 1.0, 1e-14);
        }
        assert!(matches!(from.incidence(&at(1e5)), Err(Error::BeyondRange { .. })));
        assert!(matches!(from.incidence(&at(1e300)), Err(Error::BeyondRange { .. })));
    }
}

#[test]
fn a_product_that_leaves_less_than_nobody() {
    let from = baseline();
    let person = at(25.0);
    let product = from.single().unwrap().form(IncidenceForm::ProductLimit);
    let found = product.incidence(&person).unwrap();
    let [Warning::HazardAboveOne { time, hazard }] = found.warnings() else { panic!("{found}") };
    assert!(*hazard > 1.0 && found.event_free().survival_at(*time) == Some(0.0));
    let text = found.to_string();
    assert!(text.contains("above 1: the product leaves nobody there"), "{text}");
    let plain = from.single().unwrap().incidence(&person).unwrap();
    assert!(plain.warnings().is_empty());
}

#[test]
fn a_coefficient_without_an_estimate() {
    // Whoever has the factor dies first: an infinite coefficient for one cause.
    let sick = [1., 1., 0., 0., 0., 0., 0., 0., 0., 0.];
    let codes = [1, 1, 2, 0, 1, 2, 0, 2, 1, 0];
    let data = CompetingRisks::from_codes(&TIME, &codes, &CAUSES[..2]).unwrap();
    let design = Design::builder().numeric("sick", &sick).build().unwrap();
    let fit = CauseSpecificCox::default().fit(&data, &design).unwrap();
    assert!(fit.named("relapse").unwrap().coefficients()[0].estimate.is_none());
    let rule =
        "the contrast or prediction involves `sick`, whose coefficient has no finite estimate";
    says(fit.equal_effects("sick"), rule);
    let from = fit.baseline(&data, &design).unwrap();
    says(from.single().unwrap().incidence(&Profile::new().number("sick", 1.0)), rule);
    let found = from.single().unwrap().incidence(&Profile::new().number("sick", 0.0)).unwrap();
    assert!(found.incidence_of("death").unwrap().at(&[3.0]).unwrap()[0].incidence > 0.0);
}

#[test]
fn prints_like_one_model_a_cause() {
    let fit = CauseSpecificCox::default().fit(&data(), &design()).unwrap();
    let expected = format!(
        "Cause: relapse\n{}\nCause: death\n{}\nCause: loss\nno events among 10 rows\n",
        fit.named("relapse").unwrap(),
        fit.named("death").unwrap()
    );
    assert_eq!(fit.to_string(), expected);
    assert!(format!("{fit:#}").contains("lower .95"));
    let found = baseline().single().unwrap().incidence(&at(2.0)).unwrap();
    let expected = [
        "        events incidence std.err lower 95% upper 95%",
        "relapse      3    0.3467  0.1723    0.0702    0.6554",
        "death        4    0.4969  0.1842    0.1386    0.7808",
        "loss         0    0.0000       -         -         -",
        "",
    ];
    let expected = expected.join("\n");
    let text = found.to_string();
    assert!(text == expected, "{text}");
    let steps = format!("{found:#}");
    assert!(steps.starts_with(&text) && steps.contains("event-free"), "{steps}");
    assert_eq!(steps.lines().count(), 4 + 1 + 1 + 7);
}

/// Fails when a number anywhere in a result is NaN or infinite.
#[track_caller]
fn assert_finite<T: Debug>(result: &Result<T>) {
    let Ok(value) = result else { return };
    let text = format!("{value:?}");
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "NaN" || word == "inf"), "{value:#?}");
}

/// Whatever the input: an error or a result without NaN and infinity, never a panic.
#[test]
fn hard_input() {
    let number = || select(vec![0.0, 1.0, 1.0, 2.0, 3.0, 1e-300, 1e300, -1.0, f64::NAN, 1e16]);
    let row = (number(), 0_u32..4, number(), 0_u8..2);
    let rows = prop::collection::vec(row, 0..12);
    check(400, (rows, number(), number()), |(rows, x, tau)| {
        let time: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let codes: Vec<u32> = rows.iter().map(|row| row.1).collect();
        let values: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let strata: Vec<u8> = rows.iter().map(|row| row.3).collect();
        let data = CompetingRisks::from_codes(&time, &codes, &CAUSES);
        let design = Design::builder().numeric("x", &values).build();
        let (Ok(data), Ok(design)) = (data, design) else { return };
        for variance in [Variance::ModelBased, Variance::Robust] {
            let model = CauseSpecificCox::new(CoxPh::new().variance(variance));
            for data in [data.clone(), data.clone().with_strata(&strata).unwrap()] {
                let fit = model.fit(&data, &design);
                assert_finite(&fit);
                let Ok(fit) = fit else { continue };
                assert!(!fit.to_string().is_empty());
                assert_finite(&fit.equal_effects("x"));
                let Ok(baseline) = fit.baseline(&data, &design) else { continue };
                let from = match baseline.is_stratified() {
                    true => baseline.stratum("0"),
                    false => baseline.single(),
                };
                let Ok(from) = from else { continue };
                for form in [IncidenceForm::Exponential, IncidenceForm::ProductLimit] {
                    for transform in [IntervalTransform::Log, IntervalTransform::LogLog] {
                        let from = from.clone().form(form).transform(transform);
                        let found = from.incidence(&at(x));
                        assert_finite(&found);
                        assert_finite(&from.time_lost(&at(x), tau));
                        let Ok(found) = found else { continue };
                        assert!(!format!("{found:#}").is_empty());
                        for curve in found.curves() {
                            assert_finite(&curve.quantile(0.25));
                        }
                    }
                }
            }
        }
    });
}
