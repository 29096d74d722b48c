//! What was asked for on the command line.

use lexopt::prelude::{Long, Short, ValueExt};
use std::path::PathBuf;

use riskset::statistic::IntervalTransform;

use super::cohort::{N, SEED};
use super::options::Options;
use super::source::Source;

/// The command line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) options: Options,
    /// Where to write the two files of the cohort.
    pub(crate) write: Option<PathBuf>,
    /// Where to write the report.
    pub(crate) out: Option<PathBuf>,
    pub(crate) help: bool,
}

pub(crate) const HELP: &str = "\
Thermal ablation of lung metastases of colorectal cancer, with and without systemic therapy.

usage: ablation_study [--seed SEED] [--n PATIENTS] [--replicates COHORTS] [--write DIR] [--limits SCALE]
                      [--out DIR]
       ablation_study --patients FILE [--tumours FILE] [--limits SCALE] [--out DIR]

Without files the cohort is simulated; --write puts its patients.csv and tumours.csv into a folder.
--replicates COHORTS prints means and shares over more of them, with the seeds from SEED on.
Files of one's own have the same columns. Without tumours local progression is taken by patient.
The report is printed; --out puts it into a folder as a page, its tables as CSV and JSON, its figures as SVG.
--limits is the scale on which the limits of survival are symmetric: log-log, log or plain.
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
        let (mut write, mut out, mut limits, mut help) = (None, None, None, false);
        let mut replicates = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("seed") => seed = Some(parser.value()?.parse()?),
                Long("n") => n = Some(parser.value()?.parse()?),
                Long("patients") => patients = Some(PathBuf::from(parser.value()?)),
                Long("tumours") => tumours = Some(PathBuf::from(parser.value()?)),
                Long("write") => write = Some(PathBuf::from(parser.value()?)),
                Long("replicates") => replicates = Some(parser.value()?.parse()?),
                Long("out") => out = Some(PathBuf::from(parser.value()?)),
                Long("limits") => limits = Some(parser.value()?.parse_with(scale)?),
                Long("help") | Short('h') => help = true,
                other => return Err(other.unexpected()),
            }
        }
        let simulated = seed.is_some() || n.is_some() || write.is_some() || replicates.is_some();
        let source = match (patients, tumours) {
            (Some(_), _) if simulated => {
                return Err(
                    "--seed, --n, --write and --replicates belong to a simulated cohort, not to files".into()
                );
            }
            (Some(patients), tumours) => Source::Files { patients, tumours },
            (None, Some(_)) => return Err("--tumours needs --patients".into()),
            (None, None) => Source::Simulated { seed: seed.unwrap_or(SEED), n: n.unwrap_or(N) },
        };
        match source {
            Source::Simulated { n: 0, .. } => Err("--n must be at least 1".into()),
            source => {
                let mut options = Options::new(source);
                options.limits = limits.unwrap_or(options.limits);
                options.replicates = replicates.unwrap_or(0);
                Ok(Self { options, write, out, help })
            }
        }
    }
}

fn scale(name: &str) -> Result<IntervalTransform, &'static str> {
    match name {
        "log-log" => Ok(IntervalTransform::LogLog),
        "log" => Ok(IntervalTransform::Log),
        "plain" => Ok(IntervalTransform::Plain),
        _ => Err("the scale is log-log, log or plain"),
    }
}
