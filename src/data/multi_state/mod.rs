//! Histories through several states.

mod histories;
mod illness_death;
mod observations;

#[cfg(feature = "serde")]
pub(in crate::data) use histories::Histories;
pub use observations::MultiState;
