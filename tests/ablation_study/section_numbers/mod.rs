//! Every number of the tables of the sections against R; `46_ablation.R` and `49_study_sections.R` made the answers.
//!
//! SIMULATED cohort, seed 22296, picked: no patient is real.

mod comparison;
mod local_progression;
mod reporting;
mod sensitivity;
mod subgroups;

use riskset::study::{Cell, Table, TableRow};
use serde_json::Value;
use std::fs;

use super::cohort::{Cohort, N, SEED};
use super::options::Options;
use super::report::{Block, Section};
use super::source::Source;
use crate::golden::case::folder;

/// Few resamples: their limits are not compared.
fn options() -> Options {
    Options {
        resamples: 39,
        permutations: 9,
        ..Options::new(Source::Simulated { seed: SEED, n: N })
    }
}

fn cohort() -> Cohort {
    Cohort::simulate(SEED, N)
}

/// R's answers of a file in `golden`.
fn answers(name: &str) -> Value {
    let text = fs::read_to_string(folder(&format!("golden/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[track_caller]
fn table<'a>(section: &'a Section, name: &str) -> &'a Table {
    let table = |block: &'a Block| match block {
        Block::Table(found, table) if found == name => Some(table),
        _ => None,
    };
    section.blocks.iter().find_map(table).unwrap_or_else(|| panic!("no table {name}"))
}

/// All that a section says in words.
fn words(section: &Section) -> String {
    let words = |block: &Block| match block {
        Block::Words(text) => text.clone(),
        Block::Table(_, table) => table.to_string(),
        Block::Figure(_, _, legend) => legend.clone(),
    };
    section.blocks.iter().map(words).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn row<'a>(table: &'a Table, variable: &str, label: &str) -> &'a TableRow {
    let found = table.rows.iter().find(|row| row.variable == variable && row.label == label);
    found.unwrap_or_else(|| panic!("{}: no row {variable}, {label}", table.title))
}

/// The number of a cell.
#[track_caller]
fn value(cell: &Cell) -> f64 {
    match cell {
        Cell::Count(value)
        | Cell::Number { value, .. }
        | Cell::PValue { value, .. }
        | Cell::Probability { value, .. }
        | Cell::Time { value: Some(value), .. }
        | Cell::Ratio { value: Some(value), .. } => *value,
        other => panic!("{other:?} has no number"),
    }
}

/// A ratio with its limits, against R's hr, lo and hi.
#[track_caller]
fn ratio(cell: &Cell, theirs: &Value) {
    let Cell::Ratio { interval: Some(limits), .. } = cell else { panic!("{cell:?}") };
    near(value(cell), &theirs["hr"], 1e-9);
    near(limits.lower.unwrap(), &theirs["lo"], 1e-9);
    near(limits.upper.unwrap(), &theirs["hi"], 1e-9);
}

/// Within a relative bound of R's number.
#[track_caller]
fn near(ours: f64, theirs: &Value, bound: f64) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("R has {theirs}"));
    let off = (ours - theirs).abs();
    assert!(off <= bound * theirs.abs(), "ours {ours:e}, R {theirs:e}, off {off:e}");
}
