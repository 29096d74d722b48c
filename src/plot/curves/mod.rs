//! Survival and incidence curves with the numbers at risk.

mod at_risk;
mod check;
mod curve_plot;
mod free_space;
mod layout;
mod legend;
mod panel;
mod step_curve;
mod time_axis;

pub use at_risk::Count;
pub use curve_plot::CurvePlot;
pub use legend::Legend;
pub use step_curve::StepCurve;
