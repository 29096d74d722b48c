//! A fit as a function of all its rows at once: what averages of predictions and their influence
//! functions are made of.

#![expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, with the code of a stratum, and a jump follows a sum"
)]

use ndarray::{Array2, ArrayView1};

use crate::data::{Design, Strata, SurvivalData};
use crate::error::{Error, Result};
use crate::regression::cox::engine::{ScaledSum, Steps, StratumRows, power, risk_sets};
use crate::regression::cox::evaluation::Evaluation;
use crate::regression::cox::fit::CoxFit;

/// The hazards of every stratum of the data, and what each row adds to them.
#[derive(Debug)]
pub(crate) struct Population {
    /// By code of the data's strata.
    pub(crate) strata: Vec<StratumHazard>,
    /// Rows × columns.
    pub(crate) dfbeta: Array2<f64>,
    beta: Vec<f64>,
}

/// The baseline hazard of one stratum, and its derivatives by coefficients and by weights.
///
/// Cumulative sums have a value before any event time, then one after each.
#[derive(Debug, Clone)]
pub(crate) struct StratumHazard {
    /// Event times, ascending.
    pub(crate) time: Vec<f64>,
    /// Σ dΛ at the centre.
    pub(crate) hazard: Vec<f64>,
    /// Σ (E − centre) dΛ, less which Λ changes with the coefficients.
    pub(crate) first: Array2<f64>,
    /// Σ w/u² over the steps: less this times its risk, the hazard changes with the weight of a row
    /// that stays at risk.
    pub(crate) square: Vec<f64>,
    /// The same of single times for the rows that have the event.
    pub(crate) square_event: Vec<f64>,
    /// The hazard jump for each unit of weight that has the event.
    pub(crate) share: Vec<f64>,
    /// A row of the data, the same less the centre, and its linear predictor there.
    anchor: Anchor,
}

#[derive(Debug, Clone)]
struct Anchor {
    given: Vec<f64>,
    centred: Vec<f64>,
    offset: f64,
    eta: f64,
}

