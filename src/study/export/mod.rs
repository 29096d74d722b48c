//! One model of a printed table, what becomes one, and the formats it is written in.

mod baseline;
mod cell;
mod csv;
mod escape;
mod forest;
mod hazard_ratios;
mod html;
mod json;
mod latex;
mod markdown;
mod style;
mod survival;
mod table;

pub use cell::Cell;
pub use style::{IntervalStyle, Style};
pub use table::{Table, TableRow};
