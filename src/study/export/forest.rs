//! The numbers of a forest plot, printed.

use std::fmt;

use super::cell::Cell;
use super::table::{Table, TableRow};
use crate::statistic::percent;
use crate::study::forest::{ForestData, ForestRow, ForestRowKind};

impl From<&ForestData> for Table {
    fn from(forest: &ForestData) -> Self {
        let level = percent(forest.level);
        let header = ["", "n", "Events", &format!("HR ({level} CI)"), "p"];
        let mut table = Self::new(&forest.title, &header);
        table.rows = forest.rows.iter().map(row).collect();
        table.footnotes.clone_from(&forest.notes);
        table
    }
}

fn row(row: &ForestRow) -> TableRow {
    let count = |n: Option<f64>| n.map_or(Cell::Empty, Cell::Count);
    let note = || row.note.clone().map_or(Cell::Empty, Cell::Text);
    let ratio = match row.kind {
        ForestRowKind::Reference => Cell::Text("1 (reference)".to_owned()),
        ForestRowKind::Heading | ForestRowKind::Omitted => note(),
        _ => Cell::of_ratio(row.estimate, row.status.as_ref(), row.interval),
    };
    let cells = vec![count(row.n), count(row.n_events), ratio, Cell::p(row.test.as_ref())];
    TableRow::new(&row.variable, &row.label, cells)
}

/// The printed table.
impl fmt::Display for ForestData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Table::from(self))
    }
}
