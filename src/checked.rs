//! Deserialising results through a check of their invariants.
//!
//! A type derives `Serialize` and `Deserialize` with `#[serde(remote = "Self")]`, which makes the
//! derived functions inherent; [`checked`] adds the trait implementations around them and runs
//! `check` on what was read.

use crate::error::{Error, Result};

/// Implements serde's traits for a type that has `fn check(&self) -> Result<()>`.
macro_rules! checked {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = Self::deserialize(deserializer)?;
                read.check().map_err(serde::de::Error::custom)?;
                Ok(read)
            }
        }
    };
}
pub(crate) use checked;

/// Fails unless every named column has as many values as expected.
pub(crate) fn same_lengths(expected: usize, columns: &[(&str, usize)]) -> Result<()> {
    match columns.iter().find(|(_, found)| *found != expected) {
        None => Ok(()),
        Some(&(what, found)) => {
            Err(Error::LengthMismatch { what: what.to_owned(), expected, found })
        }
    }
}
