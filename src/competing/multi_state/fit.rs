//! State occupation probabilities over time.

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::course::Course;
use super::mean_time::MeanTime;
use crate::error::{Error, Result, Warning};
use crate::statistic::{Interval, IntervalTransform, Table, significant};

/// One kind of transition in a [`StateOccupationFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Transition {
    /// The state left.
    pub from: String,
    /// The state entered.
    pub to: String,
    /// Transitions at each time of the fit, or the sum of their weights.
    pub n_event: Vec<f64>,
    /// Cumulative hazard at each time of the fit, Nelson–Aalen.
    pub cumulative_hazard: Vec<f64>,
    /// Its standard error, by the infinitesimal jackknife.
    pub std_error: Vec<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(Transition {
    n_event: not_negative,
    cumulative_hazard: not_negative,
    cumulative_hazard: rising,
    std_error: not_negative,
});

/// The probability of one state at one time, from [`StateOccupationFit::at`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct OccupationAt {
    /// The time asked for.
    pub time: f64,
    /// The probability of being in the state.
    pub probability: f64,
    /// Its standard error, by the infinitesimal jackknife.
    pub std_error: f64,
    /// Its limits; none where the probability is 0.
    pub interval: Interval,
}

#[cfg(feature = "serde")]
crate::checked::check!(OccupationAt { probability: probability, std_error: not_negative });

/// State occupation probabilities of one group.
///
/// Rows of the matrices are [times](Self::time), columns [states](Self::states).
///
/// What it estimates, and after whom: [`StateOccupation`](crate::competing::StateOccupation).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct StateOccupationFit {
    states: Vec<String>,
    n_subjects: usize,
    time: Vec<f64>,
    n_risk: Array2<f64>,
    n_censor: Array2<f64>,
    initial: Vec<f64>,
    initial_std_error: Vec<f64>,
    probability: Array2<f64>,
    std_error: Array2<f64>,
    transitions: Vec<Transition>,
    mean_times: Option<Vec<MeanTime>>,
    level: f64,
    transform: IntervalTransform,
    z: f64,
    #[cfg_attr(feature = "serde", serde(default))]
    warnings: Vec<Warning>,
}

/// What is not part of the course of a group.
pub(super) struct Columns {
    pub(super) n_subjects: usize,
    pub(super) initial_std_error: Vec<f64>,
    pub(super) std_error: Vec<f64>,
    pub(super) transitions: Vec<Transition>,
    pub(super) mean_times: Option<Vec<MeanTime>>,
    pub(super) warnings: Vec<Warning>,
}

impl StateOccupationFit {
    pub(super) fn new(
        states: &[String],
        course: Course,
        columns: Columns,
        (level, transform, z): (f64, IntervalTransform, f64),
    ) -> Self {
        let k = states.len();
        let matrix = |values: Vec<f64>| {
            let mut values = values.into_iter();
            let cell = |_| values.next().unwrap_or_default();
            Array2::from_shape_fn((course.time.len(), k), cell)
        };
        Self {
            states: states.to_vec(),
            n_subjects: columns.n_subjects,
            n_risk: matrix(course.n_risk),
            n_censor: matrix(course.n_censor),
            initial: course.initial,
            initial_std_error: columns.initial_std_error,
            probability: matrix(course.probability),
            std_error: matrix(columns.std_error),
            transitions: columns.transitions,
            mean_times: columns.mean_times,
            time: course.time,
            level,
            transform,
            z,
            warnings: columns.warnings,
        }
    }

    /// Names of the states.
    #[must_use]
    pub fn states(&self) -> &[String] {
        &self.states
    }

    /// Number of subjects, or of clusters where the data have any, not weighted.
    #[must_use]
    pub fn n_subjects(&self) -> usize {
        self.n_subjects
    }

