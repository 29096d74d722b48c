//! The marginal likelihood as a function of the variance alone.

use super::distribution::FrailtyDistribution;
use super::penalised::{Nearness, Penalised, State};
use crate::error::{Error, Result};
use crate::numerics::line_search::{crossing, maximum};

/// The profile, and the state at the variance that was looked at last, from which the next is
/// climbed to.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    penalised: Penalised,
    state: State,
    /// At a variance of 0.
    without: State,
}

/// The variances that are tried first: powers of 4.
const POWERS: [i32; 6] = [-7, -4, -2, -1, 0, 1];

/// No variance outside these powers of 4 is looked at: beyond, the likelihood is as without frailties, or
/// falls for ever.
const SMALLEST: i32 = -20;
const LARGEST: i32 = 10;

/// A gain over the likelihood without frailties that rounding could make, relatively.
const ROUNDING: f64 = 1e-12;

/// How near, in ln θ, the maximum is searched for by values alone, and the spacing of the five of them
/// whose differences then give it.
const NEAR: f64 = 1e-3;
const SPACING: f64 = 5e-3;

/// How near, in ln θ, a limit is searched for.
const LIMIT: f64 = 1e-11;

fn ln_variance(power: i32) -> f64 {
    f64::from(power) * 4_f64.ln()
}

impl Profile {
    pub(super) fn new(penalised: Penalised, without: State) -> Self {
        Self { penalised, state: without.clone(), without }
    }

    pub(super) fn penalised(&self) -> &Penalised {
        &self.penalised
    }

    /// The log-likelihood without frailties.
    pub(super) fn log_likelihood_without(&self) -> f64 {
        self.without.log_likelihood
    }

    /// The state and the marginal log-likelihood at a variance.
    pub(super) fn at(&mut self, theta: f64) -> Result<(State, f64)> {
        if theta == 0.0 {
            return Ok((self.without.clone(), self.without.log_likelihood));
        }
        let value = self.climb(theta, Nearness::Place)?;
        Ok((self.state.clone(), value))
    }

    /// The penalised likelihood is flat at its maximum, but the determinant of the information is not.
    fn value(&mut self, ln_theta: f64) -> Result<f64> {
        let nearness = match self.penalised.distribution {
            FrailtyDistribution::Gamma => Nearness::Value,
            FrailtyDistribution::LogNormal => Nearness::Place,
        };
        self.climb(ln_theta.exp(), nearness)
    }

    fn climb(&mut self, theta: f64, nearness: Nearness) -> Result<f64> {
        self.state = self.penalised.maximise(theta, &self.state, nearness)?;
        let marginal = self.penalised.marginal(theta, &self.state);
        match marginal.is_finite() {
            true => Ok(marginal),
            false => Err(Error::NotFinite { at: "a variance of the frailty" }),
        }
    }

    /// The variance at which the marginal likelihood is highest; 0 where no other is better.
    #[expect(
        clippy::indexing_slicing,
        reason = "the best is one of those tried, with one to either side where it is neither end"
    )]
    pub(super) fn maximise(&mut self) -> Result<f64> {
        let without = self.log_likelihood_without();
        let mut tried = Vec::new();
        for power in POWERS {
            tried.push((power, self.value(ln_variance(power))?));
        }
        let (low, middle, high) = loop {
            let best = (0..tried.len()).fold(0, |b, k| if tried[k].1 > tried[b].1 { k } else { b });
            let (power, value) = tried[best];
            if !(value > without + ROUNDING * without.abs()) || power <= SMALLEST {
                return Ok(0.0);
            }
            if power >= LARGEST {
                return Err(Error::NotFinite { at: "the largest variance of the frailty" });
            }
            if best == 0 {
                tried.insert(0, (power - 2, self.value(ln_variance(power - 2))?));
            } else if best + 1 == tried.len() {
                tried.push((power + 1, self.value(ln_variance(power + 1))?));
            } else {
                break (tried[best - 1], tried[best], tried[best + 1]);
            }
        };
        let ends = [low, high].map(|(power, _)| ln_variance(power));
        let start = (ln_variance(middle.0), middle.1);
        let near = maximum(|x| self.value(x), ends, start, NEAR)?;
        self.polish(near).map(f64::exp)
    }

    /// The maximum of the polynomial through five values: values alone cannot tell a maximum nearer
    /// than the root of their rounding.
    fn polish(&mut self, near: f64) -> Result<f64> {
        const H: f64 = SPACING;
        let mut f = [0.0; 5];
        for (k, value) in f.iter_mut().enumerate() {
            *value = self.value(near + (k as f64 - 2.0) * H)?;
        }
        let (inner, outer) = (f[3] - f[1], f[4] - f[0]);
        let (near_bend, far_bend) = (f[3] - f[2] + (f[1] - f[2]), f[4] - f[2] + (f[0] - f[2]));
        let first = (8.0 * inner - outer) / (12.0 * H);
        let second = (16.0 * near_bend - far_bend) / (12.0 * H.powi(2));
        let third = (outer - 2.0 * inner) / (2.0 * H.powi(3));
        let fourth = (far_bend - 4.0 * near_bend) / H.powi(4);
        let mut step = 0.0;
        for _ in 0..20 {
            let slope = first + step * (second + step * (third / 2.0 + step * fourth / 6.0));
            let bend = second + step * (third + step * fourth / 2.0);
            let next = step - slope / bend;
            if !(bend < 0.0 && next.abs() <= 2.0 * H) {
                return Ok(near);
            }
            step = next;
        }
        Ok(near + step)
    }

    /// The variances on both sides at which the likelihood has fallen by `drop`: 0 below where it has
    /// not fallen so far at 0, `None` above where it falls too slowly.
    pub(super) fn limits(
        &mut self,
        theta: f64,
        value: f64,
        drop: f64,
    ) -> Result<(Option<f64>, Option<f64>)> {
        let lower = match self.log_likelihood_without() < value - drop {
            true => self.limit(theta, value, drop, -1)?,
            false => Some(0.0),
        };
        Ok((lower, self.limit(theta, value, drop, 1)?))
    }

    /// Walks from the estimate in steps of a factor of 2 until the likelihood is low enough. The root of
    /// its fall is nearly straight in ln θ. From a variance of 0 it starts at the smallest one tried.
    fn limit(&mut self, theta: f64, value: f64, drop: f64, sign: i32) -> Result<Option<f64>> {
        let left = |profile: &mut Self, x: f64| {
            let fall = (value - profile.value(x)?).max(0.0);
            Ok(drop.sqrt() - fall.sqrt())
        };
        let mut inside = match theta > 0.0 {
            true => (theta.ln(), drop.sqrt()),
            false => (ln_variance(POWERS[0]), left(self, ln_variance(POWERS[0]))?),
        };
        while (ln_variance(SMALLEST)..ln_variance(LARGEST)).contains(&inside.0) {
            let place = inside.0 + f64::from(sign) * 2_f64.ln();
            let next = (place, left(self, place)?);
            if next.1 < 0.0 {
                let root = crossing(|x| left(self, x), [inside, next], LIMIT)?;
                return Ok(Some(root.exp()));
            }
            inside = next;
        }
        Ok(None)
    }
}
