//! Times lost to causes, of several groups held against each other.

use std::fmt;

use ndarray::Array2;

use super::fit::{self, CauseTimeLost, TimeLostFit};
use crate::competing::of_cause::{self, of_cause};
use crate::curve::ByGroup;
use crate::data::Cause;
use crate::error::Result;
use crate::statistic::{
    Difference, Estimate, Table, TestResult, homogeneity, homogeneity_dependent, normal_multiplier,
    p_value, significant,
};

/// Times lost of several groups up to one τ, and how they differ for each cause.
///
/// # Definition
/// With L the time lost to a cause by each group and σ its standard error,
/// ```text
/// difference   L_a − L_b      Var = σ_a² + σ_b²
/// ```
/// The test of a cause is Wald's that all groups lose the same time to it, on one degree of freedom
/// fewer than there are groups. Groups are independent, unless the data say that clusters have rows in
/// several of them: then the variance has −2 times a covariance, too.
///
/// # Example
/// ```
/// use riskset::{CompetingRisks, Groups, competing::TimeLost};
///
/// let names = [(1, "relapse"), (2, "death")];
/// let time = [1., 2., 3., 4., 1., 2., 3., 4.];
/// let data = CompetingRisks::from_codes(&time, &[1, 2, 0, 1, 1, 1, 2, 0], &names)?;
/// let arm = Groups::new(&["a", "a", "a", "a", "b", "b", "b", "b"])?;
/// let lost = TimeLost::new(4.0).compare(&data, &arm)?;
/// let relapse = &lost.causes[0];
/// assert_eq!(relapse.name, "relapse");
/// assert_eq!(relapse.contrasts[0].difference.estimate, 1.25 - 0.75); // b − a
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// The difference of two rows of `summary(survfit(Surv(time, factor(cause)) ~ group), rmean = tau)$table`.
///
/// # References
/// Andersen 2013, doi:10.1002/sim.5903; Conner & Trinquart 2021, doi:10.1002/sim.8896.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct TimeLostComparison {
    /// Up to which time, in the unit of the data.
    pub tau: f64,
    /// Confidence level of all limits.
    pub level: f64,
    /// The times lost of each group.
    pub groups: ByGroup<TimeLostFit>,
    /// How the groups differ, for each cause in the order of the data.
    pub causes: Vec<CauseComparison>,
}

#[cfg(feature = "serde")]
crate::checked::check!(TimeLostComparison { tau: not_negative, level: level });

/// How groups differ in the time lost to one cause, in a [`TimeLostComparison`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CauseComparison {
    /// The cause.
    pub cause: Cause,
    /// Its name.
    pub name: String,
    /// Correlation of the times lost, k × k, where clusters have rows in several groups; `None` for
    /// independent groups.
    pub correlation: Option<Array2<f64>>,
    /// Each later group against the first.
    pub contrasts: Vec<TimeLostContrast>,
    /// Wald's test that all groups lose the same time; `None` when two or more standard errors are
    /// 0, or the covariance is singular.
    pub test: Option<TestResult>,
}

#[cfg(feature = "serde")]
crate::checked::check!(CauseComparison { correlation: correlation });

/// The time lost by one group less that of another, in a [`CauseComparison`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct TimeLostContrast {
    /// The group.
    pub group: String,
    /// What it is held against.
    pub reference: String,
    /// Time lost by the group − time lost by the reference.
    pub difference: Difference,
}

impl TimeLostComparison {
    pub(super) fn new(
        tau: f64,
        level: f64,
        groups: ByGroup<TimeLostFit>,
        correlations: Vec<Option<Array2<f64>>>,
    ) -> Result<Self> {
        let z = normal_multiplier(level)?;
        let compare = |(place, correlation): (usize, Option<Array2<f64>>)| {
            CauseComparison::new(&groups, place, correlation, level, z).transpose()
        };
        let causes = correlations.into_iter().enumerate().filter_map(compare);
        let causes = causes.collect::<Result<_>>()?;
        Ok(Self { tau, level, groups, causes })
    }

    /// How the groups differ for the cause of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName).
    pub fn cause(&self, name: &str) -> Result<&CauseComparison> {
        of_cause::named(&self.causes, name)
    }
}

of_cause!(CauseComparison, name);

impl CauseComparison {
    /// `None` without groups.
    #[expect(
        clippy::indexing_slicing,
        reason = "there is an estimate for each group, and a reference"
    )]
    fn new(
        groups: &ByGroup<TimeLostFit>,
        place: usize,
        correlation: Option<Array2<f64>>,
        level: f64,
        z: f64,
    ) -> Result<Option<Self>> {
        let lost: Vec<&CauseTimeLost> =
            groups.iter().filter_map(|(_, fit)| fit.causes.get(place)).collect();
        let estimates: Vec<Estimate> = lost.iter().map(|lost| lost.estimate()).collect();
        let test = match &correlation {
            None => homogeneity(&estimates),
            Some(correlation) => homogeneity_dependent(&estimates, correlation),
        };
        let rho = |group: usize| correlation.as_ref().map_or(0.0, |matrix| matrix[[group, 0]]);
        let Some((reference, first)) = groups.names().first().zip(lost.first()) else {
            return Ok(None);
        };
        let contrast = |(group, name): (usize, &String)| {
            let (one, other) = (estimates[group], estimates[0]);
            let difference = Difference::dependent(one, other, rho(group), level, z);
            Ok(TimeLostContrast {
                group: name.clone(),
                reference: reference.clone(),
                difference: difference.held("TimeLost")?,
            })
        };
        let contrasts = groups.names().iter().enumerate().skip(1).map(contrast);
        let contrasts = contrasts.collect::<Result<_>>()?;
        let (cause, name) = (first.cause, first.name.clone());
        Ok(Some(Self { cause, name, correlation, contrasts, test }))
    }
}

/// Differences with limits and p-values, and the test.
impl fmt::Display for CauseComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.contrasts.first() else { return Ok(()) };
        let level = first.difference.interval.level;
        let column = |value: &dyn Fn(&Difference) -> Option<f64>| {
            let values: Vec<Option<f64>> =
                self.contrasts.iter().map(|contrast| value(&contrast.difference)).collect();
            significant(&values, 4, "-")
        };
        let p = |contrast: &TimeLostContrast| {
            contrast.difference.test.map_or("-".to_owned(), |test| p_value::text(test.p_value))
        };
        let table = Table::default()
            .column("", self.contrasts.iter().map(|contrast| contrast.group.clone()).collect())
            .column("difference", column(&|difference| Some(difference.estimate)))
            .column(&format!("{level}LCL"), column(&|difference| difference.interval.lower))
            .column(&format!("{level}UCL"), column(&|difference| difference.interval.upper))
            .column("p", self.contrasts.iter().map(p).collect());
        write!(f, "{}, against {}\n{table}", self.name, first.reference)?;
        self.test.iter().try_for_each(|test| writeln!(f, "{test}"))
    }
}

/// The times lost by group, then the differences for each cause.
impl fmt::Display for TimeLostComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<(&str, &TimeLostFit)> = self.groups.iter().collect();
        writeln!(f, "{}   time lost up to {}", fit::table(&groups), self.tau)?;
        self.causes.iter().try_for_each(|cause| write!(f, "\n{cause}"))
    }
}
