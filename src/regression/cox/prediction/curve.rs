//! A predicted curve.

use std::fmt;

use super::covariates::Cumulative;
use super::survival_form::SurvivalForm;
use crate::curve::{Defined, Quantile, SurvivalCurve};
use crate::data::RiskSeries;
use crate::error::Result;
use crate::statistic::{IntervalTransform, Table, fixed, percent, significant};

/// The curve that a Cox model predicts for one person, from
/// [`StratumBaseline::curve`](crate::regression::cox::StratumBaseline::curve). All columns have one
/// value for each [`time`](Self::time); the counts are those of the stratum.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CoxCurve {
    curve: SurvivalCurve,
    cumulative_hazard: Vec<f64>,
    cumulative_hazard_std_error: Vec<f64>,
    n_risk: Vec<f64>,
    n_event: Vec<f64>,
    n_censor: Vec<f64>,
}

impl CoxCurve {
    /// The survival curve: times, S, standard errors, limits, quantiles.
    #[must_use]
    pub fn curve(&self) -> &SurvivalCurve {
        &self.curve
    }

    /// Times at which somebody of the stratum left, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.curve.time()
    }

    /// S at each time.
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        self.curve.survival()
    }

    /// Λ at each time.
    #[must_use]
    pub fn cumulative_hazard(&self) -> &[f64] {
        &self.cumulative_hazard
    }

    /// Standard error of Λ at each time.
    #[must_use]
    pub fn cumulative_hazard_std_error(&self) -> &[f64] {
        &self.cumulative_hazard_std_error
    }

    /// At risk at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        &self.n_risk
    }

    /// Events at each time.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        &self.n_event
    }

    /// Censorings at each time.
    #[must_use]
    pub fn n_censor(&self) -> &[f64] {
        &self.n_censor
    }

    /// The median survival time, with limits, by R's rule.
    #[must_use]
    pub fn median(&self) -> Quantile {
        self.curve.median()
    }

    /// The time by which a fraction `p` has had the event, with limits, by R's rule.
    ///
    /// # Errors
    /// [`InvalidOption`](crate::Error::InvalidOption) for p outside (0, 1).
    pub fn quantile(&self, p: f64) -> Result<Quantile> {
        self.curve.quantile(p)
    }

    fn overview(&self) -> Table {
        let (median, level) = (self.median(), self.curve.level());
        let one = |value: Option<f64>| significant(&[value], 5, "not reached");
        Table::default()
            .column("", vec![String::new()])
            .column("events", one(Some(self.n_event.iter().sum())))
            .column("median", one(median.time))
            .column(&format!("{level}LCL"), one(median.interval.lower))
            .column(&format!("{level}UCL"), one(median.interval.upper))
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, of which every column has as many"
    )]
    fn steps(&self) -> Table {
        let events: Vec<usize> =
            (0..self.time().len()).filter(|&k| self.n_event[k] > 0.0).collect();
        let of = |values: &[f64]| events.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let optional =
            |values: Defined<'_>| events.iter().map(|&k| values.get(k)).collect::<Vec<_>>();
        let percent = percent(self.curve.level());
        Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(&self.n_risk), 4, ""))
            .column("n.event", significant(&of(&self.n_event), 4, ""))
            .column("survival", fixed(&of(self.survival()), 4, ""))
            .column("std.err", fixed(&optional(self.curve.std_error()), 4, "-"))
            .column(&format!("lower {percent}"), fixed(&optional(self.curve.lower()), 4, "-"))
            .column(&format!("upper {percent}"), fixed(&optional(self.curve.upper()), 4, "-"))
    }
}

/// `{}`: events of the stratum and the median with its limits. `{:#}`: also every event time.
impl fmt::Display for CoxCurve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.overview())?;
        if f.alternate() {
            write!(f, "\n{}", self.steps())?;
        }
        Ok(())
    }
}

/// A curve that grows time by time.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    series: &'a RiskSeries,
    form: SurvivalForm,
    level: f64,
    transform: IntervalTransform,
    places: Vec<usize>,
    time: Vec<f64>,
    survival: Vec<f64>,
    hazard: Vec<f64>,
    std_error: Vec<f64>,
}

impl<'a> Columns<'a> {
    pub(super) fn new(
        series: &'a RiskSeries,
        form: SurvivalForm,
        level: f64,
        transform: IntervalTransform,
    ) -> Self {
        let (places, empty) = (Vec::new(), Vec::new);
        let (time, survival, hazard, std_error) = (empty(), empty(), empty(), empty());
        Self { series, form, level, transform, places, time, survival, hazard, std_error }
    }

    /// Adds the time at a place of the series.
    pub(super) fn push(&mut self, place: usize, time: f64, sum: &Cumulative, std_error: f64) {
        self.places.push(place);
        self.time.push(time);
        self.survival.push(self.form.survival(sum));
        self.hazard.push(sum.hazard);
        self.std_error.push(std_error);
    }

    #[expect(clippy::indexing_slicing, reason = "a place is one of those of the series")]
    pub(super) fn curve(self, robust: bool) -> Result<CoxCurve> {
        let variance_ln = self.std_error.iter().map(|sigma| sigma * sigma).collect();
        let count = |counts: &[f64]| self.places.iter().map(|&k| counts[k]).collect();
        let (n_risk, n_event) = (count(self.series.n_risk()), count(self.series.n_event()));
        let n_censor = count(self.series.n_censor());
        let (survival, transform) = (self.survival.into(), self.transform);
        let curve = SurvivalCurve::new(self.time, survival, variance_ln, self.level, transform)?;
        Ok(CoxCurve {
            curve: curve.with_robust(robust).into_predicted(),
            cumulative_hazard: self.hazard,
            cumulative_hazard_std_error: self.std_error,
            n_risk,
            n_event,
            n_censor,
        })
    }
}

#[cfg(feature = "serde")]
impl CoxCurve {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            cumulative_hazard: not_negative,
            cumulative_hazard: rising,
            cumulative_hazard_std_error: not_negative,
            n_risk: not_negative,
            n_event: not_negative,
            n_censor: not_negative,
        })?;
        crate::checked::same_lengths(
            self.time().len(),
            &[
                ("cumulative_hazard", self.cumulative_hazard.len()),
                ("cumulative_hazard_std_error", self.cumulative_hazard_std_error.len()),
                ("n_risk", self.n_risk.len()),
                ("n_event", self.n_event.len()),
                ("n_censor", self.n_censor.len()),
            ],
        )
    }
}
