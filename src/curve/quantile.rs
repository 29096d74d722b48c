//! Quantiles of a survival curve.

use std::fmt;

use crate::error::{Error, Result};
use crate::statistic::{Interval, percent};

/// Which time is the quantile when S equals 1 − p exactly over a whole segment of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum QuantileRule {
    /// The middle of the segment, also when it runs to the end of follow-up. R's rule.
    #[default]
    Midpoint,
    /// The beginning of the segment: the first time with S ≤ 1 − p. Stata, lifelines.
    FirstAtOrBelow,
    /// The middle of the segment when an event closes it, otherwise not reached. SAS.
    SasStrict,
}

/// A segment on which S equals 1 − p; see [`Quantile`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Plateau {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Whether an event ends it; otherwise follow-up does, and the quantile is uncertain.
    pub closed_by_event: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(Plateau {} from <= to);

/// The time by which a fraction p has had the event, from
/// [`SurvivalCurve::quantile`](crate::curve::SurvivalCurve::quantile).
///
/// Its limits are the times at which the limits of the curve cross 1 − p (Brookmeyer & Crowley
/// 1982, doi:10.2307/2530286). What the curve never reaches is `None`.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Quantile {
    /// The fraction, in (0, 1).
    pub p: f64,
    /// The time; `None` when the curve does not fall to 1 − p.
    pub time: Option<f64>,
    /// Its limits.
    pub interval: Interval,
    /// The segment on which S equals 1 − p, if it does.
    pub plateau: Option<Plateau>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Quantile { p: level });

/// The columns of a curve that a quantile is read off.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) time: &'a [f64],
    pub(super) survival: &'a [f64],
    /// The limits, as far as they are defined.
    pub(super) lower: &'a [f64],
    pub(super) upper: &'a [f64],
    pub(super) level: f64,
}

/// Fails unless 0 < p < 1.
pub(super) fn check(p: f64) -> Result<()> {
    if p > 0.0 && p < 1.0 {
        return Ok(());
    }
    Err(Error::InvalidOption { option: "p", value: p, rule: "must be between 0 and 1" })
}

/// S within this of 1 − p counts as equal to it, as in R.
const EQUAL: f64 = 1.490_116_119_384_765_6e-8;

impl Quantile {
    /// Where the columns of a curve cross 1 − p, which is in (0, 1).
    pub(super) fn new(columns: &Columns<'_>, p: f64, rule: QuantileRule) -> Self {
        let Columns { time, survival, lower, upper, level } = *columns;
        let limit = |limits: &[f64]| crossing(time, limits, 1.0 - p, rule).0;
        let interval = Interval { lower: limit(lower), upper: limit(upper), level };
        let (time, plateau) = crossing(time, survival, 1.0 - p, rule);
        Self { p, time, interval, plateau }
    }

    /// Where a cumulative incidence reaches p: the quantile of a curve that falls from 1.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for p outside (0, 1).
    pub(crate) fn of_incidence(
        time: &[f64],
        incidence: &[f64],
        (lower, upper): (&[f64], &[f64]),
        level: f64,
        p: f64,
        rule: QuantileRule,
    ) -> Result<Self> {
        check(p)?;
        let rest = |column: &[f64]| column.iter().map(|value| 1.0 - value).collect::<Vec<f64>>();
        let (survival, lower, upper) = (rest(incidence), rest(upper), rest(lower));
        let columns = Columns { time, survival: &survival, lower: &lower, upper: &upper, level };
        Ok(Self::new(&columns, p, rule))
    }
}

/// Where a curve, known on the first `value.len()` times, first crosses `target`. The limits of a
/// falling curve can rise again, so that no bisection finds the place.
#[expect(clippy::indexing_slicing, reason = "a curve has a time for each of its values")]
fn crossing(
    time: &[f64],
    value: &[f64],
    target: f64,
    rule: QuantileRule,
) -> (Option<f64>, Option<Plateau>) {
    let Some(start) = value.iter().position(|&value| value <= target + EQUAL) else {
        return (None, None);
    };
    let reached = value[start];
    let from = time[start];
    if reached < target - EQUAL {
        return (Some(from), None);
    }
    let below = (start..value.len()).find(|&k| value[k] < target - EQUAL);
    let closed_by_event = below.is_some();
    let to = time[below.unwrap_or(value.len().saturating_sub(1))];
    let middle = from + (to - from) / 2.0;
    let quantile = match rule {
        QuantileRule::Midpoint => Some(middle),
        QuantileRule::FirstAtOrBelow => Some(from),
        QuantileRule::SasStrict => closed_by_event.then_some(middle),
    };
    (quantile, Some(Plateau { from, to, closed_by_event }))
}

impl fmt::Display for Quantile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |time: Option<f64>| time.map_or("not reached".to_owned(), |t| t.to_string());
        let Interval { lower, upper, level } = self.interval;
        let percent = percent(level);
        write!(f, "{} ({percent} interval {} to {})", text(self.time), text(lower), text(upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plateau_by_rule() {
        let (time, value) = ([1.0, 2.0, 4.0, 7.0], [0.75, 0.5, 0.5, 0.25]);
        let at = |value: &[f64], rule| crossing(&time, value, 0.5, rule).0;
        assert_eq!(at(&value, QuantileRule::Midpoint), Some(4.5));
        assert_eq!(at(&value, QuantileRule::FirstAtOrBelow), Some(2.0));
        assert_eq!(at(&value, QuantileRule::SasStrict), Some(4.5));
        let open = [0.75, 0.5, 0.5, 0.5];
        assert_eq!(at(&open, QuantileRule::Midpoint), Some(4.5));
        assert_eq!(at(&open, QuantileRule::SasStrict), None);
        assert_eq!(crossing(&time, &value, 0.1, QuantileRule::Midpoint), (None, None));
    }
}
