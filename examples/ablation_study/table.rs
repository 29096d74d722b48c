//! A CSV file of which every fault is collected before anything stops.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use super::faults::Fault;
use super::levels::Level;

/// The rows of a file, the columns looked up by name; other columns are ignored.
#[derive(Debug)]
pub(crate) struct Table {
    file: String,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
    pub(crate) faults: Vec<Fault>,
}

impl Table {
    /// Reads a file that must have these columns.
    pub(crate) fn open(path: &Path, columns: &[&str]) -> Self {
        let name = path.display().to_string();
        match File::open(path) {
            Ok(file) => Self::read(&name, file, columns),
            Err(error) => {
                let (header, rows) = Default::default();
                let mut table = Self { file: name, header, rows, faults: Vec::new() };
                table.fault(None, None, error.to_string());
                table
            }
        }
    }

    /// Reads what a file holds.
    pub(crate) fn read(name: &str, file: impl Read, columns: &[&str]) -> Self {
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
        let mut table = Self {
            file: name.to_owned(),
            header: csv::StringRecord::new(),
            rows: Vec::new(),
            faults: Vec::new(),
        };
        match reader.headers() {
            Ok(header) => table.header = header.clone(),
            Err(error) => table.fault(Some(1), None, error.to_string()),
        }
        // Spreadsheets write a mark of byte order before the first name.
        table.header =
            table.header.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
        for column in columns {
            match table.header.iter().filter(|name| name == column).count() {
                0 => table.fault(Some(1), Some(column), "there is no such column".to_owned()),
                1 => {}
                _ => table.fault(Some(1), Some(column), "the column stands twice".to_owned()),
            }
        }
        for record in reader.records() {
            match record {
                Ok(record) if record.len() == table.header.len() => table.rows.push(record),
                Ok(record) => {
                    let line = record.position().map(csv::Position::line);
                    let (found, expected) = (record.len(), table.header.len());
                    table.fault(
                        line,
                        None,
                        format!("{found} fields, where the header has {expected}"),
                    );
                }
                Err(error) => {
                    let line = error.position().map(csv::Position::line);
                    table.fault(line, None, error.to_string());
                    if error.is_io_error() {
                        break;
                    }
                }
            }
        }
        if table.rows.is_empty() && table.faults.is_empty() {
            table.fault(None, None, "there are no rows".to_owned());
        }
        table
    }

    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn line(&self, row: usize) -> u64 {
        self.rows[row].position().map_or(0, csv::Position::line)
    }

    /// A fault in a cell.
    pub(crate) fn fault_at(&mut self, row: usize, column: &str, problem: String) {
        self.fault(Some(self.line(row)), Some(column), problem);
    }

    fn fault(&mut self, line: Option<u64>, column: Option<&str>, problem: String) {
        let (file, column) = (self.file.clone(), column.map(str::to_owned));
        self.faults.push(Fault { file, line, column, problem });
    }

    /// A cell; `None` where it is empty or `NA`, and in a column that is not there.
    fn cell(&self, row: usize, column: &str) -> Option<String> {
        let place = self.header.iter().position(|name| name == column)?;
        let text = self.rows[row].get(place)?;
        (!text.is_empty() && text != "NA").then(|| text.to_owned())
    }

    /// A value that may be missing.
    pub(crate) fn optional<T>(
        &mut self,
        row: usize,
        column: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.cell(row, column)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(rule) => {
                self.fault_at(row, column, format!("`{text}` {rule}"));
                None
            }
        }
    }

    /// A value that may not be missing.
    pub(crate) fn required<T>(
        &mut self,
        row: usize,
        column: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let there = self.header.iter().any(|name| name == column);
        if there && self.cell(row, column).is_none() {
            self.fault_at(row, column, "is empty, and may not be".to_owned());
        }
        self.optional(row, column, parse)
    }
}

/// A name of any kind.
pub(crate) fn name(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// One of the levels of a category.
pub(crate) fn level<L: Level>(text: &str) -> Result<L, String> {
    let names: Vec<&str> = L::ALL.iter().map(|level| level.name()).collect();
    L::of(text).ok_or_else(|| format!("is no level: there are {}", names.join(", ")))
}

/// 0 or 1.
pub(crate) fn flag(text: &str) -> Result<bool, String> {
    one_of(text, 1).map(|code| code == 1)
}

/// A whole number from 0 to the last code.
pub(crate) fn one_of(text: &str, last: u8) -> Result<u8, String> {
    let codes: Vec<String> = (0..=last).map(|code| code.to_string()).collect();
    let code = codes.iter().position(|code| code == text);
    code.map(|code| code as u8).ok_or_else(|| format!("must be one of {}", codes.join(", ")))
}

/// A finite number from 0.
pub(crate) fn amount(text: &str) -> Result<f64, String> {
    number(text, "must be a number from 0", |x: f64| x.is_finite() && x >= 0.0)
}

/// A time, which is above 0.
pub(crate) fn time(text: &str) -> Result<f64, String> {
    number(text, "must be a number above 0", |x: f64| x.is_finite() && x > 0.0)
}

/// A whole number from 1.
pub(crate) fn count(text: &str) -> Result<u32, String> {
    number(text, "must be a whole number from 1", |n: u32| n > 0)
}

fn number<T: FromStr + Copy>(text: &str, rule: &str, ok: impl Fn(T) -> bool) -> Result<T, String> {
    text.parse().ok().filter(|value| ok(*value)).ok_or_else(|| rule.to_owned())
}
