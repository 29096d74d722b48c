//! Survival in numbers, as a request.

use super::table::{GroupSurvival, SurvivalTable};
use crate::data::{Groups, SurvivalData, Variance, WeightKind, Weights};
use crate::error::{Error, Result};
use crate::nonparametric::{KaplanMeier, RestrictedMean, RestrictedMeanFit, SurvivalAt};
use crate::room::room_for;
use crate::statistic::{Interval, IntervalTransform};
use crate::study::counts::of_rows;

/// Survival by group and of all rows: numbers, events, median, survival at chosen times, follow-up.
///
/// # Definition
/// n, events and person-time are counted; survival and its median are [`KaplanMeier`]'s, the mean is
/// [`RestrictedMean`]'s, and the median follow-up is that of the
/// [reverse curve](KaplanMeier::reverse), in which censoring is the event. Variances and limits are theirs.
///
/// # Options
/// | name | default | |
/// |---|---|---|
/// | [`times`](Self::times) | none | where survival is wanted |
/// | [`confidence`](Self::confidence) | 0.95 | in (0, 1) |
/// | [`transform`](Self::transform) | `Log` | of the limits of survival, and so of the median |
/// | [`restricted_mean`](Self::restricted_mean) | none | τ |
///
/// Sampling weights and clusters give the robust variance, as in [`KaplanMeier`]; strata of the
/// data do not matter.
///
/// # Example
/// The 6-MP arm of Freireich et al. 1963, in weeks:
/// ```
/// use riskset::{RightCensored, study::SurvivalSummary};
///
/// let time = [6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32.,
///     32., 34., 35.];
/// let relapse = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0].map(|e| e == 1);
/// let data = RightCensored::new(&time, &relapse)?;
/// let table = SurvivalSummary::new().times(&[12.0, 34.0]).fit(&data)?;
/// let arm = &table.overall;
/// assert_eq!((arm.n, arm.n_events, arm.person_time), (21.0, 9.0, Some(359.0)));
/// assert_eq!(arm.median.time, Some(23.0));
/// assert!((arm.at[0].survival - 0.753).abs() < 1e-3);
/// assert_eq!(arm.few_at_risk(), [false, true]); // 2 are at risk in week 34
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(time, event) ~ arm)`, `gtsummary::tbl_survfit`.
///
/// # References
/// Schemper & Smith 1996, doi:10.1016/0197-2456(96)00075-X, for follow-up; see also [`KaplanMeier`] and
/// [`RestrictedMean`].
#[derive(Debug, Clone, PartialEq)]
pub struct SurvivalSummary {
    times: Vec<f64>,
    confidence: f64,
    transform: IntervalTransform,
    tau: Option<f64>,
}

impl Default for SurvivalSummary {
    fn default() -> Self {
        let transform = IntervalTransform::default();
        Self { times: Vec::new(), confidence: 0.95, transform, tau: None }
    }
}

impl SurvivalSummary {
    /// The summary with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Times at which survival is wanted.
    #[must_use]
    pub fn times(self, times: &[f64]) -> Self {
        Self { times: times.to_vec(), ..self }
    }

    /// Confidence level of all limits, in (0, 1).
    #[must_use]
    pub fn confidence(self, level: f64) -> Self {
        Self { confidence: level, ..self }
    }

    /// Scale on which the limits of survival are symmetric.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// Adds the mean of min(T, τ).
    #[must_use]
    pub fn restricted_mean(self, tau: f64) -> Self {
        Self { tau: Some(tau), ..self }
    }

    /// The summary of all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level, a time, or τ; those of [`KaplanMeier::fit`].
    pub fn fit(&self, data: &impl SurvivalData) -> Result<SurvivalTable> {
        Ok(SurvivalTable {
            level: self.confidence,
            transform: self.transform,
            times: self.times.clone(),
            tau: self.tau,
            groups: Vec::new(),
            overall: self.group("Overall", data)?,
        })
    }

    /// The summary of each group, and of all rows.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without rows;
    /// [`Error::TooLarge`] for more groups × times than memory holds.
    #[expect(clippy::indexing_slicing, reason = "a code is below the number of groups")]
    pub fn by<D: SurvivalData>(&self, data: &D, groups: &Groups) -> Result<SurvivalTable> {
        data.rows().same_length("groups", groups.len())?;
        let sides = [groups.names().len(), self.times.len()];
        room_for::<SurvivalAt>("survival of groups × times", &sides)?;
        let mut members = vec![Vec::new(); groups.names().len()];
        for (row, &code) in groups.codes().iter().enumerate() {
            members[code as usize].push(row);
        }
        let groups = groups.names().iter().zip(&members).map(|(name, members)| {
            if members.is_empty() {
                return Err(Error::Empty { what: name.clone() });
            }
            self.group(name, &of_rows(data, members))
        });
        Ok(SurvivalTable { groups: groups.collect::<Result<_>>()?, ..self.fit(data)? })
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn group<D: SurvivalData>(&self, name: &str, data: &D) -> Result<GroupSurvival> {
        let estimator = KaplanMeier::new().confidence(self.confidence).transform(self.transform);
        let fit = estimator.fit(data)?;
        let (follow_up, follow_up_interval) = self.follow_up(data)?;
        let rows = data.rows();
        let entry = |row: usize| rows.times.entry.as_ref().map_or(0.0, |entry| entry[row]);
        let watched = |row: usize| rows.weight(row) * (rows.times.exit[row] - entry(row));
        let person_time: f64 = (0..rows.len()).map(watched).sum();
        Ok(GroupSurvival {
            name: name.to_owned(),
            n: fit.n(),
            n_events: fit.n_events(),
            person_time: Some(person_time).filter(|time| time.is_finite()),
            median: fit.curve().median(),
            at: fit.at(&self.times)?,
            follow_up,
            follow_up_interval,
            restricted_mean: self.mean(data)?,
        })
    }

    fn mean(&self, data: &impl SurvivalData) -> Result<Option<RestrictedMeanFit>> {
        let Some(tau) = self.tau else { return Ok(None) };
        match RestrictedMean::new(tau).confidence(self.confidence).fit(data) {
            Err(Error::BeyondFollowUp { .. }) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Median and limits of the reverse curve.
    fn follow_up<D: SurvivalData>(&self, data: &D) -> Result<(Option<f64>, Option<Interval>)> {
        let mut rows = data.rows().clone();
        let robust = rows.robust("SurvivalSummary", Variance::Automatic)?;
        // The point estimate needs the weights, and not what they mean.
        if rows.weight_kind() == Some(WeightKind::Sampling) {
            let values = (0..rows.len()).map(|row| rows.weight(row)).collect::<Vec<_>>();
            rows.weights = Some(Weights::case(&values)?);
        }
        let reverse = KaplanMeier::new().confidence(self.confidence).transform(self.transform);
        let reverse = reverse.reverse().variance(Variance::ModelBased);
        let median = reverse.fit(&D::of_rows(rows))?.curve().median();
        Ok((median.time, Some(median.interval).filter(|_| !robust)))
    }
}
