//! A finished table of hazard ratios.

use super::selection::{Selection, TermTestKind};
use crate::data::WeightKind;
use crate::error::{Error, Result, Warning};
use crate::inference::HazardRatio;
use crate::regression::cox::{CoefficientStatus, CoxFit, Ties};
use crate::statistic::TestResult;

/// Which of the two models a number comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Adjustment {
    /// The term alone.
    Univariable,
    /// The term beside the others.
    Multivariable,
}

/// What a row of the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum HazardRatioRowKind {
    /// The level of a factor that the others are held against.
    Reference,
    /// A coefficient.
    Coefficient,
}

/// One row: the reference of a factor, or a coefficient, in a [`HazardRatioTerm`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct HazardRatioRow {
    /// The level of a factor; of other terms the name of the column.
    pub label: String,
    /// What it is.
    pub kind: HazardRatioRowKind,
    /// Rows of the level, all rows for a number, those where a product is not 0; frequencies count.
    pub n: f64,
    /// Events among them.
    pub n_events: f64,
    /// The ratio of the term alone; `None` of a reference and of an interaction, which is nothing
    /// without its terms.
    pub univariable: Option<HazardRatio>,
    /// The adjusted ratio; `None` of a reference and of a term that was not selected.
    pub multivariable: Option<HazardRatio>,
}

#[cfg(feature = "serde")]
crate::checked::check!(HazardRatioRow { n: not_negative, n_events: not_negative });

/// One term, in a [`HazardRatioTable`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct HazardRatioTerm {
    /// Its name.
    pub name: String,
    /// The test of all its columns, alone.
    pub univariable: Option<TestResult>,
    /// The same given the other terms of the model.
    pub multivariable: Option<TestResult>,
    /// One for each coefficient, below one for the reference of a factor.
    pub rows: Vec<HazardRatioRow>,
}

/// Univariable and multivariable hazard ratios: what [`HazardRatios`](super::HazardRatios) makes.
///
/// The rows follow the terms of the design, so that none can be left out: there is one for every
/// coefficient, and one for the reference of every factor.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct HazardRatioTable {
    /// Confidence level of the limits.
    pub level: f64,
    /// How the terms of the multivariable model were chosen.
    pub selection: Selection,
    /// Which test the terms got.
    pub term_test: TermTestKind,
    /// How ties were treated.
    pub ties: Ties,
    /// Whether the variance is the robust sandwich.
    pub robust: bool,
    /// What the weights mean, where there are any.
    pub weights: Option<WeightKind>,
    /// Whether the baseline hazard is stratified.
    pub stratified: bool,
    /// Rows of every model, the same ones in all; frequencies count.
    pub n: f64,
    /// Events among them.
    pub n_events: f64,
    /// The terms, in the order of the design.
    pub terms: Vec<HazardRatioTerm>,
    /// The multivariable model; `None` when no term was selected.
    pub model: Option<CoxFit>,
    /// What the reader should know.
    pub warnings: Vec<Warning>,
}

#[cfg(feature = "serde")]
crate::checked::check!(HazardRatioTable { level: level, n: not_negative, n_events: not_negative });

impl HazardRatioTable {
    /// The term of this name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn term(&self, name: &str) -> Result<&HazardRatioTerm> {
        self.terms.iter().find(|term| term.name == name).ok_or_else(|| Error::UnknownName {
            kind: "term",
            name: name.to_owned(),
            known: self.terms.iter().map(|term| term.name.clone()).collect(),
        })
    }

    /// Names of the terms of the multivariable model.
    #[must_use]
    pub fn selected(&self) -> Vec<&str> {
        let terms = self.model.iter().flat_map(|fit| fit.coding().terms());
        terms.map(|term| term.name.as_str()).collect()
    }

    /// Events of the multivariable model for each of its coefficients that is not aliased; `None`
    /// without a model. Below 10 the model asks much of the data. (Peduzzi et al. 1995,
    /// doi:10.1016/0895-4356(95)00048-8.)
    #[must_use]
    pub fn events_per_coefficient(&self) -> Option<f64> {
        let n = self.model.as_ref().map(coefficients).filter(|n| *n > 0)?;
        Some(self.n_events / n as f64)
    }
}

/// Coefficients that are not aliased.
pub(super) fn coefficients(fit: &CoxFit) -> usize {
    let aliased = |status: &CoefficientStatus| matches!(status, CoefficientStatus::Aliased { .. });
    fit.coefficients().iter().filter(|coefficient| !aliased(&coefficient.status)).count()
}
