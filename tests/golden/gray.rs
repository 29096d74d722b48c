//! Gray's test, against `cuminc` of cmprsk.

use riskset::CompetingRisks;
use riskset::competing::GrayTest;

use super::case::{Case, numbers};
use super::compare::{Bound, Comparison};
use super::family::Family;
use super::observed::groups;

const CUMINC: Family = Family {
    prefix: "cuminc",
    cases: &[
        "mgus2_sex",
        "mgus2_sex_rho1",
        "mgus2",
        "pbc_sex_strat",
        "pbc_stage",
        "pbc_trt",
        "transplant_abo",
        "transplant_sex_strat",
    ],
    skipped: &[],
    total: 8,
};

const GRAY: Family = Family {
    prefix: "gray",
    cases: &[
        "mgus2_sex_decades",
        "mgus2_sex_rho_half",
        "mgus2_sex_rho_minus1",
        "mgus2_sex_years",
        "pbc_stage_rho1",
        "pbc_stage_rho_minus1",
        "pbc_stage_strata",
        "pbc_stage_strata_years",
        "pbc_stage_years",
        "transplant_abo_months",
        "transplant_abo_strata_rho2",
    ],
    skipped: &[],
    total: 11,
};

#[test]
fn tests_agree_with_cmprsk() {
    CUMINC.compare(compare);
    GRAY.compare(compare);
}

fn compare(case: &Case, check: &mut Comparison) {
    let theirs = &case.expected["gray_test"];
    let Some(groups) = groups(case) else {
        check.same("no groups, no test", &theirs.is_null(), &true);
        return;
    };
    let codes: Vec<u32> = case.numbers("status").unwrap().iter().map(|&code| code as u32).collect();
    let names: Vec<(u32, String)> = (1..=codes.iter().copied().max().unwrap())
        .map(|code| (code, format!("cause {code}")))
        .collect();
    let names: Vec<(u32, &str)> = names.iter().map(|(code, name)| (*code, name.as_str())).collect();
    let mut data = CompetingRisks::from_codes(&times(case), &codes, &names).unwrap();
    let strata = case.columns("strata");
    if !strata.is_empty() {
        data = data.with_strata(&case.frame.combine(&strata).codes).unwrap();
    }
    let fit = GrayTest::new().rho(case.spec["rho"].as_f64().unwrap()).fit(&data, &groups).unwrap();
    let causes = numbers(&theirs["cause"]);
    check.same("causes", &fit.causes().len(), &causes.len());
    for (k, cause) in causes.iter().enumerate() {
        let test = fit.cause(&format!("cause {cause}")).unwrap().test.unwrap();
        let value = |what: &str| numbers(&theirs[what])[k];
        check.same("df", &test.df, &Some(value("df") as usize));
        check.value(Bound::Curve, &format!("chisq of {cause}"), test.statistic, value("chisq"));
        // cmprsk takes the p-value from one minus a distribution function.
        check.scaled(Bound::Curve, &format!("p of {cause}"), test.p_value, value("p"), 1.0);
        if value("p") > 1e-6 {
            check.value(Bound::PValue, &format!("p of {cause}"), test.p_value, value("p"));
        }
    }
}

/// The times, made coarse where the case says so.
fn times(case: &Case) -> Vec<f64> {
    let times = case.numbers("time").unwrap();
    match case.spec["coarse"].as_f64() {
        Some(unit) => times.iter().map(|time| (time / unit).ceil()).collect(),
        None => times,
    }
}
