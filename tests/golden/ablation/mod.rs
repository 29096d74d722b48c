//! The tables of a clinical paper, of a simulated cohort of 326 patients, against R;
//! `generate/46_ablation.R` made the numbers.
//!
//! SIMULATED cohort, seed 22296, picked: no patient is real.

mod baseline;
mod cohort;
mod hazard_ratios;
mod subgroups;
mod survival;
