//! The baseline table, printed.

use std::fmt;

use super::cell::Cell;
use super::table::{Table, TableRow};
use crate::statistic::StandardisedDifferences;
use crate::study::baseline::{
    BaselineRow, BaselineSummary, BaselineTable, BaselineTestKind, NumberSummary,
};

impl From<&BaselineTable> for Table {
    fn from(baseline: &BaselineTable) -> Self {
        let sizes = baseline.groups.iter().zip(&baseline.n);
        let head = |(name, n): (&String, &f64)| format!("{name} (n={})", rounded(*n));
        let mut header = vec!["Characteristic".to_owned()];
        header.extend(sizes.map(head));
        header.push(format!("Overall (n={})", rounded(baseline.n_overall)));
        let differences = baseline.rows.iter().any(|row| row.differences.is_some());
        let tests = baseline.rows.iter().any(|row| row.test.is_some());
        header.extend(differences.then(|| "Largest SMD".to_owned()));
        header.extend(tests.then(|| "p".to_owned()));
        let mut table = Self::new("Baseline characteristics", &header);
        for row in &baseline.rows {
            let mut last = Vec::new();
            if differences {
                let largest = row.differences.as_ref().and_then(StandardisedDifferences::largest);
                last.push(largest.map_or(Cell::Empty, |value| Cell::Number { value, decimals: 2 }));
            }
            if tests {
                last.push(row.test.map_or(Cell::Empty, |test| Cell::PValue {
                    value: test.p_value,
                    marked: test.kind == BaselineTestKind::PearsonByPermutation,
                }));
            }
            table.rows.extend(rows(row, baseline.groups.len().saturating_add(1), last));
        }
        table.footnotes = footnotes(baseline, differences);
        table
    }
}

fn rounded(n: f64) -> String {
    if n.fract() == 0.0 { n.to_string() } else { format!("{n:.1}") }
}

/// The head of a characteristic with what belongs to all of it, then its lines.
fn rows(row: &BaselineRow, n_columns: usize, last: Vec<Cell>) -> Vec<TableRow> {
    let line = |label: &str, cells: Vec<Cell>| TableRow::new(&row.name, label, cells);
    let head = [vec![Cell::Empty; n_columns], last].concat();
    let mut lines = vec![line(&row.name, head)];
    let missing = match &row.summary {
        BaselineSummary::Number { by_group, overall } => {
            let all: Vec<&NumberSummary> = by_group.iter().chain([overall]).collect();
            let each = |cell: &dyn Fn(&NumberSummary) -> Option<Cell>| {
                all.iter().map(|summary| cell(summary).unwrap_or(Cell::Empty)).collect()
            };
            lines.push(line(
                "mean (SD)",
                each(&|s| Some(Cell::MeanSd { mean: s.mean?, std_deviation: s.std_deviation })),
            ));
            lines.push(line(
                "median [quartiles]",
                each(&|s| {
                    let values = [s.lower_quartile?, s.median?, s.upper_quartile?];
                    Some(Cell::Quartiles { values })
                }),
            ));
            all.iter().map(|summary| summary.n_missing).collect::<Vec<f64>>()
        }
        BaselineSummary::Levels { levels, by_group, overall } => {
            let all = by_group.iter().chain([overall]);
            for (place, level) in levels.iter().enumerate() {
                let cell = |counts: &crate::study::baseline::LevelCounts| {
                    let count = counts.counts.get(place).copied().unwrap_or_default();
                    Cell::CountShare { count, share: counts.share(place) }
                };
                lines.push(line(level, all.clone().map(cell).collect()));
            }
            all.map(|counts| counts.n_missing).collect()
        }
    };
    if missing.iter().any(|n| *n > 0.0) {
        lines.push(line("missing", missing.into_iter().map(Cell::Count).collect()));
    }
    lines
}

fn footnotes(baseline: &BaselineTable, differences: bool) -> Vec<String> {
    let mut notes = vec![
        "Missing values are counted on a line of their own and left out of shares, means, quartiles \
         and tests."
            .to_owned(),
    ];
    if baseline.weighted {
        notes.push("Rows are weighted; counts are sums of weights.".to_owned());
    }
    if differences {
        notes.push("SMD: standardised mean difference, the largest between two groups.".to_owned());
    }
    let mut kinds: Vec<BaselineTestKind> =
        baseline.rows.iter().filter_map(|row| Some(row.test?.kind)).collect();
    kinds.dedup();
    let mut named: Vec<BaselineTestKind> = Vec::new();
    kinds.into_iter().for_each(|kind| {
        if !named.contains(&kind) {
            named.push(kind);
        }
    });
    if !named.is_empty() {
        let names: Vec<String> = named.iter().map(ToString::to_string).collect();
        notes.push(format!("Tests: {}.", names.join("; ")));
    }
    if named.contains(&BaselineTestKind::PearsonByPermutation) {
        let n = baseline.permutations;
        notes.push(format!("† p-value by {n} permutations: an expected count is below 5."));
    }
    notes
}

/// The printed table.
impl fmt::Display for BaselineTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Table::from(self))
    }
}
