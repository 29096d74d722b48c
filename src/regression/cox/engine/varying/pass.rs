//! The likelihood and its derivatives with coefficients that vary.

use ndarray::{Array1, Array2, ArrayView1, Axis};

use super::groups;
use super::pieces;
use super::plan::{Varying, Way};
use crate::numerics::sum::Sum;
use crate::regression::cox::engine::exact;
use crate::regression::cox::engine::ordered::Ordered;
use crate::regression::cox::engine::rows::RowsPass;
use crate::regression::cox::engine::score_residuals as constant;
use crate::regression::cox::engine::separation;
use crate::regression::cox::engine::ties::Ties;
use crate::regression::cox::engine::times::{TimesPass, linear_predictor};

/// Both passes in one.
#[derive(Debug, Clone)]
pub(crate) struct VaryingPass {
    beta: Vec<f64>,
    pub(crate) log_likelihood: f64,
    pub(crate) rows: RowsPass,
}

/// Log-likelihood and derivatives; `None` where the log-likelihood is not finite.
pub(crate) fn pass(
    ordered: &Ordered,
    varying: &Varying,
    ties: Ties,
    beta: &[f64],
) -> Option<VaryingPass> {
    let p = ordered.n_columns();
    let eta = linear_predictor(ordered, beta);
    if !eta.iter().all(|eta| eta.abs() < 1e9) {
        return None;
    }
    let mut rows = RowsPass {
        score: vec![0.0; p],
        information: Array2::zeros((p, p)),
        moment: vec![0.0; p],
        recentred: false,
    };
    let mut log_likelihood = Sum::default();
    for (s, way) in varying.ways.iter().enumerate() {
        if let Way::Groups(of) = way {
            let (value, pass) = groups::pass(ordered, varying, ties, beta, &eta, (s, of))?;
            // Where the differences of sums have lost digits, the pieces keep them.
            if pass.keeps_digits() {
                log_likelihood.add(value);
                rows.add(&pass);
                continue;
            }
        }
        pieces::walk(ordered, varying, s, |frozen, _| {
            let times = TimesPass::new(frozen, ties, beta)?;
            log_likelihood.add(times.log_likelihood);
            rows.add(&RowsPass::new(frozen, ties, beta, &times));
            Some(())
        })?;
    }
    if ordered.has_tied_times() {
        log_likelihood.add(exact::log_likelihood(ordered, beta, &eta));
        exact::add_derivatives(ordered, beta, &eta, &mut rows);
    }
    let log_likelihood = log_likelihood.value();
    let found = VaryingPass { beta: beta.to_vec(), log_likelihood, rows };
    log_likelihood.is_finite().then_some(found)
}

/// Score residuals of every place.
pub(crate) fn score_residuals(
    ordered: &Ordered,
    varying: &Varying,
    ties: Ties,
    pass: &VaryingPass,
) -> Array2<f64> {
    let mut residuals = Array2::zeros((ordered.source.len(), ordered.n_columns()));
    for s in 0..ordered.strata.len() {
        // The likelihood was finite there: no piece is left out.
        let _ = pieces::walk(ordered, varying, s, |frozen, places| {
            let times = TimesPass::new(frozen, ties, &pass.beta)?;
            let of_piece = constant::score_residuals(frozen, ties, &times);
            for (&place, add) in places.iter().zip(of_piece.axis_iter(Axis(0))) {
                let mut row = residuals.row_mut(place as usize);
                row += &add;
            }
            Some(())
        });
    }
    residuals
}

/// Whether the direction orders every event above all others in its risk set.
#[expect(
    clippy::indexing_slicing,
    reason = "a direction has a number for each column, and a place is one of the rows"
)]
pub(crate) fn recedes(ordered: &Ordered, varying: &Varying, direction: &[f64]) -> bool {
    let along = ArrayView1::from(direction);
    let each = |visit: &mut dyn FnMut(&Ordered, Array1<f64>)| {
        for s in 0..ordered.strata.len() {
            let _ = pieces::walk(ordered, varying, s, |frozen, _| {
                visit(frozen, frozen.matrix().dot(&along));
                Some(())
            });
        }
    };
    let constant =
        ordered.matrix().dot(&along.slice_axis(Axis(0), (..ordered.x.n_columns()).into()));
    let mut span = separation::NO_SPAN;
    each(&mut |_, z| span = separation::span(&z, span));
    if ordered.has_tied_times() {
        span = separation::span(&constant, span);
    }
    let slack = separation::slack(span);
    let mut all = true;
    each(&mut |frozen, z| all &= separation::ranks_events_highest(frozen, &z, slack));
    let gamma = &direction[ordered.x.n_columns()..];
    let tied = |s: usize, k: usize, place: usize| {
        constant[place] + varying.shift(ordered.row(place), varying.at_tied(s, k), gamma)
    };
    all && exact::ranks_events_highest(ordered, slack, tied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored};
    use crate::regression::cox::engine::point::Point;

    /// At coefficients where the score is not 0, so that their sign shows.
    #[test]
    fn score_residuals_sum_to_the_score() {
        let (ties, beta) = (Ties::Efron, [0.3, -0.2, 0.4]);
        let functions: [fn(f64) -> f64; 2] = [f64::ln, |time| f64::from(u8::from(time > 3.5))];
        for at in functions {
            let ordered = Ordered::of_six_rows(ties, at);
            let score = Point::new(&ordered, ties, beta.to_vec()).unwrap().score;
            let varying = ordered.varying.as_ref().unwrap();
            let pass = pass(&ordered, varying, ties, &beta).unwrap();
            let residuals = score_residuals(&ordered, varying, ties, &pass);
            for (residuals, score) in residuals.axis_iter(Axis(1)).zip(&score) {
                assert!(score.abs() > 0.01);
                approx::assert_relative_eq!(residuals.sum(), *score, max_relative = 1e-12);
            }
        }
    }

    /// Those of a tied time who have the event are the lowest of their column, which is multiplied by
    /// the logarithm of time, 1 here once it is scaled.
    #[test]
    fn tied_events_are_ranked_by_both_parts_of_a_direction() {
        let data = RightCensored::new(&[2.0, 2.0, 3.0, 4.0], &[true, true, false, false]).unwrap();
        let design = Design::builder().numeric("x", &[0.0, 1.0, 2.0, 4.0]).build().unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::ExactPartial);
        let ordered = ordered.with_varying(vec![0], |time| Ok(vec![time.ln()])).unwrap();
        let varying = ordered.varying.as_ref().unwrap();
        let along = |direction: [f64; 2]| recedes(&ordered, varying, &direction);
        assert!(along([-1.0, 0.0]) && along([0.0, -1.0]) && along([1.0, -2.0]));
        assert!(!along([1.0, 0.0]) && !along([0.0, 1.0]) && !along([-1.0, 2.0]));
    }
}
