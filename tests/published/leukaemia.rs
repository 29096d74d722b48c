//! Two trials in acute leukaemia: Freireich et al. 1963, analysed by Gehan 1965 and Cox 1972, and
//! Miller's of maintenance.

use riskset::nonparametric::TestWeight;
use riskset::{Design, KaplanMeier, LogRank, NelsonAalen, Ties};

use super::study::{Study, std_errors};

/// The values of a curve at its event times.
fn at_events(values: &[f64], n_event: &[f64]) -> Vec<f64> {
    let events = values.iter().zip(n_event).filter(|(_, events)| **events > 0.0);
    events.map(|(value, _)| *value).collect()
}

#[test]
fn mercaptopurine_curves() {
    let study = Study::read("freireich").only("treat", "6-MP");
    let fit = KaplanMeier::new().fit(&study.data()).unwrap();
    let events = |values: &[f64]| at_events(values, fit.n_event());
    let times = ["6", "7", "10", "13", "16", "22", "23"];
    study.check("/curve/time", &events(fit.time()), &times);
    let survival = ["0.857", "0.807", "0.753", "0.690", "0.627", "0.538", "0.448"];
    study.check("/curve/survival", &events(fit.survival()), &survival);
    let std_error: Vec<f64> = fit.curve().std_error().iter().map(|se| se.unwrap()).collect();
    let figures = ["0.0764", "0.0869", "0.0963", "0.1068", "0.1141", "0.1282", "0.1346"];
    study.check("/curve/std_error", &events(&std_error), &figures);
    let hazard = NelsonAalen::new().fit(&study.data()).unwrap();
    let figures = ["0.1429", "0.2017", "0.2683", "0.3517", "0.4426", "0.5854", "0.7521"];
    study.check("/curve/cumulative_hazard", &events(hazard.cumulative_hazard()), &figures);
}

#[test]
fn mercaptopurine_against_control() {
    let study = Study::read("freireich");
    let (data, groups) = (study.data(), study.groups("treat"));
    let curves = KaplanMeier::new().fit_by(&data, &groups).unwrap();
    let median = |arm| curves.get(arm).unwrap().curve().median().time.unwrap();
    study.check("/median", &[median("6-MP"), median("control")], &["23", "8"]);
    let tests = study.log_rank("treat", &[TestWeight::LogRank, TestWeight::Gehan]);
    study.check("/log_rank", &tests, &["16.79", "13.458"]);
    let expected: Vec<f64> = (LogRank::new().fit(&data, &groups).unwrap().counts().iter())
        .map(|count| count.expected)
        .collect();
    study.check("/expected", &expected, &["19.25", "10.75"]);
    let control = study.indicator("treat", "control");
    let design = Design::builder().numeric("control", &control).build().unwrap();
    for (path, ties, estimate, std_error) in [
        ("/breslow", Ties::Breslow, "1.509", "0.4096"),
        ("/efron", Ties::Efron, "1.572", "0.4124"),
        ("/exact", Ties::ExactPartial, "1.628", "0.4331"),
    ] {
        let fit = study.cox(ties, &design);
        study.check_cox(path, &fit, &[estimate]);
        study.check(&format!("{path}/se"), &std_errors(&fit), &[std_error]);
    }
}

#[test]
fn maintenance_medians() {
    let study = Study::read("aml");
    let curves = KaplanMeier::new().fit_by(&study.data(), &study.groups("group")).unwrap();
    let median = |arm| curves.get(arm).unwrap().curve().median().time.unwrap();
    study.check("/median", &[median("Maintained"), median("Nonmaintained")], &["31", "23"]);
}
