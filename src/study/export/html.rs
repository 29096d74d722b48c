//! HTML.

use super::escape::html;
use super::table::Table;

impl Table {
    /// A `table` element with caption, head, body, and the footnotes in its foot.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut text = format!("<table>\n<caption>{}</caption>\n<thead>\n<tr>", html(&self.title));
        for head in &self.header {
            text += &format!("<th scope=\"col\">{}</th>", html(head));
        }
        text += "</tr>\n</thead>\n<tbody>\n";
        for row in &self.rows {
            let inset = if row.is_set_in() { " style=\"padding-left:1.5em\"" } else { "" };
            text += &format!("<tr><th scope=\"row\"{inset}>{}</th>", html(&row.label));
            for cell in self.texts(row) {
                text += &format!("<td>{}</td>", html(&cell));
            }
            text += "</tr>\n";
        }
        text += "</tbody>\n";
        if !self.footnotes.is_empty() {
            let span = self.header.len();
            text += "<tfoot>\n";
            for note in &self.footnotes {
                text += &format!("<tr><td colspan=\"{span}\">{}</td></tr>\n", html(note));
            }
            text += "</tfoot>\n";
        }
        text + "</table>\n"
    }
}
