//! Linear predictors, risks and terms relative to a reference.

use ndarray::ArrayView1;
use std::ops::Range;

use super::baseline::CoxBaseline;
use super::covariates::Covariates;
use super::predicted::{Predicted, TermPrediction};
use crate::error::{Error, Result};

/// (x − reference)β and its standard error over some columns.
#[expect(clippy::indexing_slicing, reason = "a term has its columns among those of the model")]
fn part(baseline: &CoxBaseline, difference: &[f64], columns: Range<usize>) -> Predicted {
    let mut of_columns = vec![0.0; difference.len()];
    of_columns[columns.clone()].copy_from_slice(&difference[columns]);
    let d = ArrayView1::from(&of_columns);
    let variance = d.dot(&baseline.vcov.dot(&d)).max(0.0);
    Predicted { value: baseline.estimated().dot(&of_columns), std_error: variance.sqrt() }
}

/// x − reference, 0 wherever a coefficient is infinite.
fn difference(baseline: &CoxBaseline, x: &[f64], reference: &[f64]) -> Result<Vec<f64>> {
    let difference: Vec<f64> = x.iter().zip(reference).map(|(x, from)| x - from).collect();
    baseline.estimated().finite(&difference).map(|()| difference)
}

pub(super) fn predictor(
    baseline: &CoxBaseline,
    covariates: &Covariates,
    reference: &[f64],
) -> Result<Predicted> {
    let difference = difference(baseline, &covariates.x, reference)?;
    let all = part(baseline, &difference, 0..difference.len());
    in_range(Predicted { value: all.value + covariates.offset, ..all }, all.value)
}

pub(super) fn risk(
    baseline: &CoxBaseline,
    covariates: &Covariates,
    reference: &[f64],
) -> Result<Predicted> {
    let Predicted { value: ln, std_error } = predictor(baseline, covariates, reference)?;
    let value = ln.exp();
    in_range(Predicted { value, std_error: std_error * value }, ln)
}

pub(super) fn terms(
    baseline: &CoxBaseline,
    covariates: &Covariates,
    reference: &[f64],
) -> Result<Vec<TermPrediction>> {
    let difference = difference(baseline, &covariates.x, reference)?;
    (baseline.coding.terms().iter())
        .map(|term| {
            let part = part(baseline, &difference, term.columns.clone());
            let Predicted { value, std_error } = in_range(part, part.value)?;
            Ok(TermPrediction { term: term.name.clone(), value, std_error })
        })
        .collect()
}

/// Fails unless a prediction is a number.
fn in_range(predicted: Predicted, distance: f64) -> Result<Predicted> {
    match predicted.value.is_finite() && predicted.std_error.is_finite() {
        true => Ok(predicted),
        false => Err(Error::BeyondRange { distance }),
    }
}
