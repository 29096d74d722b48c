//! The rows of a fit once more, at its estimate.

use ndarray::Array2;

use super::censoring::Censoring;
use super::fit::FineGrayFit;
use super::influence::WeightEffects;
use crate::data::{CompetingRisks, Design, Rows};
use crate::error::Result;
use crate::regression::cox::{
    Evaluation, Ordered, Ties, TimesPass, score_residuals, score_weight_effects,
};

/// What each row of the data contributes to the score, the error of the weights included, in the scaled
/// columns. `rows` have the events of any cause.
pub(super) fn score_influences(
    ordered: &Ordered,
    ties: Ties,
    times: &TimesPass,
    censoring: &Censoring,
    rows: &Rows,
) -> Array2<f64> {
    let p = ordered.n_columns();
    let mut influences = Array2::zeros((rows.len(), p));
    let residuals = score_residuals(ordered, ties, times);
    for (residual, &row) in residuals.rows().into_iter().zip(&ordered.source) {
        influences.row_mut(row as usize).assign(&residual);
    }
    let mut effects = WeightEffects::new(censoring, p);
    score_weight_effects(ordered, ties, times, |effect| effects.add(0, &effect));
    effects.spread(rows, influences.view_mut());
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
    pub(super) fn evaluate(&self, data: &CompetingRisks, design: &Design) -> Result<Evaluated> {
        let model = self.model();
        let rows = data.rows_of(model.cause())?;
        self.cox().same_columns(&rows, design)?;
        let censoring = model.censoring(data);
        let (tails, _) = censoring.tails(data, &rows, model.cause())?;
        let ordered = model.cox().order_with_tails(&rows, design, Some(&tails))?;
        let evaluation = self.cox().evaluate_ordered(ordered)?;
        Ok(Evaluated { rows, censoring, evaluation })
    }
}
