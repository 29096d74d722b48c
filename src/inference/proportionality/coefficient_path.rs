//! How coefficients move with time.

#![expect(
    clippy::indexing_slicing,
    reason = "columns and terms are those of the model, events those with residuals"
)]

use ndarray::{Array2, Axis};

use super::estimator::Proportionality;
use crate::data::{Design, SurvivalData};
use crate::error::Result;
use crate::linalg::Ldl;
use crate::regression::cox::{CoxFit, Schoenfeld};

/// One event of a [`CoefficientPath`]: a scaled Schoenfeld residual added to the estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct PathPoint {
    /// Row of the data, counted from 0.
    pub row: usize,
    /// Time of the event.
    pub time: f64,
    /// g of the time.
    pub transformed: f64,
    /// β(t), roughly: its mean over the events is β.
    pub value: f64,
}

/// The scaled Schoenfeld residuals of one column or term about its estimate, for a plot of β(t); see
/// [`CoefficientPaths`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct CoefficientPath {
    /// Name of the column or term.
    pub name: String,
    /// The events in strata where the covariate varies, by stratum, time and row.
    pub points: Vec<PathPoint>,
    /// Variance of one value about β(t): the events times the variance of the estimate.
    pub variance: f64,
}

#[cfg(feature = "serde")]
crate::checked::check!(CoefficientPath { variance: not_negative });

/// The paths of all coefficients with a finite estimate, from
/// [`Proportionality::paths`](crate::inference::Proportionality::paths).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CoefficientPaths {
    /// Name of the function of time.
    pub transform: String,
    /// Of each column with a finite estimate.
    pub columns: Vec<CoefficientPath>,
    /// Of each term with one. A term with several columns has the path of the coefficient of its linear
    /// predictor, about 1.
    pub terms: Vec<CoefficientPath>,
}

impl Proportionality {
    /// Scaled Schoenfeld residuals added to the estimates: where a plot of them against transformed time has
    /// a slope, the coefficient varies. [`CoefficientPath::smooth`] draws the curve.
    ///
    /// ```text
    /// β + M⁻¹ r,   M = I/d
    /// ```
    /// with r the Schoenfeld residuals of an event and M the mean information of the d events. In a stratum
    /// where a column is constant its events tell nothing: they are left out of its path and of its mean.
    ///
    /// # In R
    /// `x`, `time`, `y` of `cox.zph(fit, transform, terms)`.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn paths(
        &self,
        cox: &CoxFit,
        data: &impl SurvivalData,
        design: &Design,
    ) -> Result<CoefficientPaths> {
        let residuals = cox.residuals(data, design)?;
        let schoenfeld = residuals.schoenfeld();
        let transformed = self.transform.at(data.rows(), &[schoenfeld.time().to_vec()])?;
        let transformed = transformed.into_iter().flatten().collect();
        let events = Events { schoenfeld, transformed };
        let (used, live) = (residuals.informative_events(), live(cox));
        let columns = Level::of_columns(cox, &events, used, &live);
        let terms = columns.terms(cox, &live);
        Ok(CoefficientPaths {
            transform: self.transform.to_string(),
            columns: columns.paths(&events),
            terms: terms.paths(&events),
        })
    }
}

/// The columns with a finite estimate.
fn live(cox: &CoxFit) -> Vec<usize> {
    let each = cox.coefficients().iter().enumerate();
    each.filter(|(_, c)| c.estimate.is_some()).map(|(j, _)| j).collect()
}

/// The events, by stratum, time and row.
struct Events {
    schoenfeld: Schoenfeld,
    transformed: Vec<f64>,
}

/// Residuals and their mean information, by column or by term.
struct Level {
    names: Vec<String>,
    residuals: Array2<f64>,
    /// M.
    mean: Array2<f64>,
    /// By stratum, the number of events where a column varies there, otherwise 0.
    used: Vec<Vec<f64>>,
    centre: Vec<f64>,
}

impl Level {
    fn of_columns(cox: &CoxFit, events: &Events, used: Vec<Vec<f64>>, live: &[usize]) -> Self {
        let vcov = cox.vcov_model_based().select(Axis(0), live).select(Axis(1), live);
        let mut mean = Ldl::new(&vcov).inverse();
        let used: Vec<Vec<f64>> =
            used.into_iter().map(|used| live.iter().map(|&j| used[j]).collect()).collect();
        for ((i, j), value) in mean.indexed_iter_mut() {
            let both: f64 = used.iter().map(|used| used[i].min(used[j])).sum();
            *value /= if both > 0.0 { both } else { 1.0 };
        }
        Self {
            names: live.iter().map(|&j| cox.coding().columns()[j].clone()).collect(),
            residuals: events.schoenfeld.residuals().select(Axis(1), live),
            mean,
            used,
            centre: live.iter().filter_map(|&j| cox.coefficients()[j].estimate).collect(),
        }
    }

    /// The same for terms: the columns of a term in the direction of its coefficients.
    fn terms(&self, cox: &CoxFit, live: &[usize]) -> Self {
        let place = |column: usize| live.iter().position(|&j| j == column);
        let terms: Vec<(String, Vec<usize>)> = (cox.coding().terms().iter())
            .map(|term| (term.name.clone(), term.columns.clone().filter_map(place).collect()))
            .filter(|(_, columns): &(String, Vec<usize>)| !columns.is_empty())
            .collect();
        let mut direction = Array2::zeros((live.len(), terms.len()));
        for (k, (_, columns)) in terms.iter().enumerate() {
            for &j in columns {
                direction[[j, k]] = if columns.len() == 1 { 1.0 } else { self.centre[j] };
            }
        }
        let most =
            |used: &[f64], columns: &[usize]| columns.iter().map(|&j| used[j]).fold(0.0, f64::max);
        let used = self.used.iter().map(|used| terms.iter().map(|(_, c)| most(used, c)).collect());
        let centre =
            |columns: &[usize]| if columns.len() == 1 { self.centre[columns[0]] } else { 1.0 };
        Self {
            residuals: self.residuals.dot(&direction),
            mean: direction.t().dot(&self.mean).dot(&direction),
            used: used.collect(),
            centre: terms.iter().map(|(_, columns)| centre(columns)).collect(),
            names: terms.into_iter().map(|(name, _)| name).collect(),
        }
    }

    fn paths(&self, events: &Events) -> Vec<CoefficientPath> {
        let variance = Ldl::new(&self.mean).inverse();
        let mut paths: Vec<CoefficientPath> = (self.names.iter().enumerate())
            .map(|(k, name)| CoefficientPath {
                name: name.clone(),
                points: Vec::new(),
                variance: variance[[k, k]],
            })
            .collect();
        let stratum = events.schoenfeld.stratum();
        let mut start = 0;
        for run in stratum.chunk_by(|a, b| a == b) {
            let rows = start..start + run.len();
            start = rows.end;
            let varies: Vec<bool> = self.used[run[0]].iter().map(|&used| used > 0.0).collect();
            let inverse = Ldl::among(&self.mean, &varies).inverse();
            let residuals = self.residuals.slice_axis(Axis(0), rows.clone().into());
            let scaled = residuals.dot(&inverse);
            for (k, path) in paths.iter_mut().enumerate().filter(|(k, _)| varies[*k]) {
                let point = |(event, scaled): (usize, &f64)| PathPoint {
                    row: events.schoenfeld.row()[event],
                    time: events.schoenfeld.time()[event],
                    transformed: events.transformed[event],
                    value: self.centre[k] + scaled,
                };
                path.points.extend(rows.clone().zip(scaled.column(k)).map(point));
            }
        }
        paths
    }
}
