//! Univariable and multivariable models.

use riskset::study::{
    Adjustment, ForestRowKind, HazardRatioRow, HazardRatioRowKind, HazardRatioTable, HazardRatios,
    Selection, TermTestKind,
};
use riskset::{CoxPh, Ties};
use serde_json::Value;

use super::cohort::{Cohort, MODEL_A, near, near_p};
use crate::golden::case::{list, number, text};

const ALL: [&str; 16] = [
    "group",
    "num",
    "size",
    "syn",
    "epm",
    "mln",
    "peri",
    "age10",
    "male",
    "rect",
    "ns",
    "kr",
    "cea3",
    "ca3",
    "bilateral",
    "mod",
];

fn coefficients(table: &HazardRatioTable) -> Vec<&HazardRatioRow> {
    let rows = table.terms.iter().flat_map(|term| &term.rows);
    rows.filter(|row| row.kind == HazardRatioRowKind::Coefficient).collect()
}

#[track_caller]
fn row(ours: &riskset::inference::HazardRatio, theirs: &Value) {
    let what = &ours.name;
    near(what, ours.estimate.unwrap(), &theirs["hr"]);
    near(what, ours.std_error_ln.unwrap(), &theirs["se_used"]);
    near(what, ours.interval.unwrap().lower.unwrap(), &theirs["lo"]);
    near(what, ours.interval.unwrap().upper.unwrap(), &theirs["hi"]);
    near_p(what, ours.test.unwrap().p_value, &theirs["p"]);
}

fn multivariable(table: &HazardRatioTable, theirs: &Value) {
    let ours: Vec<_> =
        coefficients(table).iter().filter_map(|r| r.multivariable.as_ref()).collect();
    assert_eq!(ours.len(), list(theirs).len());
    ours.iter().zip(list(theirs)).for_each(|(ours, theirs)| row(ours, theirs));
}

/// Every factor alone, then those below 0.1 together, the group always among them.
#[test]
fn the_usual_rule_is_that_of_r() {
    let cohort = Cohort::read();
    for endpoint in ["pfs", "os"] {
        let r = &cohort.answers[endpoint];
        let rule = Selection::PValue { threshold: 0.1, forced: vec!["group".to_owned()] };
        let (data, design) = (cohort.data(endpoint), cohort.design(&ALL));
        let table = HazardRatios::new().selection(rule).fit(&data, &design).unwrap();
        let wald = HazardRatios::new().term_test(TermTestKind::Wald).fit(&data, &design).unwrap();
        for ((ours, wald), theirs) in
            table.terms.iter().zip(&wald.terms).zip(list(&r["univariable"]))
        {
            assert_eq!(ours.name, text(&theirs["variable"]));
            let test = ours.univariable.unwrap();
            near(&ours.name, test.statistic, &theirs["lrt"]);
            assert_eq!(test.df.unwrap() as f64, number(&theirs["df"]));
            near_p(&ours.name, test.p_value, &theirs["p_lrt"]);
            // R rounds Wald's statistic to two decimals before it prints it, not its p-value.
            let p = number(&theirs["p_wald"]);
            assert!((wald.univariable.unwrap().p_value - p).abs() <= 0.02 * p, "{}", ours.name);
            let rows: Vec<_> =
                ours.rows.iter().filter_map(|row| row.univariable.as_ref()).collect();
            assert_eq!(rows.len(), list(&theirs["rows"]).len());
            rows.iter().zip(list(&theirs["rows"])).for_each(|(ours, theirs)| row(ours, theirs));
        }
        let selected: Vec<String> = list(&r["selected"]).iter().map(text).collect();
        assert_eq!(table.selected(), selected);
        multivariable(&table, &r["selected_model"]);
    }
}

#[test]
fn model_a_is_that_of_r() {
    let cohort = Cohort::read();
    for (endpoint, terms) in MODEL_A {
        let (data, r) = (cohort.data(endpoint), &cohort.answers[endpoint]);
        let design = cohort.design(terms);
        let start = HazardRatios::new().term_test(TermTestKind::Wald);
        let table = start.clone().fit(&data, &design).unwrap();
        multivariable(&table, &r["model"]);
        for term in &table.terms {
            let (test, theirs) = (term.multivariable.unwrap(), &r["wald"][&term.name]);
            near(&term.name, test.statistic, &theirs["chisq"]);
            near_p(&term.name, test.p_value, &theirs["p"]);
        }
        let model = table.model.as_ref().unwrap();
        near("null", model.log_likelihood_null(), &r["loglik"][0]);
        near("log-likelihood", model.log_likelihood(), &r["loglik"][1]);
        near("C", model.concordance(&data, &design).unwrap().concordance, &r["concordance"]);
        let n = coefficients(&table).len() as f64;
        assert_eq!(table.events_per_coefficient(), Some(number(&r["events"]) / n));
        let breslow = start.model(CoxPh::new().ties(Ties::Breslow)).fit(&data, &design).unwrap();
        assert_eq!(breslow.ties, Ties::Breslow);
        multivariable(&breslow, &r["model_breslow"]);

        let forest = table.forest(Adjustment::Multivariable);
        let of = |kind| forest.rows.iter().filter(|row| row.kind == kind).count();
        assert_eq!(of(ForestRowKind::Ratio) as f64, n);
        assert_eq!(of(ForestRowKind::Reference), terms.len());
    }
}
