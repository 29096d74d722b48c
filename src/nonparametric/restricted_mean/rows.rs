//! Restricted means of rows, with the robust variance where the data call for it.

use super::comparison::RestrictedMeanComparison;
use super::estimator::RestrictedMean;
use super::fit::RestrictedMeanFit;
use crate::curve::ByGroup;
use crate::data::{Groups, Rows, SurvivalData, Variance};
use crate::error::Result;
use crate::nonparametric::InfluenceFit;
use crate::nonparametric::KaplanMeier;
use crate::nonparametric::influence::spread;
use crate::nonparametric::{Estimand, InfluenceFunctions};

impl RestrictedMean {
    /// The restricted mean of all rows.
    ///
    /// With sampling weights or clusters, or where it is [asked for](Self::variance), the variance is
    /// the infinitesimal jackknife; otherwise the result is that of [`of`](Self::of) the
    /// Kaplan–Meier curve. Strata of the data do not matter, as in that curve.
    ///
    /// Two subjects, each seen twice, who die at 1 and 3; the area up to 3 is ½·1 + ½·3 with
    /// variance ½·½·(3 − 1)²/2 over subjects:
    /// ```
    /// use riskset::{RightCensored, nonparametric::RestrictedMean};
    ///
    /// let data = RightCensored::new(&[1.0, 1.0, 3.0, 3.0], &[true; 4])?;
    /// let data = data.with_clusters(&["a", "a", "b", "b"])?;
    /// let fit = RestrictedMean::new(3.0).fit(&data)?;
    /// assert_eq!(fit.mean, 2.0);
    /// assert!((fit.std_error - 0.5_f64.sqrt()).abs() < 1e-15);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) for τ and the level;
    /// [`Error::BeyondFollowUp`](crate::Error::BeyondFollowUp) when τ lies past the last time, S is
    /// not 0 there, and the curve is not carried forward;
    /// [`Error::Unsupported`](crate::Error::Unsupported) for the model-based variance under sampling
    /// weights, and for influences that no `f64` can hold.
    #[expect(clippy::indexing_slicing, reason = "there is one group, and one time")]
    pub fn fit(&self, data: &impl SurvivalData) -> Result<RestrictedMeanFit> {
        let rows = data.rows();
        let z = self.check()?;
        if !rows.robust("RestrictedMean", self.variance)? {
            return self.of(&model_based().fit(data)?);
        }
        let fit = self.influence(rows, None)?;
        Ok(self.with_limits(fit.estimate[[0, 0]], fit.std_error[[0, 0]], z))
    }

    /// The restricted mean of each group, as [`fit`](Self::fit).
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`](crate::Error::LengthMismatch);
    /// [`Error::Empty`](crate::Error::Empty) for a group without rows.
    pub fn fit_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
    ) -> Result<ByGroup<RestrictedMeanFit>> {
        let rows = data.rows();
        self.check()?;
        rows.same_length("groups", groups.len())?;
        if !rows.robust("RestrictedMean", self.variance)? {
            return model_based().fit_by(data, groups)?.try_map(|_, fit| self.of(fit));
        }
        self.by_group(&self.influence(rows, Some(groups))?)
    }

    /// The restricted means of the groups, and how they differ.
    ///
    /// Clusters that have rows in several groups, such as matched pairs, make the means dependent;
    /// their covariance is estimated and taken into account.
    ///
    /// # Errors
    /// As [`fit_by`](Self::fit_by); [`Error::SingleLevel`](crate::Error::SingleLevel) for a single
    /// group.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group"
    )]
    pub fn compare_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
    ) -> Result<RestrictedMeanComparison> {
        let rows = data.rows();
        self.check()?;
        rows.same_length("groups", groups.len())?;
        if !rows.robust("RestrictedMean", self.variance)? {
            return self.compare(&model_based().fit_by(data, groups)?);
        }
        let fit = self.influence(rows, Some(groups))?;
        let means = self.by_group(&fit)?;
        means.at_least_two()?;
        let group = |row: usize| groups.codes()[row] as usize;
        let dependence = spread(rows, groups.names().len(), group, fit.influence.column(0))?;
        RestrictedMeanComparison::new(self.tau, self.confidence, means, dependence.correlation)
    }

    fn influence(self, rows: &Rows, groups: Option<&Groups>) -> Result<InfluenceFit> {
        let estimator = InfluenceFunctions::new(Estimand::RestrictedMean);
        let estimator = if self.carry_forward { estimator.carry_forward() } else { estimator };
        estimator.estimate(rows, groups, &[self.tau])
    }

    #[expect(clippy::indexing_slicing, reason = "there is an estimate for each group, at one time")]
    fn by_group(self, fit: &InfluenceFit) -> Result<ByGroup<RestrictedMeanFit>> {
        let z = self.check()?;
        ByGroup::try_new(fit.groups(), |group, _| {
            Ok(self.with_limits(fit.estimate[[group, 0]], fit.std_error[[group, 0]], z))
        })
    }
}

fn model_based() -> KaplanMeier {
    KaplanMeier::new().variance(Variance::ModelBased)
}
