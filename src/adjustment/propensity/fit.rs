//! Fitted propensity scores.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has the code of a group, a column its name, a coefficient its sign"
)]

use ndarray::{Array2, ArrayView2};
use std::fmt;

use super::columns::Columns;
use super::estimator::place;
use super::newton::Maximum;
use crate::data::{Coding, Design, Groups};
use crate::error::{Error, Result, Warning};
use crate::regression::cox::CoefficientStatus;
use crate::statistic::{Table, significant};

/// A coefficient of a propensity model, in a [`PropensityFit`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct PropensityCoefficient {
    /// The group whose odds against the reference it speaks of.
    pub group: String,
    /// The column, or `(intercept)`.
    pub column: String,
    /// Whether it has a finite estimate.
    pub status: CoefficientStatus,
    /// The estimate, a log odds for one unit; `None` unless the status is `Finite`.
    pub estimate: Option<f64>,
    /// Its standard error by the inverse information; `None` unless the status is `Finite`.
    pub std_error: Option<f64>,
}

#[cfg(feature = "serde")]
crate::checked::check!(PropensityCoefficient { std_error: not_negative });

/// The probability of each group for each row, from
/// [`PropensityScores`](super::PropensityScores::fit), and the model they come from.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct PropensityFit {
    groups: Groups,
    reference: usize,
    coding: Coding,
    probabilities: Array2<f64>,
    coefficients: Vec<PropensityCoefficient>,
    vcov: Array2<f64>,
    log_likelihood: f64,
    log_likelihood_null: f64,
    iterations: usize,
    warnings: Vec<Warning>,
}

/// What the column of ones is called.
const INTERCEPT: &str = "(intercept)";

/// An element of a way to infinity below this part of the largest is what the way is uncertain by.
const NEGLIGIBLE: f64 = 1e-3;

impl PropensityFit {
    pub(super) fn new(
        groups: Groups,
        reference: usize,
        design: &Design,
        columns: &Columns,
        maximum: &Maximum,
    ) -> Result<Self> {
        let k = groups.names().len();
        let place = |g: usize| place(g, reference, k);
        let point = &maximum.point;
        let mut probabilities = Array2::zeros((groups.len(), k));
        for (own, &row) in point.probabilities.rows().into_iter().zip(&columns.order) {
            (0..k).for_each(|g| probabilities[[row, g]] = own[place(g)]);
        }
        let mut vcov = columns.given_vcov(&maximum.ldl.inverse());
        let coefficients = coefficients(&groups, reference, design, columns, maximum, &mut vcov);
        let mut estimates = coefficients.iter().filter_map(|coefficient| coefficient.estimate);
        if !(vcov.iter().all(|value| value.is_finite()) && estimates.all(f64::is_finite)) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        Ok(Self {
            warnings: warnings(&coefficients),
            groups,
            reference,
            coding: design.coding().clone(),
            probabilities,
            coefficients,
            vcov,
            log_likelihood: point.log_likelihood,
            log_likelihood_null: maximum.log_likelihood_null,
            iterations: maximum.iterations,
        })
    }

    /// The groups, those of them that have rows, and the group of each row.
    #[must_use]
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The group that the coefficients compare with.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.groups.names()[self.reference]
    }

    /// Terms and columns of the design.
    #[must_use]
    pub fn coding(&self) -> &Coding {
        &self.coding
    }

    /// The probability of each group, rows × groups, in the order of [`groups`](Self::groups). They sum
    /// to 1.
    #[must_use]
    pub fn probabilities(&self) -> ArrayView2<'_, f64> {
        self.probabilities.view()
    }

    /// The coefficients of the groups but the reference, group by group: the intercept, then the columns.
    #[must_use]
    pub fn coefficients(&self) -> &[PropensityCoefficient] {
        &self.coefficients
    }

    /// Their covariance, the inverse of the information. A coefficient without a finite estimate is held
    /// fixed: its row and column are 0.
    #[must_use]
    pub fn vcov(&self) -> ArrayView2<'_, f64> {
        self.vcov.view()
    }

    /// Log-likelihood at the estimate; its limit where a coefficient is infinite.
    #[must_use]
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Log-likelihood of the shares of the groups, without covariates.
    #[must_use]
    pub fn log_likelihood_null(&self) -> f64 {
        self.log_likelihood_null
    }

    /// Newton steps taken.
    #[must_use]
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// What the reader should know: columns that are aliased, and groups that a covariate rules out.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Index of the group that a row is in.
    pub(in crate::adjustment) fn own(&self, row: usize) -> usize {
        self.groups.codes()[row] as usize
    }

    /// The groups with coefficients, in the order of these.
    pub(in crate::adjustment) fn free_groups(&self) -> impl Iterator<Item = usize> {
        (0..self.groups.names().len()).filter(|&g| g != self.reference)
    }
}

