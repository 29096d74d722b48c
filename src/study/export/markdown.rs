//! Markdown with pipes.

use super::escape::markdown;
use super::table::{Table, TableRow};

impl Table {
    /// A table of GitHub's Markdown, its title in bold above and its footnotes below.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let mut text = format!("**{}**\n\n", markdown(&self.title));
        text += &line(self.header.iter().map(|head| markdown(head)).collect());
        let align = |column: usize| if column == 0 { "---" } else { "---:" };
        let rule: Vec<&str> = (0..self.header.len()).map(align).collect();
        text += &format!("|{}|\n", rule.join("|"));
        for row in &self.rows {
            let cells = self.texts(row).map(|cell| markdown(&cell));
            text += &line(std::iter::once(label(row)).chain(cells).collect());
        }
        for note in &self.footnotes {
            text += &format!("\n{}\n", markdown(note));
        }
        text
    }
}

fn label(row: &TableRow) -> String {
    let space = if row.is_set_in() { "&emsp;" } else { "" };
    format!("{space}{}", markdown(&row.label))
}
