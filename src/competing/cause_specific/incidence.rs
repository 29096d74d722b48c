//! What the models of all causes predict for one person.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is that of one of the times, a cause one of those of the person"
)]

use std::fmt;

use super::person::{Event, Person};
use super::progress::Progress;
use crate::competing::cumulative_incidence::{CauseSteps, CumulativeIncidence};
use crate::competing::of_cause;
use crate::curve::SurvivalCurve;
use crate::data::{Cause, RiskSeries};
use crate::error::{Result, Warning};
use crate::statistic::{IntervalTransform, Table, fixed, percent, significant};

/// The cumulative incidences of all causes that the models predict for one person, and the probability
/// to be free of any event; together they are one. From
/// [`CauseSpecificStratum::incidence`](crate::competing::CauseSpecificStratum::incidence).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CauseSpecificIncidence {
    event_free: SurvivalCurve,
    curves: Vec<CumulativeIncidence>,
    n_risk: Vec<f64>,
    #[cfg_attr(feature = "serde", serde(default))]
    warnings: Vec<Warning>,
}

impl CauseSpecificIncidence {
    /// The curves of all causes, in the order in which the data list them; that of a cause without events
    /// has no steps. Counts are those of the stratum.
    #[must_use]
    pub fn curves(&self) -> &[CumulativeIncidence] {
        &self.curves
    }

    /// The curve of a cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn incidence(&self, cause: Cause) -> Result<&CumulativeIncidence> {
        of_cause::find(&self.curves, cause)
    }

    /// The curve of the cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn incidence_of(&self, name: &str) -> Result<&CumulativeIncidence> {
        of_cause::named(&self.curves, name)
    }

    /// The probability to be free of any event: times, S, standard errors, limits, quantiles.
    #[must_use]
    pub fn event_free(&self) -> &SurvivalCurve {
        &self.event_free
    }

    /// Times at which somebody of the stratum left, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.event_free.time()
    }

    /// The probability to be free of any event at each time.
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        self.event_free.survival()
    }

    /// At risk in the stratum at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        &self.n_risk
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    fn overview(&self) -> Table {
        let column = |value: &dyn Fn(&CumulativeIncidence) -> Option<f64>| {
            fixed(&self.curves.iter().map(value).collect::<Vec<_>>(), 4, "-")
        };
        let last = |values: &[f64]| values.last().copied();
        let events: Vec<Option<f64>> =
            self.curves.iter().map(|curve| Some(curve.n_events())).collect();
        let percent = percent(self.event_free.level());
        Table::default()
            .column("", self.curves.iter().map(|curve| curve.name().to_owned()).collect())
            .column("events", significant(&events, 5, ""))
            .column("incidence", column(&|curve| last(curve.incidence()).or(Some(0.0))))
            .column("std.err", column(&|curve| last(curve.std_error())))
            .column(&format!("lower {percent}"), column(&|curve| last(curve.lower())))
            .column(&format!("upper {percent}"), column(&|curve| last(curve.upper())))
    }

    /// A line for each time at which an incidence rises.
    fn steps(&self) -> Table {
        let mut rises: Vec<f64> =
            self.curves.iter().flat_map(CumulativeIncidence::time).copied().collect();
        rises.sort_by(f64::total_cmp);
        rises.dedup();
        let places: Vec<usize> =
            rises.iter().filter_map(|&time| self.event_free.place(time)).collect();
        let of = |values: &[f64]| places.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let table = Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(&self.n_risk), 4, ""))
            .column("event-free", fixed(&of(self.survival()), 4, ""));
        self.curves.iter().fold(table, |table, curve| {
            let at = curve.at(&rises).unwrap_or_default();
            let incidence: Vec<Option<f64>> = at.iter().map(|at| Some(at.incidence)).collect();
            table.column(curve.name(), fixed(&incidence, 4, ""))
        })
    }
}

