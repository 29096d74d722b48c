//! The rows of a fit once more, at its estimate: what residuals, tests and predictions are made of.

use super::engine::{Ordered, TimesPass};
use super::fit::CoxFit;
use crate::data::{Design, Rows};
use crate::error::{Error, Result};

/// Rows in order with the hazards and risks at the estimate, in the scaled columns.
#[derive(Debug, Clone)]
pub(crate) struct Evaluation {
    pub(crate) ordered: Ordered,
    pub(crate) times: TimesPass,
}

/// How far the log-likelihood of the rows given may lie from that of the fit, relatively.
const SAME: f64 = 1e-8;

impl CoxFit {
    /// Evaluates the fit on the rows it was made from. A fit keeps no rows, so whatever needs them takes
    /// them again; rows under which the likelihood is another are refused.
    ///
    /// # Errors
    /// [`Error::LengthMismatch`], and [`Error::OtherData`] unless the columns are those of the fit and
    /// the log-likelihood at its estimate is the one it found.
    pub(crate) fn evaluate(&self, rows: &Rows, design: &Design) -> Result<Evaluation> {
        self.same_columns(rows, design)?;
        let ordered = self.model().order(rows, design)?;
        let beta: Vec<f64> =
            self.position().iter().zip(&ordered.scale).map(|(b, s)| b * s).collect();
        let times = TimesPass::new(&ordered, self.ties(), &beta)
            .ok_or(Error::NotFinite { at: "the estimate" })?;
        self.same_likelihood(times.log_likelihood)?;
        Ok(Evaluation { ordered, times })
    }

    /// Fails unless the design has the columns of the fit, and a row for each row of the data.
    pub(super) fn same_columns(&self, rows: &Rows, design: &Design) -> Result<()> {
        rows.same_length("design", design.n_rows())?;
        if design.coding() != self.coding() {
            return Err(Error::OtherData { what: "the columns of the design" });
        }
        match rows.n_events() {
            0 => Err(Error::NoEvents { rows: rows.len() }),
            _ => Ok(()),
        }
    }

    /// Fails unless rows have the log-likelihood at the estimate that the fit found.
    pub(super) fn same_likelihood(&self, found: f64) -> Result<()> {
        let fitted = self.log_likelihood();
        match (found - fitted).abs() <= SAME * (fitted.abs() + 1.0) {
            true => Ok(()),
            false => Err(Error::OtherData { what: "the log-likelihood at the estimate" }),
        }
    }
}
