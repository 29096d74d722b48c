//! The Nelson–Aalen estimator of the cumulative hazard.

use std::fmt;

use crate::curve::{ByGroup, SurvivalCurve};
use crate::data::{Groups, RiskSeries, RiskTable, SurvivalData, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::numerics::MAX_TIED;
use crate::statistic::{Interval, IntervalTransform, Table, fixed, normal_multiplier, significant};

/// How events at one time add to the cumulative hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum TieCorrection {
    /// d/Y: all d events meet the same risk set. R's `ctype = 1`.
    #[default]
    None,
    /// 1/Y + 1/(Y−1) + … (d terms): they leave the risk set one by one. R's `ctype = 2`.
    FlemingHarrington,
}

/// Which variance the cumulative hazard gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum HazardVariance {
    /// Σ d/Y², or Σ 1/Y² + 1/(Y−1)² + … with the Fleming–Harrington correction. R, SAS, Stata.
    #[default]
    Poisson,
    /// Σ d (Y−d)/Y³. Survival.jl, statsmodels.
    Binomial,
    /// Σ d/(Y (Y−d)), the variance of ln S. Not defined once d = Y.
    Greenwood,
}

/// The scale on which the limits of a cumulative hazard Λ with standard error σ are symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum HazardTransform {
    /// Λ ± z σ, cut at 0.
    Plain,
    /// Λ exp(± z σ / Λ).
    #[default]
    Log,
}

/// The Nelson–Aalen estimator of the cumulative hazard.
///
/// # Definition
/// ```text
/// Λ(t) = Σ_{s ≤ t} d(s)/Y(s)      Var Λ(t) = Σ_{s ≤ t} d(s)/Y(s)²
/// ```
/// with d events among Y at risk (entry < t ≤ exit). Other tie corrections and variances are named
/// options. The survival curve exp(−Λ) (Breslow, Fleming–Harrington) is
/// [`survival_curve`](NelsonAalenFit::survival_curve).
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | `conf.int` |
/// | [`ties`](Self::ties) | `None` | `ctype` |
/// | [`variance`](Self::variance) | `Poisson` | `std.chaz` |
/// | [`transform`](Self::transform) | `Log` | |
///
/// # Example
/// ```
/// use riskset::{NelsonAalen, RightCensored};
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, true])?;
/// let fit = NelsonAalen::new().fit(&data)?;
/// assert_eq!(fit.cumulative_hazard(), [0.25, 0.25, 0.75, 1.75]);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(time, event) ~ 1)$cumhaz`.
///
/// # References
/// Nelson 1972, doi:10.1080/00401706.1972.10488991; Aalen 1978, doi:10.1214/aos/1176344247;
/// Fleming & Harrington 1984, doi:10.1080/03610928408828837.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NelsonAalen {
    confidence: f64,
    ties: TieCorrection,
    variance: HazardVariance,
    transform: HazardTransform,
}

impl Default for NelsonAalen {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            ties: TieCorrection::default(),
            variance: HazardVariance::default(),
            transform: HazardTransform::default(),
        }
    }
}

/// A fitted cumulative hazard. All columns have one value for each [`time`](Self::time).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(remote = "Self"))]
pub struct NelsonAalenFit {
    series: RiskSeries,
    cumulative_hazard: Vec<f64>,
    std_error: Vec<Option<f64>>,
    intervals: Vec<Option<Interval>>,
    level: f64,
    warnings: Vec<Warning>,
}

impl NelsonAalen {
    /// The estimator with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// How events at one time add up.
    #[must_use]
    pub fn ties(self, ties: TieCorrection) -> Self {
        Self { ties, ..self }
    }

    /// The variance.
    #[must_use]
    pub fn variance(self, variance: HazardVariance) -> Self {
        Self { variance, ..self }
    }

    /// Scale on which the limits are symmetric.
    #[must_use]
    pub fn transform(self, transform: HazardTransform) -> Self {
        Self { transform, ..self }
    }

    /// One cumulative hazard for all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level; [`Error::Unsupported`] for sampling weights, and for
    /// the Fleming–Harrington correction with a variance other than `Poisson`;
    /// [`Error::TooManyTies`] for that correction of more than 10⁷ events at one time.
    pub fn fit(&self, data: &impl SurvivalData) -> Result<NelsonAalenFit> {
        let table = RiskTable::of(data.rows(), false, None);
        self.check(table.weight_kind())?;
        self.estimate("data", &table, 0, data.rows().warnings())
    }

