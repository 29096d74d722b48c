//! The Kaplan–Meier estimator.

use std::borrow::Cow;

use super::jackknife::{Influence, Members};
use super::kaplan_meier_fit::KaplanMeierFit;
use super::observed::{Observed, leaving};
use super::product_limit::product_limit;
use crate::curve::{ByGroup, SurvivalCurve};
use crate::data::{Groups, RiskSeries, RiskTable, Rows, SurvivalData, Variance, WeightKind};
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
/// | [`variance`](Self::variance) | automatic | | `robust` |
/// | [`reverse`](Self::reverse) | no | | |
///
/// # Weights
/// Weights enter d and Y. Under sampling weights, and where the data have clusters, the variance is
/// the infinitesimal jackknife Σ (Σ w IF)², the outer sum over clusters and IF the influence of a
/// row on ln S. It follows the curve in time linear in rows and times.
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
    variance: Variance,
    reverse: bool,
}

impl Default for KaplanMeier {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            transform: IntervalTransform::default(),
            variance: Variance::default(),
            reverse: false,
        }
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

    /// Greenwood's variance or the infinitesimal jackknife.
    #[must_use]
    pub fn variance(self, variance: Variance) -> Self {
        Self { variance, ..self }
    }

    /// The curve of the time to censoring instead: reverse Kaplan–Meier, whose median is the median
    /// follow-up.
    ///
    /// Events come before censorings at the same time, so that who has the event at t is not at risk
    /// of being censored at t: the factor is 1 − c/(Y − d). Swapping the flag of events and
    /// censorings gives another curve where they are tied. In the counts of the fit the censorings are
    /// the events. (Schemper & Smith 1996,
    /// doi:10.1016/0197-2456(96)00075-X.)
    ///
    /// ```
    /// use riskset::{KaplanMeier, RightCensored};
    ///
    /// let data = RightCensored::new(&[1.0, 2.0, 2.0, 3.0], &[true, true, false, false])?;
    /// let follow_up = KaplanMeier::new().reverse().fit(&data)?;
    /// assert_eq!(follow_up.survival(), [1.0, 0.5, 0.0]); // of 3 at risk at 2 one has the event
    /// assert_eq!(follow_up.curve().median().time, Some(2.5));
    /// # Ok::<(), riskset::Error>(())
    /// ```
    #[must_use]
    pub fn reverse(self) -> Self {
        Self { reverse: true, ..self }
    }

    /// One curve for all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level; [`Error::Unsupported`] for Greenwood's variance under
    /// sampling weights.
    pub fn fit(&self, data: &impl SurvivalData) -> Result<KaplanMeierFit> {
        let rows = data.rows();
        let members = self.members(rows, 1, |_| 0)?;
        let mut series = RiskTable::of(rows, false, None).into_groups();
        self.estimate("data", series.pop(), 0, members.as_ref(), rows.warnings())
    }

    /// One curve for each group.
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
    ) -> Result<ByGroup<KaplanMeierFit>> {
        let rows = data.rows();
        rows.same_length("groups", groups.len())?;
        let group = |row: usize| groups.codes()[row] as usize;
        let members = self.members(rows, groups.names().len(), group)?;
        let mut series = RiskTable::of(rows, false, Some(groups)).into_groups().into_iter();
        ByGroup::try_new(groups.names(), |group, name| {
            self.estimate(name, series.next(), group, members.as_ref(), rows.warnings())
        })
    }

    /// One curve for each group of a table of counts, over its strata.
    ///
    /// # Errors
    /// As [`fit_by`](Self::fit_by); the robust variance needs the rows and is refused.
    pub fn fit_table(&self, table: &RiskTable) -> Result<ByGroup<KaplanMeierFit>> {
        let sampling = table.weight_kind() == Some(WeightKind::Sampling);
        if sampling || self.variance == Variance::Robust {
            return Err(Error::Unsupported {
                estimator: "KaplanMeier",
                what: "a robust variance from counts",
                instead: "fit the rows",
            });
        }
        ByGroup::try_new(table.groups(), |group, name| {
            self.estimate(name, Some(table.group(group)), group, None, Vec::new())
        })
    }

    /// The rows of each group, where the variance is robust.
    fn members<'a>(
        &self,
        rows: &'a Rows,
        n_groups: usize,
        group: impl Fn(usize) -> usize,
    ) -> Result<Option<Members<'a>>> {
        let robust = rows.robust("KaplanMeier", self.variance)?;
        if robust && self.reverse {
            return Err(Error::Unsupported {
                estimator: "KaplanMeier",
                what: "the robust variance of a reverse curve",
                instead: "use Variance::ModelBased, or fit without clusters and sampling weights",
            });
        }
        Ok(robust.then(|| Members::new(rows, n_groups, group)))
    }

    fn estimate(
        self,
        what: &str,
        series: Option<RiskSeries>,
        group: usize,
        members: Option<&Members<'_>>,
        mut warnings: Vec<Warning>,
    ) -> Result<KaplanMeierFit> {
        let series = series.filter(|series| !series.time().is_empty());
        let series = series.ok_or_else(|| Error::Empty { what: what.to_owned() })?;
        let counts = leaving(&series, self.reverse);
        let robust = members.map(|members| members.variance(group, &counts, &influence(&counts)));
        let (curve, emptied) = self.curve(&counts, robust)?;
        warnings.extend(emptied);
        let observed = match counts {
            Cow::Borrowed(_) => Observed::all(series),
            Cow::Owned(counts) => Observed::at(series, &counts),
        };
        Ok(KaplanMeierFit::new(curve, observed, self.reverse, warnings))
    }

    /// The curve of counts, with Greenwood's variance or the one given.
    pub(super) fn curve(
        self,
        counts: &RiskSeries,
        robust: Option<Vec<f64>>,
    ) -> Result<(SurvivalCurve, Option<Warning>)> {
        let (survival, greenwood) = product_limit(counts);
        let emptied = emptied(counts, &survival);
        let (time, is_robust) = (counts.shared_time(), robust.is_some());
        let variance = robust.map_or(greenwood, Into::into);
        let curve = SurvivalCurve::new(time, survival, variance, self.confidence, self.transform)?
            .with_robust(is_robust);
        Ok((curve, emptied))
    }
}

/// The influence of a row on ln S: d/(Y (Y − d)) while it stays, −1/Y at its own event.
pub(crate) fn influence(series: &RiskSeries) -> Vec<Influence> {
    (series.n_event().iter().zip(series.n_risk()).enumerate())
        .map(|(place, (&d, &y))| match series.all_fail(place) {
            true => Influence::default(),
            false => Influence { stay: d / y / series.n_staying(place), leave: -1.0 / y },
        })
        .collect()
}

/// Under delayed entry: S fell to 0 although others came to be at risk later.
#[expect(clippy::indexing_slicing, reason = "there are times after the place")]
pub(crate) fn emptied(series: &RiskSeries, survival: &[f64]) -> Option<Warning> {
    let place = survival.partition_point(|&s| s > 0.0);
    let later = series.n_risk().get(place + 1..)?.iter().any(|&y| y > 0.0);
    later.then(|| Warning::RiskSetEmptied { time: series.time()[place] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::RightCensored;

    /// A column of a million times takes longer to copy than to walk.
    #[test]
    fn a_curve_shares_the_times_of_its_counts() {
        let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, true]).unwrap();
        let fit = KaplanMeier::new().fit(&data).unwrap();
        assert!(std::ptr::eq(fit.curve().time(), fit.series().time()));
        assert_eq!(fit.series().n_enter(), [0.0; 3]);
    }
}
