//! Results against exact rational arithmetic, and against closed forms derived by hand.

mod bands;
mod cox_closed_forms;
mod cox_maxima;
mod cox_residuals;
mod cumulative_incidence;
mod firth_closed_forms;
mod kaplan_meier;
mod life_table;
mod log_rank;
mod nelson_aalen;
mod oracle;
mod profile_closed_forms;
mod smoothed_hazard;
mod term_tests;
mod trial_size;
