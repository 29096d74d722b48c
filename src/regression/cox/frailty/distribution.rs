//! The distribution of a shared frailty.

use std::fmt;

use crate::numerics::gamma::stirling_remainder;

/// The distribution of the frailties ω = exp(b), with variance parameter θ.
///
/// | | ω | θ | penalty of b |
/// |---|---|---|---|
/// | `Gamma` | gamma with mean 1 | variance of ω | (exp(b) − 1 − b) / θ |
/// | `LogNormal` | b normal with mean 0 | variance of b | b² / 2θ |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum FrailtyDistribution {
    /// Gamma with mean 1.
    Gamma,
    /// The exponential of a normal variable with mean 0.
    LogNormal,
}

impl FrailtyDistribution {
    /// What a log frailty takes off the log-likelihood.
    pub(super) fn penalty(self, b: f64, theta: f64) -> f64 {
        match self {
            Self::Gamma => (b.exp_m1() - b) / theta,
            Self::LogNormal => b * b / (2.0 * theta),
        }
    }

    /// Derivative of the penalty.
    pub(super) fn slope(self, b: f64, theta: f64) -> f64 {
        match self {
            Self::Gamma => b.exp_m1() / theta,
            Self::LogNormal => b / theta,
        }
    }

    /// Second derivative of the penalty, above 0.
    pub(super) fn curvature(self, b: f64, theta: f64) -> f64 {
        match self {
            Self::Gamma => b.exp() / theta,
            Self::LogNormal => 1.0 / theta,
        }
    }
}

impl fmt::Display for FrailtyDistribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gamma => "gamma",
            Self::LogNormal => "log-normal",
        })
    }
}

/// What the integral over a gamma frailty of a cluster with `events` adds to its penalised
/// likelihood, 0 at θ = 0. With ν = 1/θ it is
/// ```text
/// ln Γ(d + ν) − ln Γ(ν) + ν ln ν − (d + ν) ln(d + ν) + d
/// ```
/// which loses all digits where ν is large; Stirling's formula taken out leaves small terms only.
pub(super) fn gamma_integral(events: f64, theta: f64) -> f64 {
    let nu = 1.0 / theta;
    stirling_remainder(events + nu) - stirling_remainder(nu) - 0.5 * (events * theta).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formula as it stands, where it keeps its digits.
    #[test]
    fn integral_agrees_with_its_definition() {
        for (events, theta) in [(0.0, 0.7), (1.0, 1.0), (3.0, 0.4), (12.5, 2.0), (4.0, 50.0)] {
            let nu = 1.0 / theta;
            let direct = libm::lgamma(events + nu) - libm::lgamma(nu) + nu * f64::ln(nu)
                - (events + nu) * f64::ln(events + nu)
                + events;
            approx::assert_abs_diff_eq!(gamma_integral(events, theta), direct, epsilon = 2e-14);
        }
    }

    /// For small θ it is −dθ/2.
    #[test]
    fn integral_vanishes_with_the_variance() {
        for theta in [1e-4, 1e-6, 1e-9] {
            let found = gamma_integral(4.0, theta) / theta;
            approx::assert_abs_diff_eq!(found, -2.0, epsilon = 10.0 * theta);
        }
    }
}
