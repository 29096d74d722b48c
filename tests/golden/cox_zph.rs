//! Tests of proportional hazards and scaled Schoenfeld residuals, against `cox.zph`.

use riskset::data::SurvivalData;
use riskset::inference::{
    CoefficientPath, CoefficientPaths, Proportionality, ProportionalityFit, TimeTransform,
};
use riskset::statistic::TestResult;

use super::case::{Case, list, matrix, number, numbers, text};
use super::compare::{Bound, Comparison};
use super::cox_fits::{model, weights};
use super::design::design;
use super::family::Family;
use super::observed::Observed;

const FAMILY: Family = Family {
    prefix: "zph",
    cases: &[
        "bladder2_ag_identity",
        "bladder2_ag_km",
        "bladder2_ag_log",
        "bladder2_ag_rank",
        "cgd_ag_identity",
        "cgd_ag_km",
        "cgd_ag_log",
        "cgd_ag_rank",
        "colon_recur_identity",
        "colon_recur_identity_cols",
        "colon_recur_km",
        "colon_recur_km_cols",
        "colon_recur_log",
        "colon_recur_log_cols",
        "colon_recur_rank",
        "colon_recur_rank_cols",
        "gbsg_rfs_identity",
        "gbsg_rfs_km",
        "gbsg_rfs_log",
        "gbsg_rfs_rank",
        "heart_efron_identity",
        "heart_efron_km",
        "heart_efron_log",
        "heart_efron_rank",
        "kidney_cluster_identity",
        "kidney_cluster_identity_cols",
        "kidney_cluster_km",
        "kidney_cluster_km_cols",
        "kidney_cluster_log",
        "kidney_cluster_log_cols",
        "kidney_cluster_rank",
        "kidney_cluster_rank_cols",
        "lung_breslow_identity",
        "lung_breslow_km",
        "lung_breslow_log",
        "lung_breslow_rank",
        "lung_efron_identity",
        "lung_efron_km",
        "lung_efron_log",
        "lung_efron_rank",
        "lung_factor_ecog_identity",
        "lung_factor_ecog_identity_cols",
        "lung_factor_ecog_km",
        "lung_factor_ecog_km_cols",
        "lung_factor_ecog_log",
        "lung_factor_ecog_log_cols",
        "lung_factor_ecog_rank",
        "lung_factor_ecog_rank_cols",
        "lung_missing_identity",
        "lung_missing_km",
        "lung_missing_log",
        "lung_missing_rank",
        "lung_one_identity",
        "lung_one_km",
        "lung_one_log",
        "lung_one_rank",
        "lung_strata_sex_identity",
        "lung_strata_sex_km",
        "lung_strata_sex_log",
        "lung_strata_sex_rank",
        "lung_wfrac_identity",
        "lung_wfrac_km",
        "lung_wfrac_log",
        "lung_wfrac_rank",
        "lung_wint_identity",
        "lung_wint_km",
        "lung_wint_log",
        "lung_wint_rank",
        "ovarian_efron_identity",
        "ovarian_efron_km",
        "ovarian_efron_log",
        "ovarian_efron_rank",
        "pbc_death_identity",
        "pbc_death_km",
        "pbc_death_log",
        "pbc_death_rank",
        "rotterdam_death_identity",
        "rotterdam_death_identity_cols",
        "rotterdam_death_km",
        "rotterdam_death_km_cols",
        "rotterdam_death_log",
        "rotterdam_death_log_cols",
        "rotterdam_death_rank",
        "rotterdam_death_rank_cols",
        "tg_test2_efron_identity",
        "tg_test2_efron_km",
        "tg_test2_efron_log",
        "tg_test2_efron_rank",
        "veteran_efron_identity",
        "veteran_efron_identity_cols",
        "veteran_efron_km",
        "veteran_efron_km_cols",
        "veteran_efron_log",
        "veteran_efron_log_cols",
        "veteran_efron_rank",
        "veteran_efron_rank_cols",
        "veteran_strata_identity",
        "veteran_strata_km",
        "veteran_strata_log",
        "veteran_strata_rank",
    ],
    skipped: &[],
    total: 100,
};

