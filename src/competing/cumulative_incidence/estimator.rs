//! The Aalen–Johansen estimator of competing risks.

use std::borrow::Cow;

use super::curve::CumulativeIncidence;
use super::ends::Ends;
use super::fit::AalenJohansenFit;
use super::jackknife;
use super::variance::IncidenceVariance;
use super::walk::Walk;
use crate::curve::ByGroup;
use crate::data::{CompetingRisks, Groups, RiskSeries, RiskTable, SurvivalData};
use crate::error::{Error, Result};
use crate::nonparametric::{Members, Observed, emptied, leaving};
use crate::room::room_for;
use crate::statistic::IntervalTransform;

/// The Aalen–Johansen estimator of the cumulative incidence of each cause: the probability that it
/// has ended a subject by t, while the other causes are there.
///
/// # Definition
/// With dₖ(t) events of cause k and d(t) of any among Y(t) at risk (entry < t ≤ exit),
/// ```text
/// Fₖ(t) = Σ_{s ≤ t} S(s−) dₖ(s)/Y(s)      S(t) = Π_{s ≤ t} (1 − d(s)/Y(s))      Σₖ Fₖ + S = 1
/// ```
/// Ties need no rule. S is the Kaplan–Meier curve of [any cause](CompetingRisks::any_cause), which has its
/// limits. With a single cause F is 1 − S. One minus the Kaplan–Meier curve of one cause among several
/// is larger than F and the probability of nothing. Strata of the data do not split the curves; pass
/// them as [`Groups`] to split them.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`confidence`](Self::confidence) | 0.95 | `conf.int` |
/// | [`transform`](Self::transform) | `LogLog` of F, as SAS; R has `Log` | `conf.type` |
/// | [`variance`](Self::variance) | `Aalen`; `Delta` with case weights, `Robust` with clusters or sampling weights | `Robust` in `survfit`, `Aalen` in `cuminc` |
///
/// The formulas of [`IntervalTransform`] are meant with F in place of S.
///
/// # Weights
/// Weights enter dₖ and Y. The robust variance is the infinitesimal jackknife Σ (Σ w IF)², the outer
/// sum over clusters and IF the influence of a row on Fₖ(t).
///
/// # Example
/// Four patients: a relapse at 1, a death at 2, one lost at 3, a relapse at 4.
/// ```
/// use riskset::{AalenJohansen, CompetingRisks};
///
/// let names = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4.], &[1, 2, 0, 1], &names)?;
/// let fit = AalenJohansen::new().fit(&data)?;
/// let relapse = fit.incidence_of("relapse")?;
/// assert_eq!(relapse.time(), [1.0, 4.0]);
/// assert_eq!(relapse.incidence(), [0.25, 0.75]);
/// assert_eq!(fit.survival(), [0.75, 0.5, 0.5, 0.0]);
/// assert_eq!(fit.incidence_of("death")?.at(&[3.5])?[0].incidence, 0.25);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survfit(Surv(time, factor(cause)) ~ 1)`; `cmprsk::cuminc(time, cause)`.
///
/// # References
/// Aalen & Johansen 1978, *Scandinavian Journal of Statistics* 5:141; Aalen 1978,
/// doi:10.1214/aos/1176344198; Choudhury 2002, doi:10.1002/sim.1070.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AalenJohansen {
    confidence: f64,
    transform: IntervalTransform,
    variance: IncidenceVariance,
}

impl Default for AalenJohansen {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            transform: IntervalTransform::LogLog,
            variance: IncidenceVariance::default(),
        }
    }
}

impl AalenJohansen {
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

    /// Scale on which the limits of F are symmetric.
    #[must_use]
    pub fn transform(self, transform: IntervalTransform) -> Self {
        Self { transform, ..self }
    }

    /// Aalen's variance, the delta method, or the infinitesimal jackknife.
    #[must_use]
    pub fn variance(self, variance: IncidenceVariance) -> Self {
        Self { variance, ..self }
    }

