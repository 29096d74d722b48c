//! What was observed: times and events, weights, strata, groups, covariates, counts at risk.

mod columns;
mod competing_risks;
mod count_rows;
mod countable;
mod counting_process;
mod design;
mod episodes;
mod interval_censored;
mod label;
mod multi_state;
mod partition;
mod resample;
mod right_censored;
mod risk_series;
mod risk_table;
mod rows;
mod series_counts;
mod time_match;
mod timeline;
mod times;
mod variance;
mod weights;
#[cfg(feature = "serde")]
mod wire;

pub use columns::{Clusters, Groups, Strata, Subjects};
pub use competing_risks::{Cause, CompetingRisks};
pub(crate) use countable::nameable;
pub use counting_process::CountingProcess;
pub(crate) use design::restricted_cubic_spline;
pub use design::{
    Coding, CompleteCases, Design, DesignBuilder, Profile, Term, TermKind, spline_knots,
};
pub use episodes::{
    Episodes, Excluded, Exposed, ExposureStart, Landmark, Merged, RecurrentEvents, TimeDependent,
};
pub use interval_censored::IntervalCensored;
pub use label::Label;
pub use multi_state::MultiState;
pub(crate) use partition::Partition;
pub(crate) use resample::Pick;
pub use right_censored::RightCensored;
pub use risk_series::RiskSeries;
pub use risk_table::RiskTable;
pub(crate) use rows::Rows;
pub use rows::SurvivalData;
pub use time_match::{TieReport, TimeMatch};
pub(crate) use times::Times;
pub use variance::Variance;
pub use weights::{WeightKind, Weights};
