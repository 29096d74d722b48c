//! Restricted mean survival times of several groups held against each other.

use std::fmt;

use ndarray::Array2;

use super::fit::{self, RestrictedMeanFit};
use crate::curve::ByGroup;
use crate::error::{Error, Result};
use crate::statistic::{
    Difference, Estimate, Interval, Ratio, Table, TestResult, homogeneity, homogeneity_dependent,
    normal_multiplier, p_value, significant,
};

/// Restricted means of several groups up to one τ, and how they differ.
///
/// # Definition
/// Groups are independent, unless the data say that clusters have rows in several of them: then each
/// variance below has −2 times a covariance, too. With restricted means μ and standard errors σ of two of them,
/// ```text
/// difference       μ_a − μ_b                 Var     = σ_a² + σ_b²
/// ratio            μ_a / μ_b                 Var ln  = (σ_a/μ_a)² + (σ_b/μ_b)²
/// ratio of lost    (τ − μ_a) / (τ − μ_b)     Var ln  = (σ_a/(τ − μ_a))² + (σ_b/(τ − μ_b))²
/// ```
/// the ratios with limits and tests on the log scale. The global test is Wald's that all groups
/// have one mean, on one degree of freedom fewer than there are groups; with two groups it is the
/// square of that of the difference.
///
/// # Example
/// Freireich et al. 1963, 6-MP against control: 7.7 weeks more in remission out of the first 20.
/// ```
/// use riskset::{Groups, KaplanMeier, RightCensored, nonparametric::RestrictedMean};
///
/// let control = [1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17.,
///     22., 23.];
/// let treated = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25.,
///     32., 32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&[control, treated].concat(), &[[true; 21], relapse].concat())?;
/// let arms = [["control"; 21], ["6-MP"; 21]].concat();
/// let arm = Groups::with_levels(&arms, &["control", "6-MP"])?;
/// let curves = KaplanMeier::new().fit_by(&data, &arm)?;
/// assert_eq!(curves.tau_common()?, 23.0);
///
/// let means = RestrictedMean::new(20.0).compare(&curves)?;
/// let gain = &means.contrasts[0].difference;
/// assert!((gain.estimate - 7.687955182072829).abs() < 1e-12);
/// assert!((gain.std_error - 1.781694871152335).abs() < 1e-12);
/// assert!((means.test.unwrap().p_value - 1.59626e-5).abs() < 1e-10);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survRM2::rmst2(time, status, arm, tau)`, for two groups.
///
/// # References
/// Uno et al. 2014, doi:10.1200/jco.2014.55.2208; Royston & Parmar 2013,
/// doi:10.1186/1471-2288-13-152.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct RestrictedMeanComparison {
    /// Up to which time, in the unit of the data.
    pub tau: f64,
    /// Confidence level of all limits.
    pub level: f64,
    /// The restricted mean of each group.
    pub groups: ByGroup<RestrictedMeanFit>,
    /// Correlation of the means, k × k, where clusters have rows in several groups; `None` for
    /// independent groups.
    pub correlation: Option<Array2<f64>>,
    /// Each later group against the first.
    pub contrasts: Vec<RestrictedMeanContrast>,
    /// Wald's test that all groups have one restricted mean; `None` when two or more standard
    /// errors are 0, or the covariance of the means is singular.
    pub test: Option<TestResult>,
}

/// The restricted mean of one group against that of another: one line of a
/// [`RestrictedMeanComparison`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct RestrictedMeanContrast {
    /// The group.
    pub group: String,
    /// What it is held against.
    pub reference: String,
    /// Mean of the group − mean of the reference.
    pub difference: Difference,
    /// Mean of the group / mean of the reference; `None` when one is 0.
    pub ratio: Option<Ratio>,
    /// Time lost by the group / time lost by the reference; `None` when one is 0.
    pub time_lost_ratio: Option<Ratio>,
}

impl RestrictedMeanComparison {
    pub(super) fn new(
        tau: f64,
        level: f64,
        groups: ByGroup<RestrictedMeanFit>,
        correlation: Option<Array2<f64>>,
    ) -> Result<Self> {
        let means: Vec<Estimate> = groups.iter().map(|(_, fit)| fit.estimate()).collect();
        let test = match &correlation {
            None => homogeneity(&means),
            Some(correlation) => homogeneity_dependent(&means, correlation),
        };
        let z = normal_multiplier(level)?;
        let contrasts = Vec::new();
        let mut comparison = Self { tau, level, groups, correlation, contrasts, test };
        comparison.contrasts = comparison.against_first(z)?;
        Ok(comparison)
    }

