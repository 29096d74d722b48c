//! The rows of a fit once more, at its estimate: what residuals, tests and predictions are made of.

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
    /// [`Error::LengthMismatch`]; [`Error::Unsupported`] for a fit under [`Ties::ExactPartial`], which
    /// gives time no hazard, or with coefficients that follow time; and [`Error::OtherData`] unless the
    /// columns are those of the fit and the log-likelihood at its estimate is the one it found.
    pub(crate) fn evaluate(&self, rows: &Rows, design: &Design) -> Result<Evaluation> {
        self.has_hazards()?;
        self.same_columns(rows, design)?;
        self.evaluate_ordered(self.model().order(rows, design)?)
    }

    /// The same for rows in order.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate).
    pub(crate) fn evaluate_ordered(&self, ordered: Ordered) -> Result<Evaluation> {
        let beta: Vec<f64> =
            self.position().iter().zip(&ordered.scale).map(|(b, s)| b * s).collect();
        let times = TimesPass::new(&ordered, self.ties(), &beta)
            .ok_or(Error::NotFinite { at: "the estimate" })?;
        self.same_likelihood(times.log_likelihood)?;
        Ok(Evaluation { ordered, times })
    }

    /// Fails for a fit that gives time no hazard.
    pub(super) fn has_hazards(&self) -> Result<()> {
        gives_hazards(self.ties())?;
        match self.model().varying().is_empty() {
            true => Ok(()),
            false => Err(Error::Unsupported {
                estimator: "CoxFit",
                what: "a residual or a hazard with coefficients that follow time",
                instead: "cut the rows as a CountingProcess, with the product as a column",
            }),
        }
    }

    /// Fails for a penalised fit, whose score is not 0 at the estimate.
    pub(crate) fn without_penalty(&self, what: &'static str) -> Result<()> {
        match self.penalty() {
            None => Ok(()),
            Some(_) => Err(Error::Unsupported {
                estimator: "CoxFit",
                what,
                instead: "fit without a penalty, or use profile_hazard_ratios after firth",
            }),
        }
    }

    /// Fails unless the design has the columns of the fit, and a row for each row of the data.
    pub(crate) fn same_columns(&self, rows: &Rows, design: &Design) -> Result<()> {
        rows.same_length("design", design.n_rows())?;
        if *self.model().coding(design.coding())? != *self.coding() {
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

/// Fails for a tie rule under which time has no hazard.
pub(super) fn gives_hazards(ties: Ties) -> Result<()> {
    match ties {
        Ties::Efron | Ties::Breslow => Ok(()),
        Ties::ExactPartial => Err(Error::Unsupported {
            estimator: "CoxFit",
            what: "a residual or a hazard under Ties::ExactPartial",
            instead: "fit with Ties::Efron or Ties::Breslow",
        }),
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

    /// Where the log-likelihood tends to 0 its rounding is not small beside it.
    #[test]
    fn the_same_rows_are_known_whatever_their_likelihood() {
        let data = RightCensored::new(&[1.0, 2.0, 3.0], &[true, false, false]).unwrap();
        let design = Design::builder().numeric("x", &[1.0, 0.0, 0.5]).build().unwrap();
        let fit = CoxPh::new().fit(&data, &design).unwrap();
        assert!(fit.log_likelihood().abs() < 1e-12);
        for (found, same) in [(-1e-9, true), (-1e-7, false)] {
            assert_eq!(fit.same_likelihood(found).is_ok(), same, "{found}");
        }
    }
}
