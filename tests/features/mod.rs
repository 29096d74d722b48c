//! What the optional features add.

#[cfg(feature = "openblas-system")]
mod backends;
#[cfg(feature = "plot")]
mod figures;
#[cfg(feature = "plot")]
mod report;
#[cfg(feature = "serde")]
mod serialisation;
#[cfg(feature = "rayon")]
mod threads;
