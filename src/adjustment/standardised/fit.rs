//! Standardised curves, and how they differ.

#![expect(
    clippy::indexing_slicing,
    reason = "there is a curve for each level, which is checked where one is read"
)]

use ndarray::{Array2, ArrayView2};
use std::fmt;

use crate::error::{Error, Result};
use crate::nonparametric::{RestrictedMean, RestrictedMeanFit};
use crate::statistic::{
    Difference, Estimate, Interval, IntervalTransform, Ratio, Table, normal_multiplier, significant,
};

/// Standardised survival at one time, in a [`StandardisedSurvival`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct StandardisedAt {
    /// The time.
    pub time: f64,
    /// S_a(t), from 0 to 1.
    pub survival: f64,
    /// Standard error of S_a(t).
    pub std_error: f64,
    /// Its limits; `None` where S is 0.
    pub interval: Option<Interval>,
}

#[cfg(feature = "serde")]
crate::checked::check!(StandardisedAt { survival: probability, std_error: not_negative });

/// Curves and restricted means standardised over the covariates of all rows, one for each level of a
/// factor, from [`Standardisation`](super::Standardisation::of).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct StandardisedSurvival {
    factor: String,
    levels: Vec<String>,
    level: f64,
    transform: IntervalTransform,
    time: Vec<f64>,
    /// By time, then by level.
    curves: Vec<Vec<StandardisedAt>>,
    /// By time, levels × levels.
    covariance: Vec<Array2<f64>>,
    means: Vec<RestrictedMeanFit>,
    mean_covariance: Option<Array2<f64>>,
}

impl StandardisedSurvival {
    pub(super) fn new(
        factor: &str,
        levels: Vec<String>,
        level: f64,
        transform: IntervalTransform,
    ) -> Self {
        Self {
            factor: factor.to_owned(),
            levels,
            level,
            transform,
            time: Vec::new(),
            curves: Vec::new(),
            covariance: Vec::new(),
            means: Vec::new(),
            mean_covariance: None,
        }
    }

    pub(super) fn add_times(
        &mut self,
        times: &[f64],
        survival: Vec<Vec<f64>>,
        covariance: Vec<Array2<f64>>,
    ) -> Result<()> {
        let z = normal_multiplier(self.level)?;
        for ((&time, survival), covariance) in times.iter().zip(survival).zip(&covariance) {
            finite(covariance)?;
            let at = |(survival, variance): (f64, &f64)| {
                let std_error = variance.sqrt();
                let limits = self.transform.limits(survival, std_error / survival, z);
                let interval = limits.map(|(low, high)| Interval::between(low, high, self.level));
                StandardisedAt { time, survival, std_error, interval }
            };
            self.curves.push(survival.into_iter().zip(covariance.diag()).map(at).collect());
        }
        self.time = times.to_vec();
        self.covariance = covariance;
        Ok(())
    }

    pub(super) fn add_means(
        &mut self,
        tau: f64,
        means: &[f64],
        covariance: Array2<f64>,
    ) -> Result<()> {
        finite(&covariance)?;
        let model = RestrictedMean::new(tau).confidence(self.level);
        let z = model.check()?;
        let both = means.iter().zip(covariance.diag());
        self.means = both.map(|(&mean, v)| model.with_limits(mean, v.sqrt(), z)).collect();
        self.mean_covariance = Some(covariance);
        Ok(())
    }

    /// The factor.
    #[must_use]
    pub fn factor(&self) -> &str {
        &self.factor
    }

    /// Its levels, the reference of the design first.
    #[must_use]
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// The times.
    #[must_use]
    pub fn time(&self) -> &[f64] {
        &self.time
    }

    /// The curve had everybody been at a level, at the times.
    ///
    /// # Errors
    /// [`Error::UnknownLevel`].
    pub fn curve(&self, level: &str) -> Result<Vec<StandardisedAt>> {
        let place = self.place(level)?;
        Ok(self.curves.iter().map(|levels| levels[place]).collect())
    }

