//! Right-continuous step functions: a survival curve with its band, and what is read off it.

#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

mod area;
mod by_group;
mod defined;
mod quantile;
mod survival_curve;

pub(crate) use area::Area;
pub use by_group::ByGroup;
pub use defined::Defined;
pub use quantile::{Plateau, Quantile, QuantileRule};
pub use survival_curve::SurvivalCurve;
