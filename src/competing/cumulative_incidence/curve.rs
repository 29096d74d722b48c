//! The cumulative incidence of one cause.

use super::walk::CauseSteps;
use crate::competing::of_cause::of_cause;
use crate::curve::{Quantile, QuantileRule};
use crate::data::Cause;
use crate::error::{Error, Result};
use crate::numerics::large::Large;
use crate::numerics::sum::Sum;
use crate::statistic::{Interval, IntervalTransform, normal_multiplier};

/// The cumulative incidence of one cause: a right-continuous step function with pointwise limits.
///
/// All columns have one value for each [`time`](Self::time) at which the cause has events; between
/// them nothing changes. Before the first the incidence is 0, with standard error 0 and limits 0.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CumulativeIncidence {
    cause: Cause,
    name: String,
    time: Vec<f64>,
    n_event: Vec<f64>,
    incidence: Vec<f64>,
    std_error: Vec<f64>,
    lower: Large,
    upper: Large,
    last: f64,
    level: f64,
    transform: IntervalTransform,
}

/// The cumulative incidence of a cause at one requested time, from [`CumulativeIncidence::at`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct IncidenceAt {
    /// The time asked for.
    pub time: f64,
    /// F at that time; past the end of follow-up the last value, see `beyond_follow_up`.
    pub incidence: f64,
    /// Standard error of F.
    pub std_error: f64,
    /// Limits of F; [0, 0] where F is 0.
    pub interval: Interval,
    /// Events of the cause up to and including the time.
    pub n_event: f64,
    /// Whether the time lies past the last event or censoring, so that nothing was observed there.
    pub beyond_follow_up: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(IncidenceAt {
    incidence: probability,
    std_error: not_negative,
    n_event: not_negative,
});

of_cause!(CumulativeIncidence, name);

impl CumulativeIncidence {
    /// From the steps of a cause in data that end at `last`.
    pub(in crate::competing) fn new(
        (cause, name): (Cause, String),
        steps: CauseSteps,
        last: f64,
        level: f64,
        transform: IntervalTransform,
    ) -> Result<Self> {
        let z = normal_multiplier(level)?;
        let CauseSteps { time, n_event, incidence, variance: mut std_error, .. } = steps;
        let reach = |incidence: f64, std_error: f64| z * (std_error / incidence);
        let (lower, upper) = transform.limits_of_variances(&incidence, &mut std_error, reach);
        Ok(Self {
            cause,
            name,
            time,
            n_event,
            incidence,
            std_error,
            lower,
            upper,
            last,
            level,
            transform,
        })
    }

    /// The cause.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// The name of the cause.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Times at which the cause has events, ascending, in the unit of the data; none for a cause without
    /// events.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// Events of the cause at each time, weighted.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        &self.n_event
    }

    /// Events of the cause in all, weighted.
    #[must_use]
    pub fn n_events(&self) -> f64 {
        // A sum of nothing is a negative zero.
        self.n_event.iter().sum::<f64>() + 0.0
    }

    /// F at each time.
    #[must_use]
    pub fn incidence(&self) -> &[f64] {
        &self.incidence
    }

    /// Standard error of F at each time.
    #[must_use]
    pub fn std_error(&self) -> &[f64] {
        &self.std_error
    }

    /// Lower confidence limit of F at each time.
    #[must_use]
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// Upper confidence limit of F at each time.
    #[must_use]
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// Confidence level of the limits.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Scale of the limits.
    #[must_use]
    pub fn transform(&self) -> IntervalTransform {
        self.transform
    }

    /// The last time of an event of any cause, or of a censoring.
    #[must_use]
    pub fn follow_up(&self) -> f64 {
        self.last
    }

    /// F at requested times, in the order asked.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a time that is not a number.
    #[expect(
        clippy::indexing_slicing,
        reason = "no more steps are passed than there are, and there is one sum more"
    )]
    pub fn at(&self, times: &[f64]) -> Result<Vec<IncidenceAt>> {
        if let Some(&value) = times.iter().find(|time| time.is_nan()) {
            let rule = "must be a number";
            return Err(Error::InvalidOption { option: "time", value, rule });
        }
        let mut sum = 0.0;
        let mut n_events = vec![sum];
        n_events.extend(self.n_event.iter().map(|n| {
            sum += n;
            sum
        }));
        let at = |&time: &f64| {
            let n_steps = self.time.partition_point(|&known| known <= time);
            let value = |column: &[f64]| n_steps.checked_sub(1).map_or(0.0, |k| column[k]);
            IncidenceAt {
                time,
                incidence: value(&self.incidence),
                std_error: value(&self.std_error),
                interval: Interval::between(value(&self.lower), value(&self.upper), self.level),
                n_event: n_events[n_steps],
                beyond_follow_up: time > self.last,
            }
        };
        Ok(times.iter().map(at).collect())
    }

    /// The time by which a fraction `p` of all subjects has had an event of the cause, with limits, by
    /// R's rule. It is not reached where the incidence stays below p.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for p outside (0, 1).
    pub fn quantile(&self, p: f64) -> Result<Quantile> {
        self.quantile_by(p, QuantileRule::default())
    }

    /// The same by the rule named.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for p outside (0, 1).
    pub fn quantile_by(&self, p: f64, rule: QuantileRule) -> Result<Quantile> {
        // A flat end of the curve lasts as long as follow-up does.
        let flat = self.time.last().is_some_and(|&time| time < self.last);
        let to_the_end = |column: &[f64], end: Option<f64>| {
            column.iter().copied().chain(end.filter(|_| flat)).collect::<Vec<f64>>()
        };
        let column = |column: &[f64]| to_the_end(column, column.last().copied());
        let time = to_the_end(&self.time, Some(self.last));
        let limits = (&*column(&self.lower), &*column(&self.upper));
        Quantile::of_incidence(&time, &column(&self.incidence), limits, self.level, p, rule)
    }

    /// ∫₀^τ F, the curve continued flat.
    pub(in crate::competing) fn area(&self, tau: f64) -> f64 {
        let mut area = Sum::default();
        let mut before = 0.0;
        for (&time, &incidence) in self.time.iter().zip(&self.incidence) {
            if time >= tau {
                break;
            }
            area.add((incidence - before) * (tau - time));
            before = incidence;
        }
        area.value()
    }
}

#[cfg(feature = "serde")]
impl CumulativeIncidence {
    fn check(&self) -> Result<()> {
        use crate::checked::{numbers, ordered, probability};
        let [lower, upper] = [&self.lower[..], &self.upper[..]];
        numbers!(self {
            time: ascending,
            n_event: not_negative,
            incidence: probability,
            incidence: rising,
            std_error: not_negative,
            level: level,
        })?;
        probability("lower", lower)?;
        probability("upper", upper)?;
        ordered("lower", lower, upper, "must not be above `upper`")?;
        let within = self.time.last().is_none_or(|&time| time <= self.last);
        if !(within && self.last.is_finite()) {
            return Err(Error::Inconsistent { what: "cumulative incidence" });
        }
        let columns = [
            ("n_event", self.n_event.len()),
            ("incidence", self.incidence.len()),
            ("std_error", self.std_error.len()),
            ("lower", self.lower.len()),
            ("upper", self.upper.len()),
        ];
        crate::checked::same_lengths(self.time.len(), &columns)
    }
}
