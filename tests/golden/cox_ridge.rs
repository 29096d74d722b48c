//! Ridge, against `coxph` with `ridge` terms and a proximal solution of glmnet's objective.

use riskset::data::DesignBuilder;
use riskset::ndarray::ArrayView2;
use riskset::regression::cox::{CoxFit, Ridge};
use riskset::{CountingProcess, CoxPh, Design, RightCensored};

use super::case::{Case, matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{covariance, model};
use super::family::Family;

const RIDGE: Family = Family {
    prefix: "ridge",
    cases: &[
        "gbsg_10",
        "heart_3",
        "lung_0.01",
        "lung_1",
        "lung_10",
        "lung_100",
        "lung_breslow_5",
        "lung_partial_5",
        "lung_scaled_5",
        "veteran_20",
    ],
    skipped: &[],
    total: 10,
};

/// The columns listed in the `spec` under a role, each divided by a number.
fn design(case: &Case, columns: &[String], divisors: &[f64]) -> Design {
    let add = |builder: DesignBuilder, (column, divisor): (&String, &f64)| {
        let values: Vec<f64> = case.frame.numbers(column).iter().map(|x| x / divisor).collect();
        builder.numeric(column, &values)
    };
    columns.iter().zip(divisors).fold(Design::builder(), add).build().unwrap()
}

fn fit(case: &Case, cox: &CoxPh, design: &Design) -> CoxFit {
    let (time, event) = (case.numbers("time").unwrap(), case.event());
    match case.numbers("start") {
        None => cox.fit(&RightCensored::new(&time, &event).unwrap(), design),
        Some(start) => cox.fit(&CountingProcess::new(&start, &time, &event).unwrap(), design),
    }
    .unwrap()
}

/// The case with the rows that are complete in the columns of its model.
fn complete(case: &Case) -> (Case, Vec<String>) {
    let columns: Vec<String> = [case.columns("penalized"), case.columns("unpenalized")].concat();
    let frame = case.frame.select(&case.frame.complete(&columns));
    let (spec, expected) = (case.spec.clone(), case.expected.clone());
    (Case { name: case.name.clone(), spec, expected, frame }, columns)
}

#[test]
fn ridge_fits_agree_with_r() {
    RIDGE.compare(|case, check| {
        let (case, columns) = complete(case);
        let n = case.frame.n_rows() as f64;
        let theta = number(&case.spec["theta"]);
        let scaled = case.spec["scale"] == true;
        let ones = vec![1.0; columns.len()];
        let plain = design(&case, &columns, &ones);
        let penalised = case.columns("penalized");
        let on: Vec<&str> = penalised.iter().map(String::as_str).collect();
        // DIFFERENCE: R takes the variance of a column over all rows of the data, those that lack a
        // value in another column included. The crate takes it over the rows of the model.
        let differs = case.name == "ridge_lung_scaled_5";
        if !differs {
            let ridge = match scaled {
                true => Ridge::new(theta / (n - 1.0)).standardised(),
                false => Ridge::new(theta / n),
            };
            let cox = model(&case).ridge(ridge.on(&on));
            compare(check, &case, &fit(&case, &cox, &plain), &ones);
        }
        if scaled {
            // With the weights that R reports: the penalty on columns divided by their roots.
            let weights = numbers(&case.expected["penalty_weights"]);
            let roots: Vec<f64> = weights.iter().map(|weight| weight.sqrt()).collect();
            let cox = model(&case).ridge(1.0 / n);
            compare(check, &case, &fit(&case, &cox, &design(&case, &columns, &roots)), &roots);
        }
    });
}

/// `divisors` are what the columns of the fit were divided by.
fn compare(check: &mut Comparison, case: &Case, fit: &CoxFit, divisors: &[f64]) {
    let theirs = &case.expected;
    let turned = |matrix: ArrayView2<'_, f64>| {
        let mut matrix = matrix.to_owned();
        for ((i, j), value) in matrix.indexed_iter_mut() {
            *value /= divisors[i] * divisors[j];
        }
        matrix
    };
    let (coef, var) = (numbers(&theirs["coef"]), matrix(&theirs["var"]));
    for (k, ours) in fit.coefficients().iter().enumerate() {
        let scale = coef[k].abs().max(var[k][k].sqrt());
        let estimate = ours.estimate.unwrap() / divisors[k];
        check.scaled(Bound::Likelihood, &format!("coef {}", ours.name), estimate, coef[k], scale);
    }
    covariance(check, "var", &turned(fit.vcov()).view(), &theirs["var"]);
    let penalty = fit.penalty().unwrap();
    covariance(check, "var2", &turned(penalty.vcov_sampling.view()).view(), &theirs["var2"]);
    let value = |name: &str| number(&theirs[name]);
    let bound = Bound::Likelihood;
    check.value(bound, "loglik_null", fit.log_likelihood_null(), value("loglik_null"));
    check.value(bound, "loglik", fit.log_likelihood(), value("loglik_unpenalized"));
    check.value(bound, "penalty", -penalty.value, value("penalty"));
    check.same("penalty at 0", &penalty.value_null, &0.0);
    check.value(bound, "df", penalty.effective_df, trace(theirs));
    check.same("no tests", &fit.likelihood_ratio().or(fit.wald()).or(fit.score()), &None);
}

/// tr(I (I + P)⁻¹): R's `df`, where all penalised coefficients are one term and there are no others.
fn trace(theirs: &serde_json::Value) -> f64 {
    let (information, var) = (matrix(&theirs["information"]), matrix(&theirs["var"]));
    let product = |j: usize| (0..var.len()).map(|k| information[j][k] * var[k][j]).sum::<f64>();
    let total: f64 = (0..var.len()).map(product).sum();
    if let [df] = *numbers(&theirs["df"]) {
        assert!((total - df).abs() < 1e-9, "{total} is not R's {df}");
    }
    total
}

const PATH: &str = "the elastic net and its path";

const COXNET: Family = Family {
    prefix: "coxnet",
    cases: &["gbsg_ridge"],
    skipped: &[
        ("gbsg_half", PATH),
        ("gbsg_lasso", PATH),
        ("gbsg_raw", PATH),
        ("heart", PATH),
        ("lung_weights", PATH),
        ("veteran_lasso", PATH),
        ("veteran_pf", PATH),
    ],
    total: 8,
};

#[test]
fn ridge_on_standardised_columns_agrees_with_glmnet() {
    COXNET.compare(|case, check| {
        let columns: Vec<String> = case.columns("columns");
        let design = design(case, &columns, &vec![1.0; columns.len()]);
        let (lambda, coef) =
            (numbers(&case.spec["lambda"]), matrix(&case.expected["coef_by_lambda"]));
        let log_likelihood = numbers(&case.expected["loglik_by_lambda"]);
        for (k, lambda) in lambda.into_iter().enumerate() {
            let cox = model(case).ridge(Ridge::new(lambda).standardised());
            let fit = fit(case, &cox, &design);
            let what = format!("loglik at {lambda}");
            check.value(Bound::Likelihood, &what, fit.log_likelihood(), log_likelihood[k]);
            for (ours, theirs) in fit.coefficients().iter().zip(&coef[k]) {
                let what = format!("coef {} at {lambda}", ours.name);
                let scale = theirs.abs().max(ours.std_error.unwrap());
                check.scaled(Bound::Likelihood, &what, ours.estimate.unwrap(), *theirs, scale);
            }
        }
    });
}
