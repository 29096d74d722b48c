//! LaTeX.

use super::escape::latex;
use super::table::Table;

impl Table {
    /// A `table` environment that needs no package: caption, tabular, footnotes.
    #[must_use]
    pub fn to_latex(&self) -> String {
        let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
        let columns = "r".repeat(self.header.len().saturating_sub(1));
        let mut text = format!("\\begin{{table}}\n\\caption{{{}}}\n", latex(&self.title));
        text += &format!("\\begin{{tabular}}{{l{columns}}}\n\\hline\n");
        text += &line(self.header.iter().map(|head| latex(head)).collect());
        text += "\\hline\n";
        for row in &self.rows {
            let space = if row.is_set_in() { "\\quad " } else { "" };
            let label = format!("{space}{}", latex(&row.label));
            let cells = self.texts(row).map(|cell| latex(&cell));
            text += &line(std::iter::once(label).chain(cells).collect());
        }
        text += "\\hline\n\\end{tabular}\n";
        for note in &self.footnotes {
            text += &format!("\\par\\footnotesize {}\n", latex(note));
        }
        text + "\\end{table}\n"
    }
}
