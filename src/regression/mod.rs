//! Regression models for survival data.

pub mod cox;
