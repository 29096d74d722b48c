//! The rows of a fit once more, at its estimate: what residuals, tests and predictions are made of.

#![allow(dead_code, reason = "what stands on it follows")]

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
        self.check_rows(rows, design)?;
        let ordered = self.model().order(rows, design)?;
        let beta: Vec<f64> =
            self.position().iter().zip(&ordered.scale).map(|(b, s)| b * s).collect();
        let times = TimesPass::new(&ordered, self.ties(), &beta)
            .ok_or(Error::NotFinite { at: "the estimate" })?;
        self.check_likelihood(times.log_likelihood)?;
        Ok(Evaluation { ordered, times })
    }

    /// Fails unless rows and design have the shape of those of the fit.
    pub(super) fn check_rows(&self, rows: &Rows, design: &Design) -> Result<()> {
        rows.same_length("design", design.n_rows())?;
        if design.coding() != self.coding() {
            return Err(Error::OtherData { what: "the columns of the design" });
        }
        match rows.n_events() {
            0 => Err(Error::NoEvents { rows: rows.len() }),
            _ => Ok(()),
        }
    }

    /// Fails unless a log-likelihood at the estimate is that of the fit.
    pub(super) fn check_likelihood(&self, found: f64) -> Result<()> {
        let fitted = self.log_likelihood();
        if !((found - fitted).abs() <= SAME * (fitted.abs() + 1.0)) {
            return Err(Error::OtherData { what: "the log-likelihood at the estimate" });
        }
        Ok(())
    }
}
