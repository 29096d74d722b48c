//! Cox models of a case, and the comparison of a fit with R's `coxph` object.

use ndarray::ArrayView2;
use riskset::data::SurvivalData;
use riskset::data::Variance;
use riskset::regression::cox::{Coefficient, CoxFit, CoxResiduals};
use riskset::statistic::TestResult;
use riskset::{CoxPh, Ties, Weights};
use serde_json::Value;

use super::case::{Case, list, matrix, number, numbers, optional};
use super::compare::{Bound, Comparison};
use super::design::design;
use super::observed::Observed;

/// The model of a case with its ties and its variance.
pub fn model(case: &Case) -> CoxPh {
    let ties = match case.spec["ties"].as_str() {
        Some("efron") => Ties::Efron,
        Some("breslow") => Ties::Breslow,
        Some("exact") => Ties::ExactPartial,
        other => panic!("ties {other:?}"),
    };
    let variance = match case.spec["robust"].as_bool() {
        None => Variance::Automatic,
        Some(true) => Variance::Robust,
        Some(false) => Variance::ModelBased,
    };
    CoxPh::new().ties(ties).variance(variance)
}

/// R's weights: R takes the robust variance for weights that are not whole numbers, unless it is told
/// otherwise.
pub fn weights(case: &Case) -> Option<Weights> {
    let sampling = case.has_fractional_weights() && case.spec["robust"] != false;
    case.numbers("weights").map(|weights| match sampling {
        true => Weights::sampling(&weights).unwrap(),
        false => Weights::case(&weights).unwrap(),
    })
}

/// Fits the model of a case with R's weights.
pub fn fit(case: &Case) -> CoxFit {
    fit_weighted(case, weights(case))
}

/// The residuals of that fit.
pub fn residuals(case: &Case) -> CoxResiduals {
    fn of(case: &Case, data: &impl SurvivalData) -> CoxResiduals {
        let design = design(case);
        model(case).fit(data, &design).and_then(|fit| fit.residuals(data, &design)).unwrap()
    }
    match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => of(case, &data),
        Observed::CountingProcess(data) => of(case, &data),
    }
}

/// Fits the model of a case with the weights given.
pub fn fit_weighted(case: &Case, weights: Option<Weights>) -> CoxFit {
    fn of(case: &Case, data: &impl SurvivalData) -> CoxFit {
        model(case).fit(data, &design(case)).unwrap()
    }
    match Observed::new(case, weights) {
        Observed::RightCensored(data) => of(case, &data),
        Observed::CountingProcess(data) => of(case, &data),
    }
}

/// Number of rows and events.
pub fn counts(check: &mut Comparison, fit: &CoxFit, theirs: &Value) {
    check.value(Bound::Count, "n", fit.n(), number(&theirs["n"]));
    check.value(Bound::Count, "n_event", fit.n_events(), number(&theirs["n_event"]));
}

/// Everything but the counts. R gives one log-likelihood for a model without covariates.
pub fn estimates(check: &mut Comparison, fit: &CoxFit, theirs: &Value) {
    let log_likelihood = numbers(&theirs["loglik"]);
    let [null, .., fitted] = *log_likelihood else {
        check.value(Bound::Likelihood, "loglik", fit.log_likelihood(), log_likelihood[0]);
        check.value(Bound::Likelihood, "loglik 0", fit.log_likelihood_null(), log_likelihood[0]);
        check.same("tests", &fit.likelihood_ratio().or(fit.wald()).or(fit.score()), &None);
        return check.same("coefficients", &fit.coefficients().len(), &0);
    };
    check.value(Bound::Likelihood, "loglik 0", fit.log_likelihood_null(), null);
    check.value(Bound::Likelihood, "loglik", fit.log_likelihood(), fitted);
    let robust = theirs.get("naive_vcov").is_some();
    check.same("robust", &fit.is_robust(), &robust);
    coefficients(check, fit, theirs);
    hazard_ratios(check, fit, theirs);
    covariance(check, "vcov", &fit.vcov(), &theirs["vcov"]);
    if robust {
        covariance(check, "naive_vcov", &fit.vcov_model_based(), &theirs["naive_vcov"]);
        let naive: Vec<f64> = fit.vcov_model_based().diag().iter().map(|v| v.sqrt()).collect();
        check.column(Bound::Likelihood, "naive_se", &naive, &numbers(&theirs["naive_se"]));
    }
    tests(check, fit, theirs);
}

