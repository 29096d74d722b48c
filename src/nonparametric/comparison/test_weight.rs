//! Weights that make a log-rank test look at early or at late differences.

use std::fmt;

use super::event_times::EventTime;
use crate::error::{Error, Result};

/// The weight w(t) a test gives to each event time. With S the pooled Kaplan–Meier curve of the
/// stratum, Y the number at risk and S̃ = Π (1 − d/(Y + 1)):
///
/// | weight | w(t) | looks at |
/// |---|---|---|
/// | `LogRank` | 1 | proportional hazards |
/// | `FlemingHarrington` | S(t−)^ρ (1 − S(t−))^γ | early (ρ), late (γ) |
/// | `Gehan` | Y | early; depends on censoring |
/// | `TaroneWare` | √Y | early, less so |
/// | `PetoPeto` | S̃(t) | early, not on censoring |
/// | `ModifiedPetoPeto` | S̃(t) Y/(Y + 1) | the same |
///
/// R's `survdiff(rho = 1)` is `FlemingHarrington { rho: 1.0, gamma: 0.0 }`, not Peto and Peto's test.
///
/// References: Fleming & Harrington 1991, doi:10.1002/9781118150672; Gehan 1965,
/// doi:10.1093/biomet/52.1-2.203; Tarone & Ware 1977, doi:10.1093/biomet/64.1.156; Peto & Peto 1972,
/// doi:10.2307/2344317; Andersen et al. 1982, doi:10.2307/1402489.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TestWeight {
    /// Every event time counts the same.
    #[default]
    LogRank,
    /// Powers of the pooled survival curve.
    FlemingHarrington {
        /// Power of S(t−), at least 0.
        rho: f64,
        /// Power of 1 − S(t−), at least 0.
        gamma: f64,
    },
    /// The number at risk, Gehan's and Breslow's generalised Wilcoxon test.
    Gehan,
    /// Its square root.
    TaroneWare,
    /// Peto and Peto's survival.
    PetoPeto,
    /// Andersen's modification of it.
    ModifiedPetoPeto,
}

impl TestWeight {
    /// Fails for powers that are negative or not finite.
    pub(super) fn check(self) -> Result<()> {
        let Self::FlemingHarrington { rho, gamma } = self else { return Ok(()) };
        let rule = "must be finite and not negative";
        for (option, value) in [("rho", rho), ("gamma", gamma)] {
            if !(value >= 0.0 && value.is_finite()) {
                return Err(Error::InvalidOption { option, value, rule });
            }
        }
        Ok(())
    }

    /// Whether it is a function of the survival.
    pub(super) fn needs_survival(self) -> bool {
        !matches!(self, Self::LogRank | Self::Gehan | Self::TaroneWare)
    }

    /// w at one event time.
    pub(super) fn at(self, time: &EventTime) -> f64 {
        self.of(time.y, time.survival_before, time.survival_peto)
    }

    /// w with so many at risk, where it is no function of the survival.
    #[inline]
    pub(super) fn at_risk(self, y: f64) -> f64 {
        self.of(y, 1.0, 1.0)
    }

    #[inline]
    fn of(self, y: f64, before: f64, peto: f64) -> f64 {
        match self {
            Self::LogRank => 1.0,
            Self::FlemingHarrington { rho, gamma } => before.powf(rho) * (1.0 - before).powf(gamma),
            Self::Gehan => y,
            Self::TaroneWare => y.sqrt(),
            Self::PetoPeto => peto,
            Self::ModifiedPetoPeto => peto * (y / (y + 1.0)),
        }
    }
}

impl fmt::Display for TestWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogRank => f.pad("log-rank"),
            Self::FlemingHarrington { rho, gamma } => {
                write!(f, "Fleming-Harrington ({rho}, {gamma})")
            }
            Self::Gehan => f.pad("Gehan"),
            Self::TaroneWare => f.pad("Tarone-Ware"),
            Self::PetoPeto => f.pad("Peto-Peto"),
            Self::ModifiedPetoPeto => f.pad("modified Peto-Peto"),
        }
    }
}
