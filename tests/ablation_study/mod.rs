//! `examples/ablation_study`: the simulated cohort against its specification, the reader of a user's files,
//! and every number that is printed against R.
#![allow(dead_code, reason = "a test uses part of what the example does")]

#[path = "../../examples/ablation_study/arguments.rs"]
mod arguments;
#[path = "../../examples/ablation_study/baseline.rs"]
mod baseline;
#[path = "../../examples/ablation_study/cohort.rs"]
mod cohort;
#[path = "../../examples/ablation_study/covariates.rs"]
mod covariates;
#[path = "../../examples/ablation_study/faults.rs"]
mod faults;
#[path = "../../examples/ablation_study/levels.rs"]
mod levels;
#[path = "../../examples/ablation_study/model.rs"]
mod model;
#[path = "../../examples/ablation_study/options.rs"]
mod options;
#[path = "../../examples/ablation_study/outcomes.rs"]
mod outcomes;
#[path = "../../examples/ablation_study/parameters.rs"]
mod parameters;
#[path = "../../examples/ablation_study/patients.rs"]
mod patients;
#[path = "../../examples/ablation_study/random.rs"]
mod random;
#[path = "../../examples/ablation_study/read.rs"]
mod read;
#[path = "../../examples/ablation_study/source.rs"]
mod source;
#[path = "../../examples/ablation_study/table.rs"]
mod table;
#[path = "../../examples/ablation_study/tumours.rs"]
mod tumours;

#[cfg(feature = "plot")]
#[path = "../../examples/ablation_study/analysis.rs"]
mod analysis;
#[cfg(feature = "plot")]
use crate::examples::report;
#[cfg(feature = "plot")]
#[path = "../../examples/ablation_study/sections/mod.rs"]
mod sections;

mod command_line;
mod models;
mod reading;
#[cfg(feature = "plot")]
mod section_numbers;
mod simulation;

#[cfg(feature = "plot")]
mod printed;
