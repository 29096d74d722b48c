//! The risk sets of tied events.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the stratum, a time one of its tied times, and β has all columns"
)]
#![expect(
    clippy::cast_possible_truncation,
    reason = "places and event times are no more numerous than rows, of which there are at most u32::MAX"
)]

use ndarray::{Array1, Array2, Axis};

use super::chain::{Chain, Moments};
use crate::linalg::Gram;
use crate::numerics::MAX_TIED;
use crate::numerics::whole::whole;
use crate::regression::cox::engine::ordered::Ordered;
use crate::regression::cox::engine::rows::{ROUNDING, RowsPass};
use crate::regression::cox::engine::stratum::{StratumRows, TiedTime};
use crate::regression::cox::engine::varying::Varying;

/// Calls `visit(k, places)` for every time of tied events of a stratum, latest first, with the places
/// at risk: those with the event first.
pub(super) fn walk(stratum: &StratumRows, mut visit: impl FnMut(usize, &[u32])) {
    let tied = &stratum.tied;
    let start = stratum.rows.start;
    let (mut others, mut next) = (Vec::new(), start);
    let mut places = Vec::new();
    for (k, time) in tied.times.iter().enumerate() {
        others.extend(next as u32..time.events.start as u32);
        if let Some(until) = &tied.until {
            others.retain(|&place| until[place as usize - start] > k as u32);
        }
        let events = time.events.start as u32..time.events.end as u32;
        places.clear();
        places.extend(events.clone().chain(others.iter().copied()));
        visit(k, &places);
        others.extend(events);
        next = time.events.end;
    }
}

/// The choice made at one time: which of the rows at risk have the event, or, where those are the
/// fewer, which do not. Choosing those who do not have the event with risks 1/r is the same.
struct Choice {
    /// Those chosen first, each as often as its frequency says.
    rows: Vec<u32>,
    n_chosen: usize,
    /// −1 where those are chosen who do not have the event.
    sign: f64,
}

impl Choice {
    fn new(ordered: &Ordered, time: &TiedTime, places: &[u32]) -> Self {
        let times = |place: u32| whole(ordered.weight[place as usize]);
        let mut rows: Vec<u32> =
            (places.iter()).flat_map(|&place| std::iter::repeat_n(place, times(place))).collect();
        let n_events = whole(time.n_events);
        let n_others = rows.len() - n_events;
        if n_events <= n_others {
            return Self { rows, n_chosen: n_events, sign: 1.0 };
        }
        rows.rotate_left(n_events);
        Self { rows, n_chosen: n_others, sign: -1.0 }
    }

    /// ln r of each row; `varying` holds the γ and their functions of time.
    fn ln_risk(
        &self,
        ordered: &Ordered,
        eta: &Array1<f64>,
        varying: Option<(&Varying, &[f64], &[f64])>,
    ) -> Vec<f64> {
        let ln_risk = |&place: &u32| {
            let place = place as usize;
            let shift =
                varying.map(|(varying, gamma, g)| varying.shift(ordered.row(place), g, gamma));
            self.sign * (eta[place] + shift.unwrap_or(0.0))
        };
        self.rows.iter().map(ln_risk).collect()
    }

    /// The covariates of each row, those of the mean row taken off: where the risk set lies does not
    /// matter, and must not cost digits.
    fn covariates(
        &self,
        ordered: &Ordered,
        varying: Option<(&Varying, &[f64], &[f64])>,
        moment: &mut [f64],
    ) -> Array2<f64> {
        let mut x = Array2::zeros((self.rows.len(), ordered.n_columns()));
        for (mut row, &place) in x.rows_mut().into_iter().zip(&self.rows) {
            let from = ordered.row(place as usize);
            match varying {
                None => row.iter_mut().zip(from).for_each(|(to, x)| *to = self.sign * x),
                Some((varying, _, g)) => (row.iter_mut().zip(varying.extended(from, g)))
                    .for_each(|(to, x)| *to = self.sign * x),
            }
        }
        let share = self.n_chosen as f64 / self.rows.len() as f64;
        for (moment, column) in moment.iter_mut().zip(x.columns()) {
            *moment += ROUNDING * share * column.dot(&column);
        }
        let mean = x.mean_axis(Axis(0)).unwrap_or_default();
        x -= &mean;
        x
    }
}

/// The most cells of the recursion at one time: the work of a minute or so.
const MAX_CELLS: f64 = 4e9;