    /// One cumulative hazard for each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    pub fn fit_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
    ) -> Result<ByGroup<NelsonAalenFit>> {
        data.rows().same_length("groups", groups.len())?;
        let table = RiskTable::of(data.rows(), false, Some(groups));
        self.check(table.weight_kind())?;
        ByGroup::try_new(table.groups(), |group, name| {
            self.estimate(name, &table, group, data.rows().warnings())
        })
    }

    fn check(self, weights: Option<WeightKind>) -> Result<()> {
        let unsupported =
            |what, instead| Err(Error::Unsupported { estimator: "NelsonAalen", what, instead });
        if weights == Some(WeightKind::Sampling) {
            return unsupported(
                "a model-based variance under sampling weights",
                "use Weights::case if the weights are factors of the likelihood",
            );
        }
        let corrected = self.ties == TieCorrection::FlemingHarrington;
        if corrected && self.variance != HazardVariance::Poisson {
            return unsupported(
                "this variance with the Fleming-Harrington correction",
                "use HazardVariance::Poisson",
            );
        }
        Ok(())
    }

    fn check_ties(self, rows: &RiskSeries) -> Result<()> {
        if self.ties == TieCorrection::None {
            return Ok(());
        }
        let mut times = rows.time().iter().zip(rows.n_event());
        match times.find(|(_, tied)| **tied > MAX_TIED) {
            Some((&time, &tied)) => Err(Error::TooManyTies { time, tied, limit: MAX_TIED }),
            None => Ok(()),
        }
    }

    fn estimate(
        self,
        what: &str,
        table: &RiskTable,
        group: usize,
        warnings: Vec<Warning>,
    ) -> Result<NelsonAalenFit> {
        let series = table.group(group).observed();
        if series.time().is_empty() {
            return Err(Error::Empty { what: what.to_owned() });
        }
        let z = normal_multiplier(self.confidence)?;
        let tied = series.rows();
        self.check_ties(&tied)?;
        let (mut hazard, mut variance) = (0.0, Some(0.0));
        let (cumulative_hazard, std_error): (Vec<f64>, Vec<Option<f64>>) =
            (series.n_event().iter().zip(series.n_risk()).zip(tied.n_event()).enumerate())
                .map(|(place, ((&d, &y), &tied))| {
                    if d > 0.0 {
                        let (jump, spread) = self.jump(d, y, tied, series.all_fail(place));
                        hazard += jump;
                        variance = variance.zip(spread).map(|(sum, spread)| sum + spread);
                    }
                    (hazard, variance.map(f64::sqrt))
                })
                .unzip();
        let intervals = (cumulative_hazard.iter().zip(&std_error))
            .map(|(&hazard, sigma)| {
                let (lower, upper) = self.transform.limits(hazard, (*sigma)?, z);
                Some(Interval::new(lower, upper, self.confidence))
            })
            .collect();
        let level = self.confidence;
        Ok(NelsonAalenFit { series, cumulative_hazard, std_error, intervals, level, warnings })
    }

    /// What `d` events among `y` at risk add to the hazard and to its variance. `tied` is the
    /// number of rows that d is the weight of.
    fn jump(self, d: f64, y: f64, tied: f64, all_fail: bool) -> (f64, Option<f64>) {
        if self.ties == TieCorrection::FlemingHarrington {
            let each = d / tied;
            let left = (0..tied as u64).map(|k| y - k as f64 * each);
            let (sum, squares) = left.fold((0.0, 0.0), |(sum, squares), left| {
                (sum + each / left, squares + each / left / left)
            });
            return (sum, Some(squares));
        }
        let spread = match self.variance {
            HazardVariance::Poisson => Some(d / y / y),
            HazardVariance::Binomial => Some(d / y * ((y - d) / y) / y),
            HazardVariance::Greenwood => (!all_fail).then(|| d / y / (y - d)),
        };
        (d / y, spread)
    }
}

