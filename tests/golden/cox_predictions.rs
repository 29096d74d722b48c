//! Baseline hazards and predicted curves of Cox models, against `basehaz` and `survfit`.

use riskset::data::SurvivalData;
use riskset::regression::cox::{
    CovariatePath, CoxBaseline, CoxCurve, CoxFit, Reference, StratumBaseline, SurvivalForm,
};
use riskset::statistic::IntervalTransform;
use riskset::{Profile, Ties};
use serde_json::Value;

use super::case::{Case, list, matrix, number, numbers, optional, text};
use super::compare::{Bound, Comparison};
use super::cox_fits::{fit, near, weights};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

/// The fit of a case and its baseline, the hazard by R's `ctype`.
pub fn baseline(case: &Case) -> (CoxFit, CoxBaseline) {
    fn of(case: &Case, fit: &CoxFit, data: &impl SurvivalData) -> CoxBaseline {
        let ties = match case.spec["ctype"].as_u64() {
            None => fit.ties(),
            Some(1) => Ties::Breslow,
            Some(_) => Ties::Efron,
        };
        fit.baseline_by(ties, data, &design(case)).unwrap()
    }
    let fit = fit(case);
    let baseline = match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => of(case, &fit, &data),
        Observed::CountingProcess(data) => of(case, &fit, &data),
    };
    (fit, baseline)
}

/// A row of `newdata` as a profile.
pub fn profile(case: &Case, row: &Value) -> Profile {
    let mut profile = Profile::new();
    for term in list(&case.spec["terms"]) {
        let column = text(&term["column"]);
        profile = match (term.get("levels"), term["transform"].as_str()) {
            (Some(_), _) => profile.level(&column, row[&column].as_str().unwrap()),
            (None, None) => profile.number(&column, number(&row[&column])),
            (None, Some("log")) => {
                profile.number(&format!("log({column})"), number(&row[&column]).ln())
            }
            (None, Some(other)) => panic!("transform {other}"),
        };
    }
    match case.spec["offset"].as_str() {
        Some(offset) => profile.offset(number(&row[offset])),
        None => profile,
    }
}

const BASELINES: Family = Family {
    prefix: "basehaz",
    cases: &[
        "heart_efron_centered",
        "heart_efron_zero",
        "kidney_cluster_centered",
        "kidney_cluster_zero",
        "lung_breslow_centered",
        "lung_breslow_zero",
        "lung_efron_centered",
        "lung_efron_zero",
        "lung_strata_sex_centered",
        "lung_strata_sex_zero",
        "lung_wfrac_centered",
        "lung_wfrac_zero",
        "ovarian_efron_centered",
        "ovarian_efron_zero",
        "tg_test1_efron_centered",
        "tg_test1_efron_zero",
        "tg_test2_breslow_centered",
        "tg_test2_breslow_zero",
        "veteran_efron_centered",
        "veteran_efron_zero",
    ],
    skipped: &[],
    total: 20,
};

#[test]
fn baseline_hazards_agree_with_r() {
    BASELINES.compare(|case, check| {
        let (_, baseline) = baseline(case);
        let centred = case.spec["centered"].as_bool().unwrap();
        let reference = if centred { Reference::SampleMean } else { Reference::Zero };
        let strata = list(&case.expected["strata"]);
        check.same("strata", &baseline.by_stratum().count(), &strata.len());
        for (ours, theirs) in baseline.by_stratum().zip(strata) {
            let ours = ours.reference_curve(reference).unwrap();
            check.column(Bound::Count, "time", ours.time(), &numbers(&theirs["time"]));
            let hazard = numbers(&theirs["hazard"]);
            check.column(Bound::Likelihood, "hazard", ours.cumulative_hazard(), &hazard);
        }
    });
}

const CURVES: Family = Family {
    prefix: "coxsurv",
    cases: &[
        "heart",
        "heart_path",
        "heart_strata",
        "lung_breslow",
        "lung_breslow_nocensor",
        "lung_efron",
        "lung_efron_arcsin",
        "lung_efron_logit",
        "lung_efron_loglog",
        "lung_efron_plain",
        "lung_efron_s1c1",
        "lung_efron_s2c1",
        "lung_median",
        "lung_strata",
        "mgus2_delayed",
        "offset",
        "ovarian",
        "pbc",
        "tg1_breslow",
        "tg1_efron",
        "tg2_breslow",
        "tg2_efron",
        "tgw_breslow",
        "tgw_efron",
        "veteran",
        "veteran_strata",
        "wfrac",
        "wint",
    ],
    skipped: &[],
    total: 28,
};

#[test]
fn predicted_curves_agree_with_r() {
    CURVES.compare(|case, check| match case.name.as_str() {
        "coxsurv_heart_path" => path(case, check),
        "coxsurv_lung_median" => medians(case, check),
        _ => {
            let (_, baseline) = baseline(case);
            let curves = list(&case.expected["curves"]);
            check.same("strata", &baseline.by_stratum().count(), &curves.len());
            for (from, theirs) in baseline.by_stratum().zip(curves) {
                let from = options(from, case);
                for (column, row) in list(&case.spec["newdata"]).iter().enumerate() {
                    let ours = from.curve(&profile(case, row)).unwrap();
                    curve(case, check, &ours, theirs, column);
                }
            }
        }
    });
}

fn options<'a>(from: StratumBaseline<'a>, case: &Case) -> StratumBaseline<'a> {
    let transform = match case.spec["conf_type"].as_str().unwrap() {
        "plain" => IntervalTransform::Plain,
        "log" => IntervalTransform::Log,
        "log-log" => IntervalTransform::LogLog,
        "logit" => IntervalTransform::Logit,
        "arcsin" => IntervalTransform::Arcsin,
        other => panic!("conf_type {other}"),
    };
    let from = from.transform(transform);
    match case.spec["stype"].as_u64() {
        Some(1) => from.form(SurvivalForm::ProductLimit),
        _ => from,
    }
}

