//! Estimates at requested times, against `summary.survfit(times =, extend = TRUE)`.

use serde_json::Value;

use super::case::{Case, list, number, numbers, optional};
use super::compare::{Bound, Comparison};
use super::curves::{Curves, curves};
use super::family::Family;
use super::kaplan_meier::{limit, standard_error};
use super::observed::{group_name, groups};

const FAMILY: Family = Family {
    prefix: "times",
    cases: &[
        "heart_transplant",
        "kidney_cluster",
        "lung_sex",
        "mgus2_lt",
        "rotterdam",
        "veteran_celltype_loglog",
    ],
    skipped: &[],
    total: 6,
};

#[test]
fn estimates_at_times_agree_with_r() {
    FAMILY.compare(|case, check| {
        let ours = curves(case, None);
        let (times, groups) = (numbers(&case.expected["times"]), list(&case.expected["groups"]));
        check.same("groups", &ours.len(), &groups.len());
        for (ours, theirs) in ours.iter().zip(groups) {
            check.same("group", &ours.name, &group_name(theirs["label"].as_str().unwrap()));
            at_risk(check, case, ours, &times, theirs);
            survival(check, ours, &times, theirs);
            hazard(check, ours, &times, theirs);
        }
    });
}

/// DIFFERENCE: between two times of the curve, R reads the number at risk off the later one, and so
/// counts rows that enter only after the time asked for. Here it is the number of rows with
/// entry < t ≤ exit.
fn at_risk(check: &mut Comparison, case: &Case, ours: &Curves, times: &[f64], theirs: &Value) {
    let counts = rows_at_risk(case, &ours.name, times);
    let fit = &ours.kaplan_meier;
    for (k, at) in fit.at(times).unwrap().into_iter().enumerate() {
        let what = |name: &str| format!("{} t={} {name}", ours.name, times[k]);
        check.value(Bound::Count, &what("rows at risk"), at.n_risk, counts[k]);
        let next = fit.time().partition_point(|&known| known < times[k]);
        let at_next = fit.n_risk().get(next).copied().unwrap_or(0.0);
        check.value(Bound::Count, &what("n_risk"), at_next, number(&theirs["n_risk"][k]));
    }
}

/// Rows of one group with entry < t ≤ exit, counted one by one.
fn rows_at_risk(case: &Case, group: &str, times: &[f64]) -> Vec<f64> {
    let (groups, exit) = (groups(case).unwrap(), case.numbers("time").unwrap());
    let entry = case.numbers("start").unwrap_or_else(|| vec![f64::NEG_INFINITY; exit.len()]);
    let in_group = |row: usize| groups.names()[groups.codes()[row] as usize] == group;
    let count = |&time: &f64| {
        let rows = 0..exit.len();
        rows.filter(|&row| in_group(row) && entry[row] < time && time <= exit[row]).count() as f64
    };
    times.iter().map(count).collect()
}

fn survival(check: &mut Comparison, ours: &Curves, times: &[f64], theirs: &Value) {
    // R counts events and censorings since the time asked before, this crate from the start.
    let (mut events, mut censorings) = (0.0, 0.0);
    for (k, at) in ours.kaplan_meier.at(times).unwrap().into_iter().enumerate() {
        let what = |name: &str| format!("{} t={} {name}", ours.name, times[k]);
        let r = |name: &str| &theirs[name][k];
        events += number(r("n_event"));
        censorings += number(r("n_censor"));
        check.value(Bound::Count, &what("time"), at.time, times[k]);
        check.value(Bound::Count, &what("n_event"), at.n_event, events);
        check.value(Bound::Count, &what("n_censor"), at.n_censor, censorings);
        let survival = number(r("surv"));
        check.value(Bound::Curve, &what("surv"), at.survival, survival);
        standard_error(check, &what("se_surv"), survival, at.std_error, optional(r("se_surv")));
        let (lower, upper) = at.interval.map_or((None, None), |both| (both.lower, both.upper));
        limit(check, &what("lower"), survival, lower, optional(r("lower")));
        limit(check, &what("upper"), survival, upper, optional(r("upper")));
    }
}

fn hazard(check: &mut Comparison, ours: &Curves, times: &[f64], theirs: &Value) {
    let fit = &ours.nelson_aalen;
    for (k, &time) in times.iter().enumerate() {
        let what = |name: &str| format!("{} t={time} {name}", ours.name);
        let cumhaz = number(&theirs["cumhaz"][k]);
        let last = fit.time().partition_point(|&known| known <= time).checked_sub(1);
        let (hazard, std_error) = last.map_or((0.0, Some(0.0)), |last| {
            (fit.cumulative_hazard()[last], fit.std_error()[last])
        });
        check.value(Bound::Curve, &what("cumhaz"), hazard, cumhaz);
        // R carries the last value on past the end of follow-up.
        let end = *fit.time().last().unwrap();
        let within = (time <= end).then_some(cumhaz);
        check.optional(Bound::Curve, &what("Λ(t)"), fit.cumulative_hazard_at(time), within);
        let theirs = optional(&theirs["se_cumhaz"][k]);
        check.optional(Bound::Curve, &what("se_cumhaz"), std_error, theirs);
    }
}
