//! Univariable and multivariable hazard ratios, printed.

use std::fmt;

use super::cell::Cell;
use super::table::{Table, TableRow};
use crate::inference::HazardRatio;
use crate::statistic::percent;
use crate::study::hazard_ratios::{HazardRatioRow, HazardRatioRowKind, HazardRatioTable};

impl From<&HazardRatioTable> for Table {
    fn from(ratios: &HazardRatioTable) -> Self {
        let level = percent(ratios.level);
        let header = vec![
            "Term".to_owned(),
            "n".to_owned(),
            "Events".to_owned(),
            format!("Univariable HR ({level} CI)"),
            "Univariable p".to_owned(),
            format!("Multivariable HR ({level} CI)"),
            "Multivariable p".to_owned(),
        ];
        let mut table = Self::new("Univariable and multivariable hazard ratios", &header);
        for term in &ratios.terms {
            let tests = [&term.univariable, &term.multivariable].map(|test| Cell::p(test.as_ref()));
            let [alone, adjusted] = tests;
            match term.rows.as_slice() {
                // One coefficient: its line is that of the term.
                [row] if row.kind == HazardRatioRowKind::Coefficient => {
                    let [n, events, ratio, _, together, _] = cells(row);
                    let cells = vec![n, events, ratio, alone, together, adjusted];
                    table.rows.push(TableRow::new(&term.name, &term.name, cells));
                }
                rows => {
                    let none = || Cell::Empty;
                    let head = vec![none(), none(), none(), alone, none(), adjusted];
                    table.rows.push(TableRow::new(&term.name, &term.name, head));
                    let line = |row: &HazardRatioRow| {
                        TableRow::new(&term.name, &row.label, cells(row).into())
                    };
                    table.rows.extend(rows.iter().map(line));
                }
            }
        }
        table.footnotes.push(format!(
            "Cox models of the same {} rows with {} events; HR: hazard ratio. The p-value of a factor is \
             that of all its levels.",
            ratios.n, ratios.n_events
        ));
        if let Some(each) = ratios.events_per_coefficient() {
            let note = format!("{each:.1} events for each coefficient of the multivariable model.");
            table.footnotes.push(note);
        }
        table.footnotes.extend(ratios.warnings.iter().map(|warning| format!("Note: {warning}.")));
        table
    }
}

/// Counts, and a ratio with its p-value from each of the models.
fn cells(row: &HazardRatioRow) -> [Cell; 6] {
    let of = |ratio: &Option<HazardRatio>| match (row.kind, ratio) {
        (HazardRatioRowKind::Reference, _) => [Cell::Text("1 (reference)".to_owned()), Cell::Empty],
        (_, None) => [Cell::Empty, Cell::Empty],
        (_, Some(ratio)) => [Cell::ratio(ratio), Cell::p(ratio.test.as_ref())],
    };
    let ([alone, p_alone], [together, p_together]) = (of(&row.univariable), of(&row.multivariable));
    [Cell::Count(row.n), Cell::Count(row.n_events), alone, p_alone, together, p_together]
}

/// The printed table.
impl fmt::Display for HazardRatioTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Table::from(self))
    }
}
