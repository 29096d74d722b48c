//! Comparison of floating-point numbers.

use riskset::ndarray::ArrayView2;

/// Fails unless |a − b| ≤ bound · max(1, |b|).
#[track_caller]
pub fn assert_close(found: f64, expected: f64, bound: f64) {
    let allowed = bound * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "found {found:e}, expected {expected:e}");
}

/// [`assert_close`] for each pair, held against the largest number.
#[track_caller]
pub fn assert_slice_close(found: &[f64], expected: &[f64], bound: f64) {
    assert_eq!(found.len(), expected.len());
    let largest = expected.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    for (found_one, expected_one) in found.iter().zip(expected) {
        let distance = (found_one - expected_one).abs();
        assert!(distance <= bound * largest, "found {found:?}, expected {expected:?}");
    }
}

/// [`assert_slice_close`] for matrices.
#[track_caller]
pub fn assert_matrix_close(found: ArrayView2<'_, f64>, expected: ArrayView2<'_, f64>, bound: f64) {
    assert_eq!(found.dim(), expected.dim());
    let list = |matrix: ArrayView2<'_, f64>| matrix.iter().copied().collect::<Vec<f64>>();
    assert_slice_close(&list(found), &list(expected), bound);
}
