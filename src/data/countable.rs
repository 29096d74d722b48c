//! How many rows there may be.

use crate::error::{Error, Result};

/// Fails on an empty column and on more rows than 32 bits can name.
pub(super) fn countable(what: &str, rows: usize) -> Result<()> {
    match rows {
        0 => Err(Error::Empty { what: what.to_owned() }),
        _ => nameable(rows),
    }
}

/// Fails on more rows, or levels, than 32 bits can name.
pub(crate) fn nameable(rows: usize) -> Result<()> {
    match u32::try_from(rows) {
        Ok(_) => Ok(()),
        Err(_) => Err(Error::TooManyRows { rows }),
    }
}
