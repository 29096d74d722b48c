//! The hazard of one person at each event time: what a model of several causes is made of.

use super::covariates::Cumulative;
use super::stratum_baseline::StratumBaseline;
use crate::data::Profile;
use crate::error::{Error, Result};

/// The jumps of the hazard of one person, ascending in time.
#[derive(Debug, Clone)]
pub(crate) struct PersonHazard {
    /// The linear predictor less that of the centre of the stratum.
    pub(crate) distance: f64,
    pub(crate) jumps: Vec<HazardJump>,
}

/// A jump of the hazard of one person.
#[derive(Debug, Clone)]
pub(crate) struct HazardJump {
    pub(crate) time: f64,
    /// dΛ(t|x).
    pub(crate) hazard: f64,
    /// Λ(t|x), this jump included.
    pub(crate) cumulative: f64,
    /// (x − E) dΛ, the derivative of the jump by the coefficients.
    pub(crate) slope: Vec<f64>,
    /// The variance of the jump with the coefficients known.
    pub(crate) variance: f64,
}

impl StratumBaseline<'_> {
    /// The hazard at the event times of the stratum.
    ///
    /// # Errors
    /// As [`curve`](Self::curve), the level aside.
    pub(crate) fn person(&self, profile: &Profile) -> Result<PersonHazard> {
        let at = self.relative(&self.baseline.covariates(profile)?)?;
        let of = |sum| {
            let mut cumulative = Cumulative::new(self.n_columns());
            cumulative.add(sum, &at);
            cumulative
        };
        let sums = &self.stratum.sums;
        let one = |(k, &time): (usize, &f64)| {
            let whole = of(sums.first(k + 1));
            whole.settled(self.estimated(), &at)?;
            let jump = of(sums.jump(k));
            if !jump.variance.is_finite() {
                return Err(Error::BeyondRange { distance: at.eta });
            }
            let Cumulative { hazard, slope, variance, .. } = jump;
            Ok(HazardJump { time, hazard, cumulative: whole.hazard, slope, variance })
        };
        let jumps = self.stratum.time.iter().enumerate().map(one).collect::<Result<_>>()?;
        Ok(PersonHazard { distance: at.eta, jumps })
    }

    /// The last time at which somebody left.
    pub(crate) fn last_time(&self) -> Option<f64> {
        self.stratum.last_time()
    }
}