    /// The curves of all rows.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for the level; [`Error::Unsupported`] for a model-based variance under
    /// sampling weights, and for Aalen's under case weights.
    pub fn fit(&self, data: &CompetingRisks<impl SurvivalData>) -> Result<AalenJohansenFit> {
        let series = RiskTable::of(data.rows(), false, None).into_groups();
        let fits = Fits::new(self, data, 1, |_| 0)?;
        let series = series.into_iter().next();
        fits.estimate("data", series, 0)
    }

    /// The curves of each group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows; [`Error::TooLarge`] for more groups × causes than memory holds.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group"
    )]
    pub fn fit_by(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        groups: &Groups,
    ) -> Result<ByGroup<AalenJohansenFit>> {
        data.rows().same_length("groups", groups.len())?;
        let sides = [groups.names().len(), data.causes().len()];
        room_for::<CumulativeIncidence>("curves of groups × causes", &sides)?;
        let group = |row: usize| groups.codes()[row] as usize;
        let fits = Fits::new(self, data, groups.names().len(), group)?;
        let series = RiskTable::of(data.rows(), false, Some(groups)).into_groups();
        let mut series = series.into_iter();
        ByGroup::try_new(groups.names(), |group, name| fits.estimate(name, series.next(), group))
    }
}

/// What the curves of all groups are made of.
struct Fits<'a, D> {
    options: AalenJohansen,
    data: &'a CompetingRisks<D>,
    variance: IncidenceVariance,
    ends: Ends<'a, D>,
    members: Option<Members<'a>>,
}

impl<'a, D: SurvivalData> Fits<'a, D> {
    fn new(
        options: &AalenJohansen,
        data: &'a CompetingRisks<D>,
        n_groups: usize,
        group: impl Fn(usize) -> usize,
    ) -> Result<Self> {
        let variance = options.variance.resolve("AalenJohansen", data.rows())?;
        let ends = Ends::new(data, n_groups, &group);
        let robust = variance == IncidenceVariance::Robust;
        let members = robust.then(|| Members::new(data.rows(), n_groups, group));
        Ok(Self { options: *options, data, variance, ends, members })
    }

    fn estimate(
        &self,
        what: &str,
        series: Option<RiskSeries>,
        group: usize,
    ) -> Result<AalenJohansenFit> {
        let series = series.filter(|series| !series.time().is_empty());
        let series = series.ok_or_else(|| Error::Empty { what: what.to_owned() })?;
        let counts = leaving(&series, false);
        let mut walk = Walk::new(&counts, &self.ends, group, self.variance);
        if let Some(members) = &self.members {
            self.jackknife(members, group, &counts, &mut walk);
        }
        let mut warnings = self.data.rows().warnings();
        warnings.extend(emptied(&counts, &walk.survival));
        let last = counts.time().last().copied().unwrap_or(0.0);
        let AalenJohansen { confidence, transform, .. } = self.options;
        let curves = self.data.causes().iter().cloned().zip(walk.causes);
        let curves = curves
            .map(|(cause, steps)| {
                CumulativeIncidence::new(cause, steps, last, confidence, transform)
            })
            .collect::<Result<_>>()?;
        let observed = match counts {
            Cow::Borrowed(_) => Observed::all(series),
            Cow::Owned(counts) => Observed::at(series, &counts),
        };
        Ok(AalenJohansenFit::new(observed, walk.survival, curves, self.variance, warnings))
    }

    /// Puts the infinitesimal jackknife in the place of the variances.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and the walk has the steps of each cause"
    )]
    fn jackknife(&self, members: &Members<'_>, group: usize, counts: &RiskSeries, walk: &mut Walk) {
        let status = self.data.status();
        let variance = |(place, &(cause, _)): (usize, &(_, String))| {
            let is_cause = |row: usize| status[row] == Some(cause);
            jackknife::variance(members, group, counts, walk, &walk.causes[place], is_cause)
        };
        let variances: Vec<Vec<f64>> =
            self.data.causes().iter().enumerate().map(variance).collect();
        for (steps, variance) in walk.causes.iter_mut().zip(variances) {
            steps.variance = variance;
        }
    }
}
