//! The likelihood with the frailties integrated out, and the variances that belong to it.

#![expect(
    clippy::indexing_slicing,
    reason = "a column is one of the p that follow the q frailties"
)]

use ndarray::Array2;

use super::super::engine::Maximum;
use super::distribution::{FrailtyDistribution, gamma_integral};
use super::equations::Equations;
use super::information::MAX_CLUSTERS;
use super::penalised::{Penalised, State};
use crate::error::{Error, Result};

/// To what a column of the inverse information is solved, relatively.
const COLUMN: f64 = 1e-13;

/// Below this fraction of its second moment the information about frailties is rounding.
const NOTHING: f64 = 1e-12;

/// Variances at an estimate, in the scaled columns.
pub(super) struct Spread {
    /// Of the coefficients.
    pub(super) vcov: Array2<f64>,
    /// Standard errors of the log frailties.
    pub(super) frailties: Option<Vec<f64>>,
    pub(super) effective_df: Option<f64>,
}

impl Penalised {
    /// # Errors
    /// [`Error::NothingToCompare`] where no two clusters are ever at risk together, so that the partial
    /// likelihood is the same whatever the frailties; [`Error::Unsupported`] for more clusters than the
    /// approximation can take.
    pub(super) fn check(&self, state: &State) -> Result<()> {
        let q = self.membership.n_clusters();
        if self.distribution == FrailtyDistribution::LogNormal && q > MAX_CLUSTERS {
            return Err(Error::Unsupported {
                estimator: "SharedFrailty",
                what: "a log-normal frailty of more than 1000 clusters",
                instead: "use a gamma frailty",
            });
        }
        // Numbers no two of which are near each other for neighbours.
        let golden = (5_f64.sqrt() - 1.0) / 2.0;
        let probe: Vec<f64> = (0..q).map(|code| (code as f64 * golden).fract() - 0.5).collect();
        let none = vec![0.0; self.ordered.n_columns()];
        let product = self.product(state, &probe, &none);
        let expected = self.membership.sums(&state.expected);
        let information: f64 = product.iter().zip(&probe).map(|(g, v)| g * v).sum();
        let moment: f64 = expected.iter().zip(&probe).map(|(e, v)| e * v * v).sum();
        if information > NOTHING * moment { Ok(()) } else { Err(Error::NothingToCompare) }
    }

    /// The marginal log-likelihood at a maximum of the penalised one; in the limit θ = 0 it is the log
    /// partial likelihood.
    pub(super) fn marginal(&self, theta: f64, state: &State) -> f64 {
        let integral: f64 = match self.distribution {
            FrailtyDistribution::Gamma => {
                self.membership.events.iter().map(|&events| gamma_integral(events, theta)).sum()
            }
            FrailtyDistribution::LogNormal => {
                let factors = self.factors(state, theta);
                let pivots = &factors.pivots()[..self.membership.n_clusters()];
                -0.5 * pivots.iter().map(|pivot| (theta * pivot).ln()).sum::<f64>()
            }
        };
        state.log_likelihood + integral
    }

    /// The inverse of the penalised information.
    pub(super) fn spread(&self, theta: f64, state: &State, plain: &Maximum) -> Spread {
        let (q, p) = (self.membership.n_clusters(), self.ordered.n_columns());
        if theta == 0.0 {
            return Spread {
                vcov: plain.ldl.inverse(),
                frailties: Some(vec![0.0; q]),
                effective_df: Some(plain.ldl.rank() as f64),
            };
        }
        let unit = |j: usize| {
            let mut unit = vec![0.0; q + p];
            unit[q + j] = 1.0;
            unit
        };
        let mut vcov = Array2::zeros((p, p));
        let mut set = |j: usize, column: &[f64]| {
            for (i, value) in column[q..].iter().enumerate() {
                vcov[[i, j]] = *value;
            }
        };
        let free = (0..p).filter(|&j| self.free[j]);
        let (mut frailties, mut effective_df) = (None, None);
        if q <= MAX_CLUSTERS {
            let factors = self.factors(state, theta);
            free.for_each(|j| set(j, &factors.solve(&unit(j))));
            let variances = factors.inverse_diagonal();
            let held: f64 =
                self.curvature(state, theta).iter().zip(&variances).map(|(c, v)| c * v).sum();
            effective_df = Some(factors.rank() as f64 - held);
            frailties = Some(variances[..q].iter().map(|v| v.sqrt()).collect());
        } else {
            let equations = Equations::new(self, state, theta);
            free.for_each(|j| set(j, &equations.solve(&unit(j), |_| COLUMN)));
        }
        let vcov = (&vcov + &vcov.t()) / 2.0;
        Spread { vcov, frailties, effective_df }
    }
}
