//! Pseudo-values, against `pseudo`.

use riskset::data::SurvivalData;
use riskset::nonparametric::{Estimand, InfluenceFit, InfluenceFunctions};
use riskset::{Groups, RightCensored};

use super::case::{Case, list, number, numbers, text};
use super::compare::{Bound, Comparison};
use super::family::Family;

const PSEUDO: Family = Family {
    prefix: "pseudo",
    cases: &["aml_surv", "lung_cumhaz", "lung_rmst", "lung_sex", "lung_surv"],
    skipped: &[],
    total: 5,
};

#[test]
fn pseudo_values_agree_with_r() {
    PSEUDO.compare(|case, check| {
        let data = RightCensored::new(&case.numbers("time").unwrap(), &case.event()).unwrap();
        check_pseudo_values(&fit(case, &data), case, check);
    });
}

fn fit(case: &Case, data: &impl SurvivalData) -> InfluenceFit {
    let estimand = match &*text(&case.spec["type"]) {
        "surv" => Estimand::Survival,
        "cumhaz" => Estimand::CumulativeHazard,
        "rmst" => Estimand::RestrictedMean,
        other => panic!("type {other}"),
    };
    let (estimator, times) = (InfluenceFunctions::new(estimand), numbers(&case.spec["times"]));
    match case.text("group") {
        None => estimator.fit(data, &times).unwrap(),
        Some(labels) => estimator.fit_by(data, &Groups::new(labels).unwrap(), &times).unwrap(),
    }
}

/// Relative to the largest of the same time: a pseudo-value can come near 0.
fn check_pseudo_values(ours: &InfluenceFit, case: &Case, check: &mut Comparison) {
    let ours = ours.pseudo_values();
    let theirs: Vec<Vec<f64>> = (list(&case.expected["pseudo"]).iter())
        .map(|row| if row.is_array() { numbers(row) } else { vec![number(row)] })
        .collect();
    check.same("rows", &ours.nrows(), &theirs.len());
    for (k, column) in ours.columns().into_iter().enumerate() {
        let scale = column.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        for (row, (&value, theirs)) in column.iter().zip(&theirs).enumerate() {
            check.scaled(Bound::Curve, &format!("pseudo[{row}][{k}]"), value, theirs[k], scale);
        }
    }
}
