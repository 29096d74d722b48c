//! Where the cohort comes from, and what everything made of it has to say about that.

use std::path::PathBuf;

use super::cohort::SEED;

/// Where the cohort comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Simulated { seed: u64, n: usize },
    Files { patients: PathBuf, tumours: Option<PathBuf> },
}

impl Source {
    /// The line above everything.
    pub(crate) fn banner(&self) -> String {
        match self {
            Self::Simulated { seed, n } => {
                let picked = if *seed == SEED {
                    ", picked for its nearness to the published numbers"
                } else {
                    ""
                };
                format!(
                    "SIMULATED data, {n} patients, seed {seed}{picked}: nothing below is evidence"
                )
            }
            Self::Files { patients, tumours } => {
                let tumours = tumours
                    .as_ref()
                    .map_or(String::new(), |path| format!(" and {}", path.display()));
                format!("Data of {}{tumours}", patients.display())
            }
        }
    }

    /// What stands on every table and figure.
    pub(crate) fn mark(&self) -> String {
        match self {
            Self::Simulated { seed: SEED, .. } => format!("SIMULATED data, seed {SEED}, picked"),
            Self::Simulated { seed, .. } => format!("SIMULATED data, seed {seed}"),
            Self::Files { .. } => self.banner(),
        }
    }

    /// How the names of all files begin.
    pub(crate) fn prefix(&self) -> &'static str {
        match self {
            Self::Simulated { .. } => "simulated-",
            Self::Files { .. } => "",
        }
    }

    /// The seed of whatever is drawn for the analysis.
    pub(crate) fn seed(&self) -> u64 {
        match self {
            Self::Simulated { seed, .. } => *seed,
            Self::Files { .. } => SEED,
        }
    }
}
