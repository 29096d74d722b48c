//! Section 8.

use riskset::study::Cell;

use super::super::cohort::Cohort;
use super::super::levels::Therapy;
use super::super::sections::sensitivity::section;
use super::{answers, cohort, near, options, ratio, row, table, value, words};
use crate::golden::case::{list, number};

const LINES: [(&str, &str); 10] = [
    ("crude", "crude"),
    ("model A", "adjusted"),
    ("model A, stratified by centre", "stratified"),
    ("model A, clustered on centre", "clustered"),
    ("model A, Breslow's ties", "breslow"),
    ("model A, from 3 months on", "landmark"),
    ("model A, nothing missing", "complete"),
    ("IPTW, stabilised", "iptw"),
    ("IPTW, truncated", "truncated"),
    ("overlap weights", "overlap"),
];

#[test]
fn every_analysis_is_that_of_r() {
    let (section, r) = (section(&cohort(), &options()).unwrap(), answers("ablation_sections"));
    for endpoint in ["pfs", "os"] {
        let table = table(&section, &format!("sensitivity-{endpoint}"));
        assert_eq!(table.rows.len(), LINES.len());
        for (label, name) in LINES {
            let (cells, theirs) = (&row(table, label, label).cells, list(&r[endpoint][name]));
            assert_eq!(theirs.len(), 3, "{name}");
            cells[2..].iter().zip(theirs).for_each(|(ours, theirs)| ratio(ours, theirs));
        }
        for (label, name) in [
            ("model A, from 3 months on", "landmark_rows"),
            ("model A, nothing missing", "complete_rows"),
        ] {
            let (cells, theirs) = (&row(table, label, label).cells, list(&r[endpoint][name]));
            assert_eq!(
                [value(&cells[0]), value(&cells[1])],
                [number(&theirs[0]), number(&theirs[1])]
            );
        }
    }
}

#[test]
fn the_weights_are_those_of_r() {
    let (section, r) = (section(&cohort(), &options()).unwrap(), answers("ablation_sections"));
    let (table, r) = (table(&section, "weights"), &r["weights"]);
    near(value(&row(table, "none", "none").cells[3]), &r["unweighted"]["balance"], 1e-9);
    for (label, name) in [
        ("IPTW, stabilised", "iptw"),
        ("IPTW, truncated", "truncated"),
        ("overlap weights", "overlap"),
    ] {
        let cells = &row(table, label, label).cells;
        for (cell, what) in cells.iter().zip(["min", "max", "ess", "balance"]) {
            near(value(cell), &r[name][what], 1e-8);
        }
    }
    let n = list(&r["truncated"]["n"]);
    let cut = format!("{} raised, {} lowered", number(&n[0]), number(&n[1]));
    assert_eq!(row(table, "IPTW, truncated", "IPTW, truncated").cells[4], Cell::Text(cut));
}

#[test]
fn degenerate_cohorts() {
    let mut one_centre = Cohort::simulate(1, 120);
    one_centre.patients.iter_mut().for_each(|patient| patient.centre = Some("C1".to_owned()));
    let text = words(&section(&one_centre, &options()).unwrap());
    assert!(text.contains("IPTW, stabilised") && !text.contains("Warning"), "{text}");
    assert!(text.contains("not estimated: `centre` has a single level"), "{text}");

    let mut one_group = Cohort::simulate(1, 40);
    one_group.patients.iter_mut().for_each(|patient| patient.group = Therapy::Sync);
    assert!(words(&section(&one_group, &options()).unwrap()).contains("nothing to compare"));

    let mut nobody_died = Cohort::simulate(1, 60);
    for patient in &mut nobody_died.patients {
        (patient.os.status, patient.pfs.status) = (0, 0);
    }
    let text = words(&section(&nobody_died, &options()).unwrap());
    assert!(text.contains("not estimated: no events among 60 rows"), "{text}");

    let mut missing = Cohort::simulate(1, 120);
    missing.patients[0].centre = None;
    missing.patients[1].age = None;
    let text = words(&section(&missing, &options()).unwrap());
    assert!(text.contains("2 patients with a missing baseline value have no weight"), "{text}");
    for n in 1..6 {
        section(&Cohort::simulate(2, n), &options()).unwrap();
    }
}
