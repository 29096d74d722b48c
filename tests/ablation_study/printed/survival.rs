//! Sections 2 and 3.

use riskset::statistic::IntervalTransform;
use serde_json::{Value, json};

use super::super::report::Block;
use super::super::sections::kaplan_meier;
use super::{GROUPS, cohort, golden, list, options, row, same, same_test, table, with};

#[test]
fn medians_rates_and_means_are_those_of_r() {
    let (ablation, study) = (golden("ablation.json"), golden("study.json"));
    for key in ["pfs", "os"] {
        let (r, s) = (&ablation[key], &study[key]);
        for name in GROUPS.iter().chain(&["Overall"]) {
            let overall = *name == "Overall";
            let median =
                if overall { &r["overall"] } else { with(&r["median_log-log"], "group", name) };
            let counts = if overall { r } else { median };
            let of_group = |rate: &&Value| rate["group"] == **name;
            let rates: Vec<&Value> = match overall {
                true => list(&s["overall_rates"]).iter().collect(),
                false => list(&r["rates"]).iter().filter(of_group).collect(),
            };
            let mean = if overall { &s["overall_rmst"] } else { with(&r["rmst60"], "group", name) };
            let what = format!("{key} {name}");
            let ours = table(&format!("survival-{key}"));
            let cells = &row(ours, name, name).cells;
            same(&what, &cells[0], &[&counts["n"]]);
            same(&what, &cells[1], &[&counts["events"]]);
            same(&what, &cells[3], &["median", "lo", "hi"].map(|field| &median[field]));
            let months = if key == "os" { "months" } else { "months_pfs" };
            same(&what, &cells[2], &[&study["groups"][name][months]]);
            assert_eq!((rates.len(), cells.len()), (3, 4));
            for rate in rates {
                let limits = ["surv", "lo", "hi"].map(|field| &rate[field]);
                let ours = table(&format!("rates-{key}"));
                let cells = &row(ours, name, &format!("{} months", rate["time"])).cells;
                same(&what, &cells[0], &[&rate["at_risk"]]);
                same(&what, &cells[1], &limits);
                same(&what, &cells[2], &[&rate["se"]]);
            }
            let ours = table(&format!("restricted-means-{key}"));
            let means = &row(ours, name, name).cells;
            let [estimate, se] = ["rmst", "se"].map(|field| mean[field].as_f64().unwrap());
            let z = 1.959963984540054;
            let limits = [json!(estimate), json!(estimate - z * se), json!(estimate + z * se)];
            same(&what, &means[0], &[&limits[0], &limits[1], &limits[2]]);
            same(&what, &means[1], &[&mean["se"]]);
        }
    }
}

/// The other scales of the limits.
#[test]
fn limits_of_medians_on_other_scales() {
    let r = golden("ablation.json");
    for (limits, name) in [(IntervalTransform::Log, "log"), (IntervalTransform::Plain, "plain")] {
        let mut options = options();
        options.limits = limits;
        let section = kaplan_meier::section(&cohort(), &options).unwrap();
        let mut compared = 0;
        for block in &section.blocks {
            let Block::Table(own, table) = block else { continue };
            let Some(key) = own.strip_prefix("survival-") else { continue };
            for group in GROUPS {
                let theirs = with(&r[key][format!("median_{name}")], "group", group);
                let theirs = ["median", "lo", "hi"].map(|field| &theirs[field]);
                same(group, &row(table, group, group).cells[3], &theirs);
                compared += 1;
            }
        }
        assert_eq!(compared, 8);
    }
}

#[test]
fn log_rank_tests_are_those_of_r() {
    let (ablation, study) = (golden("ablation.json"), golden("study.json"));
    let r_groups = ["none", "sync", "upfront", "delayed"];
    for key in ["pfs", "os"] {
        let (r, s) = (&ablation[key], &study[key]);
        let ours = table(&format!("log-rank-groups-{key}"));
        for (place, group) in r_groups.iter().enumerate() {
            let cells = &row(ours, group, group).cells;
            same(group, &cells[0], &[&with(&r["median_log"], "group", group)["n"]]);
            same(group, &cells[1], &[&r["logrank"]["obs"][place]]);
            same(group, &cells[2], &[&r["logrank"]["exp"][place]]);
        }
        let ours = table(&format!("log-rank-{key}"));
        let three = json!(3);
        for (name, theirs) in [
            ("Log-rank", &r["logrank"]),
            ("Log-rank, stratified by centre", &s["stratified"]),
            ("Peto-Peto", &s["peto"]),
        ] {
            let theirs = [&theirs["chisq"], &three, &theirs["p"]];
            same_test(name, &row(ours, name, name).cells, theirs);
        }
        let ours = table(&format!("pairs-{key}"));
        assert_eq!(ours.rows.len(), 6);
        for theirs in list(&r["pairwise"]) {
            let [a, b] = ["a", "b"].map(|field| theirs[field].as_str().unwrap());
            let names = [format!("{a} - {b}"), format!("{b} - {a}")];
            let ours = ours.rows.iter().find(|row| names.contains(&row.label)).unwrap();
            for (cell, field) in ours.cells.iter().zip(["chisq", "p", "holm", "bonferroni", "bh"]) {
                same(&ours.label, cell, &[&theirs[field]]);
            }
            assert_eq!(ours.cells.len(), 5);
        }
    }
}
