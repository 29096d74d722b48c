//! Forest plots.

mod check;
mod forest_data;
mod forest_line;
mod forest_plot;
mod layout;
mod log_axis;
mod marks;
mod ratio_text;

pub use forest_line::ForestLine;
pub use forest_plot::ForestPlot;
