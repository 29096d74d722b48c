//! Fitted Cox models of every cause.

use ndarray::{Array2, ArrayView2};
use std::fmt;
use std::ops::Range;

use super::baseline::CauseSpecificBaseline;
use super::model::in_order;
use crate::competing::of_cause::{self, of_cause};
use crate::data::{Cause, CompetingRisks, Design, SurvivalData, WeightKind};
use crate::error::{Error, Result};
use crate::regression::cox::CoxFit;
use crate::room::room_for;

/// One cause and its Cox model, from [`CauseSpecificCox`](crate::competing::CauseSpecificCox).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CauseFit {
    /// The cause.
    pub cause: Cause,
    /// Its name.
    pub label: String,
    /// The model of its hazard; `None` for a cause without events, whose hazard is estimated as 0.
    pub fit: Option<CoxFit>,
}

of_cause!(CauseFit, label);

/// A fitted [`CauseSpecificCox`](super::CauseSpecificCox): one [`CoxFit`] a cause. Keeps no rows.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct CauseSpecificCoxFit {
    causes: Vec<CauseFit>,
    rows: usize,
    vcov: Array2<f64>,
}

impl CauseSpecificCoxFit {
    pub(super) fn new(
        causes: Vec<CauseFit>,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[&Design],
    ) -> Result<Self> {
        let rows = data.status().len();
        if causes.iter().all(|cause| cause.fit.is_none()) {
            return Err(Error::NoEvents { rows });
        }
        let vcov = joint_vcov(&causes, data, designs)?;
        Ok(Self { causes, rows, vcov })
    }

    /// All causes, in the order in which the data list them.
    #[must_use]
    pub fn causes(&self) -> &[CauseFit] {
        &self.causes
    }

