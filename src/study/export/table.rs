//! A table as it is printed: title, header, rows, footnotes.

use std::fmt;

use super::cell::Cell;
use super::style::Style;
use crate::statistic;

/// One row of a printed table; see [`Table`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TableRow {
    /// The variable that the row belongs to.
    pub variable: String,
    /// What stands in its first column: the variable itself, or, set in, one of its levels.
    pub label: String,
    /// One for each further column.
    pub cells: Vec<Cell>,
}

impl TableRow {
    /// A row for `variable`; a `label` that differs from it is set in below it.
    #[must_use]
    pub fn new(variable: &str, label: &str, cells: Vec<Cell>) -> Self {
        Self { variable: variable.to_owned(), label: label.to_owned(), cells }
    }

    /// Whether it stands below its variable.
    pub(super) fn is_set_in(&self) -> bool {
        !self.variable.is_empty() && self.label != self.variable
    }
}

/// A printed table, made of any result of this room by `Table::from(&result)`, or row by row.
///
/// | writer | numbers | escapes |
/// |---|---|---|
/// | [`to_markdown`](Self::to_markdown), [`to_html`](Self::to_html), [`to_latex`](Self::to_latex) | rounded, in the [`Style`] | what the format takes for its own |
/// | [`to_csv`](Self::to_csv), [`to_json`](Self::to_json) | every digit, each in a field of its own | RFC 4180, RFC 8259 |
///
/// `Display` writes it with aligned columns.
///
/// ```
/// use riskset::study::{Baseline, Table};
/// use riskset::Groups;
///
/// let arm = Groups::new(&["old", "old", "new"])?;
/// let table = Baseline::new().factor("sex", &["f", "m", "m"], &["f", "m"]).by(&arm)?;
/// let table = Table::from(&table);
/// assert_eq!(table.to_csv().lines().nth(2), Some("sex,f,0,0,1,0.5,1,0.3333333333333333"));
/// assert!(table.to_markdown().contains("| &emsp;m | 1 (100.0%) | 1 (50.0%) | 2 (66.7%) |"));
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Table {
    /// What stands above it.
    pub title: String,
    /// The heads of the columns, that of the labels first.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// What stands below it.
    pub footnotes: Vec<String>,
    /// How its numbers are written for people.
    pub style: Style,
}

impl Table {
    /// A table without rows; the first head stands over the labels.
    ///
    /// ```
    /// use riskset::study::{Cell, Table};
    ///
    /// let p = Cell::PValue { value: 0.0402, marked: false };
    /// let table = Table::new("Pairs", &["groups", "p"]).row("early - late", vec![p]);
    /// assert_eq!(table.to_csv(), "variable,label,p\nearly - late,early - late,0.0402\n");
    /// ```
    #[must_use]
    pub fn new(title: &str, header: &[impl AsRef<str>]) -> Self {
        Self {
            title: title.to_owned(),
            header: header.iter().map(|head| head.as_ref().to_owned()).collect(),
            rows: Vec::new(),
            footnotes: Vec::new(),
            style: Style::default(),
        }
    }

    /// The same, with one more row, that of a variable of its own.
    #[must_use]
    pub fn row(mut self, label: &str, cells: Vec<Cell>) -> Self {
        self.rows.push(TableRow::new(label, label, cells));
        self
    }

    /// The same, with one more line below it.
    #[must_use]
    pub fn footnote(mut self, text: &str) -> Self {
        self.footnotes.push(text.to_owned());
        self
    }

    /// The same, its numbers written in another style.
    #[must_use]
    pub fn with_style(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// The texts of the cells, a row as long as the header.
    pub(super) fn texts<'a>(&'a self, row: &'a TableRow) -> impl Iterator<Item = String> + 'a {
        let columns = 0..self.header.len().saturating_sub(1);
        columns.map(|column| self.text(row, column))
    }

    /// The text of one cell; none past the last.
    fn text(&self, row: &TableRow, column: usize) -> String {
        row.cells.get(column).map_or(String::new(), |cell| cell.text(&self.style))
    }
}

/// Aligned columns, levels set in below their variable.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let label = |row: &TableRow| match row.is_set_in() {
            true => format!("  {}", row.label),
            false => row.label.clone(),
        };
        let mut table =
            statistic::Table::default().column("", self.rows.iter().map(label).collect());
        for (column, head) in self.header.iter().skip(1).enumerate() {
            let texts = self.rows.iter().map(|row| self.text(row, column));
            table = table.column(head, texts.collect());
        }
        write!(f, "{}\n{table}", self.title)?;
        self.footnotes.iter().try_for_each(|note| writeln!(f, "{note}"))
    }
}
