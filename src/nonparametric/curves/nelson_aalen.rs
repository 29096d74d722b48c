//! The Nelson–Aalen estimator of the cumulative hazard.

use std::borrow::Cow;

use super::jackknife::{Influence, Members};
use super::nelson_aalen_fit::NelsonAalenFit;
use super::observed::{Observed, leaving};
use crate::curve::ByGroup;
use crate::data::{Groups, RiskSeries, RiskTable, Rows, SurvivalData, Variance};
use crate::error::{Error, Result, Warning};
use crate::numerics::MAX_TIED;
use crate::numerics::whole::whole;
use crate::statistic::{Interval, normal_multiplier};

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
    /// The infinitesimal jackknife over clusters, or rows where there are none; taken by itself
    /// where the data have clusters or sampling weights.
    Robust,
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
/// [`survival_curve`](NelsonAalenFit::survival_curve). Strata of the data do not split the curves; pass
/// them as [`Groups`] to split them.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | `conf.int` |
/// | [`ties`](Self::ties) | `None` | `ctype` |
/// | [`variance`](Self::variance) | `Poisson`; `Robust` with clusters or sampling weights | `std.chaz` |
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
    variance: Option<HazardVariance>,
    transform: HazardTransform,
}

impl Default for NelsonAalen {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            ties: TieCorrection::default(),
            variance: None,
            transform: HazardTransform::default(),
        }
    }
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
        Self { variance: Some(variance), ..self }
    }

    /// Scale on which the limits are symmetric.
    #[must_use]
    pub fn transform(self, transform: HazardTransform) -> Self {
        Self { transform, ..self }
    }

    /// One cumulative hazard for all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level; [`Error::Unsupported`] for a model-based variance
    /// under sampling weights, and for the Fleming–Harrington correction with the variances
    /// `Binomial` and `Greenwood`; [`Error::TooManyTies`] for that correction of more than 10⁷
    /// events at one time.
    pub fn fit(&self, data: &impl SurvivalData) -> Result<NelsonAalenFit> {
        let rows = data.rows();
        let variance = self.variance_of(rows)?;
        let members = (variance == HazardVariance::Robust).then(|| Members::new(rows, 1, |_| 0));
        let members = members.as_ref().map(|members| (members, 0));
        let mut series = RiskTable::of(rows, false, None).into_groups();
        self.estimate("data", series.pop(), variance, members, rows.warnings())
    }

    /// One cumulative hazard for each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group"
    )]
    pub fn fit_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
    ) -> Result<ByGroup<NelsonAalenFit>> {
        let rows = data.rows();
        rows.same_length("groups", groups.len())?;
        let variance = self.variance_of(rows)?;
        let group = |row: usize| groups.codes()[row] as usize;
        let members = (variance == HazardVariance::Robust)
            .then(|| Members::new(rows, groups.names().len(), group));
        let mut series = RiskTable::of(rows, false, Some(groups)).into_groups().into_iter();
        ByGroup::try_new(groups.names(), |group, name| {
            let members = members.as_ref().map(|members| (members, group));
            self.estimate(name, series.next(), variance, members, rows.warnings())
        })
    }

    /// The variance that options and data lead to.
    fn variance_of(self, rows: &Rows) -> Result<HazardVariance> {
        let choice = match self.variance {
            None => Variance::Automatic,
            Some(HazardVariance::Robust) => Variance::Robust,
            Some(_) => Variance::ModelBased,
        };
        if rows.robust("NelsonAalen", choice)? {
            return Ok(HazardVariance::Robust);
        }
        let variance = self.variance.unwrap_or_default();
        let corrected = self.ties == TieCorrection::FlemingHarrington;
        match variance {
            HazardVariance::Binomial | HazardVariance::Greenwood if corrected => {
                Err(Error::Unsupported {
                    estimator: "NelsonAalen",
                    what: "this variance with the Fleming-Harrington correction",
                    instead: "use HazardVariance::Poisson",
                })
            }
            variance => Ok(variance),
        }
    }

    fn estimate(
        self,
        what: &str,
        series: Option<RiskSeries>,
        variance: HazardVariance,
        robust: Option<(&Members<'_>, usize)>,
        warnings: Vec<Warning>,
    ) -> Result<NelsonAalenFit> {
        let series = series.filter(|series| !series.time().is_empty());
        let series = series.ok_or_else(|| Error::Empty { what: what.to_owned() })?;
        let counts = leaving(&series, false);
        let z = normal_multiplier(self.confidence)?;
        let steps = self.steps(&counts)?;
        let mut hazard = 0.0;
        let jumps = steps.iter().map(|step| {
            hazard += step.jump;
            hazard
        });
        let cumulative_hazard: Vec<f64> = jumps.collect();
        let variances: Vec<Option<f64>> = match robust {
            Some((members, group)) => {
                let influence: Vec<Influence> = steps.iter().map(|step| step.influence).collect();
                members.variance(group, &counts, &influence).into_iter().map(Some).collect()
            }
            None => {
                let mut sum = Some(0.0);
                let add = |step: &Step| {
                    sum = sum.zip(step.spread(variance)).map(|(sum, spread)| sum + spread);
                    sum
                };
                steps.iter().map(add).collect()
            }
        };
        let std_error: Vec<Option<f64>> =
            variances.into_iter().map(|variance| variance.map(f64::sqrt)).collect();
        let intervals = (cumulative_hazard.iter().zip(&std_error))
            .map(|(&hazard, sigma)| {
                let (lower, upper) = self.transform.limits(hazard, (*sigma)?, z);
                // An upper limit that overflows is none.
                let upper = upper.is_finite().then_some(upper);
                Some(Interval { lower: Some(lower), upper, level: self.confidence })
            })
            .collect();
        let observed = match counts {
            Cow::Borrowed(_) => Observed::all(series),
            Cow::Owned(counts) => Observed::at(series, &counts),
        };
        Ok(NelsonAalenFit {
            observed,
            cumulative_hazard,
            std_error,
            intervals,
            level: self.confidence,
            robust: variance == HazardVariance::Robust,
            warnings,
        })
    }

    /// What each time adds.
    #[expect(
        clippy::indexing_slicing,
        reason = "a place is that of one of the times, each with its counts"
    )]
    pub(crate) fn steps(self, series: &RiskSeries) -> Result<Vec<Step>> {
        let rows = series.rows();
        (0..series.time().len())
            .map(|place| {
                let (d, y) = (series.n_event()[place], series.n_risk()[place]);
                let tied = rows.n_event()[place];
                if d == 0.0 {
                    return Ok(Step::default());
                }
                if self.ties == TieCorrection::None {
                    return Ok(Step::plain(
                        d,
                        y,
                        (!series.all_fail(place)).then(|| series.n_staying(place)),
                    ));
                }
                if tied > MAX_TIED {
                    let time = series.time()[place];
                    return Err(Error::TooManyTies { time, tied, limit: MAX_TIED });
                }
                Ok(Step::fleming_harrington(d, y, tied))
            })
            .collect()
    }
}

