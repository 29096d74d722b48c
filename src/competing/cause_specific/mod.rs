//! A Cox model for the hazard of every cause, and the cumulative incidences that follow from them.
//!
//! A [`person`] is the hazards of all causes at one profile; [`progress`] turns them into incidences with
//! their variances, [`time_lost`] into the areas under them.

mod baseline;
mod equal_effects;
mod fit;
mod incidence;
mod incidence_form;
mod model;
mod person;
mod progress;
mod stratum;
mod time_lost;

pub use baseline::CauseSpecificBaseline;
pub use fit::{CauseFit, CauseSpecificCoxFit};
pub use incidence::CauseSpecificIncidence;
pub use incidence_form::IncidenceForm;
pub use model::CauseSpecificCox;
pub use stratum::CauseSpecificStratum;
