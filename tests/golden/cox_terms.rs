//! Every term given the others: likelihood ratio, Wald and score, type II and III, against models fitted
//! again; `generate/45_terms.R` made the numbers.

use riskset::inference::{NoTest, TermHypothesis, TermTest, TermTests};
use riskset::statistic::{TestKind, TestResult};
use serde_json::Value;

use super::case::{Case, list, number};
use super::compare::{Bound, Comparison};
use super::cox_fits::{fit, weights};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "terms",
    cases: &[
        "bladder2_ag_II",
        "colon_recur_II",
        "heart_efron_II",
        "heart_inter_II",
        "heart_inter_III",
        "kidney_cluster_II",
        "lung_all_II",
        "lung_interaction_II",
        "lung_interaction_III",
        "lung_offset_II",
        "lung_strata_sex_II",
        "lung_wfrac_norobust_II",
        "lung_wint_breslow_II",
        "mgus2_delayed_II",
        "pbc_death_II",
        "rotterdam_death_II",
        "veteran_breslow_II",
        "veteran_efron_II",
        "veteran_inter_factor_II",
        "veteran_inter_factor_III",
    ],
    skipped: &[],
    total: 20,
};

fn tests(case: &Case) -> TermTests {
    let (fit, design) = (fit(case), design(case));
    let hypothesis = match case.spec["type"].as_str().unwrap() {
        "II" => TermHypothesis::TypeII,
        _ => TermHypothesis::TypeIII,
    };
    match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => fit.term_tests_of(hypothesis, &data, &design),
        Observed::CountingProcess(data) => fit.term_tests_of(hypothesis, &data, &design),
    }
    .unwrap()
}

#[test]
fn tests_of_terms_agree_with_r() {
    FAMILY.compare(|case, check| {
        let (ours, theirs) = (tests(case), list(&case.expected["tests"]));
        let robust = theirs[0].get("lr").is_none();
        check.same("terms", &ours.tests.len(), &theirs.len());
        for (ours, theirs) in ours.tests.iter().zip(theirs) {
            three(check, ours, theirs);
            let kind = if robust { TestKind::RobustScore } else { TestKind::Score };
            check.same("score kind", &ours.score.unwrap().kind, &kind);
        }
    });
}

/// The three tests of one hypothesis.
pub fn three(check: &mut Comparison, ours: &TermTest, theirs: &Value) {
    check.same("df", &Some(ours.df as u64), &theirs["df"].as_u64());
    one(check, &format!("wald {}", ours.term), &ours.wald.unwrap(), &theirs["wald"]);
    one(check, &format!("score {}", ours.term), &ours.score.unwrap(), &theirs["score"]);
    match theirs.get("lr") {
        Some(theirs) => {
            one(check, &format!("lr {}", ours.term), &ours.likelihood_ratio.unwrap(), theirs);
        }
        None => check.same("lr", &ours.likelihood_ratio, &Err(NoTest::RobustVariance)),
    }
}

/// The statistic relative to itself, and to at least 1: below it is the square of a small difference.
fn one(check: &mut Comparison, what: &str, ours: &TestResult, theirs: &Value) {
    let (statistic, p) = (number(&theirs["stat"]), number(&theirs["p"]));
    check.scaled(Bound::Likelihood, what, ours.statistic, statistic, statistic.max(1.0));
    let scale = if statistic < 1.0 { 1.0 } else { p };
    check.scaled(Bound::PValue, &format!("{what} p"), ours.p_value, p, scale);
    let ln_p = number(&theirs["ln_p"]);
    check.scaled(
        Bound::PValue,
        &format!("{what} ln p"),
        ours.ln_p_value,
        ln_p,
        ln_p.abs().max(1.0),
    );
}
