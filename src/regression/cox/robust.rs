//! The middle of the sandwich variance.

use ndarray::{Array2, Axis};

use crate::data::{Rows, WeightKind};

/// Σ s sᵀ over clusters, with s the sum of the score residuals of a cluster; without clusters each
/// row is its own, and a row that stands for k identical rows counts k times. The residuals are those of
/// the rows of `source`.
pub(crate) fn meat(rows: &Rows, source: &[u32], residuals: &Array2<f64>) -> Array2<f64> {
    let Some((n_clusters, codes)) = rows.cluster_codes() else {
        if rows.weight_kind() != Some(WeightKind::Frequency) {
            return residuals.t().dot(residuals);
        }
        let mut single = residuals.clone();
        for (mut row, &source) in single.axis_iter_mut(Axis(0)).zip(source) {
            row /= rows.weight(source as usize).sqrt();
        }
        return single.t().dot(&single);
    };
    let mut sums = Array2::zeros((n_clusters, residuals.ncols()));
    for (row, &source) in residuals.axis_iter(Axis(0)).zip(source) {
        let mut sum = sums.row_mut(codes[source as usize] as usize);
        sum += &row;
    }
    sums.t().dot(&sums)
}
