//! A survival curve with its pointwise limits.

use super::defined::Defined;
use super::quantile::{self, Columns, Quantile, QuantileRule};
use crate::data::Times;
use crate::error::Result;
use crate::numerics::large::Large;
use crate::statistic::{Interval, IntervalTransform, normal_multiplier};

/// A right-continuous survival curve with pointwise confidence limits.
///
/// All columns have one value for each [`time`](Self::time). Where S is 0 its variance is not
/// defined, and there is neither standard error nor limit.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct SurvivalCurve {
    time: Times,
    survival: Large,
    /// These three are shorter where S reaches 0.
    std_error_ln: Large,
    lower: Large,
    upper: Large,
    level: f64,
    transform: IntervalTransform,
    robust: bool,
    /// Whether the increments of ln S share estimated coefficients.
    #[cfg_attr(feature = "serde", serde(default))]
    predicted: bool,
}

impl SurvivalCurve {
    /// From ascending times, S at each of them, and the variance of ln S for as many as it is defined
    /// at: at least while S is above 0.
    pub(crate) fn new(
        time: impl Into<Times>,
        survival: Large,
        variance_ln: Large,
        level: f64,
        transform: IntervalTransform,
    ) -> Result<Self> {
        let z = normal_multiplier(level)?;
        let mut std_error_ln = variance_ln;
        // S falls: where it is 0 it stays so.
        std_error_ln.truncate(survival.partition_point(|&s| s > 0.0));
        let reach = |_, sigma: f64| z * sigma;
        let (lower, upper) = transform.limits_of_variances(&survival, &mut std_error_ln, reach);
        Ok(Self {
            time: time.into(),
            survival,
            std_error_ln,
            lower,
            upper,
            level,
            transform,
            robust: false,
            predicted: false,
        })
    }

    /// The same curve, marked as a prediction of a regression model.
    pub(crate) fn into_predicted(self) -> Self {
        Self { predicted: true, ..self }
    }

    /// The same curve, its variance marked as the infinitesimal jackknife or not.
    pub(crate) fn with_robust(self, robust: bool) -> Self {
        Self { robust, ..self }
    }

    /// Times, ascending, in the unit of the data.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// S(t).
    #[must_use]
    pub fn survival(&self) -> &[f64] {
        &self.survival
    }

    /// Standard error of S(t).
    #[must_use]
    pub fn std_error(&self) -> Defined<'_> {
        self.std_error_ln().times(&self.survival)
    }

    /// Standard error of ln S(t), which R's `survfit` object stores.
    #[must_use]
    pub fn std_error_ln(&self) -> Defined<'_> {
        Defined::new(&self.std_error_ln, self.time.len())
    }

    /// The standard errors of ln S(t) that are defined.
    pub(crate) fn sigma(&self) -> &[f64] {
        &self.std_error_ln
    }

    /// Lower confidence limit of S(t).
    #[must_use]
    pub fn lower(&self) -> Defined<'_> {
        Defined::new(&self.lower, self.time.len())
    }

    /// Upper confidence limit of S(t).
    #[must_use]
    pub fn upper(&self) -> Defined<'_> {
        Defined::new(&self.upper, self.time.len())
    }

    /// Confidence level of the limits.
    #[must_use]
    pub fn level(&self) -> f64 {
        self.level
    }

    /// Scale of the limits.
    #[must_use]
    pub fn transform(&self) -> IntervalTransform {
        self.transform
    }

    /// Whether the standard errors are the infinitesimal jackknife. Increments of ln S count as
    /// independent only where they are not.
    #[must_use]
    pub fn is_robust(&self) -> bool {
        self.robust
    }

    /// Whether a regression model predicts the curve. Its coefficients are in every increment of
    /// ln S, so that these are not independent.
    #[must_use]
    pub fn is_predicted(&self) -> bool {
        self.predicted
    }

    /// S(t) at any time: 1 before the first time; `None` beyond the last one.
    #[must_use]
    pub fn survival_at(&self, time: f64) -> Option<f64> {
        match self.place(time) {
            None => (time < self.time.first().copied()?).then_some(1.0),
            Some(_) if time > self.time.last().copied()? => None,
            Some(k) => self.survival.get(k).copied(),
        }
    }

    /// The last time at or before `time`.
    pub(crate) fn place(&self, time: f64) -> Option<usize> {
        self.time.partition_point(|&known| known <= time).checked_sub(1)
    }

    /// Limits at one place of the curve.
    pub(crate) fn interval(&self, place: usize) -> Option<Interval> {
        let (lower, upper) = (*self.lower.get(place)?, *self.upper.get(place)?);
        Some(Interval::between(lower, upper, self.level))
    }

    /// The time by which a fraction `p` has had the event, with limits, by R's rule: `quantile(fit, p)`.
    ///
    /// # Errors
    /// [`InvalidOption`](crate::Error::InvalidOption) for p outside (0, 1).
    pub fn quantile(&self, p: f64) -> Result<Quantile> {
        self.quantile_by(p, QuantileRule::default())
    }

    /// The time by which a fraction `p` has had the event, with limits, by the rule named.
    ///
    /// # Errors
    /// [`InvalidOption`](crate::Error::InvalidOption) for p outside (0, 1).
    pub fn quantile_by(&self, p: f64, rule: QuantileRule) -> Result<Quantile> {
        quantile::check(p)?;
        Ok(Quantile::new(&self.columns(), p, rule))
    }

    /// The median survival time, with limits, by R's rule.
    #[must_use]
    pub fn median(&self) -> Quantile {
        Quantile::new(&self.columns(), 0.5, QuantileRule::default())
    }

    fn columns(&self) -> Columns<'_> {
        let Self { time, survival, lower, upper, level, .. } = self;
        Columns { time, survival, lower, upper, level: *level }
    }
}

#[cfg(feature = "serde")]
impl SurvivalCurve {
    fn check(&self) -> Result<()> {
        use crate::checked::{ascending, falling, not_negative, ordered, probability};
        normal_multiplier(self.level)?;
        ascending("time", &self.time)?;
        crate::checked::same_lengths(self.time.len(), &[("survival", self.survival.len())])?;
        let positive = self.survival.iter().take_while(|&&s| s > 0.0).count();
        // Where a hazard has no variance its curve may still be above 0.
        let defined = self.std_error_ln.len();
        crate::checked::same_lengths(
            defined.min(positive),
            &[("std_error_ln", defined), ("lower", self.lower.len()), ("upper", self.upper.len())],
        )?;
        let [lower, upper] = [&self.lower[..], &self.upper[..]];
        probability("survival", &self.survival[..])?;
        falling("survival", &self.survival)?;
        not_negative("std_error_ln", &self.std_error_ln[..])?;
        probability("lower", lower)?;
        probability("upper", upper)?;
        ordered("lower", lower, upper, "must not be above `upper`")
    }
}
