//! The log-rank test, against `survdiff`.

use riskset::LogRank;
use riskset::nonparametric::{GroupCount, LogRankFit, TestWeight};

use super::case::{Case, list, matrix, number, numbers};
use super::compare::{Bound, Comparison};
use super::family::Family;
use super::observed::{Observed, group_name, groups};

const FAMILY: Family = Family {
    prefix: "logrank",
    cases: &[
        "aml_rho0",
        "aml_rho1",
        "colon_rx_death",
        "flchain_grp_rho0",
        "flchain_grp_rho1",
        "freireich_rho0",
        "freireich_rho1",
        "gbsg_grade_rho0",
        "gbsg_grade_rho1",
        "lung_ecog_rho0",
        "lung_ecog_rho1",
        "lung_sex_rho0",
        "lung_sex_rho0.5",
        "lung_sex_rho1",
        "mgus2_sex",
        "ovarian_rx_rho0",
        "ovarian_rx_rho1",
        "pbc_stage_rho0",
        "pbc_stage_rho1",
        "rats_rx_rho0",
        "rats_rx_rho1",
        "strat_freireich_pair",
        "strat_gbsg_k3",
        "strat_kidney",
        "strat_lung_sex_ecog",
        "strat_rats_litter",
        "strat_veteran",
        "strat_veteran_rho1",
        "veteran_celltype_rho0",
        "veteran_celltype_rho1",
        "veteran_two_vars",
    ],
    skipped: &[],
    total: 31,
};

#[test]
fn tests_agree_with_r() {
    FAMILY.compare(|case, check| {
        // R's rho is the first power of Fleming and Harrington.
        let weight = match case.spec["rho"].as_f64().unwrap() {
            0.0 => TestWeight::LogRank,
            rho => TestWeight::FlemingHarrington { rho, gamma: 0.0 },
        };
        let groups = groups(case).unwrap();
        let fit = match Observed::new(case, None) {
            Observed::RightCensored(data) => LogRank::new().weight(weight).fit(&data, &groups),
            Observed::CountingProcess(data) => LogRank::new().weight(weight).fit(&data, &groups),
        };
        let fit = fit.unwrap();
        counts(check, case, &fit);
        by_stratum(check, case, &fit);
        variance(check, case, &fit);
        let theirs = &case.expected;
        check.same("df", &fit.test().df.map(|df| df as u64), &theirs["df"].as_u64());
        check.value(Bound::Likelihood, "chisq", fit.test().statistic, number(&theirs["chisq"]));
        check.value(Bound::PValue, "p", fit.test().p_value, number(&theirs["p"]));
    });
}

fn counts(check: &mut Comparison, case: &Case, fit: &LogRankFit) {
    let theirs = &case.expected;
    if let Some(labels) = theirs["labels"].as_array() {
        let labels: Vec<String> =
            labels.iter().map(|label| group_name(label.as_str().unwrap())).collect();
        check.same("groups", &fit.groups().to_vec(), &labels);
    }
    let column = |of: fn(&GroupCount) -> f64| fit.counts().iter().map(of).collect::<Vec<f64>>();
    check.column(Bound::Count, "n", &column(|count| count.n), &numbers(&theirs["n"]));
    let observed = numbers(&theirs["observed"]);
    check.column(whole(case), "observed", &column(|count| count.observed), &observed);
    let expected = numbers(&theirs["expected"]);
    check.column(Bound::Curve, "expected", &column(|count| count.expected), &expected);
}

/// Weighted events are sums of fractions.
fn whole(case: &Case) -> Bound {
    if case.spec["rho"] == 0 { Bound::Count } else { Bound::Curve }
}

/// R's matrices have a row for each group and a column for each stratum.
fn by_stratum(check: &mut Comparison, case: &Case, fit: &LogRankFit) {
    let Some(observed) = case.expected.get("observed_by_stratum").map(matrix) else { return };
    let expected = matrix(&case.expected["expected_by_stratum"]);
    for group in 0..fit.groups().len() {
        let column = |of: fn(&GroupCount) -> f64| -> Vec<f64> {
            fit.by_stratum().iter().map(|(_, counts)| of(&counts[group])).collect()
        };
        let what = |name: &str| format!("group {group} {name} by stratum");
        let (counts, sums) = (column(|count| count.observed), column(|count| count.expected));
        check.column(whole(case), &what("observed"), &counts, &observed[group]);
        check.column(Bound::Curve, &what("expected"), &sums, &expected[group]);
    }
}

/// An element relative to the variances of its row and column.
pub fn variance(check: &mut Comparison, case: &Case, fit: &LogRankFit) {
    let theirs = matrix(&case.expected["variance"]);
    check.same("variance rows", &fit.variance().nrows(), &list(&case.expected["variance"]).len());
    for ((i, j), &ours) in fit.variance().indexed_iter() {
        let scale = (theirs[i][i] * theirs[j][j]).sqrt();
        let what = format!("variance[{i}, {j}]");
        check.scaled(Bound::Likelihood, &what, ours, theirs[i][j], scale);
    }
}
