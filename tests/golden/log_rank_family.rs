//! Weighted log-rank tests, tests for trend and tests of all pairs.

use riskset::nonparametric::{GroupCount, LogRankFit, Pairwise, TestWeight};
use riskset::statistic::Adjust;
use riskset::{LogRank, RightCensored};

use super::case::{Case, list, number, numbers, text};
use super::compare::Bound;
use super::family::Family;
use super::log_rank::variance;
use super::observed::{Observed, groups};

const WEIGHTED: Family = Family {
    prefix: "wlogrank",
    cases: &[
        "aml_fleming_harrington_0.5_0.5",
        "aml_fleming_harrington_0_1",
        "aml_fleming_harrington_1_1",
        "aml_gehan",
        "aml_peto_peto",
        "aml_peto_peto_andersen",
        "aml_tarone_ware",
        "freireich_fleming_harrington_0.5_0.5",
        "freireich_fleming_harrington_0_1",
        "freireich_fleming_harrington_1_1",
        "freireich_gehan",
        "freireich_peto_peto",
        "freireich_peto_peto_andersen",
        "freireich_tarone_ware",
        "gbsg_grade_fleming_harrington_0.5_0.5",
        "gbsg_grade_fleming_harrington_0_1",
        "gbsg_grade_fleming_harrington_1_1",
        "gbsg_grade_gehan",
        "gbsg_grade_peto_peto",
        "gbsg_grade_peto_peto_andersen",
        "gbsg_grade_tarone_ware",
        "lung_sex_fleming_harrington_0.5_0.5",
        "lung_sex_fleming_harrington_0_1",
        "lung_sex_fleming_harrington_1_1",
        "lung_sex_gehan",
        "lung_sex_peto_peto",
        "lung_sex_peto_peto_andersen",
        "lung_sex_tarone_ware",
        "ovarian_rx_fleming_harrington_0.5_0.5",
        "ovarian_rx_fleming_harrington_0_1",
        "ovarian_rx_fleming_harrington_1_1",
        "ovarian_rx_gehan",
        "ovarian_rx_peto_peto",
        "ovarian_rx_peto_peto_andersen",
        "ovarian_rx_tarone_ware",
        "veteran_celltype_fleming_harrington_0.5_0.5",
        "veteran_celltype_fleming_harrington_0_1",
        "veteran_celltype_fleming_harrington_1_1",
        "veteran_celltype_gehan",
        "veteran_celltype_peto_peto",
        "veteran_celltype_peto_peto_andersen",
        "veteran_celltype_tarone_ware",
    ],
    skipped: &[],
    total: 42,
};

const TREND: Family = Family {
    prefix: "trend",
    cases: &[
        "flchain",
        "gbsg_grade",
        "gbsg_grade_rho1",
        "gbsg_grade_strat",
        "gbsg_grade_unequal",
        "lung_ecog",
        "pbc_stage",
    ],
    skipped: &[],
    total: 7,
};

const PAIRWISE: Family = Family {
    prefix: "pairwise",
    cases: &["flchain_grp", "gbsg_grade", "lung_ecog_rho1", "pbc_stage", "veteran_celltype"],
    skipped: &[],
    total: 5,
};

/// The tests of these families have no entry times.
fn data(case: &Case) -> RightCensored {
    match Observed::new(case, None) {
        Observed::RightCensored(data) => data,
        Observed::CountingProcess(_) => panic!("{}: entry times", case.name),
    }
}

fn weight(case: &Case) -> TestWeight {
    let power = |name: &str| case.spec[name].as_f64().unwrap_or(0.0);
    match case.spec["weight"].as_str() {
        None if power("rho") == 0.0 => TestWeight::LogRank,
        None => TestWeight::FlemingHarrington { rho: power("rho"), gamma: 0.0 },
        Some("gehan") => TestWeight::Gehan,
        Some("tarone_ware") => TestWeight::TaroneWare,
        Some("peto_peto") => TestWeight::PetoPeto,
        Some("peto_peto_andersen") => TestWeight::ModifiedPetoPeto,
        Some("fleming_harrington") => {
            TestWeight::FlemingHarrington { rho: power("p"), gamma: power("q") }
        }
        Some(other) => panic!("unknown weight {other}"),
    }
}

fn fit(case: &Case) -> LogRankFit {
    LogRank::new().weight(weight(case)).fit(&data(case), &groups(case).unwrap()).unwrap()
}

#[test]
fn weighted_tests_agree_with_r() {
    WEIGHTED.compare(|case, check| {
        let (fit, theirs) = (fit(case), &case.expected);
        let column = |of: fn(&GroupCount) -> f64| fit.counts().iter().map(of).collect::<Vec<f64>>();
        let observed = numbers(&theirs["weighted_observed"]);
        check.column(Bound::Curve, "observed", &column(|count| count.observed), &observed);
        let expected = numbers(&theirs["weighted_expected"]);
        check.column(Bound::Curve, "expected", &column(|count| count.expected), &expected);
        variance(check, case, &fit);
        check.same("df", &fit.test().df.map(|df| df as u64), &theirs["df"].as_u64());
        check.value(Bound::Likelihood, "chisq", fit.test().statistic, number(&theirs["chisq"]));
        check.value(Bound::PValue, "p", fit.test().p_value, number(&theirs["p"]));
    });
}

#[test]
fn trends_agree_with_r() {
    TREND.compare(|case, check| {
        let scores = numbers(&case.spec["scores"]);
        let trend = fit(case).trend_by(&scores).unwrap();
        check.same("scores", &trend.scores, &scores);
        let theirs = &case.expected;
        check.value(Bound::Likelihood, "z", trend.test.statistic, number(&theirs["z"]));
        check.value(Bound::PValue, "p", trend.test.p_value, number(&theirs["p"]));
    });
}

#[test]
fn pairs_agree_with_r() {
    PAIRWISE.compare(|case, check| {
        let (data, groups) = (data(case), groups(case).unwrap());
        let test = LogRank::new().weight(weight(case));
        for (method, adjust) in [
            ("none", Adjust::None),
            ("bonferroni", Adjust::Bonferroni),
            ("holm", Adjust::Holm),
            ("hochberg", Adjust::Hochberg),
            ("BH", Adjust::BenjaminiHochberg),
            ("BY", Adjust::BenjaminiYekutieli),
        ] {
            let pairs = Pairwise::new().test(test).adjust(adjust).fit(&data, &groups).unwrap();
            let ours: Vec<f64> = pairs.iter().map(|pair| pair.adjusted).collect();
            let theirs = numbers(&case.expected["adjusted"][method]);
            check.column(Bound::PValue, method, &ours, &theirs);
            if adjust == Adjust::None {
                let names: Vec<Vec<String>> =
                    pairs.iter().map(|pair| vec![pair.a.clone(), pair.b.clone()]).collect();
                let pair = |pair: &serde_json::Value| list(pair).iter().map(text).collect();
                let theirs: Vec<Vec<String>> =
                    list(&case.expected["pairs"]).iter().map(pair).collect();
                check.same("pairs", &names, &theirs);
                let ours: Vec<f64> = pairs.iter().map(|pair| pair.test.statistic).collect();
                let theirs = numbers(&case.expected["chisq"]);
                check.column(Bound::Likelihood, "chisq", &ours, &theirs);
            }
        }
    });
}
