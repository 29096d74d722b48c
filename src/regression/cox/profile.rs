//! The profile likelihood of one coefficient: its limits, and the likelihood-ratio test.

#![expect(clippy::indexing_slicing, reason = "a column is one of those of the fit")]

use super::engine::{Penalty, Point};
use super::fit::{CoefficientStatus, CoxFit};
use super::problem::Problem;
use crate::data::{Design, Rows, WeightKind};
use crate::error::{Error, Result};
use crate::linalg::Ldl;
use crate::statistic::{TestKind, TestResult};

/// The rows of a fit once more, to profile its coefficients.
#[derive(Debug, Clone)]
pub(crate) struct Profile<'a> {
    fit: &'a CoxFit,
    problem: Problem,
    /// The estimate.
    top: Point,
    /// Columns that are combinations of others, and so stay at 0.
    aliased: Vec<bool>,
    /// Whether all others have finite estimates.
    finite: bool,
}

/// What the profile likelihood says of one coefficient.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProfileEnds {
    /// Lower limit of the coefficient; `None` where the likelihood does not fall far enough.
    pub(crate) lower: Option<f64>,
    /// Upper limit.
    pub(crate) upper: Option<f64>,
    /// Likelihood-ratio test of a coefficient of 0.
    pub(crate) test: TestResult,
    /// Newton steps over the other coefficients, all in all.
    #[cfg(test)]
    iterations: usize,
}

/// The maximum with one coefficient held.
#[derive(Debug, Clone)]
struct Held {
    point: Point,
    /// How far it lies below the maximum over all coefficients.
    drop: f64,
    iterations: usize,
}

/// Values of the coefficient that one search tries.
const MAX_VALUES: usize = 100;

/// How far from its target a drop of the log-likelihood may be before the last correction.
const NEAR: f64 = 1e-11;

/// What lies no further below the maximum is at it.
const TOP: f64 = 1e-13;

/// The longest first move into the unknown, in the scaled columns, and the furthest it goes.
const REACH: f64 = 4.0;
const FURTHEST: f64 = 1e4;

impl CoxFit {
    /// Makes the fit ready to be profiled on the rows it was made from.
    ///
    /// # Errors
    /// [`Error::Unsupported`] where there is no likelihood, or where its ratio has no known
    /// distribution; [`Error::LengthMismatch`] and [`Error::OtherData`].
    pub(crate) fn profile(&self, rows: &Rows, design: &Design) -> Result<Profile<'_>> {
        let refused = |what, instead| {
            Err(Error::Unsupported { estimator: "the profile likelihood", what, instead })
        };
        if self.is_robust() || rows.weight_kind() == Some(WeightKind::Sampling) {
            let what = "a likelihood-ratio limit or test beside a robust variance";
            return refused(what, "use hazard_ratios, or Variance::ModelBased");
        }
        self.same_columns(rows, design)?;
        let problem = Problem::new(self.model(), rows, design)?;
        if matches!(problem.control.penalty, Penalty::Ridge(_)) {
            return refused("a limit or test under ridge", "use no penalty, or Firth's");
        }
        let top = problem.point(self.position(), "the estimate")?;
        self.same_likelihood(top.log_likelihood())?;
        let aliased: Vec<bool> = problem.null.rank().live().iter().map(|live| !live).collect();
        let mut both = self.coefficients().iter().zip(&aliased);
        let finite = both.all(|(c, &aliased)| aliased || c.estimate.is_some());
        Ok(Profile { fit: self, problem, top, aliased, finite })
    }
}

