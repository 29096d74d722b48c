//! Residuals of a fitted Fine–Gray model.

use ndarray::Array2;

use super::fit::FineGrayFit;
use super::variance::FineGrayVariance;
use crate::data::{CompetingRisks, Design, SurvivalData, WeightKind};
use crate::error::Result;
use crate::regression::cox::{CoxResiduals, Schoenfeld};

/// The residuals of a [`FineGrayFit`], one value or one row for each row of the data.
///
/// # Definition
/// With M the martingale of the subdistribution, in whose risk sets a row with a competing event stays with
/// its weight w(t), and E(t) the weighted mean of the covariates in them,
/// ```text
/// martingale    δ − exp(η) ∫ w dΛ₀            over the time at risk, the time after a competing event included
/// Schoenfeld    x − E(t) of each event of the cause
/// score         ∫ (x − E) w dM + the part of the row in the error of the weights
/// dfbeta        V · score, V the inverse of the information
/// ```
/// The sum of dfbeta dfbetaᵀ over rows, or over clusters of their sums, is the covariance of the
/// fit. So the score and dfbeta follow its [variance](FineGrayVariance): the second part is 0 under
/// [`FixedWeights`](FineGrayVariance::FixedWeights).
///
/// Martingale and Schoenfeld residuals are per unit of weight. Score and dfbeta include a case or
/// sampling weight; those of a frequency are what one of its rows has.
///
/// # Example
/// Without covariates and censoring: relapses at 1, 3 and 4, deaths at 2 and 5. The first death stays at
/// risk, so that the hazard of a relapse is 1/5, 1/4 and 1/3.
/// ```
/// use riskset::{CompetingRisks, Design, competing::FineGray};
///
/// let names = [(1, "relapse"), (2, "death")];
/// let data = CompetingRisks::from_codes(&[1., 2., 3., 4., 5.], &[1, 2, 1, 1, 2], &names)?;
/// let design = Design::empty(5);
/// let fit = FineGray::new(data.cause("relapse")?).fit(&data, &design)?;
/// let martingale = fit.residuals(&data, &design)?.martingale().to_vec();
/// let expected = [12.0 / 60.0, 47.0 / 60.0, 27.0 / 60.0, 47.0 / 60.0, 47.0 / 60.0];
/// for (row, relapse) in [1.0, 0.0, 1.0, 1.0, 0.0].into_iter().enumerate() {
///     assert!((martingale[row] - (relapse - expected[row])).abs() < 1e-15);
/// }
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// `cmprsk::crr(...)$res` are the Schoenfeld residuals, summed over tied events.
///
/// # References
/// Fine & Gray 1999, doi:10.1080/01621459.1999.10474144.
#[derive(Debug, Clone)]
pub struct FineGrayResiduals {
    cox: CoxResiduals,
    score: Array2<f64>,
    dfbeta: Array2<f64>,
}

impl FineGrayFit {
    /// The residuals of the rows that the model was fitted to.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`](crate::Error::LengthMismatch);
    /// [`Error::OtherData`](crate::Error::OtherData) when the columns, or the likelihood at the estimate, are
    /// not those of the fit.
    pub fn residuals(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<FineGrayResiduals> {
        let evaluated = self.evaluate(data, design)?;
        let variance = match self.variance() {
            FineGrayVariance::ModelBased => FineGrayVariance::FixedWeights,
            variance => variance,
        };
        let mut score = (self.influences(data.rows(), &evaluated, variance)).unwrap_or_default();
        if data.rows().weight_kind() == Some(WeightKind::Frequency) {
            let rows = score.rows_mut().into_iter().enumerate();
            rows.for_each(|(row, mut score)| score /= data.rows().weight(row));
        }
        let dfbeta = score.dot(&self.vcov_model_based());
        let cox = CoxResiduals::of_evaluation(self.cox(), &evaluated.rows, evaluated.evaluation)?;
        Ok(FineGrayResiduals { cox, score, dfbeta })
    }
}

impl FineGrayResiduals {
    /// Martingale residuals: events of the cause less those expected. They sum to 0, weighted.
    #[must_use]
    pub fn martingale(&self) -> Vec<f64> {
        self.cox.martingale()
    }

    /// Schoenfeld residuals, one row an event of the cause.
    #[must_use]
    pub fn schoenfeld(&self) -> Schoenfeld {
        self.cox.schoenfeld()
    }

    /// Score residuals, rows × columns. They sum to 0 at the estimate.
    #[must_use]
    pub fn score(&self) -> &Array2<f64> {
        &self.score
    }

    /// dfbeta, rows × columns: by how much each coefficient falls, nearly, when the row is left out.
    #[must_use]
    pub fn dfbeta(&self) -> &Array2<f64> {
        &self.dfbeta
    }
}
