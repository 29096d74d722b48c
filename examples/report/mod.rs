//! A report: sections of words, tables and figures, as text for a terminal, as one self-contained HTML
//! page, and as files, each table as CSV and JSON, each figure as SVG.

mod html;

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use riskset::plot::Drawing;
use riskset::study::Table;

/// A whole report.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) title: String,
    /// What the data are; it stands above everything, and above each file.
    pub(crate) banner: String,
    pub(crate) sections: Vec<Section>,
}

/// One section.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone)]
pub(crate) enum Block {
    Words(String),
    /// A table and the name of its files.
    Table(String, Table),
    /// A figure, the name of its file, and its legend.
    Figure(String, Drawing, String),
}

impl Section {
    pub(crate) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), blocks: Vec::new() }
    }

    pub(crate) fn words(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Words(text.into()));
        self
    }

    pub(crate) fn table(mut self, name: &str, table: impl Into<Table>) -> Self {
        self.blocks.push(Block::Table(name.to_owned(), table.into()));
        self
    }

    pub(crate) fn figure(mut self, name: &str, drawing: Drawing, legend: &str) -> Self {
        self.blocks.push(Block::Figure(name.to_owned(), drawing, legend.to_owned()));
        self
    }
}

impl Report {
    /// The whole report as one page that needs nothing else.
    pub(crate) fn html(&self) -> String {
        html::page(self)
    }

    /// Writes `report.html`, and each table and figure by its name, into a folder.
    ///
    /// # Errors
    /// Those of the file system, and [`io::ErrorKind::InvalidInput`] for a name that two tables or two
    /// figures have, or that leads out of the folder.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        self.names_are_files()?;
        fs::create_dir_all(folder)?;
        fs::write(folder.join("report.html"), self.html())?;
        for block in self.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Words(_) => {}
                Block::Table(name, table) => {
                    fs::write(folder.join(format!("{name}.csv")), table.to_csv())?;
                    fs::write(folder.join(format!("{name}.json")), table.to_json())?;
                }
                Block::Figure(name, drawing, _) => {
                    fs::write(folder.join(format!("{name}.svg")), drawing.svg())?;
                }
            }
        }
        Ok(())
    }

    fn names_are_files(&self) -> io::Result<()> {
        let mut seen = HashSet::new();
        for block in self.sections.iter().flat_map(|section| &section.blocks) {
            let (kind, name) = match block {
                Block::Words(_) => continue,
                Block::Table(name, _) => ("table", name),
                Block::Figure(name, ..) => ("figure", name),
            };
            let problem = match name.is_empty() || name.contains(['/', '\\']) {
                true => "is no name of a file",
                false if !seen.insert((kind, name)) => "is there twice",
                false => continue,
            };
            let text = format!("{kind} `{name}`: the name {problem}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        Ok(())
    }
}

/// The words and tables; a figure by its name.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}", self.banner, self.title)?;
        for section in &self.sections {
            writeln!(f, "\n{}\n", section.title.to_uppercase())?;
            for block in &section.blocks {
                match block {
                    Block::Words(text) => writeln!(f, "{text}\n")?,
                    Block::Table(_, table) => writeln!(f, "{table}")?,
                    Block::Figure(name, _, legend) => writeln!(f, "[{name}.svg] {legend}\n")?,
                }
            }
        }
        Ok(())
    }
}
