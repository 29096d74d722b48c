//! The likelihood of the multinomial logit and its derivatives at one point.

#![expect(clippy::indexing_slicing, reason = "a row has a value for each group")]

use ndarray::{Array2, ArrayView1};

use super::columns::Columns;
use crate::linalg::Gram;

/// Which of k groups each row is in; the last one is the reference, whose coefficients are 0.
#[derive(Debug)]
pub(super) struct Membership {
    /// Groups, the reference moved to the end.
    pub(super) codes: Vec<usize>,
    /// Number of groups with coefficients: k − 1.
    pub(super) n_free: usize,
}

/// Coefficients, group by group, with what the likelihood says of them.
#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) beta: Vec<f64>,
    pub(super) log_likelihood: f64,
    /// n × k, the reference last.
    pub(super) probabilities: Array2<f64>,
    pub(super) score: Vec<f64>,
    pub(super) information: Array2<f64>,
}

impl Point {
    /// `None` where the likelihood is not finite.
    pub(super) fn new(columns: &Columns, own: &Membership, beta: Vec<f64>) -> Option<Self> {
        let (probabilities, log_likelihood) = probabilities(columns, own, &beta)?;
        let score = score(columns, own, &probabilities);
        let information = information(columns, own.n_free, &probabilities);
        Some(Self { beta, log_likelihood, probabilities, score, information })
    }
}

/// e = exp(η)/Σ exp(η) of every row and group, and Σ ln e of the groups that the rows are in.
pub(super) fn probabilities(
    columns: &Columns,
    own: &Membership,
    beta: &[f64],
) -> Option<(Array2<f64>, f64)> {
    let mut e = Array2::zeros((own.codes.len(), own.n_free + 1));
    for (g, beta) in beta.chunks(columns.len()).enumerate() {
        e.column_mut(g).assign(&columns.x.dot(&ArrayView1::from(beta)));
    }
    let mut log_likelihood = 0.0;
    for (mut eta, &own) in e.rows_mut().into_iter().zip(&own.codes) {
        let highest = eta.fold(f64::NEG_INFINITY, |m, &eta| m.max(eta));
        // Without the group's own term nothing is lost where its probability is near 1.
        let others = eta.indexed_iter().filter(|(g, _)| *g != own);
        let odds: f64 = others.map(|(_, other)| (other - eta[own]).exp()).sum();
        log_likelihood -= odds.ln_1p();
        eta.mapv_inplace(|eta| (eta - highest).exp());
        let total = eta.sum();
        eta.mapv_inplace(|e| e / total);
    }
    log_likelihood.is_finite().then_some((e, log_likelihood))
}

/// Σ x (1{own = g} − e_g) for every group.
fn score(columns: &Columns, own: &Membership, e: &Array2<f64>) -> Vec<f64> {
    let mut residual = -e;
    for (mut row, &own) in residual.rows_mut().into_iter().zip(&own.codes) {
        // 1 − e of the own group as the sum of the others, which is exact where e is near 1.
        let others = row.indexed_iter().filter(|(g, _)| *g != own);
        row[own] = -others.map(|(_, r)| r).sum::<f64>();
    }
    let of_group = |g: usize| residual.column(g).dot(&columns.x);
    (0..own.n_free).flat_map(of_group).collect()
}

/// Σ x xᵀ e_g (1{g = h} − e_h), the blocks of all pairs of groups.
fn information(columns: &Columns, n_free: usize, e: &Array2<f64>) -> Array2<f64> {
    let p = columns.len();
    let mut information = Array2::zeros((n_free * p, n_free * p));
    for g in 0..n_free {
        for h in 0..=g {
            let weight = |row: usize| match g == h {
                true => {
                    e[[row, g]] * (0..=n_free).filter(|&k| k != g).map(|k| e[[row, k]]).sum::<f64>()
                }
                false => e[[row, g]] * e[[row, h]],
            };
            let product = weighted_gram(&columns.x, weight);
            let sign = if g == h { 1.0 } else { -1.0 };
            for ((i, j), value) in product.indexed_iter() {
                information[[g * p + i, h * p + j]] = sign * value;
                information[[h * p + i, g * p + j]] = sign * value;
            }
        }
    }
    information
}

/// Σ w x xᵀ.
pub(super) fn weighted_gram(x: &Array2<f64>, weight: impl Fn(usize) -> f64) -> Array2<f64> {
    let mut gram = Gram::new(x.ncols());
    for (i, row) in x.rows().into_iter().enumerate() {
        let root = weight(i).sqrt();
        gram.push(row.iter().map(|x| root * x));
    }
    gram.symmetric()
}
