//! Deserialising results through a check of their invariants.
//!
//! A type derives `Serialize` and `Deserialize` with `#[serde(remote = "Self")]`, which makes the
//! derived functions inherent; [`checked`] adds the trait implementations around them and runs
//! `check` on what was read: that lengths agree, and that a number can be what its name says.

mod range;

pub(crate) use range::{
    ascending, correlation, covariance, level, not_negative, ordered, probability,
};

use crate::error::{Error, Result};

/// Checks numbers of `$self` by their names: each has the range that stands after it, and each before a `<=`
/// is not above the one after it. Is a `Result<()>`.
macro_rules! numbers {
    ($self:ident { $($field:ident: $range:ident),* $(,)? } $($less:ident <= $more:ident),*) => {
        (|| {
            $(crate::checked::$range(stringify!($field), &$self.$field)?;)*
            $(crate::checked::ordered(
                stringify!($less),
                &$self.$less,
                &$self.$more,
                concat!("must not be above `", stringify!($more), "`"),
            )?;)*
            Ok(())
        })()
    };
}
pub(crate) use numbers;

/// Implements serde's traits for a type that has `fn check(&self) -> Result<()>`, or of which only
/// [`numbers`] are checked.
macro_rules! checked {
    ($type:ident $numbers:tt $($less:ident <= $more:ident),*) => {
        impl $type {
            fn check(&self) -> crate::error::Result<()> {
                crate::checked::numbers!(self $numbers $($less <= $more),*)
            }
        }

        crate::checked::checked!($type);
    };
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
