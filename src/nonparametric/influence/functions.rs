//! Influence functions of survival, cumulative hazard and restricted mean.

use ndarray::Array2;
use std::fmt;

use super::at::Curve;
use super::fit::InfluenceFit;
use super::spread::spread;
use crate::data::{Groups, Partition, RiskTable, Rows, SurvivalData};
use crate::error::{Error, Result};
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;

/// What is estimated at a requested time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Estimand {
    /// S(t) of [`KaplanMeier`](crate::nonparametric::KaplanMeier).
    Survival,
    /// Λ(t) of [`NelsonAalen`](crate::nonparametric::NelsonAalen).
    CumulativeHazard,
    /// ∫₀^t S of the Kaplan–Meier curve, as [`RestrictedMean`](crate::nonparametric::RestrictedMean).
    RestrictedMean,
}

impl fmt::Display for Estimand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Survival => "survival",
            Self::CumulativeHazard => "cumulative hazard",
            Self::RestrictedMean => "restricted mean",
        })
    }
}

/// Influence functions and infinitesimal-jackknife pseudo-values of S(t), Λ(t) or ∫₀^t S.
///
/// # Definition
/// The influence of a row on an estimate θ is its derivative with respect to the weight of the row.
/// With d(s) events among Y(s) at risk, both weighted, of which row i is one over (entry, exit],
/// ```text
/// IF_i Λ(t)    = Σ_{s ≤ t} 1{i at risk at s} · (1{event of i at s} − d(s)/Y(s)) / Y(s)
/// IF_i ln S(t) = Σ_{s ≤ t} 1{i at risk at s} · (d(s)/(Y(s) − d(s)) or, at its event, −1) / Y(s)
/// IF_i S(t)    = S(t) · IF_i ln S(t)
/// IF_i ∫₀^τ S  = the sum of ln S with each term times ∫_s^τ S
/// ```
/// Weighted influences sum to 0. The sum over clusters of their squared sums is the robust variance
/// of the estimate. The pseudo-value of a row is
/// ```text
/// θ_i = θ + N · IF_i
/// ```
/// with N the sum of the weights: what the jackknife N θ − (N − 1) θ₍₋ᵢ₎ tends to, at the cost of one
/// curve instead of n. Without censoring before t it is the indicator 1{T_i > t} for S and
/// min(T_i, τ) for the restricted mean, so that it can stand for the response of a regression.
///
/// Where S is 0 its influence is 0. One estimate costs time in proportion to rows and times of the
/// curve.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | estimand | required | `type` |
/// | [`carry_forward`](Self::carry_forward) | off | on |
///
/// # Weights, delayed entry, histories
/// Influences are per unit of weight; a row that stands for k identical rows has the influence of
/// one of them. The rows of one subject each have an influence; that of the subject is their sum. Strata of
/// the data do not matter.
///
/// # Example
/// Nobody is censored up to 2, so the pseudo-values of S(2) tell who is alive then:
/// ```
/// use riskset::RightCensored;
/// use riskset::nonparametric::{Estimand, InfluenceFunctions};
///
/// let data = RightCensored::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, true])?;
/// let fit = InfluenceFunctions::new(Estimand::Survival).fit(&data, &[2.0])?;
/// assert_eq!(fit.estimate()[[0, 0]], 0.5);
/// for (row, alive) in [0.0, 0.0, 1.0, 1.0].into_iter().enumerate() {
///     assert!((fit.influence()[[row, 0]] - (alive - 0.5) / 4.0).abs() < 1e-15);
///     assert!((fit.pseudo_values()[[row, 0]] - alive).abs() < 1e-15);
/// }
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `pseudo(survfit(Surv(time, event) ~ 1), times, type)`, whose N is the number of rows whatever
/// their weights; `resid(fit, times, type)` for the influences.
///
/// # References
/// Efron 1981, doi:10.1080/01621459.1981.10477650; Andersen, Klein & Rosthøj 2003, doi:10.1093/biomet/90.1.15.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InfluenceFunctions {
    estimand: Estimand,
    carry_forward: bool,
}

impl InfluenceFunctions {
    /// The influences on what is named.
    #[must_use]
    pub fn new(estimand: Estimand) -> Self {
        Self { estimand, carry_forward: false }
    }

    /// Lets the curve continue flat from its last time.
    #[must_use]
    pub fn carry_forward(self) -> Self {
        Self { carry_forward: true, ..self }
    }

    /// The influences on the estimates from all rows, at each of the times.
    ///
    /// # Errors
    /// [`Error::Empty`] without times; [`Error::InvalidOption`] for a time that is not finite, or
    /// for a restricted mean not above 0; [`Error::BeyondFollowUp`] for a time past the last one
    /// unless the curve is 0 there or carried forward; [`Error::TooLarge`] for more rows × times than memory
    /// holds; [`Error::Unsupported`] for an influence that
    /// no `f64` can hold.
    pub fn fit(&self, data: &impl SurvivalData, times: &[f64]) -> Result<InfluenceFit> {
        self.estimate(data.rows(), None, times)
    }