    /// The times at which somebody moved or was censored, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// In each state and under observation just before each time, weighted.
    #[must_use]
    pub fn n_risk(&self) -> ArrayView2<'_, f64> {
        self.n_risk.view()
    }

    /// Censored in each state at each time, weighted.
    #[must_use]
    pub fn n_censor(&self) -> ArrayView2<'_, f64> {
        self.n_censor.view()
    }

    /// p(0), the probability of each state before the first transition.
    #[must_use]
    pub fn initial(&self) -> &[f64] {
        &self.initial
    }

    /// Standard errors of p(0); 0 where everybody begins in one state.
    #[must_use]
    pub fn initial_std_error(&self) -> &[f64] {
        &self.initial_std_error
    }

    /// The probability of each state at each time. Each row sums to 1.
    #[must_use]
    pub fn probability(&self) -> ArrayView2<'_, f64> {
        self.probability.view()
    }

    /// Standard errors of the probabilities, by the infinitesimal jackknife; 0 where a probability is
    /// 0 or 1.
    #[must_use]
    pub fn std_error(&self) -> ArrayView2<'_, f64> {
        self.std_error.view()
    }

    /// Limits of the probability of a state at each time; none where it is 0.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn intervals(&self, state: &str) -> Result<Vec<Interval>> {
        let state = self.state(state)?;
        let columns = self.probability.column(state).into_iter().zip(self.std_error.column(state));
        Ok(columns.map(|(&p, &std_error)| self.interval(p, std_error)).collect())
    }

    /// The probability of a state at a time.
    ///
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::InvalidOption`] for a time that is not a number or is
    /// negative; [`Error::BeyondFollowUp`] for one past the last time.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, a state one of those named"
    )]
    pub fn at(&self, state: &str, time: f64) -> Result<OccupationAt> {
        let state = self.state(state)?;
        if !(time >= 0.0) {
            let rule = "must be a number and not negative";
            return Err(Error::InvalidOption { option: "time", value: time, rule });
        }
        match self.time.last() {
            Some(&last) if time > last => {
                let what = "data".to_owned();
                return Err(Error::BeyondFollowUp { what, time, last });
            }
            _ => {}
        }
        let place = self.time.partition_point(|&known| known <= time).checked_sub(1);
        let (probability, std_error) = match place {
            Some(place) => (self.probability[[place, state]], self.std_error[[place, state]]),
            None => (self.initial[state], self.initial_std_error[state]),
        };
        let interval = self.interval(probability, std_error);
        Ok(OccupationAt { time, probability, std_error, interval })
    }

    /// Each kind of transition, in the order of the states left, then of those entered.
    #[must_use]
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// The transition between two states.
    ///
    /// # Errors
    /// [`Error::UnknownName`] for one that nobody makes.
    pub fn transition(&self, from: &str, to: &str) -> Result<&Transition> {
        let name = |of: &Transition| format!("{} to {}", of.from, of.to);
        let found = self.transitions.iter().find(|of| of.from == from && of.to == to);
        found.ok_or_else(|| Error::UnknownName {
            kind: "transition",
            name: format!("{from} to {to}"),
            known: self.transitions.iter().map(name).collect(),
        })
    }

    /// The mean time in each state, where it was [asked for](super::StateOccupation::restricted_to).
    #[must_use]
    pub fn mean_times(&self) -> Option<&[MeanTime]> {
        self.mean_times.as_deref()
    }

    /// The confidence level.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    fn state(&self, name: &str) -> Result<usize> {
        self.states.iter().position(|state| state == name).ok_or_else(|| Error::UnknownName {
            kind: "state",
            name: name.to_owned(),
            known: self.states.clone(),
        })
    }

    fn interval(&self, p: f64, std_error: f64) -> Interval {
        let limits = self.transform.limits(p, if p > 0.0 { std_error / p } else { 0.0 }, self.z);
        let (lower, upper) = limits.unzip();
        Interval { lower, upper, level: self.level }
    }
}

/// As R prints a multi-state curve: one line a state.
impl fmt::Display for StateOccupationFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events = |state: &String| {
            let into = self.transitions.iter().filter(|of| of.to == *state);
            into.flat_map(|of| &of.n_event).fold(0.0, |sum, n| sum + n)
        };
        let column = |values: Vec<Option<f64>>| significant(&values, 6, "-");
        let mut table = Table::default()
            .column("", self.states.clone())
            .column("n", vec![self.n_subjects.to_string(); self.states.len()])
            .column(
                "nevent",
                column(self.states.iter().map(|state| Some(events(state))).collect()),
            );
        if let Some(times) = &self.mean_times {
            table = table
                .column("rmean", column(times.iter().map(|of| Some(of.mean)).collect()))
                .column("se(rmean)", column(times.iter().map(|of| Some(of.std_error)).collect()));
        }
        write!(f, "{table}")?;
        if let Some([first, ..]) = self.mean_times.as_deref() {
            writeln!(f, "mean times up to {}", first.tau)?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl StateOccupationFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            time: ascending,
            n_risk: not_negative,
            n_censor: not_negative,
            initial: probability,
            initial_std_error: not_negative,
            probability: probability,
            std_error: not_negative,
            level: level,
        })?;
        use crate::checked::same_lengths;
        let (times, states) = (self.time.len(), self.states.len());
        for (what, matrix) in [
            ("n_risk", &self.n_risk),
            ("n_censor", &self.n_censor),
            ("probability", &self.probability),
            ("std_error", &self.std_error),
        ] {
            same_lengths(times, &[(what, matrix.nrows())])?;
            same_lengths(states, &[(what, matrix.ncols())])?;
        }
        for of in &self.transitions {
            let columns = [
                ("n_event", of.n_event.len()),
                ("cumulative_hazard", of.cumulative_hazard.len()),
                ("std_error", of.std_error.len()),
            ];
            same_lengths(times, &columns)?;
        }
        let (initial, std_error) = (self.initial.len(), self.initial_std_error.len());
        same_lengths(states, &[("initial", initial), ("initial_std_error", std_error)])?;
        let mean_times = self.mean_times.as_ref().map_or(states, Vec::len);
        same_lengths(states, &[("mean_times", mean_times)])
    }
}