    /// The model of a cause.
    ///
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::InCause`] around [`Error::NoEvents`].
    pub fn get(&self, cause: Cause) -> Result<&CoxFit> {
        self.fit_of(of_cause::find(&self.causes, cause)?)
    }

    /// The model of the cause of this name.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn named(&self, label: &str) -> Result<&CoxFit> {
        self.fit_of(of_cause::named(&self.causes, label)?)
    }

    fn fit_of<'a>(&self, CauseFit { label, fit, .. }: &'a CauseFit) -> Result<&'a CoxFit> {
        let none = || Error::in_cause(label, Error::NoEvents { rows: self.rows });
        fit.as_ref().ok_or_else(none)
    }

    /// Covariance matrix of the coefficients of all causes that have a model, one cause after the other.
    ///
    /// Between causes it is 0, as their martingales are orthogonal, unless the fit is robust: then
    /// it is the sandwich of all causes together, the sum over clusters of the outer products of what a
    /// cluster does to all the coefficients. R's `vcov` of a `coxph` of several states.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.vcov.view()
    }

    /// Whether [`vcov`](Self::vcov) is the robust sandwich.
    #[must_use]
    pub fn is_robust(&self) -> bool {
        self.fitted().any(|(_, fit, _)| fit.is_robust())
    }

    /// The causes that have a model, each with the place of its coefficients in the covariance.
    pub(super) fn fitted(&self) -> impl Iterator<Item = (&CauseFit, &CoxFit, Range<usize>)> {
        fitted(&self.causes)
    }

    /// The baseline hazards of all causes, from the rows and the design that the fit was made of.
    ///
    /// # Errors
    /// [`Error::InCause`] around what [`CoxFit::baseline`] says of a cause.
    pub fn baseline(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<CauseSpecificBaseline> {
        self.baseline_of(data, &vec![design; data.causes().len()])
    }

    /// The same for a [fit with a design a cause](super::CauseSpecificCox::fit_by_cause).
    ///
    /// # Errors
    /// As [`baseline`](Self::baseline) and [`fit_by_cause`](super::CauseSpecificCox::fit_by_cause).
    pub fn baseline_by_cause(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[(Cause, &Design)],
    ) -> Result<CauseSpecificBaseline> {
        self.baseline_of(data, &in_order(data, designs)?)
    }

    fn baseline_of(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        designs: &[&Design],
    ) -> Result<CauseSpecificBaseline> {
        let same = |(cause, (code, label)): (&CauseFit, &(Cause, String))| {
            cause.cause == *code && cause.label == *label
        };
        let listed = self.causes.len() == data.causes().len()
            && self.causes.iter().zip(data.causes()).all(same);
        if !listed {
            return Err(Error::OtherData { what: "the list of causes" });
        }
        CauseSpecificBaseline::new(self, data, designs)
    }
}

/// The causes that have a model, each with the place of its coefficients among those of all.
fn fitted(causes: &[CauseFit]) -> impl Iterator<Item = (&CauseFit, &CoxFit, Range<usize>)> {
    let with_fit = causes.iter().filter_map(|cause| Some((cause, cause.fit.as_ref()?)));
    with_fit.scan(0, |start, (cause, fit)| {
        let columns = *start..*start + fit.coefficients().len();
        *start = columns.end;
        Some((cause, fit, columns))
    })
}

/// The covariance of each cause on the diagonal and, where the fits are robust, those between them.
fn joint_vcov(
    causes: &[CauseFit],
    data: &CompetingRisks<impl SurvivalData>,
    designs: &[&Design],
) -> Result<Array2<f64>> {
    let p: usize = fitted(causes).map(|(_, fit, _)| fit.coefficients().len()).sum();
    room_for::<[f64; 2]>("the covariance of the columns of all causes", &[p, p])?;
    let mut vcov = Array2::zeros((p, p));
    let mut influences: Vec<(Range<usize>, Array2<f64>)> = Vec::new();
    let designs = causes.iter().zip(designs).filter(|(cause, _)| cause.fit.is_some());
    for ((cause, fit, columns), (_, design)) in fitted(causes).zip(designs) {
        place(&mut vcov, &columns, &columns, fit.vcov());
        if !fit.is_robust() {
            continue;
        }
        let influence = influence(fit, &data.cause_specific(cause.cause)?, design)?;
        for (others, other) in &influences {
            let between = other.t().dot(&influence);
            place(&mut vcov, others, &columns, between.view());
            place(&mut vcov, &columns, others, between.t());
        }
        influences.push((columns, influence));
    }
    Ok(vcov)
}

/// Writes a block of a matrix.
fn place(
    whole: &mut Array2<f64>,
    rows: &Range<usize>,
    columns: &Range<usize>,
    block: ArrayView2<'_, f64>,
) {
    for ((i, j), value) in block.indexed_iter() {
        whole[[rows.start + i, columns.start + j]] = *value;
    }
}

/// What each cluster does to the coefficients of a fit, or each row where there are no clusters: the
/// product of this with itself is the sandwich.
fn influence(fit: &CoxFit, data: &impl SurvivalData, design: &Design) -> Result<Array2<f64>> {
    let residuals = fit.residuals(data, design)?;
    let rows = data.rows();
    if rows.cluster_codes().is_some() {
        return Ok(residuals.weighted().by_cluster()?.dfbeta());
    }
    let mut single = residuals.dfbeta();
    if rows.weight_kind() == Some(WeightKind::Frequency) {
        for (row, mut influence) in single.rows_mut().into_iter().enumerate() {
            influence *= rows.weight(row).sqrt();
        }
    }
    Ok(single)
}

/// The models of all causes, each under its name: `{}` as R prints `coxph`, `{:#}` as its summary.
impl fmt::Display for CauseSpecificCoxFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, CauseFit { label, fit, .. }) in self.causes.iter().enumerate() {
            if place > 0 {
                writeln!(f)?;
            }
            writeln!(f, "Cause: {label}")?;
            match fit {
                None => writeln!(f, "no events among {} rows", self.rows)?,
                Some(fit) if f.alternate() => write!(f, "{fit:#}")?,
                Some(fit) => write!(f, "{fit}")?,
            }
        }
        Ok(())
    }
}

#[cfg(feature = "serde")]
impl CauseSpecificCoxFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { vcov: covariance })?;
        let p = self.fitted().map(|(_, fit, _)| fit.coefficients().len()).sum();
        let (rows, columns) = self.vcov.dim();
        crate::checked::same_lengths(p, &[("vcov", rows), ("vcov", columns)])?;
        match self.fitted().next() {
            Some(_) => Ok(()),
            None => Err(Error::Inconsistent { what: "cause-specific fit" }),
        }
    }
}
