//! A whole clinical analysis: adjuvant chemotherapy for colon cancer, 929 patients in three arms
//! (Laurie et al. 1989; Moertel et al. 1990), for recurrence and for death, as text and as a page with
//! figures.
//!
//! ```text
//! cargo run --release --features plot --example colon_trial
//! cargo run --release --features plot --example colon_trial -- --out folder   # with report.html in it
//! cargo run --release --features plot --example colon_trial -- other.csv      # the same columns
//! ```

mod analysis;
#[path = "../report/mod.rs"]
mod report;
mod trial;

use lexopt::prelude::{Long, Value};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/colon.csv");

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let (file, folder) = arguments().map_err(|error| error.to_string())?;
    let report = analysis::report(&file).map_err(|error| error.to_string())?;
    if let Some(folder) = &folder {
        report.write(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let text = report.to_string();
    std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
}

/// The file of the trial, and the folder for the report.
fn arguments() -> Result<(PathBuf, Option<PathBuf>), lexopt::Error> {
    let (mut file, mut folder) = (None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("out") => folder = Some(PathBuf::from(parser.value()?)),
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            other => return Err(other.unexpected()),
        }
    }
    Ok((file.unwrap_or_else(|| Path::new(TRIAL).to_owned()), folder))
}
