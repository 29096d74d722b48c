//! The multinomial logit of the group on covariates.

use super::columns::Columns;
use super::fit::PropensityFit;
use super::newton::{Control, maximise};
use super::point::Membership;
use crate::data::{Design, Groups};
use crate::error::{Error, Result};
use crate::numerics::FINEST_TOLERANCE;
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;

/// The propensity score: the probability of each of k groups given the covariates, by a multinomial
/// logit. With two groups it is logistic regression.
///
/// # Definition
/// With one of the groups as the reference, whose β is 0, and an intercept before the columns of the
/// design,
/// ```text
/// e_g(x) = exp(xβ_g) / Σ_h exp(xβ_h)        ℓ = Σ_i ln e_own(i)(x_i)
/// ```
/// is maximised by Newton's method with step halving; the variance is the inverse of its information. The
/// probabilities do not depend on the reference.
///
/// # No finite estimate
/// A column that earlier ones explain is [aliased](crate::regression::cox::CoefficientStatus::Aliased):
/// its coefficient is 0 in every group. Where a covariate rules a group out, its coefficient is infinite:
/// the fit takes the limit of the probabilities, which is 0 for some rows and groups, and says so in
/// [`warnings`](PropensityFit::warnings). No weighting can compare such rows with that group: the
/// covariate is to be left out, coarsened, or the rows are.
///
/// # Options
/// | name | default | in R's `multinom` |
/// |---|---|---|
/// | [`reference`](Self::reference) | the first group | first level |
/// | [`tolerance`](Self::tolerance) | 1e-9 | `reltol` 1e-8 |
/// | [`max_iterations`](Self::max_iterations) | 50 | `maxit` 100 |
///
/// # Example
/// With a single 0/1 column the probabilities are the shares in its two cells:
/// ```
/// use riskset::adjustment::PropensityScores;
/// use riskset::{Design, Groups};
///
/// let arm = Groups::new(&["new", "new", "old", "new", "old", "old", "old"])?;
/// let design = Design::builder().numeric("large", &[0., 0., 0., 1., 1., 1., 1.]).build()?;
/// let fit = PropensityScores::new().reference("old").fit(&arm, &design)?;
/// assert!((fit.probabilities()[[0, 0]] - 2.0 / 3.0).abs() < 1e-14);
/// assert!((fit.probabilities()[[6, 0]] - 1.0 / 4.0).abs() < 1e-14);
/// // ln of the ratio of odds, (1/3)/2.
/// let slope = fit.coefficients()[1].estimate.unwrap();
/// assert!((slope - (1.0_f64 / 6.0).ln()).abs() < 1e-13);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `nnet::multinom(group ~ ...)`, whose optimiser stops early unless told otherwise; `glm` with two groups.
///
/// # References
/// Rosenbaum & Rubin 1983, doi:10.1093/biomet/70.1.41; Imbens 2000, doi:10.1093/biomet/87.3.706.
#[derive(Debug, Clone, PartialEq)]
pub struct PropensityScores {
    reference: Option<String>,
    tolerance: f64,
    max_iterations: usize,
}

impl Default for PropensityScores {
    fn default() -> Self {
        Self { reference: None, tolerance: 1e-9, max_iterations: 50 }
    }
}

impl PropensityScores {
    /// The model with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The group that the others are compared with.
    #[must_use]
    pub fn reference(self, group: &str) -> Self {
        Self { reference: Some(group.to_owned()), ..self }
    }

    /// Half the squared Newton decrement, and the relative change of the log-likelihood, at which the
    /// search stops, after one more step. Below 1e-15, which rounding does not reach, it counts as 1e-15.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Newton steps before the search gives up.
    #[must_use]
    pub fn max_iterations(self, max_iterations: usize) -> Self {
        Self { max_iterations, ..self }
    }

    /// Fits the probabilities of the groups on the columns of a design; an intercept is added.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::SingleLevel`] unless two groups have rows;
    /// [`Error::UnknownLevel`] for a reference that no row is in; [`Error::Unsupported`] for a design with
    /// an offset; [`Error::InvalidOption`]; [`Error::TooLarge`]; [`Error::ColumnScale`]; [`Error::NotConverged`].
    pub fn fit(&self, groups: &Groups, design: &Design) -> Result<PropensityFit> {
        let (expected, found) = (groups.len(), design.n_rows());
        if found != expected {
            return Err(Error::LengthMismatch { what: "design".to_owned(), expected, found });
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            let rule = "must be between 0 and 1";
            return Err(Error::InvalidOption { option: "tolerance", value: self.tolerance, rule });
        }
        if design.offset().is_some() {
            return Err(Error::Unsupported {
                estimator: "PropensityScores",
                what: "a design with an offset",
                instead: "build the design without it",
            });
        }
        let groups = occupied(groups)?;
        let reference = self.place_of_reference(&groups)?;
        let (n, k) = (groups.len(), groups.names().len());
        room_for::<[f64; 4]>("probabilities of rows × groups", &[n, k])?;
        let p = 1 + design.columns().len();
        room_for::<[f64; 6]>("the information of groups × columns", &[k - 1, p, k - 1, p])?;
        let columns = Columns::new(design, groups.codes())?;
        let place = |&code: &u32| place(code as usize, reference, k);
        let codes: Vec<usize> = groups.codes().iter().map(place).collect();
        let codes = columns.in_order(&codes);
        let own = Membership { codes, n_free: k - 1 };
        let tolerance = self.tolerance.max(FINEST_TOLERANCE);
        let max_iterations = self.max_iterations;
        let maximum = maximise(&columns, &own, Control { tolerance, max_iterations })?;
        PropensityFit::new(groups, reference, design, &columns, &maximum)
    }

    fn place_of_reference(&self, groups: &Groups) -> Result<usize> {
        let Some(name) = &self.reference else { return Ok(0) };
        let found = groups.names().iter().position(|group| group == name);
        found.ok_or_else(|| Error::UnknownLevel {
            column: "groups".to_owned(),
            level: name.clone(),
            known: groups.names().to_vec(),
        })
    }
}

/// Where a group stands when the reference is moved to the end.
pub(super) fn place(group: usize, reference: usize, n_groups: usize) -> usize {
    match group.cmp(&reference) {
        std::cmp::Ordering::Less => group,
        std::cmp::Ordering::Equal => n_groups - 1,
        std::cmp::Ordering::Greater => group - 1,
    }
}

/// The groups that have rows; there must be two.
#[expect(clippy::indexing_slicing, reason = "a code is below the number of names")]
fn occupied(groups: &Groups) -> Result<Groups> {
    let mut labels = groups.0.clone();
    let mut occurs = vec![false; labels.names.len()];
    labels.codes.iter().for_each(|&code| occurs[code as usize] = true);
    if !occurs.iter().all(|&occurs| occurs) {
        let all: Vec<u32> = row_numbers(labels.codes.len()).collect();
        labels = labels.take(&all);
    }
    match labels.names.as_slice() {
        [level] => Err(Error::SingleLevel { what: "groups".to_owned(), level: level.clone() }),
        _ => Ok(Groups(labels)),
    }
}
