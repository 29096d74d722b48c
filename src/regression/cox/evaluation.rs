//! The rows of a fit once more, at its estimate: what residuals, tests and predictions are made of.

#![allow(dead_code, reason = "what stands on it follows")]

use super::engine::{Ordered, Ties, TimesPass};
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
    /// [`Error::LengthMismatch`]; [`Error::Unsupported`] for a fit under
    /// [`Ties::ExactPartial`], which gives time no hazard, or with coefficients that follow time; and [`Error::OtherData`] unless the columns are those of the fit and
    /// the log-likelihood at its estimate is the one it found.
    pub(crate) fn evaluate(&self, rows: &Rows, design: &Design) -> Result<Evaluation> {
        rows.same_length("design", design.n_rows())?;
        if self.ties() == Ties::ExactPartial {
            return Err(Error::Unsupported {
                estimator: "CoxFit",
                what: "a residual or a hazard under Ties::ExactPartial",
                instead: "fit with Ties::Efron or Ties::Breslow",
            });
        }
        if !self.model().varying().is_empty() {
            return Err(Error::Unsupported {
                estimator: "CoxFit",
                what: "a residual or a hazard with coefficients that follow time",
                instead: "cut the rows as a CountingProcess, with the product as a column",
            });
        }
        let other = |what| Error::OtherData { what };
        if design.coding() != self.coding() {
            return Err(other("the columns of the design"));
        }
        if rows.n_events() == 0 {
            return Err(Error::NoEvents { rows: rows.len() });
        }
        let ordered = self.model().order(rows, design)?;
        let beta: Vec<f64> =
            self.position().iter().zip(&ordered.scale).map(|(b, s)| b * s).collect();
        let times = TimesPass::new(&ordered, self.ties(), &beta)
            .ok_or(Error::NotFinite { at: "the estimate" })?;
        let (ours, fitted) = (times.log_likelihood, self.log_likelihood());
        if !((ours - fitted).abs() <= SAME * (fitted.abs() + 1.0)) {
            return Err(other("the log-likelihood at the estimate"));
        }
        Ok(Evaluation { ordered, times })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{RightCensored, SurvivalData};
    use crate::regression::cox::{CoxPh, TimeFunction};

    fn evaluate(data: &impl SurvivalData, design: &Design, model: &CoxPh) -> Result<Evaluation> {
        model.fit(data, design).unwrap().evaluate(data.rows(), design)
    }

    #[test]
    fn a_fit_without_hazards_is_refused() {
        let time = [1.0, 1.0, 2.0, 3.0, 4.0];
        let data = RightCensored::new(&time, &[true, true, false, true, false]).unwrap();
        let design = Design::builder().numeric("x", &[1.0, 3.0, 2.0, 0.0, 2.5]).build().unwrap();
        let evaluate = |model: CoxPh| evaluate(&data, &design, &model);
        assert!(evaluate(CoxPh::new()).is_ok());
        let refused = |model: CoxPh| matches!(evaluate(model), Err(Error::Unsupported { .. }));
        assert!(refused(CoxPh::new().ties(Ties::ExactPartial)));
        assert!(refused(CoxPh::new().time_varying("x", TimeFunction::step(&[1.5]))));
    }
}
