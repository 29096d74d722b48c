//! A step curve as a figure shows it.

use crate::competing::AalenJohansenFit;
use crate::data::RiskSeries;
use crate::error::{BadCell, Error, Result};
use crate::nonparametric::KaplanMeierFit;

/// A right-continuous step curve of probabilities from time 0 on, with what a figure shows along
/// with it: limits, censorings, counts.
///
/// The curves of this crate convert ([`survival`](Self::survival), [`events`](Self::events),
/// [`incidence`](Self::incidence)); any other is given by its columns. What is drawn can be read off for
/// another plotting tool:
///
/// ```
/// use riskset::plot::StepCurve;
/// use riskset::{KaplanMeier, RightCensored};
///
/// let data = RightCensored::new(&[1.0, 2.0, 4.0], &[true, false, true])?;
/// let curve = StepCurve::survival("all", &KaplanMeier::new().fit(&data)?);
/// let third = 2.0 / 3.0;
/// assert_eq!(curve.name(), "all");
/// assert!((curve.vertices()[2].1 - third).abs() < 1e-15);
/// assert_eq!(curve.vertices().len(), 5); // (0, 1) (1, 1) (1, ⅔) (4, ⅔) (4, 0)
/// assert_eq!(curve.censorings().len(), 1);
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct StepCurve {
    name: String,
    start: f64,
    time: Vec<f64>,
    value: Vec<f64>,
    /// As long as `time`, or empty.
    limits: Vec<Option<(f64, f64)>>,
    censored: Vec<f64>,
    median: Option<f64>,
    pub(super) counts: Option<Counts>,
}

/// The counts of the people a curve is about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts {
    /// The name of their line in the table.
    pub(super) name: String,
    pub(super) series: RiskSeries,
}

impl StepCurve {
    /// A curve that has the value `start` at time 0 and `value[k]` from `time[k]` on. It ends at
    /// the last time.
    ///
    /// # Errors
    /// [`Error::Empty`]; [`Error::LengthMismatch`]; [`Error::InvalidCells`] for times that do not
    /// ascend from 0 and values outside [0, 1]; [`Error::InvalidOption`] for such a `start`.
    pub fn new(name: &str, start: f64, time: &[f64], value: &[f64]) -> Result<Self> {
        let what = || "time".to_owned();
        if time.is_empty() {
            return Err(Error::Empty { what: what() });
        }
        if time.len() != value.len() {
            let (expected, found) = (time.len(), value.len());
            return Err(Error::LengthMismatch { what: "value".to_owned(), expected, found });
        }
        if !(0.0..=1.0).contains(&start) {
            let rule = "must be between 0 and 1";
            return Err(Error::InvalidOption { option: "start", value: start, rule });
        }
        let mut cells = Vec::new();
        let before = std::iter::once(&0.0).chain(time);
        for (row, (&t, &before)) in time.iter().zip(before).enumerate() {
            if !(t.is_finite() && t >= before) {
                cells.push(BadCell::new("time", row, t, "times must be finite and ascend from 0"));
            }
        }
        cells.extend(outside("value", value.iter().map(|&value| Some(value))));
        if !cells.is_empty() {
            return Err(Error::InvalidCells { cells });
        }
        let half = |value: &f64| if start > 0.5 { *value <= 0.5 } else { *value >= 0.5 };
        Ok(Self {
            name: name.to_owned(),
            start,
            time: time.to_vec(),
            value: value.to_vec(),
            limits: Vec::new(),
            censored: Vec::new(),
            median: time.iter().zip(value).find(|(_, value)| half(value)).map(|(&time, _)| time),
            counts: None,
        })
    }

    /// With limits at each time; where one is missing the band ends.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for limits outside [0, 1] or in the wrong
    /// order.
    pub fn with_limits(mut self, lower: &[Option<f64>], upper: &[Option<f64>]) -> Result<Self> {
        for (what, found) in [("lower", lower.len()), ("upper", upper.len())] {
            let expected = self.time.len();
            if found != expected {
                return Err(Error::LengthMismatch { what: what.to_owned(), expected, found });
            }
        }
        let mut cells = outside("lower", lower.iter().copied());
        cells.extend(outside("upper", upper.iter().copied()));
        self.limits = lower.iter().zip(upper).map(|(lower, upper)| lower.zip(*upper)).collect();
        for (row, limits) in self.limits.iter().enumerate() {
            if let Some((_, upper)) = limits.filter(|(lower, upper)| lower > upper) {
                cells.push(BadCell::new("upper", row, upper, "must not be below the lower limit"));
            }
        }
        if cells.is_empty() { Ok(self) } else { Err(Error::InvalidCells { cells }) }
    }

    /// With the counts of the people it is about: they give the censorings, and a line of that name
    /// in the table below the figure. Curves of the same name there, like those of two causes, share
    /// one line.
    #[must_use]
    pub fn with_counts(mut self, name: &str, series: &RiskSeries) -> Self {
        self.censored = censored(series.time(), series.n_censor());
        self.counts = Some(Counts { name: name.to_owned(), series: series.clone() });
        self
    }

