//! What was asked for on the command line.

use lexopt::prelude::{Long, Short, ValueExt};
use std::path::PathBuf;

use super::cohort::{N, SEED};

/// Where the cohort comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Simulated { seed: u64, n: usize },
    Files { patients: PathBuf, tumours: Option<PathBuf> },
}

/// The command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) source: Source,
    /// Where to write the two files.
    pub(crate) write: Option<PathBuf>,
    pub(crate) help: bool,
}

pub(crate) const HELP: &str = "\
Thermal ablation of lung metastases of colorectal cancer, with and without systemic therapy.

usage: ablation_study [--seed SEED] [--n PATIENTS] [--write DIR]
       ablation_study --patients FILE [--tumours FILE]

Without files the cohort is simulated; --write puts its patients.csv and tumours.csv into a folder.
Files of one's own have the same columns. Without tumours local progression is taken by patient.
";

impl Arguments {
    /// Reads the arguments after the name of the program.
    pub(crate) fn parse(
        arguments: impl IntoIterator<Item = std::ffi::OsString>,
    ) -> Result<Self, String> {
        Self::collect(lexopt::Parser::from_args(arguments)).map_err(|error| error.to_string())
    }

    fn collect(mut parser: lexopt::Parser) -> Result<Self, lexopt::Error> {
        let (mut seed, mut n, mut patients, mut tumours) = (None, None, None, None);
        let (mut write, mut help) = (None, false);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("seed") => seed = Some(parser.value()?.parse()?),
                Long("n") => n = Some(parser.value()?.parse()?),
                Long("patients") => patients = Some(PathBuf::from(parser.value()?)),
                Long("tumours") => tumours = Some(PathBuf::from(parser.value()?)),
                Long("write") => write = Some(PathBuf::from(parser.value()?)),
                Long("help") | Short('h') => help = true,
                other => return Err(other.unexpected()),
            }
        }
        let simulated = seed.is_some() || n.is_some() || write.is_some();
        let source = match (patients, tumours) {
            (Some(_), _) if simulated => {
                return Err(
                    "--seed, --n and --write belong to a simulated cohort, not to files".into()
                );
            }
            (Some(patients), tumours) => Source::Files { patients, tumours },
            (None, Some(_)) => return Err("--tumours needs --patients".into()),
            (None, None) => Source::Simulated { seed: seed.unwrap_or(SEED), n: n.unwrap_or(N) },
        };
        match source {
            Source::Simulated { n: 0, .. } => Err("--n must be at least 1".into()),
            source => Ok(Self { source, write, help }),
        }
    }
}
