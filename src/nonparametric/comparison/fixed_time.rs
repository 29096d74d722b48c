//! Survival of several groups compared at one time.

use std::fmt;

use crate::curve::ByGroup;
use crate::error::{Error, Result};
use crate::nonparametric::{KaplanMeierFit, SurvivalAt};
use crate::statistic::{
    Difference, Estimate, IntervalTransform, Table, TestResult, fixed, homogeneity,
    normal_multiplier, p_value, significant,
};

/// Compares the survival of groups at one time t, fixed beforehand.
///
/// # Definition
/// With S_j the Kaplan–Meier estimate of group j at t, σ_j the standard error of ln S_j, and φ the
/// transform, Wald's test that all φ(S_j) are one on k − 1 degrees of freedom; for two groups
/// ```text
/// χ² = (φ(S₁) − φ(S₂))² / (φ'(S₁)² S₁² σ₁² + φ'(S₂)² S₂² σ₂²)
/// ```
/// | transform | φ(S) | its standard error |
/// |---|---|---|
/// | `Plain` | S | S σ |
/// | `Log` | ln S | σ |
/// | `LogLog` | ln(−ln S) | σ / −ln S |
/// | `Logit` | ln(S / (1 − S)) | σ / (1 − S) |
/// | `Arcsin` | arcsin √S | ½ σ √(S / (1 − S)) |
///
/// The default is `LogLog`, which with `Arcsin` keeps its level best in small groups (Klein et
/// al.); `Plain` and `Log` reject too often. The differences S_j − S_1 have plain limits and tests.
/// Groups are taken for independent, also where their curves have the robust variance: no cluster
/// may have rows in two of them. The log-rank test does not answer this question, and a t chosen after a look
/// at the curves invalidates the p-value.
///
/// # Options
/// | name | default | range |
/// |---|---|---|
/// | `time` | required | within the follow-up of every group |
/// | [`transform`](Self::transform) | `LogLog` | |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) |
///
/// # Example
/// Of ten in each group, 2 and 6 die by time 5, none is censored before:
/// ```
/// use riskset::{Groups, KaplanMeier, RightCensored, nonparametric::FixedTime};
/// use riskset::statistic::IntervalTransform;
///
/// let time = [[1., 3., 9., 9., 9., 9., 9., 9., 9., 9.], [1., 2., 3., 3., 4., 5., 9., 9., 9., 9.]];
/// let event = time.concat().iter().map(|&t| t < 9.0).collect::<Vec<_>>();
/// let data = RightCensored::new(&time.concat(), &event)?;
/// let arm = Groups::new(&[["a"; 10], ["b"; 10]].concat())?;
/// let curves = KaplanMeier::new().fit_by(&data, &arm)?;
/// let fit = FixedTime::new(5.0).transform(IntervalTransform::Plain).compare(&curves)?;
/// // S is 0.8 and 0.4, with binomial variances 0.016 and 0.024: 0.4²/0.04 = 4.
/// assert!((fit.test.statistic - 4.0).abs() < 1e-12);
/// assert!((fit.differences[0].1.estimate + 0.4).abs() < 1e-15);
/// assert!((fit.differences[0].1.std_error - 0.2).abs() < 1e-15);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `ComparisonSurv::Fixpoint.test(time, status, group, t0)`, for two groups.
///
/// # References
/// Klein et al. 2007, doi:10.1002/sim.2864.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FixedTime {
    time: f64,
    transform: IntervalTransform,
    confidence: f64,
}

/// The survival of several groups at one time, and how they differ, from [`FixedTime`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct FixedTimeComparison {
    /// The time, in the unit of the data.
    pub time: f64,
    /// The scale of the test.
    pub transform: IntervalTransform,
    /// Confidence level of the differences.
    pub level: f64,
    /// S of each group at the time, with the limits its curve was fitted with.
    pub groups: ByGroup<SurvivalAt>,
    /// Each later group and its survival less that of the first group, on the plain scale.
    pub differences: Vec<(String, Difference)>,
    /// Wald's test that all groups have one survival, on the scale of `transform`.
    pub test: TestResult,
}

#[cfg(feature = "serde")]
crate::checked::check!(FixedTimeComparison { level: level });

impl FixedTime {
    /// The comparison at `time`, in the unit of the data.
    #[must_use]
    pub fn new(time: f64) -> Self {
        Self { time, transform: IntervalTransform::LogLog, confidence: 0.95 }
    }