/// `{}`: a line for each cause, its events in the stratum and its incidence at the end of follow-up with its
/// limits. `{:#}`: also every event time.
impl fmt::Display for CauseSpecificIncidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.overview())?;
        if f.alternate() {
            write!(f, "\n{}", self.steps())?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

/// Curves that grow time by time.
pub(super) struct Growing<'a> {
    /// The counts of every cause that has a hazard, on the same times.
    series: Vec<&'a RiskSeries>,
    progress: Progress<'a>,
    time: Vec<f64>,
    n_risk: Vec<f64>,
    survival: Vec<f64>,
    variance_ln: Vec<f64>,
    causes: Vec<CauseSteps>,
}

impl<'a> Growing<'a> {
    pub(super) fn new(person: &'a Person<'a>, series: Vec<&'a RiskSeries>) -> Self {
        Self {
            progress: Progress::new(person),
            time: Vec::new(),
            n_risk: Vec::new(),
            survival: Vec::new(),
            variance_ln: Vec::new(),
            causes: vec![CauseSteps::default(); series.len()],
            series,
        }
    }

    /// Adds the time at a place of the counts, with what happens there.
    pub(super) fn push(&mut self, place: usize, event: Option<&Event<'_>>) {
        let Some(series) = self.series.first() else { return };
        self.time.push(series.time()[place]);
        self.n_risk.push(series.n_risk()[place]);
        let mut variance_ln = self.variance_ln.last().copied().unwrap_or(0.0);
        if let Some(event) = event {
            self.progress.pass(event);
            variance_ln = self.progress.variance_ln_survival();
            for (cause, steps) in self.causes.iter_mut().enumerate() {
                // Between the events of a cause neither its incidence nor the variance of that changes.
                if event.jumps[cause].is_some() {
                    steps.time.push(event.time);
                    steps.n_event.push(self.series[cause].n_event()[place]);
                    steps.incidence.push(self.progress.incidence[cause].min(1.0));
                    steps.variance.push(self.progress.variance(cause));
                }
            }
        }
        self.survival.push(self.progress.survival);
        self.variance_ln.push(variance_ln);
    }

    /// The curves, each cause with the place of its hazard if it has one; `None` when a number is too
    /// large.
    pub(super) fn finish(
        self,
        causes: impl Iterator<Item = ((Cause, String), Option<usize>)>,
        (level, transform): (f64, IntervalTransform),
        robust: bool,
    ) -> Result<Option<CauseSpecificIncidence>> {
        let variances = self.causes.iter().flat_map(|steps| &steps.variance);
        let alive = self.survival.iter().zip(&self.variance_ln).filter(|(s, _)| **s > 0.0);
        if !variances.chain(alive.map(|(_, v)| v)).all(|variance| variance.is_finite()) {
            return Ok(None);
        }
        let last = self.time.last().copied().unwrap_or(0.0);
        let curve = |(cause, place): ((Cause, String), Option<usize>)| {
            let steps = place.map_or_else(CauseSteps::default, |k| self.causes[k].clone());
            CumulativeIncidence::new(cause, steps, last, level, transform)
        };
        let curves = causes.map(curve).collect::<Result<_>>()?;
        let Self { time, survival, variance_ln, n_risk, .. } = self;
        let (survival, variance_ln) = (survival.into(), variance_ln.into());
        let free = SurvivalCurve::new(time, survival, variance_ln, level, transform)?;
        let event_free = free.with_robust(robust).into_predicted();
        Ok(Some(CauseSpecificIncidence { event_free, curves, n_risk, warnings: Vec::new() }))
    }
}

impl CauseSpecificIncidence {
    pub(super) fn with_warnings(self, warnings: Vec<Warning>) -> Self {
        Self { warnings, ..self }
    }
}

#[cfg(feature = "serde")]
impl CauseSpecificIncidence {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { n_risk: not_negative })?;
        crate::checked::same_lengths(self.time().len(), &[("n_risk", self.n_risk.len())])?;
        let last = self.time().last().copied().unwrap_or(0.0);
        match self.curves.iter().all(|curve| curve.follow_up() == last) {
            true => Ok(()),
            false => Err(crate::Error::Inconsistent { what: "predicted incidence" }),
        }
    }
}