    /// The Kaplan–Meier curve S, with its limits, censorings, median and counts.
    #[must_use]
    pub fn survival(name: &str, fit: &KaplanMeierFit) -> Self {
        let curve = fit.curve();
        let limits = curve.lower().iter().zip(curve.upper().iter());
        Self {
            name: name.to_owned(),
            start: 1.0,
            time: fit.time().to_vec(),
            value: fit.survival().to_vec(),
            limits: limits.map(|(lower, upper)| lower.zip(upper)).collect(),
            censored: censored(fit.time(), fit.n_censor()),
            median: curve.median().time,
            counts: Some(Counts { name: name.to_owned(), series: fit.series().clone() }),
        }
    }

    /// The complement of the Kaplan–Meier curve, 1 − S, which rises. With competing causes it is not
    /// the probability of one of them.
    #[must_use]
    pub fn events(name: &str, fit: &KaplanMeierFit) -> Self {
        let survival = Self::survival(name, fit);
        let turned = |&limits: &Option<(f64, f64)>| limits.map(|(a, b)| (1.0 - b, 1.0 - a));
        Self {
            start: 0.0,
            value: survival.value.iter().map(|value| 1.0 - value).collect(),
            limits: survival.limits.iter().map(turned).collect(),
            ..survival
        }
    }

    /// The cumulative incidence of one cause, with its limits and counts, up to the end of follow-up.
    /// Events are counted of any cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for a cause that the fit does not have.
    pub fn incidence(name: &str, fit: &AalenJohansenFit, cause: &str) -> Result<Self> {
        let curve = fit.incidence_of(cause)?;
        let (mut time, mut value) = (curve.time().to_vec(), curve.incidence().to_vec());
        let limits = curve.lower().iter().zip(curve.upper());
        let mut limits: Vec<_> = limits.map(|(&lower, &upper)| Some((lower, upper))).collect();
        // Flat after the last event of the cause, and all along without one.
        if time.last().is_none_or(|&last| last < curve.follow_up()) {
            time.push(curve.follow_up());
            value.push(value.last().copied().unwrap_or(0.0));
            limits.push(limits.last().copied().unwrap_or(Some((0.0, 0.0))));
        }
        let curve = Self {
            name: name.to_owned(),
            start: 0.0,
            time,
            value,
            limits,
            censored: Vec::new(),
            median: curve.quantile(0.5)?.time,
            counts: None,
        };
        Ok(curve.with_counts(name, fit.series()))
    }

    /// What the legend says.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value at a time, from 0 on; past the last time the last value.
    fn value_at(&self, time: f64) -> f64 {
        let place = self.time.partition_point(|&known| known <= time);
        let reached = place.checked_sub(1).and_then(|place| self.value.get(place));
        reached.copied().unwrap_or(self.start)
    }

    /// The corners of the staircase, from time 0 to the last time.
    #[must_use]
    pub fn vertices(&self) -> Vec<(f64, f64)> {
        let mut vertices = vec![(0.0, self.start)];
        let mut before = self.start;
        for (&time, &value) in self.time.iter().zip(&self.value) {
            if value != before {
                vertices.extend([(time, before), (time, value)]);
                before = value;
            }
        }
        let end = self.end();
        if vertices.last().is_some_and(|&(time, _)| time < end) {
            vertices.push((end, before));
        }
        vertices
    }

    /// The band, as pieces with constant limits: from, to, lower, upper. It ends where a limit is
    /// missing.
    #[must_use]
    pub fn band(&self) -> Vec<(f64, f64, f64, f64)> {
        let mut pieces: Vec<(f64, f64, f64, f64)> = Vec::new();
        let (mut from, mut open) = (0.0, Some((self.start, self.start)));
        for (&time, &limits) in self.time.iter().zip(&self.limits) {
            let Some((lower, upper)) = open else { break };
            if limits != open {
                pieces.push((from, time, lower, upper));
                (from, open) = (time, limits);
            }
        }
        if let (Some((lower, upper)), false) = (open, self.limits.is_empty()) {
            pieces.push((from, self.end(), lower, upper));
        }
        pieces.retain(|(from, to, ..)| from < to);
        pieces
    }

    /// The times of censorings, each with the value of the curve there.
    #[must_use]
    pub fn censorings(&self) -> Vec<(f64, f64)> {
        self.censored.iter().map(|&time| (time, self.value_at(time))).collect()
    }

    /// The time at which the curve reaches one half, if it does: for a Kaplan–Meier curve its median
    /// by R's rule.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        self.median
    }

    /// The last time.
    pub(super) fn end(&self) -> f64 {
        self.time.last().copied().unwrap_or_default()
    }

    /// Whether the curve goes up, if it goes anywhere.
    pub(super) fn rises(&self) -> bool {
        self.start < 0.5
    }

    /// The highest value up to a time.
    pub(super) fn highest(&self, until: f64) -> f64 {
        let place = self.time.partition_point(|&known| known <= until);
        self.value.iter().take(place).fold(self.start, |most, &value| most.max(value))
    }
}

/// The times at which somebody was censored.
fn censored(time: &[f64], n_censor: &[f64]) -> Vec<f64> {
    time.iter().zip(n_censor).filter(|(_, n)| **n > 0.0).map(|(&time, _)| time).collect()
}

fn outside(column: &str, values: impl Iterator<Item = Option<f64>>) -> Vec<BadCell> {
    let bad = |value: &f64| !(0.0..=1.0).contains(value);
    (values.enumerate())
        .filter_map(|(row, value)| value.filter(bad).map(|value| (row, value)))
        .map(|(row, value)| BadCell::new(column, row, value, "must be between 0 and 1"))
        .collect()
}