/// The coefficients of all groups but the reference. In `vcov` those without a finite estimate become 0.
fn coefficients(
    groups: &Groups,
    reference: usize,
    design: &Design,
    columns: &Columns,
    maximum: &Maximum,
    vcov: &mut Array2<f64>,
) -> Vec<PropensityCoefficient> {
    let names: Vec<&str> =
        [INTERCEPT].into_iter().chain(design.columns().iter().map(String::as_str)).collect();
    let others = groups.names().iter().enumerate().filter(|(g, _)| *g != reference);
    let both = others.flat_map(|(_, group)| names.iter().map(move |name| (group, name)));
    let signs = signs(columns, maximum);
    let one = |(index, (estimate, (group, column))): (usize, (f64, (&String, &&str)))| {
        let status = status(index, signs[index], &names, maximum);
        let finite = status == CoefficientStatus::Finite;
        if !finite {
            vcov.row_mut(index).fill(0.0);
            vcov.column_mut(index).fill(0.0);
        }
        PropensityCoefficient {
            group: group.clone(),
            column: (*column).to_owned(),
            estimate: finite.then_some(estimate),
            std_error: finite.then(|| vcov[[index, index]].sqrt()),
            status,
        }
    };
    columns.given(&maximum.point.beta).into_iter().zip(both).enumerate().map(one).collect()
}

fn status(index: usize, sign: i8, names: &[&str], maximum: &Maximum) -> CoefficientStatus {
    let column = index % names.len();
    if !maximum.rank.has(column) {
        let of = maximum.rank.combination(column);
        return CoefficientStatus::Aliased {
            of: of.into_iter().map(|j| names[j].to_owned()).collect(),
        };
    }
    match sign {
        0 if maximum.ldl.has(index) => CoefficientStatus::Finite,
        // What an infinite coefficient leaves does not inform this one.
        0 => CoefficientStatus::Aliased { of: Vec::new() },
        1.. => CoefficientStatus::PlusInfinity,
        _ => CoefficientStatus::MinusInfinity,
    }
}

/// For every coefficient of the columns as given the sign of its infinity, 0 where it is finite.
fn signs(columns: &Columns, maximum: &Maximum) -> Vec<i8> {
    let mut signs = vec![0; maximum.point.beta.len()];
    for direction in &maximum.recession {
        let given = columns.given(direction);
        let unit = given_in_units(columns, &given);
        let largest = unit.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
        for (sign, d) in signs.iter_mut().zip(&unit) {
            if d.abs() > NEGLIGIBLE * largest && *sign == 0 {
                *sign = if *d > 0.0 { 1 } else { -1 };
            }
        }
    }
    signs
}

/// Coefficients of columns divided by their spread, so that sizes can be compared.
fn given_in_units(columns: &Columns, given: &[f64]) -> Vec<f64> {
    let both = given.chunks(columns.len()).flat_map(|group| group.iter().zip(columns.scale()));
    both.map(|(d, scale)| d * scale).collect()
}

/// One warning for an aliased column, and one for each group and column with an infinite coefficient.
fn warnings(coefficients: &[PropensityCoefficient]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for PropensityCoefficient { group, column, status, .. } in coefficients {
        let (group, column) = (group.clone(), column.clone());
        let warning = match status {
            CoefficientStatus::Finite => continue,
            CoefficientStatus::Aliased { .. } => Warning::AliasedColumn { column },
            _ => Warning::PerfectPrediction { group, column },
        };
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    warnings
}

/// The coefficients, then the log-likelihood.
impl fmt::Display for PropensityFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names =
            (self.coefficients.iter()).map(|c| format!("{}: {}", c.group, c.column)).collect();
        let estimate: Vec<Option<f64>> = self.coefficients.iter().map(|c| c.estimate).collect();
        let std_error: Vec<Option<f64>> = self.coefficients.iter().map(|c| c.std_error).collect();
        let table = Table::default()
            .column("", names)
            .column("coef", significant(&estimate, 4, "-"))
            .column("se(coef)", significant(&std_error, 4, "-"));
        let (n, k) = self.probabilities.dim();
        writeln!(f, "n = {n}, {k} groups, reference {}", self.reference())?;
        writeln!(f, "{table}")?;
        writeln!(
            f,
            "Log-likelihood = {:.4}, without covariates {:.4}",
            self.log_likelihood, self.log_likelihood_null
        )?;
        self.warnings.iter().try_for_each(|warning| writeln!(f, "Warning: {warning}"))
    }
}

#[cfg(feature = "serde")]
impl PropensityFit {
    fn check(&self) -> Result<()> {
        crate::checked::numbers!(self { probabilities: probability, vcov: covariance })?;
        self.coding.check()?;
        let k = self.groups.names().len();
        let q = k.saturating_sub(1) * (1 + self.coding.columns().len());
        crate::checked::same_lengths(
            self.groups.len(),
            &[("probabilities", self.probabilities.nrows())],
        )?;
        crate::checked::same_lengths(
            q,
            &[
                ("coefficients", self.coefficients.len()),
                ("vcov", self.vcov.nrows()),
                ("vcov", self.vcov.ncols()),
            ],
        )?;
        match self.reference < k && self.probabilities.ncols() == k {
            true => Ok(()),
            false => Err(Error::Inconsistent { what: "propensity score" }),
        }
    }
}
