//! Collett, *Modelling Survival Data in Medical Research*.

use riskset::nonparametric::TestWeight;
use riskset::statistic::IntervalTransform;
use riskset::{Design, KaplanMeier, Ties};

use super::study::{Study, log_likelihoods, printed, std_errors};

/// Women with breast cancer whose tumours took a stain or not.
#[test]
fn tumour_staining() {
    let study = Study::read("staining");
    let tests = study.log_rank("stain", &[TestWeight::LogRank, TestWeight::Gehan]);
    study.check("/tests", &tests, &["3.515", "4.180"]);
    let positive = study.indicator("stain", "positive");
    let design = Design::builder().numeric("positive", &positive).build().unwrap();
    let fit = study.cox(Ties::Breslow, &design);
    study.check_cox("/breslow", &fit, &["0.908"]);
    study.check("/breslow/se", &std_errors(&fit), &["0.501"]);
    let [null, full] = log_likelihoods(&fit);
    printed(-2.0 * null, "173.968");
    printed(-2.0 * full, "170.096");
    study.check_cox("/efron", &study.cox(Ties::Efron, &design), &[]);
}

/// Weeks until an intrauterine device is given up; the median and its lower limit, which the
/// limits on the log scale reach at 59. There is no upper one.
#[test]
fn intrauterine_devices() {
    let study = Study::read("iud");
    let log = KaplanMeier::new().transform(IntervalTransform::Log);
    let fit = log.fit(&study.data()).unwrap();
    let events = |values: &[f64]| -> Vec<f64> {
        let pairs = values.iter().zip(fit.n_event()).filter(|(_, events)| **events > 0.0);
        pairs.map(|(value, _)| *value).collect()
    };
    let figures =
        ["0.9444", "0.8815", "0.8137", "0.7459", "0.6526", "0.5594", "0.4662", "0.3729", "0.2486"];
    study.check("/curve/survival", &events(fit.survival()), &figures);
    let std_error: Vec<f64> = fit.curve().std_error().iter().map(|se| se.unwrap()).collect();
    study.check("/curve/std_error", &events(&std_error), &[]);
    let median = fit.curve().median();
    let ours = [median.time.unwrap(), median.interval.lower.unwrap()];
    study.check("/median", &ours, &["93", "59"]);
    assert_eq!(median.interval.upper, None);
}
