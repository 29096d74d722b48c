//! Figures: survival and incidence curves with the numbers at risk, and forest plots, as SVG and PDF.
//!
//! A figure is a builder like any estimator: [`CurvePlot`], [`ForestPlot`]. `draw()` lays it out and
//! gives a [`Drawing`], which writes itself: [`svg`](Drawing::svg), [`pdf`](Drawing::pdf). No font
//! has to be installed: text is measured by the metrics of Helvetica, which Arial and Liberation Sans
//! share, and every PDF reader has it. For PNG give the SVG to a renderer such as `resvg`, along with
//! such a font; `examples/png` of the repository does.

mod curves;
mod forest;
mod page;

pub use curves::{Count, CurvePlot, Legend, StepCurve};
pub use forest::{ForestLine, ForestPlot};
pub use page::{Drawing, TextBox};
