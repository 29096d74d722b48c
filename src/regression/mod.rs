//! Regression models for survival data and for matched sets of cases and controls.

mod conditional_logistic;
pub mod cox;

pub use conditional_logistic::{ConditionalLogistic, ConditionalLogisticFit};
