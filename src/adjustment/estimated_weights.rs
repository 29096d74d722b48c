//! The variance of a weighted Cox model whose weights are estimated.

use ndarray::{Array1, Array2, ArrayView2};
use std::fmt;

use super::propensity::PropensityFit;
use super::weights::BalancingWeightsFit;
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::inference::{HazardRatio, hazard_ratios};
use crate::numerics::sum::Sum;
use crate::regression::cox::{Coefficient, CoxFit, meat};
use crate::statistic::{Table, significant};

/// Balancing weights together with the propensity scores they were made of, for the variance that
/// counts both as estimated.
///
/// # Definition
/// The robust variance of a weighted Cox model takes the weights w(γ) for known. With L the score
/// residuals of the Cox model, V the inverse of its information, s the scores of the multinomial logit and
/// V_γ the inverse of its information, the influence of a row on the coefficients is
/// ```text
/// D_i = V (w_i L_i + A V_γ s_i)        A = Σ_j L_j ∂w_j/∂γ
/// ```
/// and their variance is the sum of D Dᵀ over rows, or over the clusters of the data: the sandwich of
/// both estimating equations stacked. Stabilised weights add the influence of the shares of the groups.
/// Estimating γ usually makes the variance *smaller*, since it removes chance imbalance.
///
/// Cut points of truncated weights are taken for known, and weights that were cut count as constant.
/// Where a coefficient of the scores has no finite estimate it is held fixed.
///
/// # Example
/// ```
/// # use riskset::{CoxPh, Design, Groups, RightCensored};
/// use riskset::adjustment::{
///     BalancingWeights, EstimatedWeights, PropensityScores, TargetPopulation,
/// };
///
/// # let time = [1., 2., 3., 4., 5., 6., 7., 8., 9., 10.];
/// # let event = [true, true, false, true, true, true, true, false, true, true];
/// # let arm = ["a", "b", "a", "a", "b", "a", "b", "b", "a", "b"];
/// # let age = [71., 62., 65., 48., 59., 66., 44., 51., 70., 53.];
/// let covariates = Design::builder().numeric("age", &age).build()?;
/// let scores = PropensityScores::new().fit(&Groups::new(&arm)?, &covariates)?;
/// let weights = BalancingWeights::new(TargetPopulation::Everyone).fit(&scores)?;
/// let data = RightCensored::new(&time, &event)?.with_weights(weights.weights().clone())?;
/// let arms = Design::builder().factor("arm", &arm, "a").build()?;
/// let cox = CoxPh::new().fit(&data, &arms)?;
/// let stacked = EstimatedWeights::new(&weights, &scores, &covariates)?.vcov(&cox, &data, &arms)?;
/// // 0.645211 with the weights known. Both from the residuals that R has, by the formula above.
/// assert!((cox.coefficients()[0].std_error.unwrap() - 0.645211).abs() < 1e-6);
/// assert!((stacked.coefficients()[0].std_error.unwrap() - 0.616612).abs() < 1e-6);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `ipwCoxCSV::ipwCoxInd` and `ipwCoxCluster`, for two groups and weights that speak of everybody.
///
/// # References
/// Shu, Young, Toh & Wang 2021, doi:10.1111/biom.13332; Hajage et al. 2018,
/// doi:10.1002/bimj.201700330; Stefanski & Boos 2002, doi:10.1198/000313002753631330.
#[derive(Debug, Clone, Copy)]
pub struct EstimatedWeights<'a> {
    weights: &'a BalancingWeightsFit,
    scores: &'a PropensityFit,
    covariates: &'a Design,
}

impl<'a> EstimatedWeights<'a> {
    /// Weights, the scores they come from, and the design of these.
    ///
    /// # Errors
    /// [`Error::OtherData`] unless the three belong together.
    pub fn new(
        weights: &'a BalancingWeightsFit,
        scores: &'a PropensityFit,
        covariates: &'a Design,
    ) -> Result<Self> {
        if covariates.coding() != scores.coding() || covariates.n_rows() != scores.groups().len() {
            return Err(Error::OtherData { what: "the design of the propensity score" });
        }
        if weights.groups() != scores.groups().names()
            || weights.values().len() != scores.groups().len()
        {
            return Err(Error::OtherData { what: "the propensity score of the weights" });
        }
        Ok(Self { weights, scores, covariates })
    }