impl Profile<'_> {
    /// Limits between which the likelihood lies at most z²/2 below its maximum, and the test; `None`
    /// for a column that is aliased.
    ///
    /// # Errors
    /// [`Error::NotConverged`] and [`Error::NotFinite`] of a maximisation.
    pub(crate) fn ends(&self, column: usize, z: f64) -> Result<Option<ProfileEnds>> {
        let coefficient = &self.fit.coefficients()[column];
        if coefficient.status.is_aliased() {
            return Ok(None);
        }
        let null = self.hold(column, 0.0, &self.top)?;
        let scale = self.problem.ordered.scale[column];
        let (mut ends, mut iterations) = ([None; 2], null.iterations);
        for (end, sign) in ends.iter_mut().zip([-1.0, 1.0]) {
            let start = match coefficient.estimate.zip(coefficient.std_error) {
                // Where Wald's limit is.
                Some((estimate, error)) => {
                    let to = (estimate + sign * z * error) * scale;
                    self.hold(column, to, &self.top)?
                }
                None if coefficient.status == infinite(sign) => continue,
                None => null.clone(),
            };
            iterations += start.iterations;
            let (found, steps) = self.search(column, sign, z, start)?;
            // At a level near 0 the drop is less than its rounding, and so is the side it is found on.
            let beside =
                |b: f64| coefficient.estimate.map_or(b, |top| sign * (sign * b).max(sign * top));
            *end = found.map(|b| beside(b / scale));
            iterations += steps;
        }
        #[cfg(not(test))]
        let _ = iterations;
        Ok(Some(ProfileEnds {
            lower: ends[0],
            upper: ends[1],
            test: TestResult::chi_square(TestKind::LikelihoodRatio, 2.0 * null.drop, 1),
            #[cfg(test)]
            iterations,
        }))
    }

    /// Where, outwards by `sign`, the drop is z²/2, in the scaled column; with the Newton steps taken.
    ///
    /// The root of twice the drop is nearly linear in the coefficient, and its slope comes with the
    /// maximum: it is the score of the column that is held. So Newton's method takes few values, each
    /// of them two or three steps from the last. It is kept within the values known to lie on either
    /// side, as far as there are any.
    fn search(
        &self,
        column: usize,
        sign: f64,
        z: f64,
        start: Held,
    ) -> Result<(Option<f64>, usize)> {
        let target = z * z / 2.0;
        let near = NEAR.max(4e-15 * self.top.log_likelihood().abs());
        let (mut inner, mut outer) = (f64::NEG_INFINITY, f64::INFINITY);
        let (mut held, mut iterations, mut reach) = (start, 0, REACH);
        for _ in 0..MAX_VALUES {
            // Outwards is upwards.
            let at = sign * held.point.beta[column];
            let slope = -sign * held.point.slope()[column];
            let excess = held.drop - target;
            if excess.abs() <= near {
                let correction = if slope > 0.0 { excess / slope } else { 0.0 };
                let correction = if correction.abs() < 1e-3 { correction } else { 0.0 };
                return Ok((Some(sign * (at - correction)), iterations));
            }
            if excess < 0.0 {
                inner = at;
            } else {
                outer = at;
            }
            if at > FURTHEST && excess < 0.0 {
                return Ok((None, iterations));
            }
            let root = (2.0 * held.drop.max(0.0)).sqrt();
            let by_root = at + (z - root) * root / slope;
            let by_tangent = at - excess / slope;
            let (low, high) = match (inner.is_finite(), outer.is_finite()) {
                (true, false) => (inner, inner + reach),
                (false, true) => (outer - reach, outer),
                _ => (inner, outer),
            };
            let within = |to: &f64| *to > low && *to < high;
            let middle = match (inner.is_finite(), outer.is_finite()) {
                (true, false) => high,
                (false, true) => low,
                _ => (inner + outer) / 2.0,
            };
            let far = outer.is_infinite() && slope * reach < -excess;
            let next = [by_root, by_tangent].into_iter().find(|to| !far && within(to));
            let next = next.unwrap_or(middle);
            if next == at {
                return Ok((Some(sign * at), iterations));
            }
            if !(inner.is_finite() && outer.is_finite()) {
                reach *= 2.0;
            }
            held = self.hold(column, sign * next, &held.point)?;
            iterations += held.iterations;
        }
        let log_likelihood = held.point.objective();
        Err(Error::NotConverged { iterations, decrement: held.drop - target, log_likelihood })
    }

    /// The maximum with a column at `value` and aliased ones at 0. The search starts from the point
    /// given, moved along the tangent of the profile.
    fn hold(&self, column: usize, value: f64, from: &Point) -> Result<Held> {
        let mut held = self.aliased.clone();
        held[column] = true;
        let mut beta = from.beta.clone();
        let move_by = value - beta[column];
        if self.finite {
            let free: Vec<bool> = held.iter().map(|held| !held).collect();
            let beside = from.information.column(column).to_vec();
            let tangent = Ldl::among(&from.information, &free).solve(&beside);
            beta.iter_mut().zip(tangent).for_each(|(b, slope)| *b -= slope * move_by);
        }
        beta[column] = value;
        let Problem { ordered, control, .. } = &self.problem;
        let mut starts = vec![beta];
        if !self.finite && from.beta[column] != 0.0 {
            // Further along the way to infinity that the others have gone.
            let further = value / from.beta[column];
            starts.push(from.beta.iter().map(|b| further * b).collect());
        }
        let points = starts.into_iter().filter_map(|beta| control.at(ordered, beta));
        let point = points
            .max_by(|a, b| a.objective().total_cmp(&b.objective()))
            .ok_or(Error::NotFinite { at: "a profile value" })?;
        // No point is higher than the limit.
        if !self.finite && self.top.objective() - point.objective() <= TOP {
            return Ok(Held { drop: 0.0, iterations: 0, point });
        }
        let maximum = self.problem.maximise_holding(point, &held)?;
        let drop = self.top.objective() - maximum.point.objective();
        Ok(Held { drop, iterations: maximum.iterations, point: maximum.point })
    }
}

