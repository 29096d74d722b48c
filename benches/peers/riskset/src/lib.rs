//! riskset's side of the comparison: the data, and the calls by name.

pub mod calls;
pub mod study;

use calls::{bootstrap, concordance, cox, curves, fine_gray, of_a_fit};
use peer_protocol::Call;

/// The calls. A case is added as a file of `calls` and a line here.
pub const CALLS: &[(&str, Call)] = &[
    ("cox", cox::efron),
    ("cox_of_design", cox::of_design),
    ("cox_entry_strata_robust", cox::entry_strata_robust),
    ("kaplan_meier", curves::kaplan_meier),
    ("log_rank", curves::log_rank),
    ("concordance", concordance::concordance),
    ("score_residuals", of_a_fit::score_residuals),
    ("proportionality", of_a_fit::proportionality),
    ("fine_gray", fine_gray::fine_gray),
    ("bootstrap", bootstrap::bootstrap),
];
