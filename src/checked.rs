//! Deserialising results through a check of their invariants.
//!
//! A type derives [`Checked!`](Checked), which [`derive`] takes beside the macros of other crates, and has
//! `fn check(&self) -> Result<()>`. It runs on whatever is read: that lengths agree, and that a number can be
//! what its name says.

mod range;

pub(crate) use range::{
    Course, ascending, correlation, covariance, falling, level, not_negative, ordered, probability,
    rising,
};

pub(crate) use macro_rules_attribute::derive;

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

/// `check` of a type of which only [`numbers`] are checked.
macro_rules! check {
    ($type:ident $numbers:tt $($less:ident <= $more:ident),*) => {
        impl $type {
            fn check(&self) -> crate::error::Result<()> {
                crate::checked::numbers!(self $numbers $($less <= $more),*)
            }
        }
    };
}
pub(crate) use check;

/// Derives `Deserialize`: the fields are read into a private struct of the same name, which derives it of
/// serde, and become the type only if they pass its `check`.
macro_rules! Checked {
    (
        $(#[$meta:meta])*
        $vis:vis struct $type:ident {
            $($(#[$of_field:meta])* $vis_of_field:vis $field:ident: $of:ty),* $(,)?
        }
    ) => {
        const _: () = {
            #[derive(serde::Deserialize)]
            $(#[$meta])*
            struct $type {
                $($(#[$of_field])* $field: $of),*
            }

            #[automatically_derived]
            impl<'de> serde::Deserialize<'de> for self::$type {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let $type { $($field),* } = $type::deserialize(deserializer)?;
                    let read = Self { $($field),* };
                    read.check().map_err(serde::de::Error::custom)?;
                    Ok(read)
                }
            }
        };
    };
}
pub(crate) use Checked;

/// Fails unless every named column has as many values as expected.
pub(crate) fn same_lengths(expected: usize, columns: &[(&str, usize)]) -> Result<()> {
    match columns.iter().find(|(_, found)| *found != expected) {
        None => Ok(()),
        Some(&(what, found)) => {
            Err(Error::LengthMismatch { what: what.to_owned(), expected, found })
        }
    }
}
