//! Hazard ratios before and after adjustment.

mod estimator;
mod forest;
mod selection;
mod table;

pub use estimator::HazardRatios;
pub use selection::{Selection, TermTestKind};
pub use table::{
    Adjustment, HazardRatioRow, HazardRatioRowKind, HazardRatioTable, HazardRatioTerm,
};
