//! Reads the file of patients: what each row says, or where the file cannot be read.

use csv::{Reader, StringRecord};
use std::fmt;
use std::path::Path;

const MONTHS_PER_YEAR: f64 = 12.0;

/// The causes that end the time without either, with the codes they get.
pub(crate) const CAUSES: [(u32, &str); 2] = [(1, "progression"), (2, "death")];

/// One patient.
#[derive(Debug, Clone)]
pub(crate) struct Patient {
    pub(crate) line: u64,
    /// To progression, to death without it, or to the last contact.
    pub(crate) years: f64,
    /// 0 where neither has happened.
    pub(crate) cause: u32,
    pub(crate) age: f64,
    pub(crate) sex: &'static str,
    /// Size of the monoclonal spike, g/dl; NaN where missing.
    pub(crate) spike: f64,
}

/// What is wrong with a file, and where.
#[derive(Debug)]
pub(crate) struct FileError(String);

impl FileError {
    pub(crate) fn new(file: &Path, problem: impl fmt::Display) -> Self {
        Self(format!("{}: {problem}", file.display()))
    }

    pub(crate) fn at(file: &Path, line: u64, column: &str, problem: impl fmt::Display) -> Self {
        Self(format!("{}, line {line}, column `{column}`: {problem}", file.display()))
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads all patients.
pub(crate) fn read(file: &Path) -> Result<Vec<Patient>, FileError> {
    let fail = |error: csv::Error| FileError::new(file, error);
    let mut reader = Reader::from_path(file).map_err(fail)?;
    let header = reader.headers().map_err(fail)?.clone();
    let rows = reader.records().map(|record| {
        let record = record.map_err(fail)?;
        let line = record.position().map_or(0, csv::Position::line);
        Cells { file, line, header: &header, record: &record }.patient()
    });
    rows.collect()
}

/// One line of the file.
struct Cells<'a> {
    file: &'a Path,
    line: u64,
    header: &'a StringRecord,
    record: &'a StringRecord,
}

impl Cells<'_> {
    /// Whoever progresses does so before death: the earlier of the two is the event, its kind the cause.
    fn patient(&self) -> Result<Patient, FileError> {
        let (progressed, died) = (self.yes("pstat")?, self.yes("death")?);
        let (column, cause) = match (progressed, died) {
            (true, _) => ("ptime", 1),
            (false, true) => ("futime", 2),
            (false, false) => ("futime", 0),
        };
        Ok(Patient {
            line: self.line,
            years: self.number(column)? / MONTHS_PER_YEAR,
            cause,
            age: self.number("age")?,
            sex: match self.text("sex")? {
                "F" => "female",
                "M" => "male",
                other => return Err(self.error("sex", format!("`{other}` is not F or M"))),
            },
            spike: match self.text("mspike")? {
                "" => f64::NAN,
                _ => self.number("mspike")?,
            },
        })
    }

    fn text(&self, column: &str) -> Result<&str, FileError> {
        let place = self.header.iter().position(|name| name == column);
        let missing = || FileError::at(self.file, 1, column, "there is no such column");
        place.and_then(|place| self.record.get(place)).ok_or_else(missing)
    }

    fn number(&self, column: &str) -> Result<f64, FileError> {
        let text = self.text(column)?;
        text.parse().map_err(|_| self.error(column, format!("`{text}` is not a number")))
    }

    fn yes(&self, column: &str) -> Result<bool, FileError> {
        match self.text(column)? {
            "0" => Ok(false),
            "1" => Ok(true),
            other => Err(self.error(column, format!("`{other}` is not 0 or 1"))),
        }
    }

    fn error(&self, column: &str, problem: impl fmt::Display) -> FileError {
        FileError::at(self.file, self.line, column, problem)
    }
}
