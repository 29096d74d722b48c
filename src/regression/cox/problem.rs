//! A model on its rows: everything a maximisation starts from.

use std::cell::LazyCell;

use super::engine::{Control, Maximum, Ordered, Point, Start, Ties, approach, sample_step};
use super::model::CoxPh;
use crate::data::{Design, Rows};
use crate::error::{Error, Result};

/// The rows of a model in order, the likelihood with all coefficients 0, and when to stop.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) ordered: Ordered,
    pub(crate) null: Point,
    pub(crate) control: Control,
}

impl Problem {
    /// Checks and orders rows. A column whose spread within risk sets is far below its spread over all
    /// rows is divided by it, so that a step means the same in every column.
    pub(crate) fn new(model: &CoxPh, rows: &Rows, design: &Design) -> Result<Self> {
        Self::of_ordered(model, rows, design, model.order(rows, design)?)
    }

    /// The same for rows in order.
    pub(crate) fn of_ordered(
        model: &CoxPh,
        rows: &Rows,
        design: &Design,
        mut ordered: Ordered,
    ) -> Result<Self> {
        let mut control = model.control();
        let null = null_point(control.ties, &mut ordered)?;
        control.penalty = model.shrinkage().penalty(rows, design, &ordered, &null)?;
        let null = control.penalty.applied(&ordered, control.ties, null);
        let null = null.ok_or(Error::NotFinite { at: "coefficients of 0" })?;
        Ok(Self { ordered, null, control })
    }

    /// Where to begin when nothing is known of the maximum: next to it where there are many rows, else with
    /// all coefficients 0. Of that point only what is short is left, unless `kept`, before others take as
    /// much memory.
    pub(crate) fn start(&mut self, kept: bool) -> Result<Start> {
        let Self { ordered, null, control } = self;
        let Some(one_in) = sample_step(control, ordered) else { return Ok(null.clone().into()) };
        if !kept {
            null.times.release();
        }
        let near = approach(control, ordered, null, one_in);
        match near.and_then(|near| control.start(ordered, near, null.objective())) {
            Some(start) => Ok(start),
            None => {
                Ok(self.point(&vec![0.0; self.ordered.n_columns()], "coefficients of 0")?.into())
            }
        }
    }

    /// The likelihood and penalty at coefficients of the columns as given.
    ///
    /// # Errors
    /// [`Error::NotFinite`] at what `at` names.
    pub(crate) fn point(&self, coefficients: &[f64], at: &'static str) -> Result<Point> {
        let beta = self.scaled(coefficients);
        self.control.at(&self.ordered, beta).ok_or(Error::NotFinite { at })
    }

    /// Coefficients of the columns as given, in the scaled columns.
    pub(crate) fn scaled(&self, coefficients: &[f64]) -> Vec<f64> {
        coefficients.iter().zip(&self.ordered.scale).map(|(b, s)| b * s).collect()
    }

    /// The maximum over all columns.
    pub(crate) fn maximise(&self, start: impl Into<Start>) -> Result<Maximum> {
        self.maximise_holding(start, &vec![false; self.ordered.n_columns()])
    }

    /// The maximum with some columns held where they start: 0 drops a column, another value profiles
    /// it. A column that is aliased only because of a held one is free again.
    pub(crate) fn maximise_holding(
        &self,
        start: impl Into<Start>,
        held: &[bool],
    ) -> Result<Maximum> {
        self.control.maximise(&self.ordered, &self.null, start.into(), held)
    }
}

/// A spread within risk sets, relative to that over all rows, that counts as narrow.
const NARROW: f64 = 1e-3;

/// The point 0, and columns that are narrow there divided by their spread.
#[expect(clippy::indexing_slicing, reason = "a column is one of those of the information")]
fn null_point(ties: Ties, ordered: &mut Ordered) -> Result<Point> {
    let null = |ordered: &Ordered| {
        let zero = vec![0.0; ordered.n_columns()];
        Point::new(ordered, ties, zero).ok_or(Error::NotFinite { at: "coefficients of 0" })
    };
    let point = null(ordered)?;
    // Nearly always nobody asks.
    let rank = LazyCell::new(|| point.rank());
    let spread = |j: usize| (point.information[[j, j]] / ordered.total_event_weight).sqrt();
    let scale: Vec<f64> = (0..ordered.n_columns())
        .map(|j| if spread(j) < NARROW && rank.has(j) { spread(j) } else { 1.0 })
        .collect();
    if scale.iter().all(|&scale| scale == 1.0) {
        return Ok(point);
    }
    ordered.rescale(&scale);
    null(ordered)
}
