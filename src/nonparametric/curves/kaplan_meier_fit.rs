//! A fitted Kaplan–Meier curve.

use std::fmt;

use super::observed::Observed;
use crate::curve::{ByGroup, Defined, SurvivalCurve};
use crate::data::RiskSeries;
use crate::error::{Error, Result, Warning};
use crate::statistic::{Interval, Table, fixed, percent, significant};

/// A Kaplan–Meier curve with the counts it comes from.
///
/// What it estimates, and after whom: [`KaplanMeier`](crate::nonparametric::KaplanMeier).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct KaplanMeierFit {
    curve: SurvivalCurve,
    observed: Observed,
    reverse: bool,
    warnings: Vec<Warning>,
}

/// The estimate at one requested time, from [`KaplanMeierFit::at`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct SurvivalAt {
    /// The time asked for.
    pub time: f64,
    /// S at that time; past the end of follow-up the last value, see `beyond_follow_up`.
    pub survival: f64,
    /// Standard error of S; `None` where S is 0.
    pub std_error: Option<f64>,
    /// Limits of S; `None` where S is 0.
    pub interval: Option<Interval>,
    /// At risk just before the time: entry < t ≤ exit. Between two times of the curve R counts also
    /// those who enter before the later one.
    pub n_risk: f64,
    /// Events up to and including the time.
    pub n_event: f64,
    /// Censorings up to and including the time.
    pub n_censor: f64,
    /// Whether the time lies past the last event or censoring, so that nothing was observed there.
    pub beyond_follow_up: bool,
}

#[cfg(feature = "serde")]
crate::checked::check!(SurvivalAt {
    survival: probability,
    std_error: not_negative,
    n_risk: not_negative,
    n_event: not_negative,
    n_censor: not_negative,
});

impl KaplanMeierFit {
    pub(super) fn new(
        curve: SurvivalCurve,
        observed: Observed,
        reverse: bool,
        warnings: Vec<Warning>,
    ) -> Self {
        Self { curve, observed, reverse, warnings }
    }

    /// The curve: times, S, standard errors, limits, quantiles.
    #[must_use]
    pub fn curve(&self) -> &SurvivalCurve {
        &self.curve
    }

