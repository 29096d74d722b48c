//! Restricted means, against `summary.survfit(rmean =)`, and their comparison.

use riskset::KaplanMeier;
use riskset::curve::ByGroup;
use riskset::nonparametric::{
    HazardVariance, KaplanMeierFit, NelsonAalen, RestrictedMean, RestrictedMeanFit,
};
use riskset::statistic::{IntervalTransform, Ratio};
use serde_json::Value;

use super::case::{Case, list, number, numbers, text};
use super::compare::Bound;
use super::curves::{Curves, curves};
use super::family::Family;
use super::observed::{Observed, group_name, groups};

const MEANS: Family = Family {
    prefix: "rmst",
    cases: &[
        "freireich",
        "gbsg_hormon",
        "heart",
        "lung_s2c1",
        "lung_sex",
        "rotterdam_chemo",
        "veteran_trt",
    ],
    skipped: &[],
    total: 7,
};

#[test]
fn means_agree_with_r() {
    MEANS.compare(|case, check| {
        let ours = curves(case, None);
        for result in list(&case.expected["results"]) {
            let groups = list(&result["groups"]);
            check.same("groups", &ours.len(), &groups.len());
            for (curves, theirs) in ours.iter().zip(groups) {
                let name = group_name(theirs["label"].as_str().unwrap());
                check.same("group", &curves.name, &name);
                let tau = tau(&result["tau"], curves, &ours);
                let what = |column: &str| format!("{name} tau={tau} {column}");
                let fit = mean(case, curves, tau);
                check.value(Bound::Curve, &what("rmean"), fit.mean, number(&theirs["rmean"]));
                let se_rmean = number(&theirs["se_rmean"]);
                check.value(Bound::Curve, &what("se_rmean"), fit.std_error, se_rmean);
            }
        }
    });
}

/// R's `common` is the largest time of all groups, `individual` that of each.
fn tau(theirs: &Value, curves: &Curves, all: &[Curves]) -> f64 {
    let last = |curves: &Curves| *curves.survival.time().last().unwrap();
    match theirs.as_str() {
        None => number(theirs),
        Some("individual") => last(curves),
        Some("common") => all.iter().map(last).fold(0.0, f64::max),
        Some(other) => panic!("tau {other}"),
    }
}

/// R continues every curve flat.
///
/// DIFFERENCE: for exp(−Λ) R sums Greenwood's terms, whatever variance the curve has. Here the
/// variance of the mean is made of that of the curve, Σ d/Y² unless told otherwise, and is R's when
/// told to be Greenwood's.
fn mean(case: &Case, curves: &Curves, tau: f64) -> RestrictedMeanFit {
    let estimator = RestrictedMean::new(tau).carry_forward();
    if case.spec["stype"] == 1 {
        return estimator.of(&curves.kaplan_meier).unwrap();
    }
    let Observed::RightCensored(data) = Observed::new(case, None) else { panic!("no entry") };
    let fit = NelsonAalen::new().variance(HazardVariance::Greenwood).fit(&data).unwrap();
    let transform = IntervalTransform::default();
    let greenwood = estimator.of_curve(&fit.survival_curve(transform).unwrap()).unwrap();
    let own = estimator.of_curve(&curves.survival).unwrap();
    assert_eq!(own.mean, greenwood.mean);
    assert!(own.std_error < greenwood.std_error);
    greenwood
}

const DIFFERENCES: Family = Family {
    prefix: "rmstdiff",
    cases: &["freireich_20", "gbsg_hormon_2000", "lung_sex_365", "veteran_trt_200"],
    skipped: &[],
    total: 4,
};

#[test]
fn differences_agree_with_r() {
    DIFFERENCES.compare(|case, check| {
        let theirs = &case.expected;
        let tau = number(&theirs["tau"]);
        let comparison = RestrictedMean::new(tau).compare(&by_group(case)).unwrap();
        let groups: Vec<(&str, &RestrictedMeanFit)> = comparison.groups.iter().collect();
        let labels: Vec<String> =
            list(&theirs["labels"]).iter().map(|label| group_name(&text(label))).collect();
        check.same("groups", &comparison.groups.names().to_vec(), &labels);
        for (column, ours) in [
            ("rmean", (|fit| fit.mean) as fn(&RestrictedMeanFit) -> f64),
            ("se", |fit| fit.std_error),
            ("rmtl", |fit| fit.time_lost),
        ] {
            let ours: Vec<f64> = groups.iter().map(|(_, fit)| ours(fit)).collect();
            check.column(Bound::Curve, column, &ours, &numbers(&theirs[column]));
        }
        let [contrast] = &comparison.contrasts[..] else { panic!("two groups") };
        let mut value = |bound, column: &str, ours: f64| {
            check.value(bound, column, ours, number(&theirs[column]));
        };
        let difference = &contrast.difference;
        let test = difference.test.unwrap();
        value(Bound::Likelihood, "difference", difference.estimate);
        value(Bound::Curve, "se_difference", difference.std_error);
        value(Bound::Likelihood, "lower", difference.interval.lower.unwrap());
        value(Bound::Likelihood, "upper", difference.interval.upper.unwrap());
        value(Bound::Likelihood, "z", test.statistic);
        value(Bound::PValue, "p", test.p_value);
        let ratio: Ratio = contrast.ratio.unwrap();
        value(Bound::Curve, "ratio", ratio.estimate);
        value(Bound::Curve, "ratio_lower", ratio.interval.lower.unwrap());
        value(Bound::Curve, "ratio_upper", ratio.interval.upper.unwrap());
        value(Bound::PValue, "ratio_p", ratio.test.unwrap().p_value);
        value(Bound::Curve, "rmtl_ratio", contrast.time_lost_ratio.unwrap().estimate);
        // The global test of two groups is the square of theirs.
        value(Bound::PValue, "p", comparison.test.unwrap().p_value);
    });
}

fn by_group(case: &Case) -> ByGroup<KaplanMeierFit> {
    let groups = groups(case).unwrap();
    match Observed::new(case, None) {
        Observed::RightCensored(data) => KaplanMeier::new().fit_by(&data, &groups).unwrap(),
        Observed::CountingProcess(data) => KaplanMeier::new().fit_by(&data, &groups).unwrap(),
    }
}