    /// The covariance of the coefficients of a Cox model that was fitted with the weights.
    ///
    /// # Errors
    /// [`Error::OtherData`] when the data have other weights, and where the rows are not those of the
    /// fit; [`Error::Unsupported`] under a penalty; [`Error::NotFinite`] where what the weights add leaves the
    /// range of numbers; and as [`CoxFit::residuals`].
    pub fn vcov(
        &self,
        fit: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<StackedVariance> {
        fit.without_penalty("the variance with estimated weights under a penalty")?;
        let rows = data.rows();
        if rows.weights.as_ref() != Some(self.weights.weights()) {
            return Err(Error::OtherData { what: "the weights of the data" });
        }
        let residuals = fit.residuals(data, design)?.weighted().score();
        let bread = fit.vcov_model_based();
        let mut influence = residuals.clone();
        self.add_scores(&residuals, &mut influence);
        if self.weights.is_stabilised() {
            self.add_shares(&residuals, &mut influence);
        }
        let vcov = meat(rows, &influence.dot(&bread));
        if !vcov.iter().all(|value| value.is_finite()) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        Ok(StackedVariance::new(fit, vcov))
    }

    /// Whether truncation left the weight of a row alone.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, whose columns are of one length"
    )]
    fn follows(&self, row: usize) -> bool {
        let weight = self.weights.values()[row];
        let inside = |cut: &super::weights::Truncation| cut.lower < weight && weight < cut.upper;
        self.weights.truncation().is_none_or(inside)
    }

    /// Adds A V_γ s to every row.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row has a probability for each group, a group a slope for each column"
    )]
    fn add_scores(&self, residuals: &Array2<f64>, influence: &mut Array2<f64>) {
        let e = self.scores.probabilities();
        let tilt = self.weights.tilt();
        let width = 1 + self.covariates.columns().len();
        let free: Vec<usize> = self.scores.free_groups().collect();
        // Σ L ∂w/∂γ: ∂w/∂γ is w times the derivative of ln w by η, times the columns.
        let mut slope = Array2::from_elem((residuals.ncols(), free.len() * width), Sum::default());
        for (row, residual) in residuals.rows().into_iter().enumerate() {
            if !self.follows(row) {
                continue;
            }
            for (g, &group) in free.iter().enumerate() {
                let factor = tilt.slope(e.row(row), self.scores.own(row), group);
                for (mut slope, residual) in slope.rows_mut().into_iter().zip(residual) {
                    self.each_column(row, |c, x| slope[g * width + c].add(residual * factor * x));
                }
            }
        }
        let carried = slope.mapv(Sum::value).dot(&self.scores.vcov());
        for (row, mut influence) in influence.rows_mut().into_iter().enumerate() {
            for (g, &group) in free.iter().enumerate() {
                let own = f64::from(u8::from(self.scores.own(row) == group));
                let residual = own - e[[row, group]];
                for (slot, carried) in influence.iter_mut().zip(carried.rows()) {
                    self.each_column(row, |c, x| *slot += carried[g * width + c] * residual * x);
                }
            }
        }
    }

    /// Adds the influence of the shares of the groups that stabilised weights are multiplied by.
    #[expect(clippy::indexing_slicing, reason = "there is a summary of each group")]
    fn add_shares(&self, residuals: &Array2<f64>, influence: &mut Array2<f64>) {
        let n = residuals.nrows() as f64;
        for group in 0..self.weights.groups().len() {
            let members = |row: usize| self.scores.own(row) == group;
            let share = self.weights.by_group()[group].n as f64 / n;
            let mut slope = Array1::from_elem(residuals.ncols(), Sum::default());
            for (row, residual) in residuals.rows().into_iter().enumerate() {
                if members(row) && self.follows(row) {
                    slope.iter_mut().zip(residual).for_each(|(sum, residual)| sum.add(*residual));
                }
            }
            let slope = slope.mapv(|sum| sum.value() / share);
            for (row, mut influence) in influence.rows_mut().into_iter().enumerate() {
                let own = f64::from(u8::from(members(row)));
                influence.scaled_add((own - share) / n, &slope);
            }
        }
    }

    /// Calls `visit` with the intercept and every column of a row of the scores.
    fn each_column(&self, row: usize, mut visit: impl FnMut(usize, f64)) {
        visit(0, 1.0);
        let columns = self.covariates.matrix();
        columns.row(row).iter().enumerate().for_each(|(c, &x)| visit(1 + c, x));
    }
}

/// The coefficients of a weighted Cox model with their variance, from [`EstimatedWeights::vcov`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct StackedVariance {
    coefficients: Vec<Coefficient>,
    vcov: Array2<f64>,
    known: Array2<f64>,
}

impl StackedVariance {
    fn new(fit: &CoxFit, vcov: Array2<f64>) -> Self {
        let mut coefficients = fit.coefficients().to_vec();
        for (coefficient, variance) in coefficients.iter_mut().zip(vcov.diag()) {
            coefficient.std_error = coefficient.estimate.map(|_| variance.sqrt());
        }
        Self { coefficients, vcov, known: fit.vcov().to_owned() }
    }

    /// The coefficients of the fit, their standard errors with the weights estimated.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.coefficients
    }

    /// Covariance of the coefficients, weights estimated. A coefficient without a finite estimate has
    /// a row and a column of 0.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.vcov.view()
    }

    /// The robust covariance of the fit, weights known.
    #[must_use]
    pub fn vcov_known(&self) -> ArrayView2<'_, f64> {
        self.known.view()
    }

    /// The hazard ratio of every coefficient, with Wald limits at `level`.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a level outside (0, 1).
    pub fn hazard_ratios(&self, level: f64) -> Result<Vec<HazardRatio>> {
        hazard_ratios(&self.coefficients, level)
    }
}

/// The coefficients with both standard errors.
impl fmt::Display for StackedVariance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let finite = |value: f64, coefficient: &Coefficient| coefficient.estimate.map(|_| value);
        let known: Vec<Option<f64>> = (self.known.diag().iter().zip(&self.coefficients))
            .map(|(variance, coefficient)| finite(variance.sqrt(), coefficient))
            .collect();
        let column = |value: fn(&Coefficient) -> Option<f64>| {
            significant(&self.coefficients.iter().map(value).collect::<Vec<_>>(), 4, "-")
        };
        let table = Table::default()
            .column("", self.coefficients.iter().map(|c| c.name.clone()).collect())
            .column("coef", column(|c| c.estimate))
            .column("se, weights estimated", column(|c| c.std_error))
            .column("se, weights known", significant(&known, 4, "-"));
        write!(f, "{table}")
    }
}

#[cfg(feature = "serde")]
impl StackedVariance {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { vcov: covariance })?;
        let sides = |name, matrix: &Array2<f64>| [(name, matrix.nrows()), (name, matrix.ncols())];
        let (vcov, known) = (sides("vcov", &self.vcov), sides("known", &self.known));
        crate::checked::same_lengths(self.coefficients.len(), &[vcov, known].concat())
    }
}