impl CoxFit {
    /// The fit on the rows and the design it was made from.
    ///
    /// # Errors
    /// As [`residuals`](Self::residuals); [`Error::NotEstimable`] for an infinite coefficient;
    /// [`Error::Unsupported`] under a penalty.
    pub(crate) fn population(
        &self,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<Population> {
        self.without_penalty("an average of predictions with its error under a penalty")?;
        let rows = data.rows();
        let infinite =
            self.coefficients().iter().find(|c| c.estimate.is_none() && !c.status.is_aliased());
        if let Some(coefficient) = infinite {
            return Err(Error::NotEstimable { column: coefficient.name.clone() });
        }
        let evaluation = self.evaluate(rows, design)?;
        let code = |row: u32| {
            rows.strata.as_ref().map_or(0, |strata| strata.codes()[row as usize] as usize)
        };
        let n_strata = rows.strata.as_ref().map_or(1, |strata: &Strata| strata.names().len());
        let mut strata = vec![StratumHazard::without_events(design.columns().len()); n_strata];
        for stratum in &evaluation.ordered.strata {
            let row = evaluation.ordered.source[stratum.rows.start];
            strata[code(row)] = self.stratum_hazard(&evaluation, stratum, design);
        }
        if !strata.iter().all(StratumHazard::is_finite) {
            return Err(Error::NotFinite { at: "the estimate" });
        }
        Ok(Population {
            strata,
            dfbeta: self.residuals(data, design)?.dfbeta(),
            beta: self.position().to_vec(),
        })
    }

    fn stratum_hazard(
        &self,
        Evaluation { ordered, times }: &Evaluation,
        stratum: &StratumRows,
        design: &Design,
    ) -> StratumHazard {
        let p = ordered.n_columns();
        let mut jumps = Vec::with_capacity(stratum.times.len());
        risk_sets::walk(ordered, stratum, &times.risk, |k, stay, leave| {
            let time = &stratum.times.at(k);
            let exponent = stay.align(leave);
            let steps =
                self.ties().steps(time.steps(), time.step_weight(), stay.total, leave.total);
            jumps.push(Jump::new(time.weight(), &steps, exponent, stay, leave));
        });
        let m = jumps.len();
        let mut found = StratumHazard::without_events(p);
        found.time = stratum.times.iter().rev().map(|time| time.time).collect();
        found.first = Array2::zeros((m + 1, p));
        for (k, jump) in jumps.iter().rev().enumerate() {
            found.hazard.push(found.hazard[k] + jump.hazard);
            found.square.push(found.square[k] + jump.square);
            found.square_event.push(jump.square_event);
            found.share.push(jump.share);
            for (j, first) in jump.first.iter().enumerate() {
                found.first[[k + 1, j]] = found.first[[k, j]] + first * ordered.scale[j];
            }
        }
        let place = stratum.rows.start;
        let row = ordered.source[place] as usize;
        let centred: Vec<f64> =
            ordered.row(place).iter().zip(&ordered.scale).map(|(x, scale)| x * scale).collect();
        let own_offset = ordered.offset.as_ref().map_or(0.0, |offset| offset[place]);
        found.anchor = Anchor {
            given: design.matrix().row(row).to_vec(),
            eta: dot(self.position(), &centred) + own_offset,
            centred,
            offset: design.offset().map_or(0.0, |offset| offset[row]),
        };
        found
    }
}

/// What one event time adds.
struct Jump {
    hazard: f64,
    first: Vec<f64>,
    square: f64,
    square_event: f64,
    share: f64,
}

impl Jump {
    fn new(weight: f64, steps: &Steps, exponent: i32, stay: &ScaledSum, leave: &ScaledSum) -> Self {
        let scale = power(-exponent);
        let theta = steps.mean_theta * steps.square;
        let first = stay.first.iter().zip(&leave.first);
        let square = steps.square * scale * scale;
        Self {
            hazard: steps.hazard * scale,
            first: first.map(|(n, d)| (steps.square * n + theta * d) * scale).collect(),
            square,
            square_event: steps.mean_theta * square,
            share: steps.hazard * scale / weight,
        }
    }
}

impl StratumHazard {
    fn without_events(p: usize) -> Self {
        Self {
            time: Vec::new(),
            hazard: vec![0.0],
            first: Array2::zeros((1, p)),
            square: vec![0.0],
            square_event: Vec::new(),
            share: Vec::new(),
            anchor: Anchor { given: vec![0.0; p], centred: vec![0.0; p], offset: 0.0, eta: 0.0 },
        }
    }

    fn is_finite(&self) -> bool {
        let columns = [&self.hazard, &self.square, &self.square_event, &self.share];
        columns.into_iter().flatten().chain(&self.first).all(|value| value.is_finite())
    }

    /// How many event times there are up to a time.
    pub(crate) fn n_until(&self, time: f64) -> usize {
        self.time.partition_point(|&known| known <= time)
    }

    /// Covariates less the centre, in place.
    pub(crate) fn centre(&self, x: &mut [f64]) {
        let anchor = self.anchor.given.iter().zip(&self.anchor.centred);
        x.iter_mut().zip(anchor).for_each(|(x, (given, centred))| *x = (*x - given) + centred);
    }
}

impl Population {
    /// exp of the linear predictor of centred covariates in a stratum.
    pub(crate) fn risk(&self, stratum: usize, x: &[f64], offset: f64) -> Result<f64> {
        let anchor = &self.strata[stratum].anchor;
        let away: Vec<f64> =
            x.iter().zip(&anchor.centred).map(|(x, centred)| x - centred).collect();
        let eta = anchor.eta + dot(&self.beta, &away) + (offset - anchor.offset);
        match eta.exp() {
            risk if risk.is_finite() => Ok(risk),
            _ => Err(Error::BeyondRange { distance: eta }),
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    ArrayView1::from(a).dot(&ArrayView1::from(b))
}
