//! How results, of which each cause has one, are found by cause and by name.

use crate::data::Cause;
use crate::error::{Error, Result};

/// What belongs to one cause.
pub(super) trait OfCause {
    /// The cause.
    fn cause(&self) -> Cause;

    /// Its name.
    fn name(&self) -> &str;
}

/// That of a cause.
///
/// # Errors
/// [`Error::UnknownName`], which lists the causes there are.
pub(super) fn find<T: OfCause>(all: &[T], cause: Cause) -> Result<&T> {
    let found = all.iter().find(|one| one.cause() == cause);
    found.ok_or_else(|| unknown(cause.to_string(), all, |one| one.cause().to_string()))
}

/// That of the cause of this name.
///
/// # Errors
/// [`Error::UnknownName`], which lists the names there are.
pub(super) fn named<'a, T: OfCause>(all: &'a [T], name: &str) -> Result<&'a T> {
    let found = all.iter().find(|one| one.name() == name);
    found.ok_or_else(|| unknown(name.to_owned(), all, |one| one.name().to_owned()))
}

fn unknown<T>(name: String, all: &[T], of: impl Fn(&T) -> String) -> Error {
    Error::UnknownName { kind: "cause", name, known: all.iter().map(of).collect() }
}

/// For a record with a field `cause`, and a field that holds its name.
macro_rules! of_cause {
    ($record:ident, $name:ident) => {
        impl crate::competing::of_cause::OfCause for $record {
            fn cause(&self) -> crate::data::Cause {
                self.cause
            }

            fn name(&self) -> &str {
                &self.$name
            }
        }
    };
}
pub(super) use of_cause;
