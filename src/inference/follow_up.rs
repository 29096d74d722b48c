//! How long the patients of a planned trial will be watched.

use std::f64::consts::LN_2;

use crate::error::{Error, Result};

/// Exponential survival and dropout, uniform accrual, and follow-up after it: what the probability of
/// an event during a trial is made of.
///
/// # Definition
/// A patient with hazard λ of the event and η of dropping out is watched for a time that is uniform
/// over [f, a + f], a being the time of accrual and f the follow-up after it:
/// ```text
/// P(event) = λ/(λ + η) · (1 − (exp(−(λ + η) f) − exp(−(λ + η)(a + f))) / ((λ + η) a))
/// ```
/// and λ/(λ + η) · (1 − exp(−(λ + η) f)) where all enter at once.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | hazard of the control arm | required | above 0, finite |
/// | [`accrual`](Self::accrual) | 0 | ≥ 0, finite |
/// | [`follow_up`](Self::follow_up) | 0 | ≥ 0, finite |
/// | [`dropout`](Self::dropout) | 0 | ≥ 0, finite |
///
/// Accrual and follow-up must not both be 0.
///
/// # Example
/// ```
/// use riskset::inference::FollowUp;
///
/// // Half of those watched for one median have the event.
/// let year = FollowUp::median(12.0).follow_up(12.0);
/// assert!((year.probability(1.0)? - 0.5).abs() < 1e-15);
/// // Twice the hazard: one more half.
/// assert!((year.probability(2.0)? - 0.75).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `gsDesign::eEvents(lambda, eta, gamma, R, minfup)` has these probabilities times the patients.
///
/// # References
/// Lachin & Foulkes 1986, doi:10.2307/2531201.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FollowUp {
    hazard: f64,
    accrual: f64,
    follow_up: f64,
    dropout: f64,
}

impl FollowUp {
    /// With the hazard of the control arm, per unit of time.
    #[must_use]
    pub fn hazard(hazard: f64) -> Self {
        Self { hazard, accrual: 0.0, follow_up: 0.0, dropout: 0.0 }
    }

    /// With the median survival of the control arm.
    #[must_use]
    pub fn median(median: f64) -> Self {
        Self::hazard(LN_2 / median)
    }

    /// Time over which patients enter, at a constant rate.
    #[must_use]
    pub fn accrual(self, time: f64) -> Self {
        Self { accrual: time, ..self }
    }

    /// Time from the last entry to the end of the trial.
    #[must_use]
    pub fn follow_up(self, time: f64) -> Self {
        Self { follow_up: time, ..self }
    }

    /// Hazard of dropping out, per unit of time, in both arms.
    #[must_use]
    pub fn dropout(self, hazard: f64) -> Self {
        Self { dropout: hazard, ..self }
    }

    /// Probability that a patient has the event during the trial, whose hazard is `ratio` times that
    /// of the control arm.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option out of its range, and where the probability is too
    /// small to be a number above 0.
    pub fn probability(&self, ratio: f64) -> Result<f64> {
        let invalid = |option, value, rule| Err(Error::InvalidOption { option, value, rule });
        for (option, value) in [("hazard", self.hazard), ("ratio", ratio)] {
            if !(value > 0.0 && value < f64::INFINITY) {
                return invalid(option, value, "must be above 0 and finite");
            }
        }
        for (option, value) in
            [("accrual", self.accrual), ("follow_up", self.follow_up), ("dropout", self.dropout)]
        {
            if !(0.0..f64::INFINITY).contains(&value) {
                return invalid(option, value, "must be finite and not negative");
            }
        }
        let Self { accrual: a, follow_up: f, dropout, .. } = *self;
        if a == 0.0 && f == 0.0 {
            return invalid("follow_up", f, "must be above 0 without accrual");
        }
        let hazard = self.hazard * ratio;
        let leaving = hazard + dropout;
        // 1 − exp(−x) (1 − m), m being the mean of 1 − exp(−u) over u in [0, y].
        let (gone, mean) = (-(-leaving * f).exp_m1(), mean_gone(leaving * a));
        let probability = hazard / leaving * (gone + (1.0 - gone) * mean);
        match probability > 0.0 && probability <= 1.0 {
            true => Ok(probability),
            false => invalid("hazard", hazard, "no event can be expected in this time"),
        }
    }
}

/// 1 − (1 − exp(−y))/y.
fn mean_gone(y: f64) -> f64 {
    if y < 0.1 {
        // y/2! − y²/3! + y³/4! − …, to the last digit.
        let mut term = y / 2.0;
        let mut sum = 0.0;
        for k in 3..14 {
            sum += term;
            term *= -y / f64::from(k);
        }
        return sum;
    }
    1.0 + (-y).exp_m1() / y
}
