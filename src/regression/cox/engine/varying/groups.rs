//! A stratum by distinct value of the varying columns.

#![expect(
    clippy::indexing_slicing,
    reason = "a group has a place and a time its factor, a product one of two columns that vary"
)]

use ndarray::{Array1, Array2};

use super::plan::{Group, Varying};
use crate::linalg::Gram;
use crate::numerics::ln_sum::LnSum;
use crate::numerics::sum::Sum;
use crate::regression::cox::engine::jumps::Jumps;
use crate::regression::cox::engine::ordered::Ordered;
use crate::regression::cox::engine::rows::RowsPass;
use crate::regression::cox::engine::scaled_sum::{Scaled, ScaledSum, ln_scale};
use crate::regression::cox::engine::stratum::StratumRows;
use crate::regression::cox::engine::ties::Ties;
use crate::regression::cox::engine::times::add_mean;

/// A stratum at given coefficients.
struct Sweep<'a> {
    ordered: &'a Ordered,
    varying: &'a Varying,
    ties: Ties,
    s: usize,
    stratum: &'a StratumRows,
    groups: &'a [Group],
    /// The part of the linear predictor that does not vary.
    eta: &'a Array1<f64>,
    /// w exp(η) of each row of the stratum.
    risk: Vec<Scaled>,
    /// exp(γ z g(t)) of each group at each event time.
    factor: Vec<Vec<Scaled>>,
    gamma: &'a [f64],
}

/// Log-likelihood and derivatives of one stratum; `None` where a linear predictor is out of reach.
pub(super) fn pass(
    ordered: &Ordered,
    varying: &Varying,
    ties: Ties,
    beta: &[f64],
    eta: &Array1<f64>,
    (s, groups): (usize, &[Group]),
) -> Option<(f64, RowsPass)> {
    let stratum = &ordered.strata[s];
    let gamma = &beta[ordered.x.n_columns()..];
    let risk = |place: usize| Scaled::exp(eta[place], ordered.weight[place]);
    let mut factor = Vec::with_capacity(groups.len());
    for group in groups {
        let row = ordered.row(group.places[0] as usize);
        let mut of_group = Vec::with_capacity(stratum.times.len());
        for k in 0..stratum.times.len() {
            let shift = varying.shift(row, varying.at(s, k), gamma);
            if !(shift.abs() < 1e9) {
                return None;
            }
            of_group.push(Scaled::exp(shift, 1.0));
        }
        factor.push(of_group);
    }
    let risk = stratum.rows.clone().map(risk).collect();
    let sweep = Sweep { ordered, varying, ties, s, stratum, groups, eta, risk, factor, gamma };
    let mut means = Gram::new(ordered.n_columns());
    let (log_likelihood, jumps) = sweep.times(&mut means);
    let mut pass = sweep.rows(&jumps);
    pass.information -= &means.symmetric();
    Some((log_likelihood, pass))
}

