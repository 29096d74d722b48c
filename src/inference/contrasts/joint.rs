//! Wald's test of several contrasts at once.

use ndarray::{Array2, ArrayView2};

use crate::error::{Error, Result};
use crate::linalg::Ldl;
use crate::regression::cox::CoxFit;
use crate::room::room_for;
use crate::statistic::{TestKind, TestResult};

impl CoxFit {
    /// Wald's test that all contrasts Cβ are 0, by the variance of the fit:
    /// ```text
    /// χ² = (Cβ)ᵀ (C V Cᵀ)⁻¹ Cβ      on the rank of C
    /// ```
    /// `contrasts` has a row for each contrast and a column for each coefficient. A row that is a
    /// combination of others adds nothing.
    ///
    /// ```
    /// # use riskset::{CoxPh, Design, RightCensored};
    /// # use riskset::ndarray::array;
    /// # let data = RightCensored::new(
    /// #     &[1., 2., 3., 4., 5., 6., 7., 8.], &[true, true, true, true, true, false, true, true])?;
    /// # let (age, stage) = ([50., 60., 55., 65., 45., 70., 52., 61.], ["1", "2", "3", "1", "2", "3", "1", "2"]);
    /// let design = Design::builder().numeric("age", &age).factor("stage", &stage, "1").build()?;
    /// let fit = CoxPh::new().fit(&data, &design)?;
    /// // Columns: age, stage=2, stage=3. No level differs from another.
    /// let test = fit.wald_test(&array![[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, -1.0]])?;
    /// assert_eq!(test.df, Some(2));
    /// # Ok::<(), riskset::Error>(())
    /// ```
    ///
    /// *In R* `car::linearHypothesis(fit, C)`, `aod::wald.test`.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`]; [`Error::InvalidOption`] for a weight that is not finite, and where all
    /// are 0; [`Error::TooLarge`]; [`Error::NotEstimable`] when a weight other than 0 meets a coefficient
    /// without a finite estimate; [`Error::NotPositiveDefinite`] when the variance of the contrasts is singular
    /// though they are not, as with fewer clusters than contrasts.
    pub fn wald_test<'a>(&self, contrasts: impl Into<ArrayView2<'a, f64>>) -> Result<TestResult> {
        let contrasts = contrasts.into();
        // Of the contrasts the covariance and its factors, by the model and by the fit.
        room_for::<[f64; 4]>(
            "the covariance of contrasts",
            &[contrasts.nrows(), contrasts.nrows()],
        )?;
        let rows = contrasts.rows().into_iter();
        let values = rows.map(|row| self.linear(&row.to_vec())).collect::<Result<Vec<f64>>>()?;
        let variance = |vcov: ArrayView2<'_, f64>| contrasts.dot(&vcov).dot(&contrasts.t());
        let rank = Ldl::new(&variance(self.vcov_model_based())).rank();
        if rank == 0 {
            let rule = "must not be 0 throughout";
            return Err(Error::InvalidOption { option: "contrast", value: 0.0, rule });
        }
        let ldl = Ldl::new(&variance(self.vcov()));
        let test = TestResult::chi_square(TestKind::Wald, ldl.quadratic_form(&values), rank);
        let whole = test.statistic.is_finite() && test.ln_p_value.is_finite();
        match ldl.live().iter().position(|live| !live) {
            _ if whole && ldl.rank() == rank => Ok(test),
            pivot => Err(Error::NotPositiveDefinite { pivot: pivot.unwrap_or(0) }),
        }
    }

    /// The covariance of several rows.
    #[expect(clippy::indexing_slicing, reason = "a row has a weight for each coefficient")]
    pub(super) fn linear_covariance(&self, rows: &[Vec<f64>]) -> Array2<f64> {
        let contrasts =
            Array2::from_shape_fn((rows.len(), self.coefficients().len()), |(i, j)| rows[i][j]);
        contrasts.dot(&self.vcov()).dot(&contrasts.t())
    }
}
