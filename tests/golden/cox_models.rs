//! Fitted Cox models, against `coxph` iterated to rounding error.

use riskset::Weights;
use serde_json::{Value, json};

use super::case::{Case, number};
use super::compare::{Bound, Comparison};
use super::concordance::concordance_of_fit;
use super::cox_fits::{counts, estimates, fit, fit_weighted};
use super::family::Family;

const EXACT: &str = "the exact treatment of ties";

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
        "freireich_pair",
        "gbsg_rfs",
        "heart_breslow",
        "heart_efron",
        "heart_inter",
        "heart_strata",
        "kidney_cluster",
        "lung_all",
        "lung_breslow",
        "lung_cluster",
        "lung_efron",
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
        "veteran_breslow",
        "veteran_efron",
        "veteran_inter_factor",
        "veteran_strata",
    ],
    skipped: &[
        ("freireich_exact", EXACT),
        ("heart_exact", EXACT),
        ("infert_clogit", EXACT),
        ("lung_exact", EXACT),
        ("rats_strata", EXACT),
        ("tt_veteran", "a covariate as a function of time"),
        ("veteran_exact", EXACT),
    ],
    total: 61,
};

#[test]
fn fits_agree_with_r() {
    FAMILY.compare(|case, check| {
        let ours = fit(case);
        counts(check, &ours, &case.expected);
        let theirs = match case.name.as_str() {
            "cox_lung_all" => with_offset_in_score(case, check),
            _ => case.expected.clone(),
        };
        estimates(check, &ours, &theirs);
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