impl Sweep<'_> {
    fn risk(&self, place: usize) -> Scaled {
        self.risk[place - self.stratum.rows.start]
    }

    /// The event times: log-likelihood and hazard jumps; adds Σ w E Eᵀ to `means`.
    fn times(&self, means: &mut Gram) -> (f64, Jumps) {
        let p = self.ordered.x.n_columns();
        let mut stay = vec![ScaledSum::new(p); self.stratum.times.len()];
        for (group, factor) in self.groups.iter().zip(&self.factor) {
            group.at_risk.scatter(
                &mut ScaledSum::new(p),
                ScaledSum::clear,
                |sum, row| {
                    let place = group.places[row] as usize;
                    sum.add(self.risk(place), self.ordered.row(place));
                },
                |k, sum| stay[k].merge_times(sum, factor[k]),
            );
        }
        let (mut log_likelihood, mut logarithms) = (Sum::default(), LnSum::default());
        let mut jumps = Jumps::with_capacity(stay.len());
        for (k, (time, stay)) in self.stratum.times.iter().zip(&mut stay).enumerate() {
            let g = self.varying.at(self.s, k);
            let mut leave = ScaledSum::new(p);
            for place in time.events() {
                let row = self.ordered.row(place);
                let eta = self.eta[place] + self.varying.shift(row, g, self.gamma);
                log_likelihood.add(self.ordered.weight[place] * eta);
                leave.add(Scaled::exp(eta, self.ordered.weight[place]), row);
            }
            let exponent = stay.align(&mut leave);
            let steps = self.ties.steps(time.steps(), time.step_weight(), stay.total, leave.total);
            let sums = (stay.total, leave.total);
            self.ties.add_logarithms(time.steps(), time.step_weight(), sums, &mut logarithms);
            log_likelihood.add(-time.weight() * ln_scale(exponent));
            let extend = |sum: &ScaledSum| ScaledSum {
                first: self.varying.extended(&sum.first, g).collect(),
                ..*sum
            };
            add_mean(means, &steps, &extend(stay), &extend(&leave));
            jumps.push((steps.hazard, steps.hazard_event), exponent);
        }
        (log_likelihood.after(logarithms.sum()).value(), jumps)
    }

    /// The rows: score, and the information before the means are taken off.
    fn rows(&self, jumps: &Jumps) -> RowsPass {
        let p = self.ordered.n_columns();
        let mut sums = RowSums::new(self.ordered.x.n_columns(), p);
        // g and the products of two g at each event time.
        let products: Vec<Vec<f64>> =
            (0..jumps.len()).map(|k| with_products(self.varying.at(self.s, k))).collect();
        let width = with_products(&vec![0.0; self.gamma.len()]).len();
        for (group, factor) in self.groups.iter().zip(&self.factor) {
            let mut hazards = vec![ScaledSum::new(width); group.places.len()];
            group.at_risk.gather(
                &mut ScaledSum::new(width),
                ScaledSum::clear,
                |sum, k| sum.add(jumps.stay(k).product(factor[k]), &products[k]),
                |row, sum| hazards[row].merge(sum),
            );
            for (&place, hazard) in group.places.iter().zip(&mut hazards) {
                let place = place as usize;
                let own = self.ordered.event[place].then(|| self.event_time(place));
                if let Some(k) = own {
                    hazard.add(jumps.leave(k).product(factor[k]), &products[k]);
                }
                let weight = self.ordered.weight[place];
                let observed = own.map(|k| (weight, self.varying.at(self.s, k)));
                sums.add(self, place, hazard, observed);
            }
        }
        sums.finish()
    }

    /// The event time of a row that has one.
    fn event_time(&self, place: usize) -> usize {
        self.stratum.times.reaching(0, place + 1)
    }
}

/// The values g and their products g_c g_d, d ≤ c.
fn with_products(g: &[f64]) -> Vec<f64> {
    let products = g.iter().enumerate().flat_map(|(c, a)| g[..=c].iter().map(move |b| a * b));
    g.iter().copied().chain(products).collect()
}

/// Sums over rows.
struct RowSums {
    score: Vec<f64>,
    /// Σ e x xᵀ of the columns that do not vary.
    squares: Gram,
    /// The other elements.
    varying: Array2<f64>,
}

impl RowSums {
    fn new(n_constant: usize, p: usize) -> Self {
        let varying = Array2::zeros((p, p));
        Self { score: vec![0.0; p], squares: Gram::new(n_constant), varying }
    }

    /// Adds a row whose expected events are those of `hazard` times its risk: their sum, that of their
    /// g, and that of the products of their g.
    fn add(
        &mut self,
        sweep: &Sweep<'_>,
        place: usize,
        hazard: &ScaledSum,
        observed: Option<(f64, &[f64])>,
    ) {
        let x = sweep.ordered.row(place);
        let risk = hazard.factor_of(sweep.risk(place));
        let expected = risk * hazard.total;
        let residual = observed.map_or(0.0, |(weight, _)| weight) - expected;
        self.score.iter_mut().zip(x).for_each(|(sum, x)| *sum += residual * x);
        let root = expected.sqrt();
        self.squares.push(x.iter().map(|x| root * x));
        let columns = &sweep.varying.columns;
        let mut product = columns.len();
        for (c, &column) in columns.iter().enumerate() {
            let expected = risk * hazard.first[c];
            let event = observed.map_or(0.0, |(weight, g)| weight * g[c]);
            self.score[x.len() + c] += (event - expected) * x[column];
            for (j, x_j) in x.iter().enumerate() {
                self.varying[[x.len() + c, j]] += expected * x[column] * x_j;
            }
            for (d, &other) in columns[..=c].iter().enumerate() {
                let expected = risk * hazard.first[product];
                self.varying[[x.len() + c, x.len() + d]] += expected * x[column] * x[other];
                product += 1;
            }
        }
    }

