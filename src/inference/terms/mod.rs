//! Tests of the terms of a Cox model: each given the others, one after the other, of two nested
//! models, and of a spline's departure from a line.

mod hypothesis;
mod linearity;
mod nested;
mod sequential;
mod term_test;
mod term_tests;

pub use hypothesis::TermHypothesis;
pub use nested::NestedTest;
pub use sequential::{SequentialStep, SequentialTests};
pub use term_test::{NoTest, TermTest};
pub use term_tests::TermTests;
