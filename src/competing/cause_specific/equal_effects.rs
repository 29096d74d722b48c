//! Is the effect of a covariate the same on every cause?

use ndarray::Array2;

use super::fit::CauseSpecificCoxFit;
use crate::error::{Error, Result};
use crate::linalg::Ldl;
use crate::regression::cox::CoxFit;
use crate::statistic::{TestKind, TestResult};

impl CauseSpecificCoxFit {
    /// Wald's test that a term has the same coefficients on every cause that has a model, by the
    /// [covariance](Self::vcov) of all of them:
    /// ```text
    /// χ² = (Cβ)ᵀ (C V Cᵀ)⁻¹ Cβ      on (causes − 1) × (columns of the term)
    /// ```
    /// the rows of C being the coefficients of each cause less those of the first.
    ///
    /// ```
    /// use riskset::{CompetingRisks, CoxPh, Design, competing::CauseSpecificCox};
    ///
    /// let causes = [(1, "relapse"), (2, "death")];
    /// let cause = [1, 2, 0, 1, 2, 2, 1, 0];
    /// let data = CompetingRisks::from_codes(&[1., 2., 3., 4., 5., 6., 7., 8.], &cause, &causes)?;
    /// let x = [0.3, 1.2, 0.1, 0.9, -0.4, 0.2, 0.5, 0.4];
    /// let design = Design::builder().numeric("x", &x).build()?;
    /// let fit = CauseSpecificCox::new(CoxPh::new()).fit(&data, &design)?;
    /// let [a, b] = ["relapse", "death"].map(|cause| fit.named(cause).unwrap().coefficients());
    /// let difference = a[0].estimate.unwrap() - b[0].estimate.unwrap();
    /// let variance = a[0].std_error.unwrap().powi(2) + b[0].std_error.unwrap().powi(2);
    /// let test = fit.equal_effects("x")?;
    /// assert!((test.statistic - difference * difference / variance).abs() < 1e-12);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::UnknownName`] where no cause has the term; [`Error::SingleLevel`] where one alone has;
    /// [`Error::Unsupported`] for a term that is coded differently from cause to cause;
    /// [`Error::NotEstimable`] for a coefficient without a finite estimate;
    /// [`Error::NotPositiveDefinite`] where the variance of the differences is singular, as with fewer
    /// clusters than differences.
    ///
    /// # References
    /// Lunn & McNeil 1995, doi:10.2307/2532940, who test it by the rows of all causes stacked.
    #[expect(
        clippy::indexing_slicing,
        reason = "a column is one of those of all causes, and a row one of the values"
    )]
    pub fn equal_effects(&self, term: &str) -> Result<TestResult> {
        let mut sides: Vec<(&str, &CoxFit, Vec<usize>)> = Vec::new();
        let mut unknown = None;
        for (cause, fit, all) in self.fitted() {
            match fit.coding().term(term) {
                Ok(term) => {
                    let columns = term.columns.clone().map(|j| all.start + j);
                    sides.push((&cause.label, fit, columns.collect()));
                }
                Err(error) => unknown = Some(error),
            }
        }
        let ((_, first, base), others) = match (sides.split_first(), unknown) {
            (None, Some(error)) => return Err(error),
            (Some((side, others)), _) if !others.is_empty() => (side, others),
            (side, _) => {
                let level = side.map_or("", |((label, ..), _)| label).to_owned();
                return Err(Error::SingleLevel { what: format!("causes with `{term}`"), level });
            }
        };
        let estimates = estimates(first, term)?;
        let p = base.len();
        let mut contrasts = Array2::zeros((others.len() * p, self.vcov().nrows()));
        let mut values = Vec::with_capacity(others.len() * p);
        for (_, fit, columns) in others {
            if fit.coding().term(term)?.kind != first.coding().term(term)?.kind {
                return Err(Error::Unsupported {
                    estimator: "CauseSpecificCoxFit",
                    what: "a comparison of a term that is not coded alike for every cause",
                    instead: "give the causes the same levels or knots",
                });
            }
            for ((estimate, first), (column, base)) in
                self::estimates(fit, term)?.iter().zip(&estimates).zip(columns.iter().zip(base))
            {
                let row = values.len();
                values.push(estimate - first);
                contrasts[[row, *column]] = 1.0;
                contrasts[[row, *base]] = -1.0;
            }
        }
        let ldl = Ldl::new(&contrasts.dot(&self.vcov()).dot(&contrasts.t()));
        match ldl.live().iter().position(|live| !live) {
            Some(pivot) => Err(Error::NotPositiveDefinite { pivot }),
            None => {
                let statistic = ldl.quadratic_form(&values);
                Ok(TestResult::chi_square(TestKind::Wald, statistic, values.len()))
            }
        }
    }
}

/// The coefficients of a term.
#[expect(clippy::indexing_slicing, reason = "a term has its columns in the fit")]
fn estimates(fit: &CoxFit, term: &str) -> Result<Vec<f64>> {
    let columns = fit.coding().term(term)?.columns.clone();
    let of = fit.coefficients()[columns].iter();
    of.map(|c| c.estimate.ok_or_else(|| Error::NotEstimable { column: c.name.clone() })).collect()
}
