//! What a forest plot shows.

mod data;
mod fit;
mod subgroups;

pub use data::{ForestData, ForestRow, ForestRowKind};
pub use subgroups::Subgroups;
