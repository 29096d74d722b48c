//! The parts of `examples/ablation_study` that can be held to a specification: the simulated cohort
//! and the reader of a user's files.
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
#[path = "../../examples/ablation_study/flow.rs"]
mod flow;
#[path = "../../examples/ablation_study/levels.rs"]
mod levels;
#[path = "../../examples/ablation_study/model.rs"]
mod model;
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
#[cfg(feature = "plot")]
#[path = "../../examples/report/mod.rs"]
mod report;
#[cfg(feature = "plot")]
#[path = "../../examples/ablation_study/sections/mod.rs"]
mod sections;
#[path = "../../examples/ablation_study/table.rs"]
mod table;
#[path = "../../examples/ablation_study/tumours.rs"]
mod tumours;

mod command_line;
mod models;
mod reading;
#[cfg(feature = "plot")]
mod section_numbers;
mod simulation;
