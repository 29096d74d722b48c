//! Rows made from rows: histories cut into episodes, seen from a landmark, merged with what changes in
//! time, laid out for recurrent events.

mod exposure;
mod history;
mod landmark;
mod marginal;
mod merge;
mod recurrent;
mod rows;
mod split;
mod time_dependent;

pub use exposure::{Exposed, ExposureStart};
pub use landmark::{Excluded, Landmark};
pub use merge::Merged;
pub use recurrent::RecurrentEvents;
pub use rows::Episodes;
pub use time_dependent::TimeDependent;
