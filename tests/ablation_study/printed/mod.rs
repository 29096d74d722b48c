//! Every number that sections 0 to 6 print of the simulated cohort (seed 22296, picked: no patient is real)
//! against R. `46_ablation.R` and `48_study.R` of `tests/golden/generate` made the numbers.

mod baseline;
mod describe;
mod files;
mod models;
mod proportionality;
mod survival;
mod unusual;

use riskset::study::{Cell, Table, TableRow};
use serde_json::Value;
use std::fs;
use std::sync::OnceLock;

use super::analysis::report;
use super::cohort::{Cohort, N, SEED};
use super::options::Options;
use super::report::{Block, Report};
use super::source::Source;
use crate::golden::case::folder;

const GROUPS: [&str; 4] = ["sync", "upfront", "delayed", "none"];

fn options() -> Options {
    Options::new(Source::Simulated { seed: SEED, n: N })
}

fn cohort() -> Cohort {
    Cohort::simulate(SEED, N)
}

/// The report of the default cohort.
fn printed() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| report(&cohort(), &options()).unwrap())
}

/// A table of it.
fn table(name: &str) -> &'static Table {
    let name = format!("simulated-{name}");
    let blocks = printed().sections.iter().flat_map(|section| &section.blocks);
    let tables = blocks.filter_map(|block| match block {
        Block::Table(own, table) if *own == name => Some(table),
        _ => None,
    });
    let tables: Vec<&Table> = tables.collect();
    assert_eq!(tables.len(), 1, "{name}");
    tables[0]
}

/// R's numbers.
fn golden(file: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(folder("golden").join(file)).unwrap()).unwrap()
}

/// A row of its own, or a level below its variable.
fn row<'a>(table: &'a Table, variable: &str, label: &str) -> &'a TableRow {
    let mut found = table.rows.iter().filter(|row| row.variable == variable && row.label == label);
    found.next().unwrap_or_else(|| panic!("{}: no row {variable}, {label}", table.title))
}

/// The rows that have a hazard ratio, in order.
fn ratios(table: &Table) -> Vec<&TableRow> {
    let has = |row: &&TableRow| matches!(row.cells.get(2), Some(Cell::Ratio { .. }));
    table.rows.iter().filter(has).collect()
}

/// The numbers of a cell; NaN stands for one that is not reached.
fn numbers(cell: &Cell) -> Vec<f64> {
    let or_nan = |value: Option<f64>| value.unwrap_or(f64::NAN);
    match cell {
        Cell::Count(n) => vec![*n],
        Cell::CountShare { count, share } => vec![*count, or_nan(*share)],
        Cell::MeanSd { mean, std_deviation } => vec![*mean, or_nan(*std_deviation)],
        Cell::Quartiles { values } => values.to_vec(),
        Cell::Number { value, .. } | Cell::PValue { value, .. } => vec![*value],
        Cell::Time { value, interval } | Cell::Ratio { value, interval, .. } => {
            let limits = interval.map_or([None; 2], |limits| [limits.lower, limits.upper]);
            vec![or_nan(*value), or_nan(limits[0]), or_nan(limits[1])]
        }
        Cell::Probability { value, interval, .. } => {
            let limits = interval.map_or([None; 2], |limits| [limits.lower, limits.upper]);
            vec![*value, or_nan(limits[0]), or_nan(limits[1])]
        }
        _ => Vec::new(),
    }
}

/// The numbers of a cell are R's, within 1e-9, or 1e-8 of a p-value; a number that R does not have is
/// not reached here.
#[track_caller]
fn same(what: &str, cell: &Cell, theirs: &[&Value]) {
    let bound = if matches!(cell, Cell::PValue { .. }) { 1e-8 } else { 1e-9 };
    let ours = numbers(cell);
    assert_eq!(ours.len(), theirs.len(), "{what}: {cell:?}");
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        match theirs.as_f64() {
            Some(theirs) => {
                let off = (ours - theirs).abs();
                assert!(off <= bound * theirs.abs(), "{what}: ours {ours:e}, R {theirs:e}");
            }
            None => {
                assert!(ours.is_nan() && (theirs.is_null() || *theirs == "NA"), "{what}: {ours}");
            }
        }
    }
}

/// Statistic, degrees of freedom and p-value.
#[track_caller]
fn same_test(what: &str, cells: &[Cell], theirs: [&Value; 3]) {
    assert_eq!(cells.len(), 3, "{what}");
    cells.iter().zip(theirs).for_each(|(cell, theirs)| same(what, cell, &[theirs]));
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// The record of a list that has this text in a field.
fn with<'a>(records: &'a Value, field: &str, text: &str) -> &'a Value {
    list(records).iter().find(|record| record[field] == text).unwrap_or_else(|| panic!("no {text}"))
}