    fn finish(self) -> RowsPass {
        let squares = self.squares.symmetric();
        let n_constant = squares.nrows();
        let information = Array2::from_shape_fn(self.varying.dim(), |(i, j)| {
            let (i, j) = (i.max(j), i.min(j));
            if i < n_constant { squares[[i, j]] } else { self.varying[[i, j]] }
        });
        let moment = information.diag().to_vec();
        RowsPass { score: self.score, information, moment, recentred: false }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pieces;
    use super::super::plan::Way;
    use super::*;
    use crate::data::{Design, RightCensored};
    use crate::regression::cox::engine::times::{TimesPass, linear_predictor};

    /// The sum over pieces, each an ordinary stratum, is the other way to the same numbers. Three
    /// functions, two of them of one column.
    #[test]
    fn by_value_is_as_by_piece() {
        for per_time in [1, 3] {
            // Without an offset, and with one that spreads the risks over more than a number holds.
            [0.0, 500.0].into_iter().for_each(|far| agrees(per_time, far));
        }
    }

    fn agrees(per_time: u32, far: f64) {
        let n = 200_u32;
        let time = |row: u32| f64::from(1 + row * 77 % n / per_time);
        let time: Vec<f64> = (0..n).map(time).collect();
        let offset: Vec<f64> = (0..n).map(|row| far * f64::from(row * 7 % 4)).collect();
        let event: Vec<bool> = (0..n).map(|row| row % 5 > 0).collect();
        let column =
            |f: fn(u32) -> u32| -> Vec<f64> { (0..n).map(|row| f64::from(f(row))).collect() };
        let data = RightCensored::new(&time, &event).unwrap();
        let design = Design::builder()
            .offset(&offset)
            .numeric("x", &column(|row| row * 31 % 17))
            .numeric("y", &column(|row| row % 2))
            .numeric("z", &column(|row| row / 2 % 2))
            .build()
            .unwrap();
        let ordered = Ordered::of_data(&data, &design, Ties::Efron);
        let ordered = ordered
            .with_varying(vec![1, 2, 1], |time| Ok(vec![time.ln(), time, time.sqrt()]))
            .unwrap();
        let varying = ordered.varying.as_ref().unwrap();
        let beta = [0.3, -0.2, 0.4, 0.5, -0.6, 0.1];
        let eta = linear_predictor(&ordered, &beta);
        let Way::Groups(groups) = &varying.ways[0] else { panic!("by piece") };
        let (value, by_value) =
            pass(&ordered, varying, Ties::Efron, &beta, &eta, (0, groups)).unwrap();
        let mut by_piece = RowsPass {
            score: vec![0.0; 6],
            information: Array2::zeros((6, 6)),
            moment: vec![0.0; 6],
            recentred: false,
        };
        let mut sum = 0.0;
        pieces::walk(&ordered, varying, 0, |frozen, _| {
            let times = TimesPass::new(frozen, Ties::Efron, &beta)?;
            sum += times.log_likelihood;
            by_piece.add(&RowsPass::new(frozen, Ties::Efron, &beta, &times));
            Some(())
        });
        approx::assert_relative_eq!(value, sum, max_relative = 1e-12);
        for (a, b) in by_value.score.iter().zip(&by_piece.score) {
            approx::assert_abs_diff_eq!(a, b, epsilon = 1e-10);
        }
        for (a, b) in by_value.information.iter().zip(&by_piece.information) {
            approx::assert_abs_diff_eq!(a, b, epsilon = 1e-10);
        }
    }
}
