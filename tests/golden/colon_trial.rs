//! Every number in the tables of `examples/colon_trial` against R; `generate/40_colon_trial.R` made R's.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::case::folder;
use crate::examples::{report, trial};

#[path = "../../examples/colon_trial/analysis/mod.rs"]
mod analysis;
use report::{Block, Report};

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/colon.csv");

fn fresh() -> Report {
    analysis::report(Path::new(TRIAL)).unwrap()
}

fn report_of_the_trial() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(fresh)
}

/// The rows of a table by their names, with the numbers of each from left to right, all digits.
fn numbers(csv: &str) -> Vec<(String, Vec<f64>)> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let row = |record: csv::StringRecord| {
        let name = format!("{}: {}", &record[0], &record[1]);
        (name, record.iter().skip(2).filter_map(|field| field.parse().ok()).collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

#[test]
fn every_number_of_every_table_is_that_of_r() {
    let text = fs::read_to_string(folder("golden/colon_trial.json")).unwrap();
    let mut expected: BTreeMap<String, Value> = serde_json::from_str(&text).unwrap();
    expected.remove("versions");
    let report = report_of_the_trial();
    let mut problems = Vec::new();
    for block in report.sections.iter().flat_map(|section| &section.blocks) {
        let Block::Table(name, table) = block else { continue };
        let theirs = expected.remove(name).unwrap_or_else(|| panic!("R has no table {name}"));
        let theirs: Vec<Vec<f64>> = serde_json::from_value(theirs).unwrap();
        let ours = numbers(&table.to_csv());
        assert_eq!(ours.len(), theirs.len(), "rows of {name}");
        for ((row, ours), theirs) in ours.iter().zip(&theirs) {
            let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * b.abs();
            if ours.len() != theirs.len() || !ours.iter().zip(theirs).all(near) {
                problems.push(format!("{name}, {row}\n  ours {ours:?}\n  R    {theirs:?}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(expected.is_empty(), "not in the report: {:?}", expected.keys());
}

#[test]
fn the_report_names_the_terms_whose_hazards_are_not_proportional() {
    let text = report_of_the_trial().to_string();
    assert_eq!(
        text.matches("changes with time (p < 0.05) of: obstruction, differentiation.").count(),
        2
    );
}

#[test]
fn the_same_data_give_the_same_page() {
    let page = report_of_the_trial().html();
    assert!(page == fresh().html());
    assert_eq!(page.matches("<svg ").count(), 7);
}

#[test]
fn the_example_has_the_same_data() {
    assert!(fs::read(TRIAL).unwrap() == fs::read(folder("data/colon.csv")).unwrap());
}
