//! Quantiles of survival curves, against `quantile.survfit`.

use riskset::Weights;
use serde_json::Value;

use super::case::{list, numbers, optional};
use super::compare::{Bound, Comparison};
use super::curves::{Curves, curves};
use super::family::Family;
use super::observed::group_name;

const FAMILY: Family = Family {
    prefix: "quantile",
    cases: &[
        "aml",
        "freireich_arcsin",
        "freireich_log",
        "freireich_logit",
        "freireich_loglog",
        "freireich_plain",
        "heart",
        "lung_sex_arcsin",
        "lung_sex_log",
        "lung_sex_logit",
        "lung_sex_loglog",
        "lung_sex_plain",
        "lung_wfrac",
        "mgus2_age_lt",
        "ovarian_rx",
        "veteran_celltype",
    ],
    skipped: &[],
    total: 16,
};

#[test]
fn quantiles_agree_with_r() {
    FAMILY.compare(|case, check| {
        let weights = case.numbers("weights").map(|weights| Weights::case(&weights).unwrap());
        let ours = curves(case, weights);
        let (probabilities, groups) =
            (numbers(&case.expected["probs"]), list(&case.expected["groups"]));
        check.same("groups", &ours.len(), &groups.len());
        for (ours, theirs) in ours.iter().zip(groups) {
            check.same("group", &ours.name, &group_name(theirs["label"].as_str().unwrap()));
            quantiles(check, ours, &probabilities, theirs);
        }
    });
}

fn quantiles(check: &mut Comparison, ours: &Curves, probabilities: &[f64], theirs: &Value) {
    let column =
        |name: &str| -> Vec<Option<f64>> { list(&theirs[name]).iter().map(optional).collect() };
    let (time, lower, upper) = (column("quantile"), column("lower"), column("upper"));
    for (k, &p) in probabilities.iter().enumerate() {
        let quantile = ours.survival.quantile(p).unwrap();
        let what = |name: &str| format!("{} p={p} {name}", ours.name);
        check.optional(Bound::Curve, &what("quantile"), quantile.time, time[k]);
        check.optional(Bound::Curve, &what("lower"), quantile.interval.lower, lower[k]);
        check.optional(Bound::Curve, &what("upper"), quantile.interval.upper, upper[k]);
    }
}
