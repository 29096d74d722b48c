//! Comma-separated values.

use super::cell::Cell;
use super::escape::csv;
use super::table::Table;

/// The field of a cell's words, where its column also has numbers.
const WORDS: &str = "text";

impl Table {
    /// CSV with every number in a field of its own and all its digits; an absent number is an empty
    /// field. The first two columns are variable and label. A column of the table becomes one for
    /// each kind of number in it, named after both, `sync share`, unless there is a single kind. Title
    /// and footnotes are left out.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let heads = self.header.get(1..).unwrap_or_default();
        let columns: Vec<(usize, &String, &str)> = (heads.iter().enumerate())
            .flat_map(|(column, head)| {
                self.kinds(column).into_iter().map(move |kind| (column, head, kind))
            })
            .collect();
        let head = |&(column, head, kind): &(usize, &String, &str)| {
            let single = columns.iter().filter(|(other, ..)| *other == column).count() == 1;
            if single { csv(head) } else { csv(&format!("{head} {kind}")) }
        };
        let mut fields = vec!["variable".to_owned(), "label".to_owned()];
        fields.extend(columns.iter().map(head));
        let mut text = fields.join(",") + "\n";
        for row in &self.rows {
            let field = |&(column, _, kind): &(usize, &String, &str)| {
                row.cells.get(column).map_or(String::new(), |cell| field(cell, kind))
            };
            let mut fields = vec![csv(&row.variable), csv(&row.label)];
            fields.extend(columns.iter().map(field));
            text += &(fields.join(",") + "\n");
        }
        text
    }

    /// The kinds of numbers in a column, in the order they appear, and `text` where it has words.
    fn kinds(&self, column: usize) -> Vec<&'static str> {
        let mut kinds = Vec::new();
        for cell in self.rows.iter().filter_map(|row| row.cells.get(column)) {
            let words = cell.words().map(|_| WORDS);
            for kind in cell.numbers().into_iter().map(|(kind, _)| kind).chain(words) {
                if !kinds.contains(&kind) {
                    kinds.push(kind);
                }
            }
        }
        kinds
    }
}

fn field(cell: &Cell, kind: &str) -> String {
    if kind == WORDS {
        return cell.words().map_or(String::new(), csv);
    }
    let found = cell.numbers().into_iter().find(|(name, _)| *name == kind);
    found.map_or(String::new(), |(_, value)| value.to_string())
}
