//! What a fitted model says about hazards: ratios, contrasts, their intervals and tests.

mod hazard_ratio;

pub use hazard_ratio::HazardRatio;
