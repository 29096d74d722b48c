//! One file a family of calls.

pub mod bootstrap;
pub mod concordance;
pub mod cox;
pub mod curves;
pub mod design;
pub mod fine_gray;
pub mod of_a_fit;
