//! What the score test of coefficients that follow time is made of.

use ndarray::Array2;

use super::fit::FineGrayFit;
use crate::data::{CompetingRisks, Design, Rows, SurvivalData};
use crate::error::Result;
use crate::regression::cox::{CoxResiduals, TimeFactors, meat};

/// The rows of a fit at its estimate, before a function of time is chosen.
#[derive(Debug)]
pub(crate) struct TimeTrend {
    /// Those of the fit: what the model-based test takes.
    pub(crate) residuals: CoxResiduals,
    /// The function at the event times, by stratum, latest first.
    pub(crate) g: Vec<Vec<f64>>,
    /// The variance of the score of x·g(t), in the scaled columns, and what it was before β was
    /// estimated; `None` for the model-based variance.
    pub(crate) sandwich: Option<[Array2<f64>; 2]>,
}

impl FineGrayFit {
    /// The score of x·g(t) with the variance of the fit. `g` gives the function at the event times, by
    /// stratum, latest first, from the rows, and from these times with their numbers of events.
    ///
    /// # Errors
    /// As [`residuals`](Self::residuals), and those of `g`.
    pub(crate) fn time_trend(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
        g: impl FnOnce(&Rows, &[Vec<(f64, f64)>]) -> Result<Vec<Vec<f64>>>,
    ) -> Result<TimeTrend> {
        let evaluated = self.evaluate(data, design)?;
        let rows = data.rows();
        let (cox, of_cause) = (self.cox(), &evaluated.rows);
        let residuals = CoxResiduals::of_evaluation(cox, of_cause, evaluated.evaluation.clone())?;
        let g = g(rows, &residuals.event_times())?;
        // Sums of hazards take no factors below 0. What the shift adds is a multiple of the score itself.
        let least = g.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let above_0: Vec<Vec<f64>> =
            g.iter().map(|g| g.iter().map(|g| g - least).collect()).collect();
        let influences = |factors: TimeFactors<'_>| {
            self.scaled_influences(rows, &evaluated, self.variance(), factors)
        };
        let both = influences(TimeFactors::ONE).zip(influences(TimeFactors(Some(&above_0))));
        let sandwich = both.map(|(plain, shifted)| {
            let trend = shifted + &plain * least;
            // What the estimate of β takes off: Iₓᵧ I⁻¹ times its own influence.
            let cross = residuals.time_interaction(&g).cross;
            let taken = plain.dot(&residuals.scaled_vcov().dot(&cross));
            [meat(rows, &(&trend - &taken)), meat(rows, &trend)]
        });
        Ok(TimeTrend { residuals, g, sandwich })
    }
}