/// A coefficient relative to the larger of itself and its standard error.
pub fn coefficients(check: &mut Comparison, fit: &CoxFit, theirs: &Value) {
    let (coef, se) = (list(&theirs["coef"]), list(&theirs["se"]));
    check.same("coefficients", &fit.coefficients().len(), &coef.len());
    for (ours, (coef, se)) in fit.coefficients().iter().zip(coef.iter().zip(se)) {
        let Coefficient { name, estimate, std_error, .. } = ours;
        let scale = optional(coef).zip(optional(se)).map(|(coef, se)| coef.abs().max(se));
        let (coef_name, se_name) = (format!("coef {name}"), format!("se {name}"));
        near(check, &coef_name, *estimate, optional(coef), scale);
        check.optional(Bound::Likelihood, &se_name, *std_error, optional(se));
    }
}

/// z relative to at least 1, limits relative to at least the standard error.
fn hazard_ratios(check: &mut Comparison, fit: &CoxFit, theirs: &Value) {
    for (k, ours) in fit.hazard_ratios(0.95).unwrap().into_iter().enumerate() {
        let what = |name: &str| format!("{name} {}", ours.name);
        let r = |name: &str| optional(&theirs[name][k]);
        let ratio = r("exp_coef");
        check.optional(Bound::Likelihood, &what("exp_coef"), ours.estimate, ratio);
        let scale = r("z").map(|z| z.abs().max(1.0));
        near(check, &what("z"), ours.test.map(|test| test.statistic), r("z"), scale);
        check.optional(Bound::PValue, &what("p"), ours.test.map(|test| test.p_value), r("p"));
        let interval = ours.interval;
        for (name, limit) in [
            ("lower", interval.and_then(|interval| interval.lower)),
            ("upper", interval.and_then(|interval| interval.upper)),
        ] {
            let scale = r(name).zip(r("se")).map(|(limit, se)| limit.abs().max(se));
            near(check, &what(name), limit.map(f64::ln), r(name), scale);
        }
    }
}

/// An element relative to the standard errors of its row and column; an aliased one is 0.
pub fn covariance(check: &mut Comparison, what: &str, ours: &ArrayView2<'_, f64>, theirs: &Value) {
    let theirs = matrix(theirs);
    check.same(&format!("{what} rows"), &ours.nrows(), &theirs.len());
    for ((i, j), &ours) in ours.indexed_iter() {
        let scale = (theirs[i][i] * theirs[j][j]).sqrt();
        let element = format!("{what}[{i}, {j}]");
        check.scaled(Bound::Likelihood, &element, ours, theirs[i][j], scale);
    }
}

fn tests(check: &mut Comparison, fit: &CoxFit, theirs: &Value) {
    let tests: [(&str, Option<&TestResult>); 4] = [
        ("lr_test", fit.likelihood_ratio()),
        ("wald_test", fit.wald()),
        ("score_test", fit.score()),
        ("robust_score_test", fit.robust_score()),
    ];
    for (name, ours) in tests {
        let theirs_test = theirs.get(name);
        check.same(&format!("{name} there"), &ours.is_some(), &theirs_test.is_some());
        if let Some((ours, r)) = ours.zip(theirs_test) {
            let what = |part: &str| format!("{name} {part}");
            check.same(&what("df"), &ours.df.map(|df| df as u64), &theirs["df"].as_u64());
            check.value(Bound::Likelihood, &what("stat"), ours.statistic, number(&r["stat"]));
            check.value(Bound::PValue, &what("p"), ours.p_value, number(&r["p"]));
        }
    }
}

/// Both absent, or near relative to a scale.
pub fn near(
    check: &mut Comparison,
    what: &str,
    ours: Option<f64>,
    theirs: Option<f64>,
    scale: Option<f64>,
) {
    match (ours, theirs, scale) {
        (Some(ours), Some(theirs), Some(scale)) => {
            check.scaled(Bound::Likelihood, what, ours, theirs, scale);
        }
        _ => check.same(what, &ours, &theirs),
    }
}
