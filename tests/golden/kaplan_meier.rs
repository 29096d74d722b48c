//! Kaplan–Meier and Fleming–Harrington curves, against `survfit`.

use riskset::Weights;
use serde_json::Value;

use super::case::{Case, list, number, numbers, optional};
use super::compare::{Bound, Comparison};
use super::conditional::conditional;
use super::curves::{Curves, curves, recurrent, robust};
use super::family::Family;
use super::observed::group_name;

const LOWER: &str = "the modified lower limits of Peto and of Dorey & Korn";
const REVERSE: &str = "R swaps the event flag, which leaves the ties unordered";

const FAMILY: Family = Family {
    prefix: "km",
    cases: &[
        "aml_group_arcsin",
        "aml_group_log",
        "aml_group_logit",
        "aml_group_loglog",
        "aml_group_plain",
        "bladder2_id",
        "cgd_id_treat",
        "colon_death_rx",
        "freireich_arcsin_90",
        "freireich_log_90",
        "freireich_logit_90",
        "freireich_loglog_90",
        "freireich_plain_90",
        "gbsg_grade",
        "heart_id",
        "heart_startstop",
        "heart_transplant",
        "kidney_cluster",
        "kidney_cluster_arcsin",
        "kidney_cluster_logit",
        "kidney_cluster_loglog",
        "kidney_cluster_plain",
        "kidney_cluster_s1c2",
        "kidney_cluster_s2c1",
        "kidney_cluster_s2c2",
        "lung_arcsin",
        "lung_log",
        "lung_logit",
        "lung_loglog",
        "lung_none",
        "lung_plain",
        "lung_s1c1_plain",
        "lung_s1c2_plain",
        "lung_s2c1_plain",
        "lung_s2c2_plain",
        "lung_start_time_100",
        "lung_two_groups_vars",
        "lung_wfrac",
        "lung_wfrac_cluster_sex",
        "lung_wfrac_norobust",
        "lung_wfrac_s2c2",
        "lung_wint",
        "lung_wint_robust",
        "mgus2_age_lt",
        "mgus2_age_lt_sex_start60",
        "pbc_transplant_censored",
        "rats_cluster_s1c2",
        "retinopathy_cluster",
        "tgtest1_s1c1",
        "tgtest1_s1c2",
        "tgtest1_s2c1",
        "tgtest1_s2c2",
        "tgtest2_s1c1",
        "tgtest2_s2c2",
        "tgtestw_s1c1",
        "tgtestw_s1c2",
        "tgtestw_s2c1",
        "tgtestw_s2c2",
        "veteran_celltype_s1c1",
        "veteran_celltype_s1c2",
        "veteran_celltype_s2c1",
        "veteran_celltype_s2c2",
    ],
    skipped: &[
        ("lung_reverse", REVERSE),
        ("ovarian_modified", LOWER),
        ("ovarian_peto", LOWER),
        ("veteran_reverse", REVERSE),
    ],
    total: 66,
};

#[test]
fn curves_agree_with_r() {
    FAMILY.compare(|case, check| {
        if let Some(start) = case.spec["start_time"].as_f64() {
            return conditional(case, check, start);
        }
        let weights = case.numbers("weights");
        let case_weights = weights.as_ref().map(|weights| Weights::case(weights).unwrap());
        // After an event a subject that goes on leaves and comes back, so each record counts.
        let joined = case.text("id").is_some() && !recurrent(case);
        let records = if joined { "n_start" } else { "records" };
        all_groups(case, check, &curves(case, case_weights), records);
        // Under the tie correction a frequency is so many tied events, a case weight one of them.
        if let Some(weights) = weights
            && !robust(case)
            && !case.has_fractional_weights()
            && case.spec["ctype"] == 1
        {
            let counts: Vec<u64> = weights.iter().map(|&weight| weight as u64).collect();
            let frequencies = Some(Weights::frequency(&counts).unwrap());
            all_groups(case, check, &curves(case, frequencies), "n_start");
        }
    });
}

/// `records` is the column of R's table that our number of rows agrees with.
///
/// DIFFERENCE: R counts records, also those that only continue a subject's history, and one for
/// each frequency. Here a history counts once and a frequency as often as it says, as R counts
/// them at the start.
fn all_groups(case: &Case, check: &mut Comparison, ours: &[Curves], records: &str) {
    let (curves, table) = (list(&case.expected["curves"]), list(&case.expected["table"]));
    check.same("groups", &ours.len(), &curves.len());
    let count = match case.has_fractional_weights() {
        true => Bound::WeightedCount,
        false => Bound::Count,
    };
    for ((ours, curve), line) in ours.iter().zip(curves).zip(table) {
        check.same("group", &ours.name, &group_name(curve["label"].as_str().unwrap()));
        counts(check, count, ours, curve);
        hazard(check, ours, curve);
        survival(check, case, ours, curve);
        let (rows, what) = (ours.kaplan_meier.n(), format!("{} {records}", ours.name));
        check.value(Bound::Count, &what, rows, number(&line[records]));
        overview(check, count, ours, line);
    }
}

