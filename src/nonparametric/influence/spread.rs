//! Standard errors of the estimates of groups from the influences of their rows.

use ndarray::{Array2, ArrayView1};

use crate::data::{Partition, Rows, WeightKind};
use crate::error::Result;
use crate::numerics::sum::Sum;
use crate::numerics::to_u32::row_numbers;
use crate::room::room_for;

/// How the estimates of groups vary.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spread {
    /// √ Σ_c (Σ w IF)² of each group, the outer sum over clusters.
    pub(crate) std_error: Vec<f64>,
    /// The correlation of the groups; `None` where no cluster has rows in two of them.
    pub(crate) correlation: Option<Array2<f64>>,
}

/// The infinitesimal jackknife. Without clusters each row is its own, and a row that stands for k
/// identical rows counts as k squares.
#[expect(
    clippy::indexing_slicing,
    reason = "a row is one of the data, and of one of the groups and clusters"
)]
pub(crate) fn spread(
    rows: &Rows,
    n_groups: usize,
    group: impl Fn(usize) -> usize,
    influence: ArrayView1<'_, f64>,
) -> Result<Spread> {
    let alone = rows.cluster_codes().is_none();
    let weighted = |row: usize| match rows.weight_kind() {
        Some(WeightKind::Frequency) if alone => rows.weight(row).sqrt() * influence[row],
        _ => rows.weight(row) * influence[row],
    };
    // Squares are taken of fractions of the largest, so that none leaves the range of numbers.
    let mut unit = vec![0.0_f64; n_groups];
    (0..rows.len()).for_each(|row| unit[group(row)] = unit[group(row)].max(weighted(row).abs()));
    let share = |row: usize| match unit[group(row)] {
        0.0 => 0.0,
        unit => weighted(row) / unit,
    };
    let mut squares = vec![Sum::default(); n_groups];
    let mut products: Option<Array2<f64>> = None;
    match rows.cluster_codes() {
        None => (0..rows.len()).for_each(|row| squares[group(row)].add(share(row).powi(2))),
        Some((n_clusters, codes)) => {
            let order: Vec<u32> = row_numbers(rows.len()).collect();
            let clusters = Partition::new(&order, n_clusters, |row| codes[row] as usize);
            for cluster in 0..n_clusters {
                let sums = by_group(clusters.cell(cluster), &group, share);
                sums.iter().for_each(|&(group, sum)| squares[group].add(sum * sum));
                for (k, &(a, sum_a)) in sums.iter().enumerate() {
                    for &(b, sum_b) in sums.iter().take(k) {
                        if products.is_none() {
                            // And the correlation.
                            let sides = [n_groups, n_groups];
                            room_for::<[f64; 4]>("the covariance of the groups", &sides)?;
                        }
                        let products =
                            products.get_or_insert_with(|| Array2::zeros((n_groups, n_groups)));
                        products[[a, b]] += sum_a * sum_b;
                        products[[b, a]] += sum_a * sum_b;
                    }
                }
            }
        }
    }
    let squares: Vec<f64> = squares.into_iter().map(Sum::value).collect();
    let correlation = products.map(|products| {
        Array2::from_shape_fn((n_groups, n_groups), |(a, b)| match squares[a] * squares[b] {
            _ if a == b => 1.0,
            0.0 => 0.0,
            both => (products[[a, b]] / both.sqrt()).clamp(-1.0, 1.0),
        })
    });
    let std_error = unit.iter().zip(&squares).map(|(unit, square)| unit * square.sqrt()).collect();
    Ok(Spread { std_error, correlation })
}

/// The sums of one cluster, for each group it has rows in.
#[expect(clippy::indexing_slicing, reason = "no chunk is empty")]
fn by_group(
    members: &[u32],
    group: impl Fn(usize) -> usize,
    share: impl Fn(usize) -> f64,
) -> Vec<(usize, f64)> {
    let mut shares: Vec<(usize, f64)> =
        members.iter().map(|&row| (group(row as usize), share(row as usize))).collect();
    shares.sort_by_key(|(group, _)| *group);
    let of_group =
        |same: &[(usize, f64)]| (same[0].0, Sum::of(same.iter().map(|(_, share)| *share)));
    shares.chunk_by(|a, b| a.0 == b.0).map(of_group).collect()
}
