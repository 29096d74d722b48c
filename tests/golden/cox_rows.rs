//! Linear predictors, risks, terms and expected events, against `predict.coxph`.

use riskset::data::SurvivalData;
use riskset::regression::cox::{
    CoxBaseline, CoxFit, ExpectedEvents, Predicted, PredictedRows, Reference, StratumBaseline,
    TermPrediction,
};
use serde_json::Value;

use super::case::{Case, list, matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{near, weights};
use super::cox_predictions::{baseline, profile};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "predict",
    cases: &[
        "heart_efron",
        "heart_efron_new",
        "kidney_cluster",
        "lung_breslow",
        "lung_breslow_new",
        "lung_efron",
        "lung_efron_new",
        "lung_offset",
        "lung_strata_sex",
        "lung_strata_sex_new",
        "lung_wfrac",
        "ovarian_efron",
        "tg_test1_breslow",
        "tg_test1_efron",
        "tg_test2_efron",
        "veteran_efron",
        "veteran_efron_new",
        "veteran_strata",
    ],
    skipped: &[],
    total: 18,
};

/// Everything that is predicted for the rows of a case.
struct Predictions {
    linear: Vec<Vec<Predicted>>,
    risk: Vec<Vec<Predicted>>,
    terms: Vec<Vec<Vec<TermPrediction>>>,
    expected: Vec<ExpectedEvents>,
    /// For the rows of the fit, with their shares of their own tied events.
    own: Option<Vec<f64>>,
    entry: Vec<f64>,
    /// Standard errors of the cumulative hazard at the entry and at the exit.
    ends: Vec<[f64; 2]>,
}

const REFERENCES: [&str; 3] = ["strata", "sample", "zero"];

/// What R's name of a reference means: without strata, `strata` is `sample`.
fn reference(name: &str, stratified: bool) -> Reference {
    match name {
        "zero" => Reference::Zero,
        "strata" if stratified => Reference::StratumMean,
        _ => Reference::SampleMean,
    }
}

fn starts(case: &Case) -> Vec<f64> {
    case.numbers("start").unwrap_or_else(|| vec![0.0; case.frame.n_rows()])
}

fn of_rows(case: &Case, fit: &CoxFit, baseline: &CoxBaseline) -> Predictions {
    fn of(case: &Case, fit: &CoxFit, base: &CoxBaseline, data: &impl SurvivalData) -> Predictions {
        let design = design(case);
        let rows: PredictedRows<'_> = base.rows(data, &design).unwrap();
        let by = |name: &&str| reference(name, base.is_stratified());
        let each = REFERENCES.iter().map(by);
        let (entry, exit) = (starts(case), case.numbers("time").unwrap());
        let ends = |row: usize| {
            let at = rows.at(row, &[entry[row], exit[row]]).unwrap();
            [0, 1].map(|k| at[k].cumulative_hazard_std_error)
        };
        Predictions {
            ends: (0..entry.len()).map(ends).collect(),
            linear: each.clone().map(|by| rows.linear_predictors(by).unwrap()).collect(),
            risk: each.clone().map(|by| rows.risks(by).unwrap()).collect(),
            terms: each.map(|by| rows.terms(by).unwrap()).collect(),
            expected: rows.expected().unwrap(),
            own: Some(fit.expected_events(data, &design).unwrap()),
            entry,
        }
    }
    match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => of(case, fit, baseline, &data),
        Observed::CountingProcess(data) => of(case, fit, baseline, &data),
    }
}

fn of_profiles(case: &Case, baseline: &CoxBaseline, rows: &[Value]) -> Predictions {
    let strata = case.columns("strata");
    let from = |row: &Value| -> StratumBaseline<'_> {
        let Some(column) = strata.first() else { return baseline.single().unwrap() };
        let names = case.frame.combine(&strata).names;
        let name = row[column].to_string();
        let place = names.iter().position(|known| *known == name).unwrap();
        baseline.by_stratum().nth(place).unwrap()
    };
    let column = |role: &str| case.spec[role].as_str();
    let time = |row: &Value, role: &str| column(role).map_or(0.0, |column| number(&row[column]));
    let by = |name: &&str| reference(name, baseline.is_stratified());
    let each = REFERENCES.iter().map(by);
    let linear = |row: &Value, by| from(row).linear_predictor(&profile(case, row), by).unwrap();
    let risk = |row: &Value, by| from(row).risk(&profile(case, row), by).unwrap();
    let terms = |row: &Value, by| from(row).terms(&profile(case, row), by).unwrap();
    let expected = |row: &Value| {
        let (entry, exit) = (time(row, "start"), time(row, "time"));
        from(row).expected(&profile(case, row), entry, exit).unwrap()
    };
    let ends = |row: &Value| {
        let times = [time(row, "start"), time(row, "time")];
        let at = from(row).at(&profile(case, row), &times).unwrap();
        [0, 1].map(|k| at[k].cumulative_hazard_std_error)
    };
    Predictions {
        ends: rows.iter().map(ends).collect(),
        linear: each.clone().map(|by| rows.iter().map(|row| linear(row, by)).collect()).collect(),
        risk: each.clone().map(|by| rows.iter().map(|row| risk(row, by)).collect()).collect(),
        terms: each.map(|by| rows.iter().map(|row| terms(row, by)).collect()).collect(),
        expected: rows.iter().map(expected).collect(),
        own: None,
        entry: rows.iter().map(|row| time(row, "start")).collect(),
    }
}

