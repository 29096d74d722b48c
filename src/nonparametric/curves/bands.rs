//! Simultaneous confidence bands for a survival curve.

use std::fmt;
use std::ops::Range;

use super::kaplan_meier_fit::KaplanMeierFit;
use super::{bridge, scaled_bridge};
use crate::error::{Error, Result};
use crate::statistic::{IntervalTransform, Table, fixed, normal_multiplier, percent, significant};

/// How near the probability of staying within a band comes to its level.
const PRECISION: f64 = 1e-11;

/// Which band, with v(t) Greenwood's variance of ln S(t) and n the number of rows, or the sum of their weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum BandKind {
    /// Nair's equal-precision band: as wide as pointwise limits of a higher level, σ(t) = √v times
    /// the critical value of sup |W⁰(u)|/√(u(1−u)).
    #[default]
    EqualPrecision,
    /// Hall and Wellner's band: (1 + n v)/√n times the critical value of sup |W⁰(u)|. Wider where
    /// much is known, narrower in the tail.
    HallWellner,
}

/// Simultaneous confidence bands: with the probability `confidence` the whole true curve between
/// `from` and `to` lies in the band.
///
/// # Definition
/// With v(t) Greenwood's variance of ln S(t), n the number of rows, a(t) = n v/(1 + n v) and W⁰ a Brownian
/// bridge, the limits are those of an [`IntervalTransform`] with, for z σ,
/// ```text
/// EqualPrecision   c √v               c of  sup |W⁰(u)|/√(u(1 − u))
/// HallWellner      c (1 + n v)/√n     c of  sup |W⁰(u)|                over [a(from), a(to)]
/// ```
/// The critical value c is computed from the distribution of the bridge, not looked up.
///
/// # Weights
/// Greenwood's variance counts a weight as so many rows, and so does n: a frequency of 2 is the row twice, and
/// n v has no unit. Weights c times as large leave a, and with it the critical value, as they are; like
/// pointwise limits the band is narrower by √c on the scale of ln S.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | [`kind`](Self::kind) | `EqualPrecision` | |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) |
/// | [`transform`](Self::transform) | `LogLog` | |
/// | [`range`](Self::range) | first to last event time with S > 0 | |
///
/// # In R
/// `km.ci::km.ci(method = "loghall")`, `"logep"`, which interpolates in tables of critical values. The one
/// for `"logep"` holds approximations, up to 0.13 too high where the range is short.
///
/// # Example
/// ```
/// use riskset::{KaplanMeier, RightCensored, nonparametric::Bands};
///
/// let time: Vec<f64> = (1..=40).map(f64::from).collect();
/// let data = RightCensored::new(&time, &[true; 40])?;
/// let fit = KaplanMeier::new().fit(&data)?;
/// let band = Bands::new().range(5.0, 35.0).of(&fit)?;
/// assert_eq!((band.time[0], band.time.len()), (5.0, 31));
/// assert!(2.9 < band.critical && band.critical < 3.1);
/// // Over a single step it is the pointwise value.
/// assert!((Bands::new().range(5.0, 5.5).of(&fit)?.critical - 1.959964).abs() < 1e-6);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # References
/// Hall & Wellner 1980, doi:10.1093/biomet/67.1.133; Nair 1984, doi:10.2307/1267553; Borgan &
/// Liestøl 1990, *Scandinavian Journal of Statistics* 17:35.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    kind: BandKind,
    confidence: f64,
    transform: IntervalTransform,
    range: Option<(f64, f64)>,
}

/// A simultaneous band, from [`Bands`]. The columns have one value for each time.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct Band {
    /// Which band.
    pub kind: BandKind,
    /// Its level.
    pub level: f64,
    /// Its critical value.
    pub critical: f64,
    /// The start of the range, if the curve has fallen by then, and the times of the curve after it.
    pub time: Vec<f64>,
    /// S at each time.
    pub survival: Vec<f64>,
    /// Lower edge.
    pub lower: Vec<f64>,
    /// Upper edge.
    pub upper: Vec<f64>,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            kind: BandKind::default(),
            confidence: 0.95,
            transform: IntervalTransform::LogLog,
            range: None,
        }
    }
}

impl Bands {
    /// The band with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Which band.
    #[must_use]
    pub fn kind(self, kind: BandKind) -> Self {
        Self { kind, ..self }
    }

    /// Level of the band, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Scale on which the band is symmetric.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// The times between which the band holds, both included: it begins with the step on which `from`
    /// lies.
    #[must_use]
    pub fn range(self, from: f64, to: f64) -> Self {
        Self { range: Some((from, to)), ..self }
    }

