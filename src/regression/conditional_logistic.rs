//! Conditional logistic regression of matched sets.

use ndarray::ArrayView1;
use std::fmt;

use super::cox::{CoxFit, CoxPh, Ties};
use crate::data::{Design, Label, RightCensored, Strata};
use crate::error::{Error, Result};
use crate::linalg::Backend;

/// Conditional logistic regression: cases and controls in matched sets, 1:1, 1:m or n:m.
///
/// # Definition
/// Within set s the odds of being a case are exp(α_s + xβ). Given how many cases there are in each
/// set, the α drop out:
/// ```text
/// L(β) = Π_sets exp(Σ_{i case} x_i β) / Σ_{S} exp(Σ_{i ∈ S} x_i β)
/// ```
/// with S all sets of as many rows. That is the [exact partial likelihood](Ties::ExactPartial) of a Cox
/// model in which the matched sets are strata and all cases have their event at one time. Nothing is
/// enumerated; the cost is linear in the number of sets.
///
/// # Options
/// | name | default | in R |
/// |---|---|---|
/// | [`ties`](Self::ties) | exact | `method` |
/// | [`start`](Self::start) | 0 | `init` |
/// | [`tolerance`](Self::tolerance) | 1e-9 | `eps` |
/// | [`max_iterations`](Self::max_iterations) | 50 | `iter.max` |
/// | [`backend`](Self::backend) | native | |
///
/// Efron's and Breslow's methods for ties approximate the likelihood of sets with several cases. With one
/// case a set all are the same.
///
/// # Example
/// Four pairs, in two of which only the case is exposed, in one only the control: the odds ratio is
/// 2/1.
/// ```
/// use riskset::{Design, regression::ConditionalLogistic};
///
/// let set = [1, 1, 2, 2, 3, 3, 4, 4];
/// let case = [true, false, true, false, true, false, true, false];
/// let exposed = [1., 0., 1., 0., 0., 1., 1., 1.];
/// let design = Design::builder().numeric("exposed", &exposed).build()?;
/// let fit = ConditionalLogistic::new().fit(&case, &set, &design)?;
/// let ratio = &fit.odds_ratios(0.95)?[0];
/// assert!((ratio.estimate.unwrap() - 2.0).abs() < 1e-12);
/// // The variance of its logarithm is 1/2 + 1/1.
/// assert!((ratio.std_error_ln.unwrap() - 1.5_f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `survival::clogit(case ~ exposed + strata(set))`.
///
/// # References
/// Breslow, Day, Halvorsen, Prentice & Sabai 1978, *American Journal of Epidemiology* 108, 299–307; Gail,
/// Lubin & Rubinstein 1981, doi:10.1093/biomet/68.3.703.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConditionalLogistic {
    cox: CoxPh,
}

impl Default for ConditionalLogistic {
    fn default() -> Self {
        Self { cox: CoxPh::new().ties(Ties::ExactPartial) }
    }
}

impl ConditionalLogistic {
    /// The model with its defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How several cases of one set are treated.
    #[must_use]
    pub fn ties(self, ties: Ties) -> Self {
        Self { cox: self.cox.ties(ties) }
    }

    /// Coefficients to start from, one a column.
    #[must_use]
    pub fn start(self, coefficients: &[f64]) -> Self {
        Self { cox: self.cox.start(coefficients) }
    }

    /// The convergence tolerance. Below 1e-15, which rounding does not reach, it counts as 1e-15.
    #[must_use]
    pub fn tolerance(self, tolerance: f64) -> Self {
        Self { cox: self.cox.tolerance(tolerance) }
    }

    /// The most iterations before the fit is given up, counted anew after each way to infinity.
    #[must_use]
    pub fn max_iterations(self, iterations: usize) -> Self {
        Self { cox: self.cox.max_iterations(iterations) }
    }

    /// Who solves the p × p systems.
    #[must_use]
    pub fn backend(self, backend: Backend) -> Self {
        Self { cox: self.cox.backend(backend) }
    }

    /// Fits the model: whether each row is a case, the label of its matched set, and its covariates.
    /// A set without a case or without a control says nothing and is left out, whatever the ties.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidCells`] for a missing label;
    /// [`Error::NoInformativeSet`] when no set has both a case and a control; those of
    /// [`CoxPh::fit`].
    #[expect(
        clippy::indexing_slicing,
        reason = "a row has the code of a set, and a row of a set is a case or not"
    )]
    pub fn fit<'c, 's, L: Label + 's>(
        &self,
        case: impl Into<ArrayView1<'c, bool>>,
        sets: impl Into<ArrayView1<'s, L>>,
        design: &Design,
    ) -> Result<ConditionalLogisticFit> {
        let (case, sets) = (case.into(), sets.into());
        if sets.len() != case.len() {
            let (expected, found) = (case.len(), sets.len());
            return Err(Error::LengthMismatch { what: "sets".to_owned(), expected, found });
        }
        let labels = Strata::new(sets)?;
        let mut members = vec![[0_usize; 2]; labels.names().len()];
        for (&case, &set) in case.iter().zip(labels.codes()) {
            members[set as usize][usize::from(case)] += 1;
        }
        let n_sets = members.len();
        let without = |which: usize| members.iter().filter(|set| set[which] == 0).count();
        let (sets_without_control, sets_without_case) = (without(0), without(1));
        if sets_without_control + sets_without_case == n_sets {
            return Err(Error::NoInformativeSet { sets: n_sets });
        }
        // The rows of a set without an event are in no risk set.
        let informs = |set: u32| members[set as usize].iter().all(|&n| n > 0);
        let event: Vec<bool> =
            case.iter().zip(labels.codes()).map(|(&case, &set)| case && informs(set)).collect();
        let data = RightCensored::new(&vec![1.0; event.len()], &event)?.with_strata(sets)?;
        let cox = self.cox.fit(&data, design)?;
        Ok(ConditionalLogisticFit { cox, n_sets, sets_without_case, sets_without_control })
    }
}

/// A fitted conditional logistic model. Keeps no rows.
///
/// What it estimates, and after whom: [`ConditionalLogistic`](crate::regression::ConditionalLogistic).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConditionalLogisticFit {
    cox: CoxFit,
    n_sets: usize,
    sets_without_case: usize,
    sets_without_control: usize,
}

impl ConditionalLogisticFit {
    /// The fit as a Cox model: coefficients (log odds ratios), variance, likelihood, global tests,
    /// warnings. Its rows are all that were given, its events the cases of sets that have a control.
    #[must_use]
    pub fn cox(&self) -> &CoxFit {
        &self.cox
    }

    /// Number of matched sets.
    #[must_use]
    pub fn n_sets(&self) -> usize {
        self.n_sets
    }

    /// Sets that contribute nothing for want of a case.
    #[must_use]
    pub fn sets_without_case(&self) -> usize {
        self.sets_without_case
    }

    /// Sets that contribute nothing for want of a control.
    #[must_use]
    pub fn sets_without_control(&self) -> usize {
        self.sets_without_control
    }
}

/// `{}` and `{:#}` as the [Cox model](CoxFit), and a line on the sets.
impl fmt::Display for ConditionalLogisticFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cox, f)?;
        writeln!(
            f,
            "matched sets= {}, without a case= {}, without a control= {}",
            self.n_sets, self.sets_without_case, self.sets_without_control
        )
    }
}