#[test]
fn tests_of_proportional_hazards_agree_with_r() {
    FAMILY.compare(|case, check| {
        let terms = case.spec["terms_test"].as_bool().unwrap();
        let (fit, paths) = tested(case);
        check.same("transform", &fit.transform(), &case.spec["transform"].as_str().unwrap());
        let (ours, paths) = match terms {
            true => (fit.terms(), &paths.terms),
            false => (fit.columns(), &paths.columns),
        };
        let tests: Vec<Option<&TestResult>> =
            ours.iter().map(|line| line.test.as_ref()).chain([fit.global()]).collect();
        let theirs = &case.expected;
        check.same("tests", &tests.len(), &list(&theirs["names"]).len());
        assert_eq!(text(&theirs["names"][tests.len() - 1]), "GLOBAL");
        for (k, test) in tests.into_iter().enumerate() {
            let (test, what) = (test.unwrap(), |part: &str| format!("{part}[{k}]"));
            let r = |part: &str| number(&theirs[part][k]);
            check.value(Bound::Count, &what("df"), test.df.unwrap() as f64, r("df"));
            // The statistic of one degree of freedom is the square of a standard normal one.
            let scale = r("chisq").max(r("chisq").sqrt());
            check.scaled(Bound::Likelihood, &what("chisq"), test.statistic, r("chisq"), scale);
            check.value(Bound::PValue, &what("p"), test.p_value, r("p"));
        }
        if theirs.get("y").is_some() {
            compare_paths(check, case, paths);
        }
    });
}

fn tested(case: &Case) -> (ProportionalityFit, CoefficientPaths) {
    fn of(case: &Case, data: &impl SurvivalData) -> (ProportionalityFit, CoefficientPaths) {
        let design = design(case);
        let fit = model(case).fit(data, &design).unwrap();
        let transform = match case.spec["transform"].as_str().unwrap() {
            "km" => TimeTransform::KaplanMeier,
            "rank" => TimeTransform::Rank,
            "identity" => TimeTransform::Identity,
            "log" => TimeTransform::Log,
            other => panic!("transform {other}"),
        };
        let test = Proportionality::new().transform(transform);
        (test.fit(&fit, data, &design).unwrap(), test.paths(&fit, data, &design).unwrap())
    }
    match Observed::new(case, weights(case)) {
        Observed::RightCensored(data) => of(case, &data),
        Observed::CountingProcess(data) => of(case, &data),
    }
}

/// Of tied events R lists the last row first where rows have entry times.
fn compare_paths(check: &mut Comparison, case: &Case, paths: &[CoefficientPath]) {
    let theirs = &case.expected;
    let mut order: Vec<usize> = (0..paths[0].points.len()).collect();
    if case.numbers("start").is_some() {
        let time = |k: usize| paths[0].points[k].time;
        let runs: Vec<Vec<usize>> =
            order.chunk_by(|&a, &b| time(a) == time(b)).map(<[usize]>::to_vec).collect();
        order = runs.into_iter().flat_map(|run| run.into_iter().rev()).collect();
    }
    let (x, time, y) = (numbers(&theirs["x"]), numbers(&theirs["time"]), matrix(&theirs["y"]));
    let variance = matrix(&theirs["var"]);
    check.same("paths", &paths.len(), &variance.len());
    for (j, path) in paths.iter().enumerate() {
        let points: Vec<_> = order.iter().map(|&k| path.points[k]).collect();
        check.same("points", &points.len(), &x.len());
        let scale = y.iter().fold(0.0, |m: f64, row| m.max(row[j].abs()));
        for (k, point) in points.iter().enumerate() {
            let what = |part: &str| format!("{part}[{k}, {j}]");
            check.value(Bound::Count, &what("time"), point.time, time[k]);
            check.scaled(Bound::Curve, &what("x"), point.transformed, x[k], x[k].abs().max(1.0));
            check.scaled(Bound::Likelihood, &what("y"), point.value, y[k][j], scale);
        }
        check.value(Bound::Likelihood, &format!("var {j}"), path.variance, variance[j][j]);
    }
}