    /// Scale on which the groups are tested.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// Confidence level of the differences, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Compares the groups.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level and a time that is not finite;
    /// [`Error::BeyondFollowUp`] when a group ends before the time;
    /// [`Error::DegenerateSurvival`] when S of a group is 0 or 1, so that it has no variance;
    /// [`Error::Empty`] without groups and [`Error::SingleLevel`] with one.
    #[expect(clippy::indexing_slicing, reason = "there are at least two groups, as is checked")]
    pub fn compare(&self, curves: &ByGroup<KaplanMeierFit>) -> Result<FixedTimeComparison> {
        let Self { time, transform, confidence: level } = *self;
        if !time.is_finite() {
            let rule = "must be finite";
            return Err(Error::InvalidOption { option: "time", value: time, rule });
        }
        let z = normal_multiplier(level)?;
        curves.at_least_two()?;
        let sigma = curves.try_map(|name, fit| std_error_ln(name, fit, time))?;
        let groups = curves.try_map(|_, fit| fit.at_time(time))?;
        let both = || groups.iter().map(|(_, at)| at.survival).zip(sigma.iter().map(|(_, s)| *s));
        let scaled: Vec<Estimate> = both()
            .map(|(survival, sigma)| {
                let (value, std_error) = transform.scaled(survival, sigma);
                Estimate { value, std_error }
            })
            .collect();
        let plain: Vec<Estimate> =
            both().map(|(s, sigma)| Estimate { value: s, std_error: s * sigma }).collect();
        let test = homogeneity(&scaled).ok_or(Error::NothingToCompare)?;
        let differences = (groups.names().iter().zip(&plain).skip(1))
            .map(|(name, &group)| (name.clone(), Difference::new(group, plain[0], level, z)))
            .collect();
        Ok(FixedTimeComparison { time, transform, level, groups, differences, test })
    }
}

/// The standard error of ln S at a time at which S lies between 0 and 1.
#[expect(clippy::indexing_slicing, reason = "a curve has a value at each of its times")]
fn std_error_ln(name: &str, fit: &KaplanMeierFit, time: f64) -> Result<f64> {
    let (curve, what) = (fit.curve(), || name.to_owned());
    if let Some(&last) = curve.time().last().filter(|&&last| time > last) {
        return Err(Error::BeyondFollowUp { what: what(), time, last });
    }
    let place = curve.place(time);
    let survival = place.map_or(1.0, |k| curve.survival()[k]);
    match place.and_then(|k| curve.std_error_ln().get(k)) {
        Some(sigma) if survival > 0.0 && survival < 1.0 => Ok(sigma),
        _ => {
            let rule = "a comparison needs a value between 0 and 1 in every group";
            Err(Error::DegenerateSurvival { what: what(), time, survival, rule })
        }
    }
}

/// S by group, the differences with limits and p-values, the test.
impl fmt::Display for FixedTimeComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = |value: &dyn Fn(&SurvivalAt) -> Option<f64>| {
            self.groups.iter().map(|(_, at)| value(at)).collect::<Vec<_>>()
        };
        let table = Table::default()
            .column("", self.groups.names().to_vec())
            .column("n.risk", significant(&column(&|at| Some(at.n_risk)), 5, ""))
            .column("survival", fixed(&column(&|at| Some(at.survival)), 4, ""))
            .column("std.err", fixed(&column(&|at| at.std_error), 4, "-"))
            .column("lower", fixed(&column(&|at| at.interval?.lower), 4, "-"))
            .column("upper", fixed(&column(&|at| at.interval?.upper), 4, "-"));
        write!(f, "Survival at {}\n{table}", self.time)?;
        let reference = self.groups.names().first().map_or("", String::as_str);
        let column = |value: &dyn Fn(&Difference) -> Option<f64>| {
            let values: Vec<_> = self.differences.iter().map(|(_, d)| value(d)).collect();
            fixed(&values, 4, "-")
        };
        let p = |d: &Difference| d.test.map_or("-".to_owned(), |test| p_value::text(test.p_value));
        let level = self.level;
        let table = Table::default()
            .column("", self.differences.iter().map(|(name, _)| name.clone()).collect())
            .column("difference", column(&|d| Some(d.estimate)))
            .column(&format!("{level}LCL"), column(&|d| d.interval.lower))
            .column(&format!("{level}UCL"), column(&|d| d.interval.upper))
            .column("p", self.differences.iter().map(|(_, d)| p(d)).collect());
        write!(f, "\nagainst {reference}\n{table}\n")?;
        writeln!(f, "{}, {:?} scale", self.test, self.transform)
    }
}
