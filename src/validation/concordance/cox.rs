//! Concordance of a fitted Cox model.

use super::estimator::Concordance;
use super::fit::ConcordanceFit;
use super::score::Ranks;
use crate::data::{Design, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::CoxFit;

impl CoxFit {
    /// Harrell's C of the linear predictor, within strata, with the weights and clusters of the data.
    ///
    /// The rows need not be those of the fit: on others, coded the same way, this is external
    /// validation. On its own rows a model looks better than it is.
    ///
    /// Linear predictors are tied when they agree within what rounding can make of equal ones,
    /// (p + 1) ε Σ |x β|. R compares the last bits and loses ties of rows with equal covariates.
    ///
    /// ```
    /// use riskset::{CoxPh, Design, RightCensored};
    ///
    /// let data = RightCensored::new(&[1., 2., 3., 4., 5.], &[true, true, false, true, true])?;
    /// let design = Design::builder().numeric("age", &[61., 70., 58., 58., 49.]).build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// // Seven of the eight comparable pairs, all but (1; 2).
    /// assert_eq!(fit.concordance(&data, &design)?.concordance, 7.0 / 8.0);
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::OtherData`] for a design with other columns;
    /// [`Error::NotFinite`] where a linear predictor overflows; those of [`Concordance::fit`].
    pub fn concordance(&self, data: &impl SurvivalData, design: &Design) -> Result<ConcordanceFit> {
        let rows = data.rows();
        rows.same_length("design", design.n_rows())?;
        if design.coding() != self.coding() {
            return Err(Error::OtherData { what: "the columns of the design" });
        }
        Concordance::new().of_ranks(rows, &ranks(design, self.position())?)
    }
}

/// Ranks of x β + offset, tied within rounding.
#[expect(clippy::indexing_slicing, reason = "a row is one of the design")]
fn ranks(design: &Design, beta: &[f64]) -> Result<Ranks> {
    let terms = |row: usize| {
        let x = design.matrix().row(row).to_vec().into_iter();
        let offset = design.offset().map_or(0.0, |offset| offset[row]);
        x.zip(beta).map(|(x, beta)| x * beta).chain([offset])
    };
    let rows = 0..design.n_rows();
    let predictor: Vec<f64> = rows.clone().map(|row| terms(row).sum::<f64>() + 0.0).collect();
    let size: Vec<f64> = rows.map(|row| terms(row).map(f64::abs).sum()).collect();
    if !size.iter().all(|size| size.is_finite()) {
        return Err(Error::NotFinite { at: "the estimate" });
    }
    let rounding = (beta.len() + 1) as f64 * f64::EPSILON;
    let same = |anchor: usize, row: usize| {
        predictor[row] - predictor[anchor] <= rounding * size[anchor].max(size[row])
    };
    Ok(Ranks::new(&predictor, same))
}
