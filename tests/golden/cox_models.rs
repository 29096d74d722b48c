//! Fitted Cox models, against `coxph` iterated to rounding error.

use riskset::regression::ConditionalLogistic;
use riskset::regression::cox::TimeFunction;
use riskset::{RightCensored, Weights};
use serde_json::{Value, json};

use super::case::{Case, number, numbers};
use super::compare::{Bound, Comparison};
use super::concordance::concordance_of_fit;
use super::cox_fits::{coefficients, counts, estimates, fit, fit_weighted, model};
use super::design::design;
use super::family::Family;

const FAMILY: Family = Family {
    prefix: "cox",
    cases: &[
        "bladder2_ag",
        "bladder2_pwp",
        "cgd_ag",
        "colon_recur",
        "colon_wlw",
        "flchain_breslow",
        "flchain_death",
        "freireich_breslow",
        "freireich_efron",
        "freireich_exact",
        "freireich_pair",
        "gbsg_rfs",
        "heart_breslow",
        "heart_efron",
        "heart_exact",
        "heart_inter",
        "heart_strata",
        "infert_clogit",
        "kidney_cluster",
        "lung_all",
        "lung_breslow",
        "lung_cluster",
        "lung_efron",
        "lung_exact",
        "lung_factor_ecog",
        "lung_interaction",
        "lung_missing",
        "lung_null",
        "lung_offset",
        "lung_offset_only",
        "lung_one",
        "lung_robust",
        "lung_strata_sex",
        "lung_strata_two",
        "lung_wfrac",
        "lung_wfrac_norobust",
        "lung_wint",
        "lung_wint_breslow",
        "mgus2_delayed",
        "ovarian_age",
        "ovarian_efron",
        "pbc_code2",
        "pbc_death",
        "rats_cluster",
        "rats_strata",
        "retinopathy_cluster",
        "retinopathy_strata_id",
        "rotterdam_death",
        "rotterdam_rfs_breslow",
        "tg_test1_breslow",
        "tg_test1_efron",
        "tg_test2_breslow",
        "tg_test2_efron",
        "tg_testw_breslow",
        "tg_testw_efron",
        "tt_veteran",
        "veteran_breslow",
        "veteran_efron",
        "veteran_exact",
        "veteran_inter_factor",
        "veteran_strata",
    ],
    skipped: &[],
    total: 61,
};

#[test]
fn fits_agree_with_r() {
    FAMILY.compare(|case, check| {
        if case.spec["terms"]
            .as_array()
            .is_some_and(|terms| terms.iter().any(|t| t.get("times").is_some()))
        {
            return with_time_varying(case, check);
        }
        let ours = fit(case);
        counts(check, &ours, &case.expected);
        let theirs = match case.name.as_str() {
            "cox_lung_all" => with_offset_in_score(case, check),
            _ => case.expected.clone(),
        };
        estimates(check, &ours, &theirs);
        for (what, ours) in [("aic", ours.aic()), ("bic", ours.bic())] {
            if let Some(theirs) = theirs[what].as_f64() {
                check.value(Bound::Likelihood, what, ours, theirs);
            }
        }
        if case.name == "cox_infert_clogit" {
            let sets = case.frame.text("stratum");
            let matched =
                ConditionalLogistic::new().fit(&case.event(), sets, &design(case)).unwrap();
            counts(check, matched.cox(), &case.expected);
            estimates(check, matched.cox(), &case.expected);
        }
        concordance_of_fit(check, case, &ours);
        // With Breslow's ties a frequency and a case weight have the same likelihood.
        if let Some(weights) = case.numbers("weights")
            && !case.has_fractional_weights()
            && case.spec["ties"] == "breslow"
        {
            let counts: Vec<u64> = weights.iter().map(|&weight| weight as u64).collect();
            let frequencies = Some(Weights::frequency(&counts).unwrap());
            estimates(check, &fit_weighted(case, frequencies), &case.expected);
        }
    });
}

/// A last term that is the product of the one before with a function of time.
fn with_time_varying(case: &Case, check: &mut Comparison) {
    let mut constant = Case::read(&case.name);
    let product = constant.spec["terms"].as_array_mut().unwrap().pop().unwrap();
    assert_eq!(product["times"], "log(t+20)");
    let time = case.numbers("time").unwrap();
    let g = TimeFunction::tabulated("log(t+20)", &time, |t| (t + 20.0).ln());
    let data = RightCensored::new(&time, &case.event()).unwrap();
    let model = model(case).time_varying(product["column"].as_str().unwrap(), g);
    let ours = model.fit(&data, &design(&constant)).unwrap();
    let theirs = &case.expected;
    let log_likelihood = numbers(&theirs["loglik"]);
    check.value(Bound::Likelihood, "loglik 0", ours.log_likelihood_null(), log_likelihood[0]);
    check.value(Bound::Likelihood, "loglik", ours.log_likelihood(), log_likelihood[1]);
    coefficients(check, &ours, theirs);
}

/// R's results with the robust score test of a model that has an offset.
///
/// DIFFERENCE: R's robust score test takes the linear predictor at coefficients of 0 to be 0, and so
/// forgets the offset, which its score test keeps. R's statistic is that of the model without the
/// offset. With the offset it is, from R's score residuals `s` at 0,
/// `sum(solve(crossprod(s), colSums(s)) * colSums(s))`, as below.
fn with_offset_in_score(case: &Case, check: &mut Comparison) -> Value {
    let mut without = Case::read(&case.name);
    without.spec.as_object_mut().unwrap().remove("offset");
    let ours = fit(&without).robust_score().unwrap().statistic;
    let theirs = number(&case.expected["robust_score_test"]["stat"]);
    check.value(Bound::Likelihood, "robust_score_test without the offset", ours, theirs);
    let mut expected = case.expected.clone();
    expected["robust_score_test"] =
        json!({"stat": 9.016_619_603_714_55, "p": 0.011_017_065_471_657_85});
    expected
}
