//! JSON.

use super::cell::Cell;
use super::escape::json;
use super::table::Table;

impl Table {
    /// One JSON object: `title`, `header`, `rows` of `variable`, `label` and `cells`, `footnotes`. A cell is
    /// `null`, a string, or an object of its numbers by name with all their digits; `text` holds what
    /// stands in the place of a number, and `marked` is true beside one that a footnote belongs to.
    ///
    /// The format needs a string and a number and nothing else, so that it is written here, without a
    /// library; a table also serialises with the feature `serde`, as a Rust value.
    #[must_use]
    pub fn to_json(&self) -> String {
        let strings = |texts: &[String]| array(texts.iter().map(|text| json(text)));
        let rows = self.rows.iter().map(|row| {
            let (variable, label) = (json(&row.variable), json(&row.label));
            let cells = array(row.cells.iter().map(cell));
            format!("{{\"variable\":{variable},\"label\":{label},\"cells\":{cells}}}")
        });
        format!(
            "{{\"title\":{},\"header\":{},\"rows\":{},\"footnotes\":{}}}\n",
            json(&self.title),
            strings(&self.header),
            array(rows),
            strings(&self.footnotes)
        )
    }
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => return "null".to_owned(),
        Cell::Text(text) => return json(text),
        _ => {}
    }
    let number = |(name, value): (&str, f64)| {
        // JSON has no number that is not finite.
        let value = if value.is_finite() { value.to_string() } else { "null".to_owned() };
        format!("{}:{value}", json(name))
    };
    let mut fields: Vec<String> = cell.numbers().into_iter().map(number).collect();
    fields.extend(cell.words().map(|words| format!("\"text\":{}", json(words))));
    if cell.is_marked() {
        fields.push("\"marked\":true".to_owned());
    }
    format!("{{{}}}", fields.join(","))
}
