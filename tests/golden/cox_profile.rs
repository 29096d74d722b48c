//! Profile-likelihood limits and tests, against roots of the profile that `coxph` gives.

use riskset::CoxPh;
use riskset::data::SurvivalData;
use riskset::inference::HazardRatio;
use riskset::statistic::TestKind;
use riskset::{Design, Weights};

use super::case::{Case, number, numbers};
use super::compare::{Bound, Comparison};
use super::cox_fits::{model, near};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "profile",
    cases: &[
        "heart",
        "lung",
        "lung_breslow",
        "lung_one",
        "lung_strata",
        "lung_weights",
        "ovarian",
        "veteran",
    ],
    skipped: &[],
    total: 8,
};

#[test]
fn profile_limits_agree_with_r() {
    FAMILY.compare(|case, check| {
        let weights = case.numbers("weights").map(|weights| Weights::case(&weights).unwrap());
        limits(check, case, &profiled(case, &model(case), weights));
    });
}

/// The profile of every coefficient of a case.
pub fn profiled(case: &Case, model: &CoxPh, weights: Option<Weights>) -> Vec<HazardRatio> {
    fn of(
        model: &CoxPh,
        data: &impl SurvivalData,
        design: &Design,
        level: f64,
    ) -> Vec<HazardRatio> {
        let fit = model.fit(data, design).unwrap();
        fit.profile_hazard_ratios(data, design, level).unwrap()
    }
    let (design, level) = (design(case), number(&case.spec["level"]));
    match Observed::new(case, weights) {
        Observed::RightCensored(data) => of(model, &data, &design, level),
        Observed::CountingProcess(data) => of(model, &data, &design, level),
    }
}

/// Limits relative to at least the standard error, tests, and estimates.
pub fn limits(check: &mut Comparison, case: &Case, ours: &[HazardRatio]) {
    let theirs = |name: &str| numbers(&case.expected[name]);
    let (se, chisq, p) = (theirs("se"), theirs("chisq"), theirs("p"));
    check.same("coefficients", &ours.len(), &se.len());
    for (k, ratio) in ours.iter().enumerate() {
        let what = |name: &str| format!("{name} {}", ratio.name);
        let interval = ratio.interval.unwrap();
        let found =
            [("coef", ratio.estimate), ("lower", interval.lower), ("upper", interval.upper)];
        for (name, found) in found {
            let theirs = theirs(name)[k];
            let scale = Some(theirs.abs().max(se[k]));
            near(check, &what(name), found.map(f64::ln), Some(theirs), scale);
        }
        let test = ratio.test.unwrap();
        check.same(&what("test"), &(test.kind, test.df), &(TestKind::LikelihoodRatio, Some(1)));
        // A small statistic is a difference of two log-likelihoods.
        check.scaled(
            Bound::Likelihood,
            &what("chisq"),
            test.statistic,
            chisq[k],
            chisq[k].max(1.0),
        );
        check.scaled(Bound::PValue, &what("p"), test.p_value, p[k], p[k]);
    }
}