impl HazardTransform {
    fn limits(self, hazard: f64, sigma: f64, z: f64) -> (f64, f64) {
        match self {
            _ if hazard == 0.0 => (0.0, 0.0),
            Self::Plain => ((hazard - z * sigma).max(0.0), hazard + z * sigma),
            Self::Log => {
                let factor = (z * sigma / hazard).exp();
                (hazard / factor, hazard * factor)
            }
        }
    }
}

impl NelsonAalenFit {
    /// Times of events and censorings, ascending.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        self.series.time()
    }

    /// Λ at each time.
    #[must_use]
    pub fn cumulative_hazard(&self) -> &[f64] {
        &self.cumulative_hazard
    }

    /// Standard error of Λ; `None` only where Greenwood's variance is not defined.
    #[must_use]
    pub fn std_error(&self) -> &[Option<f64>] {
        &self.std_error
    }

    /// Limits of Λ.
    #[must_use]
    pub fn intervals(&self) -> &[Option<Interval>] {
        &self.intervals
    }

    /// The counts at each time.
    #[must_use]
    pub fn series(&self) -> &RiskSeries {
        &self.series
    }

    /// What the reader should know.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Λ at any time: 0 before the first time, `None` beyond the last.
    #[must_use]
    pub fn cumulative_hazard_at(&self, time: f64) -> Option<f64> {
        let beyond = self.time().last().is_none_or(|&last| time > last);
        let next = self.time().partition_point(|&known| known <= time);
        let value = next.checked_sub(1).map_or(0.0, |k| self.cumulative_hazard[k]);
        (!beyond && !time.is_nan()).then_some(value)
    }

    /// The survival curve exp(−Λ), with the standard error of Λ for that of ln S.
    ///
    /// R's `survfit(stype = 2)`. Unlike the product-limit curve it never reaches 0.
    ///
    /// # Errors
    /// None for a fit made by [`NelsonAalen`], whose level has been checked.
    pub fn survival_curve(&self, transform: IntervalTransform) -> Result<SurvivalCurve> {
        let survival = self.cumulative_hazard.iter().map(|hazard| (-hazard).exp()).collect();
        let variance: Vec<Option<f64>> =
            self.std_error.iter().map(|sigma| sigma.map(|sigma| sigma * sigma)).collect();
        SurvivalCurve::new(self.time().to_vec(), survival, &variance, self.level, transform)
    }

    fn steps(&self) -> Table {
        let events: Vec<usize> =
            (0..self.time().len()).filter(|&k| self.series.n_event()[k] > 0.0).collect();
        let of = |values: &[f64]| events.iter().map(|&k| Some(values[k])).collect::<Vec<_>>();
        let limit = |of: fn(&Interval) -> Option<f64>| {
            let limits: Vec<Option<f64>> =
                events.iter().map(|&k| self.intervals[k].as_ref().and_then(of)).collect();
            fixed(&limits, 4, "-")
        };
        let std_error: Vec<Option<f64>> = events.iter().map(|&k| self.std_error[k]).collect();
        let percent = format!("{}%", self.level * 100.0);
        Table::default()
            .column("time", significant(&of(self.time()), 7, ""))
            .column("n.risk", significant(&of(self.series.n_risk()), 4, ""))
            .column("n.event", significant(&of(self.series.n_event()), 4, ""))
            .column("cumhaz", fixed(&of(&self.cumulative_hazard), 4, ""))
            .column("std.err", fixed(&std_error, 4, "-"))
            .column(&format!("lower {percent}"), limit(|interval| interval.lower))
            .column(&format!("upper {percent}"), limit(|interval| interval.upper))
    }
}

/// A line for each event time.
impl fmt::Display for NelsonAalenFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.steps())?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

/// A table for each group.
impl fmt::Display for ByGroup<NelsonAalenFit> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().try_for_each(|(name, fit)| writeln!(f, "{name}\n{fit}"))
    }
}

#[cfg(feature = "serde")]
impl NelsonAalenFit {
    fn check(&self) -> Result<()> {
        normal_multiplier(self.level)?;
        crate::checked::same_lengths(
            self.series.time().len(),
            &[
                ("cumulative_hazard", self.cumulative_hazard.len()),
                ("std_error", self.std_error.len()),
                ("intervals", self.intervals.len()),
            ],
        )
    }
}

#[cfg(feature = "serde")]
crate::checked::checked!(NelsonAalenFit);
