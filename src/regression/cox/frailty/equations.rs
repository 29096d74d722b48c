//! The equations of a Newton step, solved without their matrix.
//!
//! The information of log frailties and coefficients is dense, since risk sets couple all clusters,
//! but its product with a vector costs one walk of the risk sets. So the step comes from conjugate
//! gradients, with the information of the coefficients and the diagonal of the frailties' for a
//! preconditioner: about as many products as there are coefficients and distinct sizes of clusters.
//!
//! Source: Hestenes & Stiefel 1952, doi:10.6028/jres.049.044.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the rows, in one of the clusters, and columns follow the frailties"
)]

use super::super::engine::expected_means;
use super::penalised::{Penalised, State};
use crate::linalg::Ldl;

/// The penalised information at one state. Vectors hold the clusters first, then the columns.
pub(super) struct Equations<'a> {
    penalised: &'a Penalised,
    state: &'a State,
    /// Second derivative of the penalty of each cluster.
    curvature: Vec<f64>,
    /// What the preconditioner divides the clusters by.
    diagonal: Vec<f64>,
    columns: Ldl,
}

/// Products spent on one solution.
const MAX_PRODUCTS: usize = 1000;

impl<'a> Equations<'a> {
    pub(super) fn new(penalised: &'a Penalised, state: &'a State, theta: f64) -> Self {
        let curvature = penalised.curvature(state, theta);
        let expected = penalised.membership.sums(&state.expected);
        Self {
            penalised,
            state,
            diagonal: curvature.iter().zip(&expected).map(|(c, e)| c + e).collect(),
            curvature,
            columns: Ldl::among(&state.point.information, &penalised.free),
        }
    }

    /// The product of the penalised information with a vector.
    fn multiply(&self, vector: &[f64]) -> Vec<f64> {
        let (frailties, columns) = vector.split_at(self.curvature.len());
        let mut product = self.penalised.product(self.state, frailties, columns);
        for ((value, curvature), b) in product.iter_mut().zip(&self.curvature).zip(frailties) {
            *value += curvature * b;
        }
        for (value, column) in product[frailties.len()..].iter_mut().zip(0..) {
            if !self.columns.has(column) {
                *value = 0.0;
            }
        }
        product
    }

    fn precondition(&self, vector: &[f64]) -> Vec<f64> {
        let (frailties, columns) = vector.split_at(self.diagonal.len());
        let frailties = frailties.iter().zip(&self.diagonal).map(|(value, d)| value / d);
        frailties.chain(self.columns.solve(columns)).collect()
    }

    /// The solution for a right-hand side. In the norm of the preconditioner, half whose square is given
    /// to `tolerance`, it is relatively as near as that says.
    pub(super) fn solve(&self, right: &[f64], tolerance: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut solution = vec![0.0; right.len()];
        let mut residual = right.to_vec();
        let mut conditioned = self.precondition(&residual);
        let mut direction = conditioned.clone();
        let mut size = dot(&residual, &conditioned);
        let enough = tolerance(size / 2.0).powi(2) * size;
        for _ in 0..MAX_PRODUCTS {
            if !(size > enough) {
                break;
            }
            let product = self.multiply(&direction);
            let curvature = dot(&direction, &product);
            if !(curvature > 0.0) {
                break;
            }
            let length = size / curvature;
            add(&mut solution, length, &direction);
            add(&mut residual, -length, &product);
            conditioned = self.precondition(&residual);
            let next = dot(&residual, &conditioned);
            let keep = next / size;
            for (d, z) in direction.iter_mut().zip(&conditioned) {
                *d = z + keep * *d;
            }
            size = next;
        }
        solution
    }
}

impl Penalised {
    /// The product of the information, without the penalty, with a vector: one walk of the risk sets
    /// with the single column x·`columns` + `frailties` of the cluster.
    pub(super) fn product(&self, state: &State, frailties: &[f64], columns: &[f64]) -> Vec<f64> {
        let Self { ordered, membership, .. } = self;
        let z: Vec<f64> = (0..ordered.source.len())
            .map(|place| dot(ordered.row(place), columns) + frailties[membership.of(place)])
            .collect();
        let times = &state.point.times;
        let mut product = vec![0.0; frailties.len() + columns.len()];
        let (clusters, rest) = product.split_at_mut(frailties.len());
        expected_means(
            ordered,
            self.control.ties,
            times,
            1,
            |sum, place| sum.add(times.risk.at(place), &z[place..=place]),
            |place, factor, sums| {
                let value = state.expected[place] * z[place] - factor * sums[0];
                clusters[membership.of(place)] += value;
                add(rest, value, ordered.row(place));
            },
        );
        product
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(sum: &mut [f64], factor: f64, vector: &[f64]) {
    sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += factor * value);
}
