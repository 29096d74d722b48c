//! Parts of the examples that more than one test reads.
#![allow(dead_code, reason = "a test uses part of what the examples do")]

#[cfg(feature = "plot")]
#[path = "../examples/report/mod.rs"]
pub mod report;
#[path = "../examples/colon_trial/trial.rs"]
pub mod trial;
