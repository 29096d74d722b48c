//! Reads the trial's file: what each row says, or where the file cannot be read.

use csv::{ByteRecord, ReaderBuilder, Trim};
use std::fmt;
use std::path::Path;

/// The arms, the reference first.
pub(crate) const ARMS: [&str; 3] = ["observation", "levamisole", "levamisole + 5-FU"];

const DAYS_PER_YEAR: f64 = 365.25;

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Recurrence,
    Death,
}

/// One row of the file: one patient and one endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) line: usize,
    pub(crate) id: String,
    pub(crate) endpoint: Endpoint,
    pub(crate) years: f64,
    pub(crate) event: bool,
    pub(crate) arm: &'static str,
    pub(crate) sex: &'static str,
    pub(crate) age: f64,
    pub(crate) obstruction: &'static str,
    pub(crate) perforation: &'static str,
    pub(crate) adherence: &'static str,
    /// NaN where missing.
    pub(crate) nodes: f64,
    pub(crate) differentiation: Option<&'static str>,
    pub(crate) spread: &'static str,
    pub(crate) surgery: &'static str,
}

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(crate) struct FileError {
    file: String,
    line: Option<usize>,
    column: Option<String>,
    problem: String,
}

impl FileError {
    pub(crate) fn new(file: &Path, problem: impl ToString) -> Self {
        let (file, problem) = (file.display().to_string(), problem.to_string());
        Self { file, line: None, column: None, problem }
    }

    pub(crate) fn at(self, line: usize, column: &str) -> Self {
        Self { line: Some(line), column: Some(column.to_owned()), ..self }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

/// Reads all rows.
pub(crate) fn read(file: &Path) -> Result<Vec<Row>, FileError> {
    let text = std::fs::read(file).map_err(|error| FileError::new(file, error))?;
    let fail = |error: csv::Error| FileError::new(file, error);
    let mut reader =
        ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_slice());
    let header = reader.byte_headers().map_err(fail)?.clone();
    let line_of = lines(&text);
    let rows = reader.byte_records().map(|record| {
        let record = record.map_err(fail)?;
        let line = record.position().map_or(1, |position| line_of(position.byte() as usize));
        Cells { file, line, header: &header, record: &record }.row()
    });
    rows.collect()
}

/// The line, from 1, of the record that the reader meets from a given byte on: the reader itself
/// leaves line ends of two bytes and empty lines to the record that follows them.
fn lines(text: &[u8]) -> impl Fn(usize) -> usize {
    let ends: Vec<usize> = (0..text.len()).filter(|&place| text[place] == b'\n').collect();
    let blank = |byte: &&u8| matches!(byte, b'\n' | b'\r');
    move |byte| {
        let start = byte + text[byte..].iter().take_while(blank).count();
        1 + ends.partition_point(|&end| end < start)
    }
}

const NO_YES: [(&str, &str); 2] = [("0", "no"), ("1", "yes")];

/// One line of the file.
struct Cells<'a> {
    file: &'a Path,
    line: usize,
    header: &'a ByteRecord,
    record: &'a ByteRecord,
}

impl Cells<'_> {
    fn row(&self) -> Result<Row, FileError> {
        if self.record.len() > self.header.len() {
            let last = String::from_utf8_lossy(&self.header[self.header.len() - 1]);
            return Err(self.error(&last, "more cells follow than the header names"));
        }
        let [observation, levamisole, both] = ARMS;
        let arms = [("Obs", observation), ("Lev", levamisole), ("Lev+5FU", both)];
        let grades = [("1", "well"), ("2", "moderate"), ("3", "poor")];
        let layers =
            [("1", "submucosa"), ("2", "muscle"), ("3", "serosa"), ("4", "contiguous structures")];
        let endpoints = [("1", Endpoint::Recurrence), ("2", Endpoint::Death)];
        Ok(Row {
            line: self.line,
            id: self.required("id")?,
            endpoint: self.code("etype", &endpoints)?,
            years: self.number("time")? / DAYS_PER_YEAR,
            event: self.code("status", &[("0", false), ("1", true)])?,
            arm: self.code("rx", &arms)?,
            sex: self.code("sex", &[("0", "female"), ("1", "male")])?,
            age: self.number("age")?,
            obstruction: self.code("obstruct", &NO_YES)?,
            perforation: self.code("perfor", &NO_YES)?,
            adherence: self.code("adhere", &NO_YES)?,
            nodes: self.unless_missing("nodes", Self::number)?.unwrap_or(f64::NAN),
            differentiation: self
                .unless_missing("differ", |cells, column| cells.code(column, &grades))?,
            spread: self.code("extent", &layers)?,
            surgery: self.code("surg", &[("0", "short"), ("1", "long")])?,
        })
    }

    fn error(&self, column: &str, problem: &str) -> FileError {
        FileError::new(self.file, problem).at(self.line, column)
    }

    fn text(&self, column: &str) -> Result<String, FileError> {
        let place = self.header.iter().position(|name| name == column.as_bytes());
        let place = place.ok_or_else(|| {
            FileError::new(self.file, "there is no such column in the header").at(1, column)
        })?;
        let cell = self.record.get(place);
        let cell = cell.ok_or_else(|| self.error(column, "the line ends before this cell"))?;
        Ok(String::from_utf8_lossy(cell).into_owned())
    }

    fn required(&self, column: &str) -> Result<String, FileError> {
        match self.text(column)? {
            text if is_missing(&text) => Err(self.error(column, "the cell is empty")),
            text => Ok(text),
        }
    }

    fn unless_missing<T>(
        &self,
        column: &str,
        read: impl Fn(&Self, &str) -> Result<T, FileError>,
    ) -> Result<Option<T>, FileError> {
        if is_missing(&self.text(column)?) {
            return Ok(None);
        }
        read(self, column).map(Some)
    }

    fn number(&self, column: &str) -> Result<f64, FileError> {
        let text = self.required(column)?;
        match text.parse() {
            Ok(number) if (0.0..f64::INFINITY).contains(&number) => Ok(number),
            Ok(_) => Err(self.error(column, &format!("`{text}` must be finite and not negative"))),
            Err(_) => Err(self.error(column, &format!("`{text}` is not a number"))),
        }
    }

    fn code<T: Copy>(&self, column: &str, codes: &[(&str, T)]) -> Result<T, FileError> {
        let text = self.required(column)?;
        let known = codes.iter().find(|(code, _)| *code == text);
        known.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let codes: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
            self.error(column, &format!("`{text}` is none of {}", codes.join(", ")))
        })
    }
}

fn is_missing(text: &str) -> bool {
    text.is_empty() || text == "NA"
}
