//! The time lost to a cause.

use ndarray::{Array1, Array2};

use super::comparison::TimeLostComparison;
use super::fit::{CauseTimeLost, TimeLostFit};
use crate::competing::cumulative_incidence::{Ends, Functional, IncidenceVariance, Walk};
use crate::curve::ByGroup;
use crate::data::{CompetingRisks, Groups, Partition, RiskSeries, RiskTable, SurvivalData};
use crate::error::{Error, Result};
use crate::nonparametric::{leaving, spread};
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;
use crate::statistic::{Interval, normal_multiplier};

/// The time lost to each cause up to τ: the area under its cumulative incidence.
///
/// # Definition
/// ```text
/// Lₖ(τ) = ∫₀^τ Fₖ(t) dt = Σ_{s < τ} (τ − s) ΔFₖ(s)      Σₖ Lₖ(τ) = τ − ∫₀^τ S
/// ```
/// the mean time between an event of the cause and τ; with a single cause τ less the restricted mean.
/// The variance is that of [`IncidenceVariance`] with τ − s for the jump at s and, for Fₖ(t) − Fₖ(s),
/// what it adds to the area after s. Strata of the data do not matter, as in
/// [`AalenJohansen`](crate::competing::AalenJohansen). The limits are Lₖ ± z · standard error, cut to [0, τ].
///
/// # Choice of τ
/// There is no default. Past the last observation of a group in which S is above 0 nothing is known and
/// the time lost is an error, unless the curves are said to [continue flat](Self::carry_forward).
///
/// # Options
/// | name | default | range | in R |
/// |---|---|---|---|
/// | `tau` | required | above 0, finite | `rmean` |
/// | [`confidence`](Self::confidence) | 0.95 | (0, 1) | |
/// | [`carry_forward`](Self::carry_forward) | off | | on |
/// | [`variance`](Self::variance) | `Aalen`; `Delta` with case weights, `Robust` with clusters or sampling weights | | `Robust` |
///
/// # Example
/// Four patients: a relapse at 1, a death at 2, one lost at 3, a relapse at 4. Up to 4 relapses have
/// taken a quarter of the time after 1:
/// ```
/// use riskset::{CompetingRisks, competing::TimeLost};
///
/// let names = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4.], &[1, 2, 0, 1], &names)?;
/// let fit = TimeLost::new(4.0).fit(&data)?;
/// assert_eq!(fit.time_lost_of("relapse")?.time_lost, 0.75);
/// assert_eq!(fit.time_lost_of("death")?.time_lost, 0.5);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `summary(survfit(Surv(time, factor(cause)) ~ 1), rmean = tau)$table`, the mean time in the state of
/// the cause, with the jackknife standard error.
///
/// # References
/// Andersen 2013, doi:10.1002/sim.5903; Conner & Trinquart 2021, doi:10.1002/sim.8896.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeLost {
    tau: f64,
    confidence: f64,
    carry_forward: bool,
    variance: IncidenceVariance,
}

impl TimeLost {
    /// The time lost up to `tau`, in the unit of the data.
    #[must_use]
    pub fn new(tau: f64) -> Self {
        let variance = IncidenceVariance::default();
        Self { tau, confidence: 0.95, carry_forward: false, variance }
    }

    /// Confidence level of the limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Lets the curves continue flat from their last time to τ.
    #[must_use]
    pub fn carry_forward(self) -> Self {
        Self { carry_forward: true, ..self }
    }

    /// Aalen's variance, the delta method, or the infinitesimal jackknife.
    #[must_use]
    pub fn variance(self, variance: IncidenceVariance) -> Self {
        Self { variance, ..self }
    }

    /// The times lost of all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for τ and the level; [`Error::BeyondFollowUp`] when τ lies past the
    /// last time, S is not 0 there, and the curves are not carried forward; [`Error::Unsupported`] for
    /// a model-based variance under sampling weights, for Aalen's under case weights, and for a
    /// standard error that no `f64` can hold.
    pub fn fit(&self, data: &CompetingRisks<impl SurvivalData>) -> Result<TimeLostFit> {
        let names = ["data".to_owned()];
        let estimates = self.estimate(data, None, &names)?;
        self.of_group(data, &estimates, 0)
    }