    /// Covariance of the curves of all levels at each time, levels × levels.
    pub fn covariance(&self) -> impl Iterator<Item = ArrayView2<'_, f64>> {
        self.covariance.iter().map(|covariance| covariance.view())
    }

    /// Survival at one level less that at another, at each time. The two are dependent, and their
    /// covariance counts.
    ///
    /// # Errors
    /// [`Error::UnknownLevel`].
    pub fn differences(&self, level: &str, reference: &str) -> Result<Vec<Difference>> {
        let (a, b, z) =
            (self.place(level)?, self.place(reference)?, normal_multiplier(self.level)?);
        let of = |(curves, covariance): (&Vec<StandardisedAt>, &Array2<f64>)| {
            let estimate = curves[a].survival - curves[b].survival;
            Difference::of(estimate, of_difference(covariance, a, b), self.level, z)
        };
        Ok(self.curves.iter().zip(&self.covariance).map(of).collect())
    }

    /// Survival at one level over that at another, at each time, with limits on the log scale; `None`
    /// where one of them is 0.
    ///
    /// # Errors
    /// [`Error::UnknownLevel`].
    pub fn ratios(&self, level: &str, reference: &str) -> Result<Vec<Option<Ratio>>> {
        let (a, b, z) =
            (self.place(level)?, self.place(reference)?, normal_multiplier(self.level)?);
        let of = |(curves, covariance): (&Vec<StandardisedAt>, &Array2<f64>)| {
            let estimate = |at: usize| {
                let StandardisedAt { survival, std_error, .. } = curves[at];
                Estimate { value: survival, std_error }
            };
            Ratio::new(estimate(a), estimate(b), correlation(covariance, a, b), self.level, z)
        };
        Ok(self.curves.iter().zip(&self.covariance).map(of).collect())
    }

    /// The restricted mean had everybody been at a level; `None` where none was asked for.
    ///
    /// # Errors
    /// [`Error::UnknownLevel`].
    pub fn restricted_mean(&self, level: &str) -> Result<Option<&RestrictedMeanFit>> {
        Ok(self.means.get(self.place(level)?))
    }

    /// The restricted mean at one level less that at another.
    ///
    /// # Errors
    /// [`Error::UnknownLevel`].
    pub fn restricted_mean_difference(
        &self,
        level: &str,
        reference: &str,
    ) -> Result<Option<Difference>> {
        let (a, b, z) =
            (self.place(level)?, self.place(reference)?, normal_multiplier(self.level)?);
        let of = |covariance: &Array2<f64>| {
            let estimate = self.means[a].mean - self.means[b].mean;
            Difference::of(estimate, of_difference(covariance, a, b), self.level, z)
        };
        Ok(self.mean_covariance.as_ref().map(of))
    }

    fn place(&self, level: &str) -> Result<usize> {
        let found = self.levels.iter().position(|known| known == level);
        found.ok_or_else(|| Error::UnknownLevel {
            column: self.factor.clone(),
            level: level.to_owned(),
            known: self.levels.clone(),
        })
    }
}

fn finite(covariance: &Array2<f64>) -> Result<()> {
    match covariance.iter().all(|value| value.is_finite()) {
        true => Ok(()),
        false => Err(Error::NotFinite { at: "the estimate" }),
    }
}

fn of_difference(covariance: &Array2<f64>, a: usize, b: usize) -> f64 {
    (covariance[[a, a]] + covariance[[b, b]] - 2.0 * covariance[[a, b]]).max(0.0).sqrt()
}

fn correlation(covariance: &Array2<f64>, a: usize, b: usize) -> f64 {
    let scale = (covariance[[a, a]] * covariance[[b, b]]).sqrt();
    if scale > 0.0 { (covariance[[a, b]] / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

/// A line for each level and time, then the restricted means.
impl fmt::Display for StandardisedSurvival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<(&String, StandardisedAt)> = (self.levels.iter().enumerate())
            .flat_map(|(place, level)| self.curves.iter().map(move |at| (level, at[place])))
            .collect();
        let column = |value: fn(&StandardisedAt) -> Option<f64>| {
            significant(&lines.iter().map(|(_, at)| value(at)).collect::<Vec<_>>(), 3, "-")
        };
        let level = self.level;
        let table = Table::default()
            .column("", lines.iter().map(|(level, _)| format!("{}={level}", self.factor)).collect())
            .column("time", column(|at| Some(at.time)))
            .column("survival", column(|at| Some(at.survival)))
            .column("std.err", column(|at| Some(at.std_error)))
            .column(&format!("{level}LCL"), column(|at| at.interval?.lower))
            .column(&format!("{level}UCL"), column(|at| at.interval?.upper));
        write!(f, "{table}")?;
        for (name, mean) in self.levels.iter().zip(&self.means) {
            let RestrictedMeanFit { tau, mean, std_error, .. } = mean;
            writeln!(
                f,
                "{}={name}: mean up to {tau} {mean:.4} (std.err {std_error:.4})",
                self.factor
            )?;
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl StandardisedSurvival {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { level: level })?;
        let (n, k) = (self.time.len(), self.levels.len());
        let lengths = [("curves", self.curves.len()), ("covariance", self.covariance.len())];
        crate::checked::same_lengths(n, &lengths)?;
        let square = |matrix: &Array2<f64>| matrix.dim() == (k, k);
        let means = if self.mean_covariance.is_some() { k } else { 0 };
        let whole = self.curves.iter().all(|at| at.len() == k);
        for level in 0..if whole { k } else { 0 } {
            let survival: Vec<f64> = self.curves.iter().map(|at| at[level].survival).collect();
            crate::checked::falling("survival", &survival)?;
        }
        match whole
            && self.covariance.iter().chain(&self.mean_covariance).all(square)
            && self.means.len() == means
        {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "standardised survival" }),
        }
    }
}
