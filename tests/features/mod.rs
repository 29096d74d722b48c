//! What the optional features add.

#[cfg(feature = "openblas-system")]
mod backends;
#[cfg(feature = "plot")]
mod figures;
#[cfg(feature = "serde")]
mod number_ranges;
#[cfg(feature = "serde")]
mod read_results;
#[cfg(feature = "plot")]
mod report;
#[cfg(feature = "rayon")]
mod same_bits;
#[cfg(feature = "rayon")]
mod same_bits_of_the_rest;
#[cfg(feature = "serde")]
mod serialisation;
#[cfg(feature = "rayon")]
mod threads;

/// A linear congruential generator; only the order of its numbers matters here.
#[cfg(feature = "rayon")]
fn uniform(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}