/// The first time, latest first, whose ties are more than the recursion can take: the time, its
/// events, and how many it could take among as many rows.
pub(crate) fn too_many(ordered: &Ordered) -> Option<(f64, f64, f64)> {
    let mut found = None;
    for stratum in &ordered.strata {
        walk(stratum, |k, places| {
            let TiedTime { time, n_events, .. } = stratum.tied.times[k];
            let n: f64 = places.iter().map(|&place| ordered.weight[place as usize]).sum();
            // Each row of a choice lies in memory, however few are chosen.
            let (chosen, limit) = match n > MAX_TIED.max(2.0 * places.len() as f64) {
                true => (n_events, 1.0),
                false => (n_events.min(n - n_events), (MAX_CELLS / n).floor()),
            };
            if chosen > limit {
                found.get_or_insert((time, n_events, limit));
            }
        });
    }
    found
}

/// The coefficients that vary, and their functions at the k-th time of tied events.
fn varying_at<'a>(
    ordered: &'a Ordered,
    beta: &'a [f64],
    stratum: usize,
    k: usize,
) -> Option<(&'a Varying, &'a [f64], &'a [f64])> {
    let varying = ordered.varying.as_ref()?;
    Some((varying, &beta[ordered.x.n_columns()..], varying.at_tied(stratum, k)))
}

/// Σ over the times of tied events of the logarithm of their exact likelihood.
pub(crate) fn log_likelihood(ordered: &Ordered, beta: &[f64], eta: &Array1<f64>) -> f64 {
    let mut sum = 0.0;
    for (s, stratum) in ordered.strata.iter().enumerate() {
        walk(stratum, |k, places| {
            let choice = Choice::new(ordered, &stratum.tied.times[k], places);
            let ln_risk = choice.ln_risk(ordered, eta, varying_at(ordered, beta, s, k));
            sum += Chain { ln_risk: &ln_risk, n_chosen: choice.n_chosen }.log_likelihood();
        });
    }
    sum
}

/// Adds the derivatives of the exact likelihood of tied events.
pub(crate) fn add_derivatives(
    ordered: &Ordered,
    beta: &[f64],
    eta: &Array1<f64>,
    pass: &mut RowsPass,
) {
    let p = ordered.n_columns();
    let mut information = Gram::new(p);
    let mut moment = vec![0.0; p];
    for (s, stratum) in ordered.strata.iter().enumerate() {
        walk(stratum, |k, places| {
            let choice = Choice::new(ordered, &stratum.tied.times[k], places);
            let varying = varying_at(ordered, beta, s, k);
            if choice.n_chosen == 0 {
                return;
            }
            let x = choice.covariates(ordered, varying, &mut moment);
            let mut sums = Moments {
                score: &mut pass.score,
                information: &mut information,
                moment: &mut moment,
            };
            let ln_risk = choice.ln_risk(ordered, eta, varying);
            Chain { ln_risk: &ln_risk, n_chosen: choice.n_chosen }.add_moments(&x, &mut sums);
        });
    }
    pass.information += &information.symmetric();
    pass.moment.iter_mut().zip(&moment).for_each(|(sum, moment)| *sum += moment);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Design, RightCensored};
    use crate::regression::cox::engine::ties::Ties;

    /// With all coefficients 0 each of the n rows at risk is one of the d with the probability d/n: a
    /// column has the moment d/n Σ (x − x̄)² at each time, and the variance of a sample without
    /// replacement, which is that times (n − d)/(n − 1).
    #[test]
    fn moments_with_coefficients_of_0_are_those_of_a_sample() {
        let time = [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0];
        let event = [true, true, true, true, false, false, false];
        let x = [9.0, 4.0, -3.0, 0.5, 2.0, 7.0, -20.0];
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder().numeric("x", &x).build().unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::ExactPartial);
        let mut pass = RowsPass {
            score: vec![0.0],
            information: Array2::zeros((1, 1)),
            moment: vec![0.0],
            recentred: false,
        };
        add_derivatives(&ordered, &[0.0], &Array1::zeros(7), &mut pass);
        let (mut moment, mut information) = (0.0, 0.0);
        for (n, d) in [(7.0, 2.0), (5.0, 2.0)] {
            let at_risk = &x[7 - n as usize..];
            let mean = at_risk.iter().sum::<f64>() / n;
            let square: f64 = at_risk.iter().map(|x| (x - mean).powi(2)).sum();
            moment += d / n * square;
            information += d / n * (n - d) / (n - 1.0) * square;
        }
        let scale = ordered.scale[0] * ordered.scale[0];
        approx::assert_relative_eq!(pass.moment[0] * scale, moment, max_relative = 1e-12);
        approx::assert_relative_eq!(
            pass.information[[0, 0]] * scale,
            information,
            max_relative = 1e-13
        );
    }
}
