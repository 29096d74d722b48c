//! A whole clinical study: thermal ablation of lung metastases of colorectal cancer, in four groups by
//! systemic therapy, on a simulated cohort or on files of one's own.
//!
//! ```text
//! cargo run --release --example ablation_study
//! cargo run --release --example ablation_study -- --seed 1 --n 1000 --write folder
//! cargo run --release --example ablation_study -- --patients patients.csv --tumours tumours.csv
//! ```

mod arguments;
mod baseline;
mod cohort;
#[expect(dead_code, reason = "the sections of the analysis come next")]
mod covariates;
mod faults;
mod flow;
mod levels;
#[expect(dead_code, reason = "the sections of the analysis come next")]
mod model;
mod outcomes;
mod parameters;
mod patients;
mod random;
mod read;
mod table;
mod tumours;

use std::io::Write;
use std::process::ExitCode;

use arguments::{Arguments, HELP, Source};
use cohort::{Cohort, SEED};

fn main() -> ExitCode {
    let printed = Arguments::parse(std::env::args_os().skip(1)).and_then(|asked| report(&asked));
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
fn report(asked: &Arguments) -> Result<String, String> {
    if asked.help {
        return Ok(HELP.to_owned());
    }
    let (title, cohort) = load(&asked.source)?;
    if let Some(folder) = &asked.write {
        cohort.write(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let flow = flow::describe(&cohort).map_err(|error| error.to_string())?;
    Ok(format!("{title}\n{flow}"))
}

/// The cohort, and the line that says what it is.
fn load(source: &Source) -> Result<(String, Cohort), String> {
    match source {
        Source::Simulated { seed, n } => {
            let picked = if *seed == SEED {
                ", picked for its nearness to the published numbers"
            } else {
                ""
            };
            let title = format!(
                "SIMULATED data, {n} patients, seed {seed}{picked}: nothing below is evidence"
            );
            Ok((title, Cohort::simulate(*seed, *n)))
        }
        Source::Files { patients, tumours } => {
            let cohort = Cohort::read(patients, tumours.as_deref()).map_err(|faults| {
                let n = faults.len();
                let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
                format!("{}\n{n} faults: nothing was analysed", lines.join("\n"))
            })?;
            let tumours =
                tumours.as_ref().map_or(String::new(), |path| format!(" and {}", path.display()));
            Ok((format!("Data of {}{tumours}", patients.display()), cohort))
        }
    }
}
