//! The rows of a fit once more, at its estimate.

use ndarray::Array2;

use super::censoring::Censoring;
use super::fit::FineGrayFit;
use super::influence::{RowSteps, WeightEffects};
use super::variance::FineGrayVariance;
use crate::data::{CompetingRisks, Design, Rows, SurvivalData};
use crate::error::Result;
use crate::regression::cox::{
    Evaluation, Ordered, Ties, TimeFactors, TimesPass, factored_score_residuals,
    score_weight_effects,
};

/// What each row of the data contributes to the score, the error of the weights included, in the scaled
/// columns, each event time counted by its factor. `rows` have the events of any cause.
pub(super) fn score_influences(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    censoring: &Censoring,
    rows: &Rows,
    factors: TimeFactors<'_>,
) -> Array2<f64> {
    let mut influences = by_row(ordered, ties, times, factors, rows.len());
    let mut effects = WeightEffects::new(censoring, ordered.n_columns());
    score_weight_effects(ordered, ties, times, factors, |effect| effects.add(&effect));
    effects.spread(&RowSteps::new(censoring, rows), influences.view_mut());
    influences
}

/// The rows of a fit with what residuals and predictions need.
#[derive(Debug)]
pub(super) struct Evaluated {
    /// The rows, events of the cause.
    pub(super) rows: Rows,
    pub(super) censoring: Censoring,
    pub(super) evaluation: Evaluation,
}

impl FineGrayFit {
    /// Evaluates the fit on the rows it was made from.
    ///
    /// # Errors
    /// Those of the fit; [`Error::OtherData`](crate::Error::OtherData) for other rows.
    pub(super) fn evaluate(
        &self,
        data: &CompetingRisks<impl SurvivalData>,
        design: &Design,
    ) -> Result<Evaluated> {
        let model = self.model();
        let rows = data.rows_of(model.cause())?;
        self.cox().same_columns(&rows, design)?;
        let censoring = model.censoring(data);
        let (tails, _) = censoring.tails(data, &rows, model.cause())?;
        let ordered = model.cox().order_with_tails(&rows, design, Some(&tails))?;
        let evaluation = self.cox().evaluate_ordered(ordered)?;
        Ok(Evaluated { rows, censoring, evaluation })
    }

    /// What each row contributes to the score as the variance of the fit has it, in the columns as given,
    /// weighted; `None` for the model-based variance.
    pub(super) fn influences(
        &self,
        data: &Rows,
        evaluated: &Evaluated,
        variance: FineGrayVariance,
    ) -> Option<Array2<f64>> {
        let mut influences = self.scaled_influences(data, evaluated, variance, TimeFactors::ONE)?;
        let scale = &evaluated.evaluation.ordered.scale;
        for (mut column, scale) in influences.columns_mut().into_iter().zip(scale) {
            column *= *scale;
        }
        Some(influences)
    }

    /// The same in the scaled columns, each event time counted by its factor.
    pub(super) fn scaled_influences(
        &self,
        data: &Rows,
        evaluated: &Evaluated,
        variance: FineGrayVariance,
        factors: TimeFactors<'_>,
    ) -> Option<Array2<f64>> {
        let Evaluated { censoring, evaluation: Evaluation { ordered, times }, .. } = evaluated;
        let ties = self.ties();
        match variance {
            FineGrayVariance::EstimatedWeights => {
                Some(score_influences(ordered, ties, times, censoring, data, factors))
            }
            FineGrayVariance::FixedWeights => {
                Some(by_row(ordered, ties, times, factors, data.len()))
            }
            FineGrayVariance::ModelBased => None,
        }
    }
}

/// Score residuals in the order of the data, in the scaled columns; 0 for rows in no risk set.
fn by_row(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    factors: TimeFactors<'_>,
    n: usize,
) -> Array2<f64> {
    let mut rows = Array2::zeros((n, ordered.n_columns()));
    let residuals = factored_score_residuals(ordered, ties, times, factors);
    for (residual, &row) in residuals.rows().into_iter().zip(&ordered.source) {
        rows.row_mut(row as usize).assign(&residual);
    }
    rows
}
