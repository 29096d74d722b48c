//! Conditional survival, against `survfit(start.time =)`.

use serde_json::Value;

use super::case::{Case, list, number, numbers, optional};
use super::compare::{Bound, Comparison};
use super::curves::curves;
use super::kaplan_meier::{limit, standard_error};
use super::observed::group_name;

/// DIFFERENCE: R counts an event at the start time itself among those to come, so that its curve is
/// the one given survival up to just before it. Here who is conditioned on has survived the start
/// time: R's curve is ours times R's value at the start, and the variances of their logarithms add.
pub fn conditional(case: &Case, check: &mut Comparison, start: f64) {
    let (ours, theirs) = (curves(case, None), list(&case.expected["curves"]));
    check.same("groups", &ours.len(), &theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        check.same("group", &ours.name, &group_name(theirs["label"].as_str().unwrap()));
        let fit = ours.kaplan_meier.given(start).unwrap();
        let skip = usize::from(number(&theirs["time"][0]) == start);
        let column = |name: &str| numbers(&theirs[name])[skip..].to_vec();
        let what = |name: &str| format!("{} {name}", ours.name);
        check.column(Bound::Count, &what("time"), fit.time(), &column("time"));
        check.column(Bound::Count, &what("n_risk"), fit.n_risk(), &column("n_risk"));
        check.column(Bound::Count, &what("n_event"), fit.n_event(), &column("n_event"));
        check.column(Bound::Count, &what("n_censor"), fit.n_censor(), &column("n_censor"));
        let first = |name: &str, none| if skip == 1 { number(&theirs[name][0]) } else { none };
        let (factor, variance) = (first("surv", 1.0), first("std_err", 0.0).powi(2));
        let survival: Vec<f64> = fit.survival().iter().map(|s| s * factor).collect();
        check.column(Bound::Curve, &what("surv"), &survival, &column("surv"));
        let rest = |name: &str| -> Vec<Value> { list(&theirs[name])[skip..].to_vec() };
        for (k, theirs) in rest("std_err").iter().enumerate() {
            let sigma =
                fit.curve().std_error_ln().get(k).map(|sigma| (sigma * sigma + variance).sqrt());
            let what = format!("{}[{k}]", what("std_err"));
            standard_error(check, &what, survival[k], sigma, optional(theirs));
        }
        if skip == 1 {
            continue;
        }
        for (name, ours) in [("lower", fit.curve().lower()), ("upper", fit.curve().upper())] {
            for (k, theirs) in rest(name).iter().enumerate() {
                let what = format!("{}[{k}]", what(name));
                limit(check, &what, survival[k], ours.get(k), optional(theirs));
            }
        }
    }
}
