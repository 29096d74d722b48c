//! Figures: nothing overlaps or is cut, the files hold together, the plot data are those of the fit.

mod data;
mod errors;
mod files;
mod forests;
mod layout;
mod page;
