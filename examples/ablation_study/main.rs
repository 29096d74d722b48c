//! A whole clinical study: thermal ablation of lung metastases of colorectal cancer, in four groups by
//! systemic therapy, on a simulated cohort or on files of one's own.
//!
//! ```text
//! cargo run --release --features plot --example ablation_study
//! cargo run --release --features plot --example ablation_study -- --out folder
//! cargo run --release --features plot --example ablation_study -- --seed 1 --n 1000 --write folder
//! cargo run --release --features plot --example ablation_study -- --patients patients.csv --tumours tumours.csv
//! ```

mod analysis;
mod arguments;
mod baseline;
mod cohort;
mod covariates;
mod faults;
mod levels;
mod model;
mod options;
mod outcomes;
mod parameters;
mod patients;
mod random;
mod read;
#[path = "../report/mod.rs"]
mod report;
mod sections;
mod source;
mod table;
mod tumours;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Arguments, HELP};
use cohort::Cohort;
use source::Source;

fn main() -> ExitCode {
    let printed = Arguments::parse(std::env::args_os().skip(1)).and_then(|asked| run(&asked));
    match printed {
        Ok(report) => match std::io::stdout().write_all(report.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// Everything that is printed, or everything that is wrong.
fn run(asked: &Arguments) -> Result<String, String> {
    if asked.help {
        return Ok(HELP.to_owned());
    }
    let cohort = load(&asked.options.source)?;
    if let Some(folder) = &asked.write {
        cohort.write(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let report = analysis::report(&cohort, &asked.options).map_err(|error| error.to_string())?;
    if let Some(folder) = &asked.out {
        analysis::write(&report, &asked.options, folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(report.to_string())
}

fn load(source: &Source) -> Result<Cohort, String> {
    match source {
        Source::Simulated { seed, n } => Ok(Cohort::simulate(*seed, *n)),
        Source::Files { patients, tumours } => {
            Cohort::read(patients, tumours.as_deref()).map_err(|faults| {
                let n = faults.len();
                let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
                format!("{}\n{n} faults: nothing was analysed", lines.join("\n"))
            })
        }
    }
}
