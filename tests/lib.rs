//! The tests of riskset, one module for each kind of proof.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking, and documents itself"
)]

mod ablation_study;
mod contract;
mod exact;
mod examples;
mod features;
mod golden;
mod properties;
mod published;
mod sample;