    /// Times of events and censorings, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.curve.time()
    }

    /// S at each time.
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        self.curve.survival()
    }

    /// At risk at each time.
    #[must_use]
    pub fn n_risk(&self) -> &[f64] {
        self.observed.n_risk()
    }

    /// Events at each time.
    #[must_use]
    pub fn n_event(&self) -> &[f64] {
        self.observed.n_event()
    }

    /// Censorings at each time.
    #[must_use]
    pub fn n_censor(&self) -> &[f64] {
        self.observed.n_censor()
    }

    /// All counts, entries included.
    #[must_use]
    pub fn series(&self) -> &RiskSeries {
        self.observed.series()
    }

    /// Whether it is the curve of the time to censoring.
    #[must_use]
    pub fn is_reverse(&self) -> bool {
        self.reverse
    }

    /// Rows, not weighted, or the sum of frequencies. With ids a row that only continues a
    /// subject's history is not counted again; R counts it.
    #[must_use]
    pub fn n(&self) -> f64 {
        self.observed.n()
    }

    /// Events in all, weighted.
    #[must_use]
    pub fn n_events(&self) -> f64 {
        self.n_event().iter().sum()
    }

    /// Whether the variance is the infinitesimal jackknife instead of Greenwood's.
    #[must_use]
    pub fn is_robust(&self) -> bool {
        self.curve.is_robust()
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// The estimate at requested times, in the order asked.
    ///
    /// A time before the first observation has S = 1 with limits [1, 1]; a time past the last one
    /// is flagged.
    ///
    /// *In R* `summary(fit, times, extend = TRUE)`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a time that is not a number.
    pub fn at(&self, times: &[f64]) -> Result<Vec<SurvivalAt>> {
        times.iter().map(|&time| self.at_time(time)).collect()
    }

    /// The estimate at one time, see [`at`](Self::at).
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a time that is not a number.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, each with its counts"
    )]
    pub fn at_time(&self, time: f64) -> Result<SurvivalAt> {
        if time.is_nan() {
            let rule = "must be a number";
            return Err(Error::InvalidOption { option: "time", value: time, rule });
        }
        let curve = &self.curve;
        let place = curve.place(time);
        let level = curve.level();
        let sum = |counts: &[f64]| place.map_or(0.0, |k| counts[..=k].iter().sum());
        Ok(SurvivalAt {
            time,
            survival: place.map_or(1.0, |k| curve.survival()[k]),
            std_error: place.map_or(Some(0.0), |k| curve.std_error().get(k)),
            interval: place.map_or(Some(Interval::between(1.0, 1.0, level)), |k| curve.interval(k)),
            n_risk: self.series().n_risk_at(time),
            n_event: sum(self.n_event()),
            n_censor: sum(self.n_censor()),
            beyond_follow_up: curve.time().last().is_some_and(|&last| time > last),
        })
    }

    /// The table of R's `summary`: a line for each event time.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, each with its counts"
    )]
    fn steps(&self) -> Table {
        let events: Vec<usize> =
            (0..self.time().len()).filter(|&k| self.n_event()[k] > 0.0).collect();
        let of = |values: &[f64]| events.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let optional =
            |values: Defined<'_>| events.iter().map(|&k| values.get(k)).collect::<Vec<_>>();
        let percent = percent(self.curve.level());
        Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(self.n_risk()), 4, ""))
            .column("n.event", significant(&of(self.n_event()), 4, ""))
            .column("survival", fixed(&of(self.survival()), 4, ""))
            .column("std.err", fixed(&optional(self.curve.std_error()), 4, "-"))
            .column(&format!("lower {percent}"), fixed(&optional(self.curve.lower()), 4, "-"))
            .column(&format!("upper {percent}"), fixed(&optional(self.curve.upper()), 4, "-"))
    }
}

/// One line for each curve, as R prints `survfit`.
fn overview(curves: &[(&str, &KaplanMeierFit)]) -> Table {
    let level = curves.first().map_or(0.95, |(_, fit)| fit.curve.level());
    let column = |value: &dyn Fn(&KaplanMeierFit) -> Option<f64>| {
        let values: Vec<Option<f64>> = curves.iter().map(|(_, fit)| value(fit)).collect();
        significant(&values, 5, "not reached")
    };
    Table::default()
        .column("", curves.iter().map(|(name, _)| (*name).to_owned()).collect())
        .column("n", column(&|fit| Some(fit.n())))
        .column("events", column(&|fit| Some(fit.n_events())))
        .column("median", column(&|fit| fit.curve.median().time))
        .column(&format!("{level}LCL"), column(&|fit| fit.curve.median().interval.lower))
        .column(&format!("{level}UCL"), column(&|fit| fit.curve.median().interval.upper))
}

/// `{}`: n, events, median with limits. `{:#}`: also every event time.
impl fmt::Display for KaplanMeierFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", overview(&[("", self)]))?;
        if f.alternate() {
            write!(f, "\n{}", self.steps())?;
        }
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

/// `{}`: a line for each group. `{:#}`: also every event time of every group.
impl fmt::Display for ByGroup<KaplanMeierFit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", overview(&self.iter().collect::<Vec<_>>()))?;
        for (name, fit) in self.iter() {
            if f.alternate() {
                write!(f, "\n{name}\n{}", fit.steps())?;
            }
            fit.warnings
                .iter()
                .try_for_each(|warning| writeln!(f, "Warning: {name}: {warning}"))?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl KaplanMeierFit {
    fn check(&self) -> Result<()> {
        self.observed.check(self.curve.time())
    }
}
