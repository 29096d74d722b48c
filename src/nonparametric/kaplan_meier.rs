//! The Kaplan–Meier estimator.

use super::kaplan_meier_fit::KaplanMeierFit;
use crate::curve::{ByGroup, SurvivalCurve};
use crate::data::{Groups, RiskSeries, RiskTable, SurvivalData, WeightKind};
use crate::error::{Error, Result, Warning};
use crate::statistic::IntervalTransform;

/// The Kaplan–Meier estimator of the survival function, with Greenwood's variance.
///
/// # Definition
/// With d(t) events among Y(t) at risk (entry < t ≤ exit),
/// ```text
/// S(t) = Π_{s ≤ t} (1 − d(s)/Y(s))      Var ln S(t) = Σ_{s ≤ t} d(s) / (Y(s) (Y(s) − d(s)))
/// ```
/// The curve has a point at every time of an event or a censoring. Where everybody at risk has the
/// event S is exactly 0 from there on, and its variance is not defined. Strata of the data do not
/// split the curve; pass them as [`Groups`] to split it.
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | `conf.int` |
/// | [`transform`](Self::transform) | `Log` | | `conf.type` |
///
/// # Weights
/// Frequency and case weights enter d and Y. Sampling weights need another variance than
/// Greenwood's and are refused.
///
/// # Example
/// The 6-MP arm of Freireich et al. 1963, in weeks:
/// ```
/// use riskset::{KaplanMeier, RightCensored};
///
/// let time = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32.,
///     32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let fit = KaplanMeier::new().fit(&RightCensored::new(&time, &relapse)?)?;
/// assert!((fit.curve().survival()[0] - 18.0 / 21.0).abs() < 1e-15);
/// assert_eq!(fit.curve().median().time, Some(23.0));
/// assert_eq!(fit.curve().median().interval.upper, None); // not reached
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(time, event) ~ 1)`.
///
/// # References
/// Kaplan & Meier 1958, doi:10.1080/01621459.1958.10501452; Greenwood 1926, *The natural duration
/// of cancer*.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KaplanMeier {
    confidence: f64,
    transform: IntervalTransform,
}

impl Default for KaplanMeier {
    fn default() -> Self {
        Self { confidence: 0.95, transform: IntervalTransform::default() }
    }
}

impl KaplanMeier {
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

    /// Scale on which the limits are symmetric.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// One curve for all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level, [`Error::Unsupported`] for sampling weights.
    pub fn fit(&self, data: &impl SurvivalData) -> Result<KaplanMeierFit> {
        let table = RiskTable::of(data.rows(), false, None);
        self.check(table.weight_kind())?;
        self.estimate("data", table.group(0), data.rows().warnings())
    }

    /// One curve for each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    pub fn fit_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
    ) -> Result<ByGroup<KaplanMeierFit>> {
        data.rows().same_length("groups", groups.len())?;
        let table = RiskTable::of(data.rows(), false, Some(groups));
        self.check(table.weight_kind())?;
        ByGroup::try_new(table.groups(), |group, name| {
            self.estimate(name, table.group(group), data.rows().warnings())
        })
    }

    /// One curve for each group of a table of counts, over its strata.
    ///
    /// # Errors
    /// As [`fit_by`](Self::fit_by).
    pub fn fit_table(&self, table: &RiskTable) -> Result<ByGroup<KaplanMeierFit>> {
        self.check(table.weight_kind())?;
        ByGroup::try_new(table.groups(), |group, name| {
            self.estimate(name, table.group(group), Vec::new())
        })
    }

    fn check(self, weights: Option<WeightKind>) -> Result<()> {
        match weights {
            Some(WeightKind::Sampling) => Err(Error::Unsupported {
                estimator: "KaplanMeier",
                what: "Greenwood's variance under sampling weights",
                instead: "use Weights::case if the weights are factors of the likelihood",
            }),
            _ => Ok(()),
        }
    }

    fn estimate(
        self,
        what: &str,
        series: RiskSeries,
        mut warnings: Vec<Warning>,
    ) -> Result<KaplanMeierFit> {
        if series.time().is_empty() {
            return Err(Error::Empty { what: what.to_owned() });
        }
        let observed = series.observed();
        let (survival, variance_ln) = product_limit(&observed);
        warnings.extend(emptied(&observed, &survival));
        let time = observed.time().to_vec();
        let curve =
            SurvivalCurve::new(time, survival, &variance_ln, self.confidence, self.transform)?;
        Ok(KaplanMeierFit::new(curve, observed, series, warnings))
    }
}

/// S and the variance of ln S at each time; the variance is `None` once S is 0.
fn product_limit(series: &RiskSeries) -> (Vec<f64>, Vec<Option<f64>>) {
    let (mut survival, mut variance) = (1.0, Some(0.0));
    (series.n_event().iter().zip(series.n_risk()).enumerate())
        .map(|(place, (&d, &y))| {
            if d > 0.0 && survival > 0.0 {
                if series.all_fail(place) {
                    (survival, variance) = (0.0, None);
                } else {
                    let left = y - d;
                    survival *= left / y;
                    variance = variance.map(|sum| sum + d / y / left);
                }
            }
            (survival, variance)
        })
        .unzip()
}

/// Under delayed entry: S fell to 0 although others came to be at risk later.
fn emptied(series: &RiskSeries, survival: &[f64]) -> Option<Warning> {
    let place = survival.iter().position(|&s| s == 0.0)?;
    let later = series.n_risk().get(place + 1..)?.iter().any(|&y| y > 0.0);
    later.then(|| Warning::RiskSetEmptied { time: series.time()[place] })
}
