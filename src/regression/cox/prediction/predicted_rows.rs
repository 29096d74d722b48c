//! Predictions for rows of data.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, which is checked where one is asked for"
)]

use ndarray::Array2;

use super::baseline::CoxBaseline;
use super::covariates::Covariates;
use super::curve::CoxCurve;
use super::linear;
use super::predicted::{ExpectedEvents, Predicted, PredictedAt, TermPrediction};
use super::reference::Reference;
use super::stratum_baseline::StratumBaseline;
use crate::data::{Design, Rows};
use crate::error::{Error, Result};
use crate::room::room_for;

/// Rows of data, each in its stratum, for [`CoxBaseline::rows`]. Results have one value for each row;
/// whether a row ends with an event does not matter.
#[derive(Debug, Clone)]
pub struct PredictedRows<'a> {
    rows: &'a Rows,
    design: &'a Design,
    /// For each stratum of the data.
    strata: Vec<StratumBaseline<'a>>,
}

impl<'a> PredictedRows<'a> {
    pub(super) fn new(
        baseline: &'a CoxBaseline,
        rows: &'a Rows,
        design: &'a Design,
    ) -> Result<Self> {
        rows.same_length("design", design.n_rows())?;
        if design.coding() != &baseline.coding {
            return Err(Error::OtherData { what: "the columns of the design" });
        }
        if baseline.has_offset && design.offset().is_none() {
            return Err(Error::IncompleteProfile { name: "offset".to_owned() });
        }
        let strata = match &rows.strata {
            Some(strata) if baseline.is_stratified() => {
                let of = |name: &String| baseline.stratum(name);
                strata.names().iter().map(of).collect::<Result<_>>()?
            }
            _ => vec![baseline.single()?],
        };
        Ok(Self { rows, design, strata })
    }

    /// The linear predictor of each row, see [`StratumBaseline::linear_predictor`].
    ///
    /// # Errors
    /// Those of a single prediction.
    pub fn linear_predictors(&self, reference: Reference) -> Result<Vec<Predicted>> {
        self.each(|of, row| {
            linear::predictor(of.baseline, &self.covariates(row), &of.reference(reference))
        })
    }

    /// The risk of each row, see [`StratumBaseline::risk`].
    ///
    /// # Errors
    /// Those of a single prediction.
    pub fn risks(&self, reference: Reference) -> Result<Vec<Predicted>> {
        self.each(|of, row| {
            linear::risk(of.baseline, &self.covariates(row), &of.reference(reference))
        })
    }

    /// The terms of each row, see [`StratumBaseline::terms`].
    ///
    /// # Errors
    /// Those of a single prediction.
    pub fn terms(&self, reference: Reference) -> Result<Vec<Vec<TermPrediction>>> {
        self.each(|of, row| {
            linear::terms(of.baseline, &self.covariates(row), &of.reference(reference))
        })
    }

    /// The events expected of each row over its (entry, exit], as of a new person. For the rows of the fit
    /// itself, with their shares of their own tied events, there is
    /// [`CoxFit::expected_events`](crate::regression::cox::CoxFit::expected_events).
    ///
    /// # Errors
    /// Those of a single prediction.
    pub fn expected(&self) -> Result<Vec<ExpectedEvents>> {
        let entry =
            |row: usize| self.rows.times.entry.as_ref().map_or(f64::NEG_INFINITY, |e| e[row]);
        self.each(|of, row| {
            of.expected_of(&self.covariates(row), entry(row), self.rows.times.exit[row])
        })
    }

    /// S of each row at requested times, n × times, without errors: what validation is made of. Past the
    /// end of follow-up it is the last value.
    ///
    /// # Errors
    /// Those of a single prediction, [`Error::InvalidOption`] for a time that is not a number, and
    /// [`Error::TooLarge`] for more rows × times than memory holds.
    pub fn survival_at(&self, times: &[f64]) -> Result<Array2<f64>> {
        room_for::<f64>("survival of rows × times", &[self.rows.len(), times.len()])?;
        let mut survival = Array2::zeros((self.rows.len(), times.len()));
        for (row, mut values) in survival.rows_mut().into_iter().enumerate() {
            let found = self.of(row)?.survival_of(&self.covariates(row), times)?;
            values.iter_mut().zip(found).for_each(|(value, found)| *value = found);
        }
        Ok(survival)
    }

    /// The curve of one row.
    ///
    /// # Errors
    /// As [`StratumBaseline::curve`], and [`Error::InvalidOption`] for a row that is not there.
    pub fn curve(&self, row: usize) -> Result<CoxCurve> {
        self.of(row)?.curve_of(&self.covariates(row))
    }

    /// What is predicted for one row at requested times, see [`StratumBaseline::at`].
    ///
    /// # Errors
    /// As [`StratumBaseline::at`], and [`Error::InvalidOption`] for a row that is not there.
    pub fn at(&self, row: usize, times: &[f64]) -> Result<Vec<PredictedAt>> {
        self.of(row)?.at_of(&self.covariates(row), times)
    }

    fn each<T>(&self, of: impl Fn(StratumBaseline<'a>, usize) -> Result<T>) -> Result<Vec<T>> {
        (0..self.rows.len()).map(|row| of(self.of(row)?, row)).collect()
    }

    /// The baseline of the stratum of a row.
    fn of(&self, row: usize) -> Result<StratumBaseline<'a>> {
        if row >= self.rows.len() {
            let rule = "must be below the number of rows";
            return Err(Error::InvalidOption { option: "row", value: row as f64, rule });
        }
        let codes = self.rows.strata.as_ref().filter(|_| self.strata.len() > 1);
        Ok(self.strata[codes.map_or(0, |strata| strata.codes()[row] as usize)])
    }

    fn covariates(&self, row: usize) -> Covariates {
        let offset = self.design.offset().map_or(0.0, |offset| offset[row]);
        Covariates { x: self.design.matrix().row(row).to_vec(), offset }
    }
}
