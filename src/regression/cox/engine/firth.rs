//! Firth's penalty ½ ln|I| and its gradient.
//!
//! With V = I⁻¹ the gradient is ½ tr(V ∂I/∂β). I is the sum over the steps of all event times of the
//! weighted covariances of x in the risk set, so V enters only through z = xW with W Wᵀ = V, in which
//! tr(V I) is a sum of variances of z. By its derivative along the linear predictor of one row the
//! gradient is a sum over rows,
//! ```text
//! ½ Σ_i x_i r_i Σ_t w/u ( |z_i − Z_t|² − (Q_t − |Z_t|²) )
//! ```
//! with Z the mean of z and Q that of |z|² over the risk set, the inner sum over the steps at which
//! row i is at risk, each times θ where the row has the event. Expanded, it is made of three sums over
//! event times, which every row gathers: of w/u, of w Z/u, and of w (2|Z|² − Q)/u. No third moment is
//! formed, and the cost is one product of all rows with W and two passes of p + 1 columns.
//!
//! Source: Firth 1993, doi:10.1093/biomet/80.1.27; Heinze & Schemper 2001,
//! doi:10.1111/j.0006-341X.2001.00114.x.

#![expect(
    clippy::indexing_slicing,
    reason = "a row has p + 1 numbers, a time its shares, and a cube one of four numbers"
)]

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis};

use super::event_times::EventTime;
use super::firth_recentred;
use super::hazards;
use super::ordered::Ordered;
use super::penalty::Pull;
use super::point::Point;
use super::risk_sets;
use super::scaled_sum::ScaledSum;
use super::ties::Ties;
use crate::linalg::Ldl;

/// The penalty at a point; `None` where the information has no determinant there.
pub(super) fn pull(ordered: &Ordered, ties: Ties, point: &Point, columns: &[bool]) -> Option<Pull> {
    let ldl = Ldl::among(&point.information, columns);
    if ldl.live() != columns {
        return None;
    }
    let value = ldl.ln_determinant() / 2.0;
    let rows = whitened(ordered, &ldl);
    let recentred = || firth_recentred::gradient(ordered, ties, point, &rows);
    let gradient = point.recentred.then(recentred).flatten();
    let gradient = gradient.unwrap_or_else(|| self::gradient(ordered, ties, point, &rows));
    let finite = value.is_finite() && gradient.iter().all(|g| g.is_finite());
    finite.then(|| Pull { value, gradient, curvature: Vec::new() })
}

/// z and, behind it, |z|² of every place.
fn whitened(ordered: &Ordered, ldl: &Ldl) -> Array2<f64> {
    let p = ordered.n_columns();
    let mut rows = Array2::zeros((ordered.x.n_rows(), p + 1));
    let mut z = rows.slice_axis_mut(Axis(1), (..p).into());
    general_mat_mul(1.0, &ordered.matrix(), &ldl.whitening(), 0.0, &mut z);
    for mut row in rows.rows_mut() {
        row[p] = row.iter().map(|z| z * z).sum();
    }
    rows
}

/// ½ Σ x_i m_i, with m the bracket of the module's formula.
fn gradient(ordered: &Ordered, ties: Ties, point: &Point, rows: &Array2<f64>) -> Vec<f64> {
    let p = ordered.n_columns();
    let flat = rows.as_slice().unwrap_or_default();
    let row = |place: usize| &flat[place * (p + 1)..(place + 1) * (p + 1)];
    let mut gradient = vec![0.0; p];
    for stratum in &ordered.strata {
        let mut shares = Vec::with_capacity(stratum.times.len());
        let add =
            |sum: &mut ScaledSum, place: usize| sum.add(point.times.risk.at(place), row(place));
        risk_sets::walk_columns(stratum, p + 1, add, |k, stay, leave| {
            shares.push(Share::new(ties, &stratum.times.at(k), stay, leave));
        });
        hazards::accumulate(
            stratum,
            &ScaledSum::new(p + 1),
            |sum, k| sum.merge(&shares[k].stay),
            |sum, k| sum.merge(&shares[k].leave),
            |place, sum| {
                let (z, square) = (&row(place)[..p], row(place)[p]);
                let product: f64 = z.iter().zip(&sum.first).map(|(z, mean)| z * mean).sum();
                let bracket = square * sum.total - 2.0 * product + sum.first[p];
                let half = sum.factor_of(point.times.risk.at(place)) * bracket / 2.0;
                gradient.iter_mut().zip(ordered.row(place)).for_each(|(g, x)| *g += half * x);
            },
        );
    }
    gradient
}

/// What one event time adds for the rows that stay, and for those that have the event: Σ w/u, and
/// Σ w Z/u followed by Σ w (2|Z|² − Q)/u.
pub(super) struct Share {
    pub(super) stay: ScaledSum,
    pub(super) leave: ScaledSum,
}

impl Share {
    pub(super) fn new(
        ties: Ties,
        time: &EventTime,
        stay: &mut ScaledSum,
        leave: &mut ScaledSum,
    ) -> Self {
        let exponent = stay.align(leave);
        let all = stay.total + leave.total;
        // In shares of the whole risk set, so that no power of a sum overflows.
        let share = |sum: &ScaledSum| {
            (sum.total / all, sum.first.iter().map(|value| value / all).collect::<Vec<f64>>())
        };
        let ((n, of_stay), (d, of_leave)) = (share(stay), share(leave));
        let steps = ties.steps(time.steps(), time.step_weight(), n, d);
        let cubes = ties.cubes(time.steps(), time.step_weight(), n, d);
        let p = of_stay.len() - 1;
        let dot = |a: &[f64], b: &[f64]| a[..p].iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (nn, nd) = (dot(&of_stay, &of_stay), dot(&of_stay, &of_leave));
        let dd = dot(&of_leave, &of_leave);
        let once = steps.mean_theta * steps.square;
        let twice = steps.spread + steps.mean_theta * once;
        let combine = |hazard: f64, a: f64, b: f64, cubes: &[f64]| {
            let both = of_stay.iter().zip(&of_leave);
            let mut first: Vec<f64> = both.map(|(n, d)| (a * n + b * d) / all).collect();
            let squares = cubes[0] * nn + 2.0 * cubes[1] * nd + cubes[2] * dd;
            first[p] = 2.0 * squares / all - first[p];
            ScaledSum { exponent: -exponent, total: hazard / all, first }
        };
        Self {
            stay: combine(steps.hazard, steps.square, once, &cubes[..3]),
            leave: combine(steps.hazard_event, once, twice, &cubes[1..]),
        }
    }
}