    /// The times lost of each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    pub fn fit_by(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<ByGroup<TimeLostFit>> {
        let estimates = self.estimate(data, Some(groups), groups.names())?;
        ByGroup::try_new(groups.names(), |group, _| self.of_group(data, &estimates, group))
    }

    /// The times lost of the groups, and how they differ for each cause.
    ///
    /// Clusters that have rows in several groups, such as matched pairs, make the estimates dependent;
    /// their covariance is estimated and taken into account.
    ///
    /// # Errors
    /// As [`fit_by`](Self::fit_by); [`Error::SingleLevel`] for a single group.
    pub fn compare(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<TimeLostComparison> {
        let estimates = self.estimate(data, Some(groups), groups.names())?;
        let fits =
            ByGroup::try_new(groups.names(), |group, _| self.of_group(data, &estimates, group))?;
        fits.at_least_two()?;
        let correlations = estimates.into_iter().map(|estimate| estimate.correlation).collect();
        TimeLostComparison::new(self.tau, self.confidence, fits, correlations)
    }

    /// The estimates of each cause, by group.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group; a cause has its estimates"
    )]
    fn estimate<D: SurvivalData>(
        self,
        data: &CompetingRisks<D>,
        groups: Option<&Groups>,
        names: &[String],
    ) -> Result<Vec<CauseEstimates>> {
        self.check()?;
        let rows = data.rows();
        if let Some(groups) = groups {
            rows.same_length("groups", groups.len())?;
        }
        let variance = self.variance.resolve("TimeLost", rows)?;
        let group = |row: usize| groups.map_or(0, |groups| groups.codes()[row] as usize);
        let n_groups = names.len();
        let n_causes = data.causes().len();
        room_for::<[f64; 8]>("the time lost of groups × causes", &[n_groups, n_causes])?;
        if variance == IncidenceVariance::Robust {
            room_for::<f64>("influences of rows × causes", &[rows.len(), n_causes])?;
        }
        let mut estimates = vec![CauseEstimates::new(n_groups); data.causes().len()];
        let mut influence = match variance {
            IncidenceVariance::Robust => vec![Array1::zeros(rows.len()); estimates.len()],
            _ => Vec::new(),
        };
        let order: Vec<u32> = row_numbers(rows.len()).collect();
        let members = Partition::new(&order, n_groups, group);
        let ends = Ends::new(data, n_groups, group);
        let series = RiskTable::of(rows, false, groups).into_groups();
        for (g, series) in series.iter().enumerate() {
            let counts = leaving(series, false);
            let walk = Walk::new(&counts, &ends, g, variance);
            self.check_follow_up(&names[g], &counts, &walk)?;
            for (k, (cause, _)) in data.causes().iter().enumerate() {
                // In units of τ, so that no square overflows.
                let phi = |time: f64| (self.tau - time) / self.tau;
                let sum = Functional::new(&counts, &walk, &walk.causes[k], self.tau, phi);
                estimates[k].value[g] = self.tau * sum.value();
                match influence.get_mut(k) {
                    None => estimates[k].std_error[g] = self.tau * sum.variance(variance).sqrt(),
                    Some(column) => {
                        let is_cause = |row: usize| data.status()[row] == Some(*cause);
                        let write = |row: usize, value: f64| column[row] = value;
                        sum.influence(rows, members.cell(g), is_cause, write);
                    }
                }
            }
        }
        for (estimate, influence) in estimates.iter_mut().zip(&influence) {
            let spread = spread(rows, n_groups, group, influence.view())?;
            estimate.std_error = spread.std_error.iter().map(|sigma| self.tau * sigma).collect();
            estimate.correlation = spread.correlation;
        }
        Ok(estimates)
    }

    fn check(self) -> Result<()> {
        if !(self.tau > 0.0 && self.tau < f64::INFINITY) {
            let rule = "must be above 0 and finite";
            return Err(Error::InvalidOption { option: "tau", value: self.tau, rule });
        }
        normal_multiplier(self.confidence).map(|_| ())
    }

    fn check_follow_up(self, what: &str, counts: &RiskSeries, walk: &Walk) -> Result<()> {
        let Some((&last, &survival)) = counts.time().last().zip(walk.survival.last()) else {
            return Err(Error::Empty { what: what.to_owned() });
        };
        if self.tau > last && survival > 0.0 && !self.carry_forward {
            return Err(Error::BeyondFollowUp { what: what.to_owned(), time: self.tau, last });
        }
        Ok(())
    }

    #[expect(clippy::indexing_slicing, reason = "a cause has an estimate for each group")]
    fn of_group<D>(
        self,
        data: &CompetingRisks<D>,
        estimates: &[CauseEstimates],
        group: usize,
    ) -> Result<TimeLostFit> {
        let z = normal_multiplier(self.confidence)?;
        let cause = |((cause, name), estimates): (&(_, String), &CauseEstimates)| {
            let (time_lost, std_error) = (estimates.value[group], estimates.std_error[group]);
            let limit = |z: f64| (time_lost + z * std_error).clamp(0.0, self.tau);
            let interval = Interval::between(limit(-z), limit(z), self.confidence);
            if !std_error.is_finite() {
                return Err(Error::Unsupported {
                    estimator: "TimeLost",
                    what: "a standard error that no f64 can hold",
                    instead: "give times or weights in another unit",
                });
            }
            let name = name.clone();
            Ok(CauseTimeLost { cause: *cause, name, time_lost, std_error, interval })
        };
        let causes = data.causes().iter().zip(estimates).map(cause).collect::<Result<_>>()?;
        Ok(TimeLostFit { tau: self.tau, level: self.confidence, causes })
    }
}

/// The estimates of one cause, by group.
#[derive(Debug, Clone)]
struct CauseEstimates {
    value: Vec<f64>,
    std_error: Vec<f64>,
    correlation: Option<Array2<f64>>,
}

impl CauseEstimates {
    fn new(n_groups: usize) -> Self {
        Self { value: vec![0.0; n_groups], std_error: vec![0.0; n_groups], correlation: None }
    }
}