/// What one time adds to a cumulative hazard.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step {
    pub(crate) jump: f64,
    poisson: f64,
    binomial: f64,
    greenwood: Option<f64>,
    pub(crate) influence: Influence,
}

impl Step {
    /// d events among y at risk, of whom `left` remain, if any do.
    fn plain(d: f64, y: f64, left: Option<f64>) -> Self {
        let poisson = d / y / y;
        Self {
            jump: d / y,
            poisson,
            binomial: left.map_or(0.0, |left| d / y * (left / y) / y),
            greenwood: left.map(|left| d / y / left),
            influence: Influence { stay: -poisson, leave: 1.0 / y - poisson },
        }
    }

    /// The same, with the `tied` rows that d is the weight of leaving one by one.
    fn fleming_harrington(d: f64, y: f64, tied: f64) -> Self {
        let each = d / tied;
        let mut step = Self::default();
        for k in 0..whole(tied) {
            let gone = k as f64 / tied;
            let left = y - gone * d;
            step.jump += each / left;
            step.poisson += each / left / left;
            step.influence.leave += (1.0 / left - d / left * ((1.0 - gone) / left)) / tied;
        }
        step.influence.stay = -step.poisson;
        step
    }

    fn spread(&self, variance: HazardVariance) -> Option<f64> {
        match variance {
            HazardVariance::Binomial => Some(self.binomial),
            HazardVariance::Greenwood if self.jump > 0.0 => self.greenwood,
            _ => Some(self.poisson),
        }
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