fn infinite(sign: f64) -> CoefficientStatus {
    if sign > 0.0 { CoefficientStatus::PlusInfinity } else { CoefficientStatus::MinusInfinity }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{RightCensored, SurvivalData};
    use crate::regression::cox::CoxPh;

    /// Some three hundred rows with ties, and three columns that go together a little.
    fn study() -> (RightCensored, Design) {
        let noise = |i: u32, k: u32| (f64::from(i * 7 + k * 131 + 1) * 12.9898).sin() * 43_758.545;
        let part = |i, k| noise(i, k) - noise(i, k).floor();
        let rows = 0..300_u32;
        let x: Vec<f64> = rows.clone().map(|i| part(i, 0)).collect();
        let y: Vec<f64> = rows.clone().map(|i| part(i, 0) + part(i, 1)).collect();
        let z: Vec<f64> = rows.clone().map(|i| f64::from(u8::from(part(i, 2) < 0.3))).collect();
        let time: Vec<f64> = rows
            .clone()
            .map(|i| (-40.0 * part(i, 3).ln() * (-part(i, 0) - z[i as usize]).exp()).ceil())
            .collect();
        let event: Vec<bool> = rows.map(|i| part(i, 4) < 0.7).collect();
        let design = Design::builder().numeric("x", &x).numeric("y", &y).numeric("z", &z);
        (RightCensored::new(&time, &event).unwrap(), design.build().unwrap())
    }

    fn rows(data: &impl SurvivalData) -> &Rows {
        data.rows()
    }

    /// Two limits and a test: every maximisation starts two or three steps from its answer.
    #[test]
    fn searches_start_where_the_last_one_ended() {
        let (data, design) = study();
        for (model, most) in [(CoxPh::new(), 19), (CoxPh::new().firth(), 24)] {
            let fit = model.fit(&data, &design).unwrap();
            let profile = fit.profile(rows(&data), &design).unwrap();
            for column in 0..3 {
                let ends = profile.ends(column, 1.959_963_984_540_054).unwrap().unwrap();
                assert!(ends.iterations <= most, "{}", ends.iterations);
                assert!(ends.lower.unwrap() < ends.upper.unwrap());
            }
        }
    }
}