    /// The band of a curve.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level, and for a range in which the curve is nowhere between
    /// 0 and 1; [`Error::Unsupported`] for a curve with the robust variance, whose process is not
    /// the one these bands are about, and where so little of the weight is left that a rounds to 1.
    #[expect(
        clippy::indexing_slicing,
        reason = "the places are those of times of the curve with a standard error"
    )]
    pub fn of(&self, fit: &KaplanMeierFit) -> Result<Band> {
        let z = normal_multiplier(self.confidence)?;
        if fit.is_robust() {
            return Err(Error::Unsupported {
                estimator: "Bands",
                what: "a band around a curve with a robust variance",
                instead: "fit it with Variance::ModelBased",
            });
        }
        let places = self.places(fit)?;
        let (time, survival) = (&fit.time()[places.clone()], &fit.survival()[places.clone()]);
        let sigma = &fit.curve().sigma()[places];
        // In the unit of the variance.
        let n: f64 = fit.n_event().iter().chain(fit.n_censor()).sum();
        let scaled = |sigma: Option<&f64>| sigma.map_or(0.0, |sigma| n * sigma * sigma);
        let a = |sigma: Option<&f64>| scaled(sigma) / (1.0 + scaled(sigma));
        let (first, last) = (a(sigma.first()), a(sigma.last()));
        // The bridge has come to its end there: what is left of its time is less than rounding.
        if last >= 1.0 {
            return Err(Error::Unsupported {
                estimator: "Bands",
                what: "a variance that leaves rounding of 1 − a",
                instead: "end the range earlier",
            });
        }
        let critical = self.critical(z, first, last);
        let width = |sigma: f64| match self.kind {
            BandKind::EqualPrecision => sigma * critical,
            BandKind::HallWellner => critical * (1.0 + n * sigma * sigma) / n.sqrt(),
        };
        let (lower, upper) = self.transform.limits_of(survival, sigma, |_, sigma| width(sigma));
        let from = self.range.map_or(f64::NEG_INFINITY, |(from, _)| from);
        Ok(Band {
            kind: self.kind,
            level: self.confidence,
            critical,
            time: time.iter().map(|time| time.max(from)).collect(),
            survival: survival.to_vec(),
            lower: lower.into(),
            upper: upper.into(),
        })
    }

    /// The places of the curve between the ends of the range, where S is neither 0 nor 1. The step on
    /// which the range begins is the first of them.
    fn places(&self, fit: &KaplanMeierFit) -> Result<Range<usize>> {
        let (from, to) = self.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        let (time, survival) = (fit.time(), fit.survival());
        let start = time.partition_point(|&time| time <= from).saturating_sub(1);
        let end = time.partition_point(|&time| time <= to);
        let start = start.max(survival.partition_point(|&s| s >= 1.0));
        // There is a standard error for as long as S is above 0.
        let end = end.min(fit.curve().sigma().len());
        let followed = time.last().is_some_and(|&last| from <= last);
        // A range that ends before it starts, or is not a number, holds no time.
        if !(from <= to && followed && start < end) {
            let rule = "the curve is nowhere between 0 and 1 there";
            return Err(Error::InvalidOption { option: "range", value: from.max(0.0), rule });
        }
        Ok(start..end)
    }

    /// The value that the supremum stays below with the probability asked for, by false position with
    /// halving of the end that stays (Illinois). It is at least what one moment takes.
    fn critical(&self, z: f64, a: f64, b: f64) -> f64 {
        let stays = |h: f64| match self.kind {
            _ if h == 0.0 => 0.0,
            BandKind::EqualPrecision => scaled_bridge::stays_within_scaled(h, a, b),
            BandKind::HallWellner => bridge::stays_within(h, a, b),
        };
        let unit = match self.kind {
            BandKind::EqualPrecision => 1.0,
            BandKind::HallWellner => {
                let widest = 0.5_f64.clamp(a, b);
                (widest * (1.0 - widest)).sqrt()
            }
        };
        let excess = |h: f64| stays(h) - self.confidence;
        let (mut low, mut high) = (z * unit, (z + 3.0) * unit);
        let (mut below, mut above) = (excess(low), excess(high));
        if below > -PRECISION {
            return low;
        }
        for _ in 0..60 {
            let middle = (low * above - high * below) / (above - below);
            let value = excess(middle);
            if value.abs() < PRECISION || high - low < 1e-10 {
                return middle;
            }
            if value < 0.0 {
                (low, below) = (middle, value);
                above /= 2.0;
            } else {
                (high, above) = (middle, value);
                below /= 2.0;
            }
        }
        (low + high) / 2.0
    }
}

/// A line for each time.
impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let some = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        let percent = percent(self.level);
        let table = Table::default()
            .column("time", significant(&some(&self.time), 7, ""))
            .column("survival", fixed(&some(&self.survival), 4, ""))
            .column(&format!("lower {percent}"), fixed(&some(&self.lower), 4, ""))
            .column(&format!("upper {percent}"), fixed(&some(&self.upper), 4, ""));
        write!(f, "{:?} band, critical value {:.4}\n{table}", self.kind, self.critical)
    }
}

#[cfg(feature = "serde")]
impl Band {
    fn check(&self) -> Result<()> {
        let columns = [
            ("survival", self.survival.len()),
            ("lower", self.lower.len()),
            ("upper", self.upper.len()),
        ];
        crate::checked::same_lengths(self.time.len(), &columns)?;
        crate::checked::numbers!(self {
            level: level,
            critical: not_negative,
            time: ascending,
            survival: probability,
            survival: falling,
            lower: probability,
            upper: probability,
        } lower <= upper)
    }
}