    /// The influences of each row on the estimates of its group.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`Error::LengthMismatch`]; [`Error::Empty`] for a group without
    /// rows.
    pub fn fit_by(
        &self,
        data: &impl SurvivalData,
        groups: &Groups,
        times: &[f64],
    ) -> Result<InfluenceFit> {
        data.rows().same_length("groups", groups.len())?;
        self.estimate(data.rows(), Some(groups), times)
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, and has the code of a group"
    )]
    pub(crate) fn estimate(
        self,
        rows: &Rows,
        groups: Option<&Groups>,
        times: &[f64],
    ) -> Result<InfluenceFit> {
        self.check(times)?;
        // As much again for the pseudo-values.
        room_for::<[f64; 2]>("influences of rows × times", &[rows.len(), times.len()])?;
        let table = RiskTable::of(rows, false, groups);
        let codes = groups.map_or_else(|| vec![0; rows.len()], |groups| groups.codes().to_vec());
        let n_groups = table.groups().len();
        let mut fit = InfluenceFit {
            estimand: self.estimand,
            times: times.to_vec(),
            groups: table.groups().to_vec(),
            codes,
            n: Vec::with_capacity(n_groups),
            estimate: Array2::zeros((n_groups, times.len())),
            std_error: Array2::zeros((n_groups, times.len())),
            influence: Array2::zeros((rows.len(), times.len())),
            warnings: rows.warnings(),
        };
        let order: Vec<u32> = row_numbers(rows.len()).collect();
        let members = Partition::new(&order, n_groups, |row| fit.codes[row] as usize);
        for group in 0..n_groups {
            self.estimate_group(rows, &table, (group, members.cell(group)), &mut fit)?;
        }
        let group = |row: usize| fit.codes[row] as usize;
        for (k, influence) in fit.influence.columns().into_iter().enumerate() {
            let std_error = spread(rows, n_groups, group, influence)?.std_error;
            fit.std_error.column_mut(k).assign(&ndarray::Array1::from(std_error));
        }
        if fit.std_error.iter().all(|value| value.is_finite()) { Ok(fit) } else { Err(BEYOND) }
    }

    /// Estimates of one group and the influences of its rows.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row, a group and a time have their places in the fit"
    )]
    fn estimate_group(
        self,
        rows: &Rows,
        table: &RiskTable,
        (group, members): (usize, &[u32]),
        fit: &mut InfluenceFit,
    ) -> Result<()> {
        let name = &table.groups()[group];
        let of_group = table.group(group);
        let series = of_group.observed();
        let Some(&last) = series.time().last() else {
            return Err(Error::Empty { what: name.clone() });
        };
        let n: f64 = series.n_event().iter().chain(series.n_censor()).sum();
        let curve = Curve::new(self.estimand, &series)?;
        fit.warnings.extend(curve.warning(&series));
        let rows_of_group = || members.iter().map(|&row| row as usize);
        let spans: Vec<_> = rows_of_group().map(|row| curve.span(rows, row)).collect();
        for (k, &time) in fit.times.iter().enumerate() {
            if time > last && !curve.is_over() && !self.carry_forward {
                let what = if fit.groups.len() == 1 { "data" } else { name }.to_owned();
                return Err(Error::BeyondFollowUp { what, time, last });
            }
            let at = curve.at(time);
            fit.estimate[[group, k]] = at.value;
            for (row, span) in rows_of_group().zip(&spans) {
                let influence = at.influence(*span);
                let largest = n.max(rows.weight(row)) * influence + at.value;
                if !largest.is_finite() {
                    return Err(BEYOND);
                }
                fit.influence[[row, k]] = influence;
            }
        }
        fit.n.push(n);
        Ok(())
    }

    fn check(self, times: &[f64]) -> Result<()> {
        if times.is_empty() {
            return Err(Error::Empty { what: "times".to_owned() });
        }
        let mean = self.estimand == Estimand::RestrictedMean;
        match times.iter().find(|&&time| !(time.is_finite() && (time > 0.0 || !mean))) {
            None => Ok(()),
            Some(&value) => {
                let rule = if mean { "must be above 0 and finite" } else { "must be finite" };
                Err(Error::InvalidOption { option: "times", value, rule })
            }
        }
    }
}

const BEYOND: Error = Error::Unsupported {
    estimator: "InfluenceFunctions",
    what: "an influence beyond the range of numbers",
    instead: "rescale the times or the weights",
};