fn counts(check: &mut Comparison, count: Bound, ours: &Curves, theirs: &Value) {
    let fit = &ours.kaplan_meier;
    let mut column = |bound, name: &str, values: &[f64]| {
        check.column(bound, &format!("{} {name}", ours.name), values, &numbers(&theirs[name]));
    };
    column(Bound::Count, "time", fit.time());
    column(count, "n_risk", fit.n_risk());
    column(count, "n_event", fit.n_event());
    column(count, "n_censor", fit.n_censor());
}

fn hazard(check: &mut Comparison, ours: &Curves, theirs: &Value) {
    let fit = &ours.nelson_aalen;
    let what = |name: &str| format!("{} {name}", ours.name);
    let cumhaz = numbers(&theirs["cumhaz"]);
    check.column(Bound::Curve, &what("cumhaz"), fit.cumulative_hazard(), &cumhaz);
    let std_error: Vec<f64> = fit.std_error().iter().copied().map(Option::unwrap).collect();
    let theirs = numbers(&theirs["se_cumhaz"]);
    check.column(Bound::Curve, &what("se_cumhaz"), &std_error, &theirs);
}

fn survival(check: &mut Comparison, case: &Case, ours: &Curves, theirs: &Value) {
    let curve = &ours.survival;
    let what = |name: &str| format!("{} {name}", ours.name);
    let survival = numbers(&theirs["surv"]);
    check.column(Bound::Curve, &what("surv"), curve.survival(), &survival);
    // R keeps the standard error of ln S, or of S where the variance is robust.
    let kept = match case.expected["logse"].as_bool().unwrap() {
        true => curve.std_error_ln(),
        false => curve.std_error(),
    };
    let errors = [("se_surv", curve.std_error()), ("std_err", kept)];
    for (name, ours) in errors {
        for (k, (ours, theirs)) in ours.iter().zip(list(&theirs[name])).enumerate() {
            let what = format!("{}[{k}]", what(name));
            standard_error(check, &what, survival[k], ours, optional(theirs));
        }
    }
    for (name, ours) in [("lower", curve.lower()), ("upper", curve.upper())] {
        let Some(theirs) = theirs[name].as_array() else { continue };
        for (k, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
            limit(check, &format!("{}[{k}]", what(name)), survival[k], ours, optional(theirs));
        }
    }
}

/// DIFFERENCE: where S is 0, R has NaN for the standard error of S and infinity for that of ln S;
/// neither is a number that means something, so there is none here.
pub fn standard_error(
    check: &mut Comparison,
    what: &str,
    survival: f64,
    ours: Option<f64>,
    theirs: Option<f64>,
) {
    match survival {
        0.0 => check.same(what, &ours, &None),
        _ => check.optional(Bound::Curve, what, ours, theirs),
    }
}

/// DIFFERENCE: where S is 0, R has NaN or NA by the transform, here there are no limits; where S
/// is 1, R has NA for some transforms, here the limits are \[1, 1\] for all.
pub fn limit(
    check: &mut Comparison,
    what: &str,
    survival: f64,
    ours: Option<f64>,
    theirs: Option<f64>,
) {
    match survival {
        0.0 => check.same(what, &ours, &None),
        1.0 => check.same(what, &ours, &Some(theirs.unwrap_or(1.0))),
        _ => check.optional(Bound::Curve, what, ours, theirs),
    }
}

/// The line of R's `print` for one curve.
fn overview(check: &mut Comparison, count: Bound, ours: &Curves, line: &Value) {
    let what = |name: &str| format!("{} table {name}", ours.name);
    let fit = &ours.kaplan_meier;
    check.value(count, &what("events"), fit.n_events(), number(&line["events"]));
    let median = ours.survival.median();
    check.optional(Bound::Curve, &what("median"), median.time, optional(&line["median"]));
    for (name, ours) in
        [("median_lower", median.interval.lower), ("median_upper", median.interval.upper)]
    {
        if let Some(theirs) = line.get(name) {
            check.optional(Bound::Curve, &what(name), ours, optional(theirs));
        }
    }
}
