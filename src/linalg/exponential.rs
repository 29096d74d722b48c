//! The exponential of a small matrix.

use ndarray::Array2;

/// Terms of the series, enough for a norm of a half.
const TERMS: usize = 14;

/// Squarings that suffice for every finite norm.
const MOST: i32 = 1023;

/// exp(A), by scaling, Taylor's series and squaring.
///
/// Source: Higham, *Functions of Matrices*, section 10.3.
pub(crate) fn exponential(a: &Array2<f64>) -> Array2<f64> {
    let column = |j: usize| a.column(j).iter().map(|value| value.abs()).sum::<f64>();
    let norm = (0..a.ncols()).map(column).fold(0.0, f64::max);
    // The fewest halvings that bring the norm to a half.
    let squarings = (0..MOST).find(|&k| norm <= 2_f64.powi(k - 1)).unwrap_or(MOST);
    let scaled = a / 2_f64.powi(squarings);
    let one = Array2::eye(a.nrows());
    // 1 + A (1 + A/2 (1 + A/3 (…))).
    let mut sum = one.clone();
    for k in (1..=TERMS).rev() {
        sum = &one + &(scaled.dot(&sum) / k as f64);
    }
    (0..squarings).fold(sum, |power, _| power.dot(&power))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// exp of [[0, −t], [t, 0]] is the turn by t; of a triangle by hand.
    #[test]
    fn known_exponentials() {
        for t in [0.0, 0.3, 2.0, 40.0_f64] {
            let turn = exponential(&array![[0.0, -t], [t, 0.0]]);
            let expected = array![[t.cos(), -t.sin()], [t.sin(), t.cos()]];
            approx::assert_abs_diff_eq!(turn, expected, epsilon = 1e-13);
        }
        let triangle = exponential(&array![[-1.0, 3.0], [0.0, -1.0]]);
        let e = (-1.0_f64).exp();
        approx::assert_abs_diff_eq!(triangle, array![[e, 3.0 * e], [0.0, e]], epsilon = 1e-15);
    }

    /// Nothing finite comes of it, but at once.
    #[test]
    fn an_infinite_matrix_ends() {
        assert!(!exponential(&array![[f64::INFINITY]])[[0, 0]].is_finite());
    }
}
