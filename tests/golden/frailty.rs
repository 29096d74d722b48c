//! Shared frailty, gamma against `coxph(… + frailty())`, log-normal against `coxme`.

use riskset::data::SurvivalData;
use riskset::regression::cox::{Frailty, FrailtyFit, SharedFrailty};
use riskset::{Ties, Weights};
use serde_json::Value;

use super::case::{Case, list, number, numbers, text};
use super::compare::{Bound, Comparison};
use super::cox_fits::{covariance, near};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const CASES: &[&str] = &[
    "cgd",
    "kidney",
    "kidney_breslow",
    "kidney_offset",
    "kidney_weights",
    "rats",
    "rats_strata",
    "retinopathy",
];

const GAMMA: Family =
    Family { prefix: "frailty_gamma", cases: CASES, skipped: &[], total: CASES.len() };

const LOG_NORMAL: Family =
    Family { prefix: "frailty_lognormal", cases: CASES, skipped: &[], total: CASES.len() };

fn fit(case: &Case, model: &SharedFrailty) -> FrailtyFit {
    fn of(case: &Case, model: &SharedFrailty, data: &impl SurvivalData) -> FrailtyFit {
        model.fit(data, &design(case)).unwrap()
    }
    let weights = case.numbers("weights").map(|weights| Weights::case(&weights).unwrap());
    match Observed::new(case, weights) {
        Observed::RightCensored(data) => of(case, model, &data),
        Observed::CountingProcess(data) => of(case, model, &data),
    }
}

fn compare(case: &Case, check: &mut Comparison, model: SharedFrailty) {
    let model = match case.spec["ties"].as_str() {
        Some("breslow") => model.ties(Ties::Breslow),
        _ => model,
    };
    let theirs = &case.expected;
    let given = model.clone().theta(number(&case.spec["theta"]));
    at_given(check, &fit(case, &given), theirs);
    let profile = &theirs["profile"];
    for (theta, marginal) in
        numbers(&profile["theta"]).into_iter().zip(numbers(&profile["marginal"]))
    {
        let ours = fit(case, &model.clone().theta(theta)).log_likelihood();
        check.value(Bound::Likelihood, &format!("marginal at {theta}"), ours, marginal);
    }
    at_maximum(check, &fit(case, &model), &theirs["maximum"]);
}

fn at_given(check: &mut Comparison, ours: &FrailtyFit, theirs: &Value) {
    let mut value = |what: &str, ours: f64, theirs: &Value| {
        check.value(Bound::Likelihood, what, ours, number(theirs));
    };
    value("marginal", ours.log_likelihood(), &theirs["marginal"]);
    value("without", ours.log_likelihood_without_frailty(), &theirs["without"]);
    value("null", ours.log_likelihood_null(), &theirs["loglik"][0]);
    value("partial", ours.log_likelihood_partial(), &theirs["loglik"][1]);
    value("df", ours.effective_df().unwrap(), &theirs["df"]);
    covariance(check, "vcov", &ours.vcov(), &theirs["vcov"]);
    for (ours, coef) in ours.coefficients().iter().zip(numbers(&theirs["coef"])) {
        let scale = Some(coef.abs().max(ours.std_error.unwrap()));
        near(check, &format!("coef {}", ours.name), ours.estimate, Some(coef), scale);
    }
    let names = list(&theirs["clusters"]);
    check.same("clusters", &ours.frailties().len(), &names.len());
    let (b, se) = (numbers(&theirs["ln_frailty"]), numbers(&theirs["frailty_se"]));
    for ((name, b), se) in names.iter().map(text).zip(b).zip(se) {
        let ours: &Frailty = ours.frailties().iter().find(|f| f.cluster == name).unwrap();
        let what = format!("ln frailty {name}");
        check.scaled(Bound::Likelihood, &what, ours.estimate.ln(), b, b.abs().max(se));
        let what = format!("frailty se {name}");
        check.value(Bound::Likelihood, &what, ours.std_error_ln.unwrap(), se);
    }
}

/// A variance relative to the larger of itself and its standard error.
fn at_maximum(check: &mut Comparison, ours: &FrailtyFit, theirs: &Value) {
    let (theta, se) = (number(&theirs["theta"]), number(&theirs["se"]));
    check.scaled(Bound::Likelihood, "theta", ours.theta(), theta, theta.max(se));
    let marginal = number(&theirs["marginal"]);
    check.value(Bound::Likelihood, "highest marginal", ours.log_likelihood(), marginal);
    let interval = ours.theta_interval().unwrap();
    for (what, ours) in [("lower", interval.lower), ("upper", interval.upper)] {
        let limit = number(&theirs[what]);
        check.scaled(Bound::Likelihood, what, ours.unwrap(), limit, limit.max(se));
    }
    let test = ours.frailty_test().unwrap();
    // The statistic is a difference of log-likelihoods.
    let scale = marginal.abs();
    check.scaled(Bound::Likelihood, "test", test.statistic, number(&theirs["statistic"]), scale);
    check.value(Bound::PValue, "p", test.p_value, number(&theirs["p"]));
}

/// DIFFERENCE: the effective degrees of freedom are the trace over coefficients and frailties together,
/// as in `coxme`. R's `coxph` adds up the traces of the terms, each taken by itself.
///
/// DIFFERENCE: with weights R weights the partial likelihood, but counts rows for the events of a
/// cluster in what the integral over its frailty adds. Here the same weights go into both.
#[test]
fn departs_from_coxph() {
    for name in GAMMA.cases {
        let case = Case::read(&format!("frailty_gamma_{name}"));
        let (df, of_r) = (number(&case.expected["df"]), number(&case.expected["df_of_r"]));
        assert!(df > of_r + 0.02, "{name}: {df} and {of_r}");
        let (ours, of_r) = (&case.expected["marginal"], &case.expected["marginal_of_r"]);
        let difference = (number(ours) - number(of_r)).abs();
        assert_eq!(difference > 1e-9, *name == "kidney_weights", "{name}: {difference}");
    }
}

#[test]
fn gamma_frailties_agree_with_coxph() {
    GAMMA.compare(|case, check| compare(case, check, SharedFrailty::gamma()));
}

#[test]
fn log_normal_frailties_agree_with_coxme() {
    LOG_NORMAL.compare(|case, check| compare(case, check, SharedFrailty::log_normal()));
}