/// One column of R's matrices.
fn curve(case: &Case, check: &mut Comparison, ours: &CoxCurve, theirs: &Value, column: usize) {
    let events_only = case.spec["censor"] == false;
    let kept: Vec<usize> =
        (0..ours.time().len()).filter(|&k| !events_only || ours.n_event()[k] > 0.0).collect();
    let of = |values: &[f64]| kept.iter().map(|&k| values[k]).collect::<Vec<f64>>();
    check.column(Bound::Count, "time", &of(ours.time()), &numbers(&theirs["time"]));
    for (name, counts) in
        [("n_risk", ours.n_risk()), ("n_event", ours.n_event()), ("n_censor", ours.n_censor())]
    {
        check.column(Bound::WeightedCount, name, &of(counts), &numbers(&theirs[name]));
    }
    let their =
        |name: &str| matrix(&theirs[name]).iter().map(|row| row[column]).collect::<Vec<_>>();
    let what = |name: &str| format!("{name} {column}");
    let hazard = of(ours.cumulative_hazard());
    check.column(Bound::Likelihood, &what("cumhaz"), &hazard, &their("cumhaz"));
    if case.spec["stype"] == 1 {
        return product_limit(check, ours, theirs, column);
    }
    check.column(Bound::Likelihood, &what("surv"), &of(ours.survival()), &their("surv"));
    let std_error = of(ours.cumulative_hazard_std_error());
    check.column(Bound::Likelihood, &what("std_err"), &std_error, &their("std_err_log_surv"));
    for (name, limits) in [("lower", ours.curve().lower()), ("upper", ours.curve().upper())] {
        for (&k, theirs) in kept.iter().zip(list(&theirs[name])) {
            // R's limits where S is 1 are not numbers for some transforms.
            if ours.survival()[k] < 1.0 {
                check.optional(
                    Bound::Likelihood,
                    &what(name),
                    limits.get(k),
                    optional(&theirs[column]),
                );
            }
        }
    }
}

/// DIFFERENCE: R's standard error of the Kalbfleisch–Prentice form has a term d/(S0 (S0 − d)), in which
/// S0 is the sum of exp((x − m)β) and so depends on the values m at which R centres. The crate takes that
/// of the cumulative hazard, which R gives for `stype = 2`. Where several die at once R ends its search
/// for α after 35 halvings, at 1.5e-11.
fn product_limit(check: &mut Comparison, ours: &CoxCurve, theirs: &Value, column: usize) {
    let by_hazard = Case::read("coxsurv_lung_efron_s2c1").expected["curves"][0].clone();
    let their = |of: &Value, name: &str| {
        matrix(&of[name]).iter().map(|row| row[column]).collect::<Vec<_>>()
    };
    check.column(Bound::Likelihood, "surv", ours.survival(), &their(theirs, "surv"));
    let std_error: Vec<f64> = ours.curve().std_error_ln().iter().map(|s| s.unwrap()).collect();
    let hazard = their(&by_hazard, "std_err_log_surv");
    check.column(Bound::Likelihood, "std_err of the hazard", &std_error, &hazard);
    let of_r = their(theirs, "std_err_log_surv");
    let further = std_error.iter().zip(&of_r).all(|(ours, theirs)| theirs > ours);
    check.same("R's standard errors are larger", &further, &true);
}

fn path(case: &Case, check: &mut Comparison) {
    let mut fitted = Case::read(&case.name);
    // The id is that of the path.
    fitted.spec.as_object_mut().unwrap().remove("id");
    let (_, baseline) = baseline(&fitted);
    let mut path = CovariatePath::new();
    for row in list(&case.spec["newdata"]) {
        path = path.over(number(&row["start"]), number(&row["stop"]), profile(case, row));
    }
    let ours = baseline.single().unwrap().along(&path).unwrap();
    let their = |name: &str| numbers(&case.expected[name]);
    check.column(Bound::Count, "time", ours.time(), &their("time"));
    check.column(Bound::Count, "n_risk", ours.n_risk(), &their("n_risk"));
    check.column(Bound::Count, "n_event", ours.n_event(), &their("n_event"));
    check.column(Bound::Likelihood, "surv", ours.survival(), &their("surv"));
    check.column(Bound::Likelihood, "cumhaz", ours.cumulative_hazard(), &their("cumhaz"));
    let std_error = ours.cumulative_hazard_std_error();
    check.column(Bound::Likelihood, "std_err", std_error, &their("std_err_log_surv"));
    for (name, limits) in [("lower", ours.curve().lower()), ("upper", ours.curve().upper())] {
        let limits: Vec<f64> = limits.iter().map(|limit| limit.unwrap()).collect();
        check.column(Bound::Likelihood, name, &limits, &their(name));
    }
}

fn medians(case: &Case, check: &mut Comparison) {
    let (_, baseline) = baseline(case);
    let from = baseline.single().unwrap();
    for (row, newdata) in list(&case.spec["newdata"]).iter().enumerate() {
        let profile = profile(case, newdata);
        let median = from.curve(&profile).unwrap().median();
        let their = |name: &str| optional(&case.expected[name][row]);
        check.optional(Bound::Count, "median", median.time, their("median"));
        check.optional(Bound::Count, "lower", median.interval.lower, their("lower"));
        check.optional(Bound::Count, "upper", median.interval.upper, their("upper"));
        let mean = from.restricted_mean(&profile, number(&case.spec["tau"])).unwrap();
        near(check, "rmean", Some(mean.mean), their("rmean"), their("rmean"));
    }
}