    fn against_first(&self, z: f64) -> Result<Vec<RestrictedMeanContrast>> {
        let mut all = self.groups.iter().enumerate();
        let Some((_, first)) = all.next() else { return Ok(Vec::new()) };
        all.map(|(place, group)| self.between(group, first, self.correlation_at(place, 0), z))
            .collect()
    }

    /// One group against any other.
    ///
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::DuplicateName`] for a group against itself; [`Error::Unsupported`] for
    /// a standard error that no `f64` can hold.
    pub fn contrast(&self, group: &str, reference: &str) -> Result<RestrictedMeanContrast> {
        let z = normal_multiplier(self.level)?;
        let (a, b) = (self.groups.get(group)?, self.groups.get(reference)?);
        if group == reference {
            return Err(Error::DuplicateName { name: group.to_owned() });
        }
        let place = |name: &str| self.groups.names().iter().position(|known| known == name);
        let places = place(group).zip(place(reference));
        let rho = places.map_or(0.0, |(a, b)| self.correlation_at(a, b));
        self.between((group, a), (reference, b), rho, z)
    }

    /// One group against another, given the correlation of their means.
    fn between(
        &self,
        (group, a): (&str, &RestrictedMeanFit),
        (reference, b): (&str, &RestrictedMeanFit),
        rho: f64,
        z: f64,
    ) -> Result<RestrictedMeanContrast> {
        let level = self.level;
        let difference = Difference::dependent(a.estimate(), b.estimate(), rho, level, z);
        Ok(RestrictedMeanContrast {
            group: group.to_owned(),
            reference: reference.to_owned(),
            difference: difference.held("RestrictedMean")?,
            ratio: Ratio::new(a.estimate(), b.estimate(), rho, level, z),
            time_lost_ratio: Ratio::new(a.lost(), b.lost(), rho, level, z),
        })
    }

    /// The correlation of the means of two groups by their places, 0 where they are independent.
    fn correlation_at(&self, a: usize, b: usize) -> f64 {
        let known = self.correlation.as_ref().and_then(|matrix| matrix.get([a, b]));
        known.copied().unwrap_or(0.0)
    }
}

/// One line of the table of a contrast.
type Line = (&'static str, f64, Interval, Option<TestResult>);

impl RestrictedMeanContrast {
    fn lines(&self) -> Vec<Line> {
        let difference = self.difference;
        let ratio = |name, ratio: Ratio| (name, ratio.estimate, ratio.interval, ratio.test);
        let first = ("difference", difference.estimate, difference.interval, difference.test);
        let ratios = [
            self.ratio.map(|r| ratio("ratio", r)),
            self.time_lost_ratio.map(|r| ratio("ratio of time lost", r)),
        ];
        std::iter::once(first).chain(ratios.into_iter().flatten()).collect()
    }
}

/// Difference and ratios with limits and p-values.
impl fmt::Display for RestrictedMeanContrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.lines();
        let level = self.difference.interval.level;
        let column = |value: &dyn Fn(&Line) -> Option<f64>| {
            lines.iter().flat_map(|line| significant(&[value(line)], 4, "-")).collect()
        };
        let p = |line: &Line| line.3.map_or("-".to_owned(), |test| p_value::text(test.p_value));
        let table = Table::default()
            .column("", lines.iter().map(|line| line.0.to_owned()).collect())
            .column("estimate", column(&|line| Some(line.1)))
            .column(&format!("{level}LCL"), column(&|line| line.2.lower))
            .column(&format!("{level}UCL"), column(&|line| line.2.upper))
            .column("p", lines.iter().map(p).collect());
        write!(f, "{} against {}\n{table}", self.group, self.reference)
    }
}

/// The means by group, each contrast with the first group, the global test.
impl fmt::Display for RestrictedMeanComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<(&str, &RestrictedMeanFit)> = self.groups.iter().collect();
        write!(f, "{}", fit::table(&groups))?;
        self.contrasts.iter().try_for_each(|contrast| write!(f, "\n{contrast}"))?;
        self.test.iter().try_for_each(|test| writeln!(f, "\n{test}"))
    }
}

#[cfg(feature = "serde")]
impl RestrictedMeanComparison {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self {
            tau: not_negative,
            level: level,
            correlation: correlation,
        })?;
        let k = self.groups.names().len();
        self.correlation.iter().try_for_each(|matrix| {
            let (rows, columns) = matrix.dim();
            crate::checked::same_lengths(k, &[("correlation", rows), ("correlation", columns)])
        })
    }
}
