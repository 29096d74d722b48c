//! What is wrong with a file, and where.

use std::fmt;

/// One fault: file, line and column, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) file: String,
    /// Counted from 1, the header; `None` for the file as a whole.
    pub(crate) line: Option<u64>,
    pub(crate) column: Option<String>,
    pub(crate) problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.iter().try_for_each(|line| write!(f, ":{line}"))?;
        self.column.iter().try_for_each(|column| write!(f, ": {column}"))?;
        write!(f, ": {}", self.problem)
    }
}