#[test]
fn predictions_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (fit, baseline) = baseline(case);
        let ours = match case.spec["newdata"].as_array() {
            None => of_rows(case, &fit, &baseline),
            Some(rows) => of_profiles(case, &baseline, rows),
        };
        // DIFFERENCE: R takes the mean of the offset off its linear predictor, whatever the reference. The
        // crate adds the offset as it is.
        let mean = case.numbers("offset").map_or(0.0, |x| x.iter().sum::<f64>() / x.len() as f64);
        for (k, name) in REFERENCES.iter().enumerate() {
            linear(check, name, &ours, k, mean, &case.expected);
            terms(check, name, &ours.terms[k], &case.expected[&format!("terms_{name}")]);
        }
        expected(case, check, &ours);
    });
}

fn column(values: &[Predicted], of: fn(&Predicted) -> f64) -> Vec<f64> {
    values.iter().map(of).collect()
}

/// A difference of linear predictors has the scale of 1: it is the logarithm of a ratio.
fn linear(
    check: &mut Comparison,
    name: &str,
    ours: &Predictions,
    k: usize,
    mean_offset: f64,
    expected: &Value,
) {
    let (lp, risk) = (format!("lp_{name}"), format!("risk_{name}"));
    let theirs = (numbers(&expected[&lp]["fit"]), numbers(&expected[&lp]["se"]));
    let their_risk = (numbers(&expected[&risk]["fit"]), numbers(&expected[&risk]["se"]));
    check.same(&lp, &ours.linear[k].len(), &theirs.0.len());
    for (row, ours) in ours.linear[k].iter().enumerate() {
        let scale = Some(theirs.0[row].abs().max(1.0));
        near(check, &lp, Some(ours.value - mean_offset), Some(theirs.0[row]), scale);
    }
    check.column(Bound::Likelihood, &lp, &column(&ours.linear[k], |p| p.std_error), &theirs.1);
    let values: Vec<f64> =
        ours.risk[k].iter().map(|risk| risk.value * (-mean_offset).exp()).collect();
    check.column(Bound::Likelihood, &risk, &values, &their_risk.0);
    // DIFFERENCE: the standard error of a risk is that of its logarithm times the risk. R multiplies by
    // the root of the risk.
    for (row, ours) in ours.risk[k].iter().enumerate() {
        let of_r = ours.std_error * (-mean_offset).exp() / values[row].sqrt();
        check.value(Bound::Likelihood, "se of risk by R's rule", of_r, their_risk.1[row]);
    }
}

fn terms(check: &mut Comparison, name: &str, ours: &[Vec<TermPrediction>], theirs: &Value) {
    let (values, errors) = (matrix(&theirs["fit"]), matrix(&theirs["se"]));
    check.same("rows of terms", &ours.len(), &values.len());
    for (row, ours) in ours.iter().enumerate() {
        check.same("terms", &ours.len(), &values[row].len());
        for (term, ours) in ours.iter().enumerate() {
            let what = format!("terms_{name}[{row}, {term}]");
            let scale = Some(values[row][term].abs().max(errors[row][term]));
            near(check, &what, Some(ours.value), Some(values[row][term]), scale);
            near(check, &what, Some(ours.std_error), Some(errors[row][term]), scale);
        }
    }
}

fn expected(case: &Case, check: &mut Comparison, ours: &Predictions) {
    let their = |name: &str, part: &str| numbers(&case.expected[name][part]);
    let (events, errors) = (their("expected", "fit"), their("expected", "se"));
    let (survival, survival_errors) = (their("survival", "fit"), their("survival", "se"));
    check.same("rows", &ours.expected.len(), &list(&case.expected["expected"]["fit"]).len());
    for (row, ours_new) in ours.expected.iter().enumerate() {
        let own = ours.own.as_ref().map_or(ours_new.events, |own| own[row]);
        // R's are 1 − residual, and so near 1.
        near(check, "expected", Some(own), Some(events[row]), Some(events[row].max(1.0)));
        check.value(Bound::Likelihood, "survival", (-own).exp(), survival[row]);
        // DIFFERENCE: R takes the variance of Λ(exit) − Λ(entry) for the difference of the two variances,
        // as if the coefficients were not in both.
        if ours.entry[row] > 0.0 {
            let [at_entry, at_exit] = ours.ends[row];
            let of_r = (at_exit.powi(2) - at_entry.powi(2)).sqrt();
            near(check, "se by R's rule", Some(of_r), Some(errors[row]), Some(at_exit));
            continue;
        }
        check.value(Bound::Likelihood, "se of expected", ours_new.std_error, errors[row]);
        let of_survival = ours_new.std_error * (-own).exp();
        check.value(Bound::Likelihood, "se of survival", of_survival, survival_errors[row]);
    }
}
