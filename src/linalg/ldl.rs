//! LDLᵀ of a positive semi-definite matrix, in the order of its columns.

#![expect(
    clippy::indexing_slicing,
    reason = "rows and columns are those of the matrix, and a vector is as long"
)]

use ndarray::Array2;

use super::dot::{add_multiple, dot};

/// A pivot below this fraction of its original diagonal element is taken for zero: ε^¾.
const TOLERANCE: f64 = 1.818_989_403_545_856_5e-12;

/// A = L D Lᵀ with unit lower-triangular L, columns without a pivot of their own left out.
///
/// Columns are taken in order, so that of several dependent columns the last is left out. The
/// pivot is held against the column's *original* diagonal element: an exactly dependent column
/// leaves a rounding residue there, which an absolute test, or Cholesky's "is it positive", lets
/// pass about four times in ten.
#[derive(Debug, Clone)]
pub(crate) struct Ldl {
    /// By rows, each with all its columns.
    lower: Vec<f64>,
    pivot: Vec<f64>,
}

impl Ldl {
    /// Factors a symmetric matrix, of which the lower triangle is read.
    pub(crate) fn new(matrix: &Array2<f64>) -> Self {
        Self::among(matrix, &vec![true; matrix.nrows()])
    }

    /// Factors the part of the matrix whose columns are `live`; the others count as left out.
    pub(crate) fn among(matrix: &Array2<f64>, live: &[bool]) -> Self {
        Self::against(&matrix.diag().to_vec(), matrix, live)
    }

    /// The same with pivots held against another diagonal: that of a matrix which this one has
    /// shrunk from.
    pub(crate) fn against(diagonal: &[f64], matrix: &Array2<f64>, live: &[bool]) -> Self {
        let p = matrix.nrows();
        let mut lower = vec![0.0; p * p];
        for (i, row) in lower.chunks_exact_mut(p.max(1)).enumerate() {
            row[..=i].iter_mut().zip(matrix.row(i)).for_each(|(to, a)| *to = *a);
        }
        let (mut pivot, mut column) = (vec![0.0; p], Vec::with_capacity(p));
        for j in 0..p {
            let (done, below) = lower.split_at_mut((j + 1) * p);
            let rest = std::mem::replace(&mut done[j * p + j], 1.0);
            if !(live[j] && rest > TOLERANCE * diagonal[j]) {
                below.chunks_exact_mut(p).for_each(|row| row[j] = 0.0);
                continue;
            }
            pivot[j] = rest;
            column.clear();
            column.extend(below.chunks_exact(p).map(|row| row[j]));
            // Of what is left of each row the part that this column explains is taken off.
            for (i, row) in below.chunks_exact_mut(p).enumerate() {
                let (before, after) = row.split_at_mut(j + 1);
                before[j] /= rest;
                add_multiple(&mut after[..=i], -before[j], &column[..=i]);
            }
        }
        Self { lower, pivot }
    }

    /// A row of L.
    fn row(&self, i: usize) -> &[f64] {
        let p = self.pivot.len();
        &self.lower[i * p..(i + 1) * p]
    }

    /// Number of columns with a pivot.
    pub(crate) fn rank(&self) -> usize {
        self.pivot.iter().filter(|&&pivot| pivot > 0.0).count()
    }

    /// Whether a column has a pivot.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.pivot[column] > 0.0
    }

    /// Which columns have a pivot.
    pub(crate) fn live(&self) -> Vec<bool> {
        (0..self.pivot.len()).map(|j| self.has(j)).collect()
    }

    /// D, with 0 for a column that is left out.
    pub(crate) fn pivots(&self) -> &[f64] {
        &self.pivot
    }

    /// ln|A| over the columns with a pivot.
    pub(crate) fn ln_determinant(&self) -> f64 {
        self.pivot.iter().filter(|&&pivot| pivot > 0.0).map(|pivot| pivot.ln()).sum()
    }

    /// W with W Wᵀ = A⁻¹ over the columns with a pivot, 0 elsewhere: |xW|² = x A⁻¹ xᵀ.
    pub(crate) fn whitening(&self) -> Array2<f64> {
        let p = self.pivot.len();
        let mut whitening = Array2::zeros((p, p));
        let mut unit = vec![0.0; p];
        for k in (0..p).filter(|&k| self.has(k)) {
            unit[k] = 1.0;
            for (i, value) in self.forward(&unit).into_iter().enumerate() {
                whitening[[k, i]] = if self.has(i) { value / self.pivot[i].sqrt() } else { 0.0 };
            }
            unit[k] = 0.0;
        }
        whitening
    }

    /// The earlier columns of which a left-out column is a combination.
    pub(crate) fn combination(&self, column: usize) -> Vec<usize> {
        let mut weights: Vec<f64> = self.row(column)[..column].to_vec();
        for j in (0..column).rev() {
            for k in 0..j {
                weights[k] -= self.row(j)[k] * weights[j];
            }
        }
        let largest = weights.iter().fold(0.0, |m: f64, w| m.max(w.abs()));
        let takes_part = |&j: &usize| self.has(j) && weights[j].abs() > 1e-8 * largest;
        (0..column).filter(takes_part).collect()
    }

    /// Number of columns with a pivot from `first` on.
    pub(crate) fn rank_from(&self, first: usize) -> usize {
        self.pivot[first..].iter().filter(|&&pivot| pivot > 0.0).count()
    }

    /// L⁻¹ b over the columns with a pivot, 0 elsewhere: each value less what those before explain.
    pub(crate) fn forward(&self, b: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; b.len()];
        for i in 0..b.len() {
            if self.has(i) {
                y[i] = b[i] - inner(&self.row(i)[..i], &y[..i]);
            }
        }
        y
    }

    /// Solves A x = b over the columns with a pivot; x is 0 elsewhere.
    pub(crate) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.forward(b);
        let both = x.iter_mut().zip(&self.pivot).filter(|(_, pivot)| **pivot > 0.0);
        both.for_each(|(x, pivot)| *x /= pivot);
        // From the last one on, each is taken off those before it.
        for i in (0..b.len()).rev().filter(|&i| self.has(i)) {
            let (before, own) = x.split_at_mut(i);
            add_multiple(before, -own[0], &self.row(i)[..i]);
        }
        x
    }

    /// bᵀ A⁻¹ b over the columns with a pivot.
    pub(crate) fn quadratic_form(&self, b: &[f64]) -> f64 {
        self.quadratic_form_from(0, b)
    }

    /// The part of the quadratic form that the columns from `first` on add to those before.
    pub(crate) fn quadratic_form_from(&self, first: usize, b: &[f64]) -> f64 {
        let y = self.forward(b);
        let both = y.iter().zip(&self.pivot).skip(first);
        both.filter(|(_, d)| **d > 0.0).map(|(&y, &d)| square_over(y, d)).sum()
    }

    /// A⁻¹ over the columns with a pivot, 0 elsewhere.
    pub(crate) fn inverse(&self) -> Array2<f64> {
        let p = self.pivot.len();
        let mut inverse = Array2::zeros((p, p));
        let mut unit = vec![0.0; p];
        for j in (0..p).filter(|&j| self.has(j)) {
            unit[j] = 1.0;
            for (i, value) in self.solve(&unit).into_iter().enumerate() {
                inverse[[i, j]] = value;
            }
            unit[j] = 0.0;
        }
        (&inverse + &inverse.t()) / 2.0
    }

    /// B M B of a symmetric B around the matrix M that was factored: a sum of squares, none of them negative.
    pub(crate) fn between(&self, b: &Array2<f64>) -> Array2<f64> {
        let p = self.pivot.len();
        let mut half = Array2::zeros((p, p));
        for k in (0..p).filter(|&k| self.has(k)) {
            let mut row = half.row_mut(k);
            row += &b.row(k);
            (k + 1..p).for_each(|j| row.scaled_add(self.row(j)[k], &b.row(j)));
            row *= self.pivot[k].sqrt();
        }
        half.t().dot(&half)
    }

    /// The diagonal of A⁻¹ over the columns with a pivot, 0 elsewhere: the sums of squares of the
    /// columns of D^(−½) L⁻¹.
    pub(crate) fn inverse_diagonal(&self) -> Vec<f64> {
        let p = self.pivot.len();
        // The rows of L⁻¹, each as long as its place.
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(p);
        let mut diagonal = vec![0.0; p];
        for i in 0..p {
            let mut row = vec![0.0; i + 1];
            if self.has(i) {
                for k in (0..i).filter(|&k| self.has(k)) {
                    let weight = self.row(i)[k];
                    row.iter_mut().zip(&rows[k]).for_each(|(sum, x)| *sum -= weight * x);
                }
                row[i] = 1.0;
                for (sum, value) in diagonal.iter_mut().zip(&row) {
                    *sum += value * value / self.pivot[i];
                }
            }
            rows.push(row);
        }
        diagonal
    }
}

/// Σ a b, of few terms in turn, which takes least then.
fn inner(a: &[f64], b: &[f64]) -> f64 {
    const FEW: usize = 16;
    if a.len() < FEW { a.iter().zip(b).map(|(a, b)| a * b).sum() } else { dot(a, b) }
}

/// y²/d, also where no number holds y².
fn square_over(y: f64, d: f64) -> f64 {
    let square = y * y / d;
    if square.is_finite() { square } else { y * (y / d) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn solves_and_inverts() {
        let a = array![[4.0, 2.0, 0.4], [2.0, 5.0, 1.0], [0.4, 1.0, 3.0]];
        let ldl = Ldl::new(&a);
        assert_eq!(ldl.rank(), 3);
        let identity = a.dot(&ldl.inverse());
        approx::assert_abs_diff_eq!(identity, Array2::eye(3), epsilon = 1e-14);
        let b = [1.0, -2.0, 0.5];
        let x = ldl.solve(&b);
        let quadratic: f64 = x.iter().zip(&b).map(|(x, b)| x * b).sum();
        approx::assert_relative_eq!(ldl.quadratic_form(&b), quadratic, epsilon = 1e-14);
        let diagonal = ldl.inverse_diagonal();
        for (found, expected) in diagonal.iter().zip(ldl.inverse().diag()) {
            approx::assert_relative_eq!(found, expected, epsilon = 1e-15);
        }
    }

    /// 1e200²/1e300, whose square alone no number holds.
    #[test]
    fn a_quadratic_form_may_have_a_square_beyond_the_range() {
        let form = Ldl::new(&array![[1e300, 0.0], [0.0, 4.0]]).quadratic_form(&[1e200, 4.0]);
        approx::assert_relative_eq!(form, 1e100, max_relative = 1e-14);
    }

    #[test]
    fn stands_between_two() {
        // The third row is the sum of the others.
        let m = array![[4.0, 2.0, 6.0], [2.0, 5.0, 7.0], [6.0, 7.0, 13.0]];
        let b = array![[1.0, 0.5, 0.0], [0.5, 2.0, -1.0], [0.0, -1.0, 3.0]];
        let (found, expected) = (Ldl::new(&m).between(&b), b.dot(&m).dot(&b));
        approx::assert_relative_eq!(found, expected, max_relative = 1e-13);
    }

    /// |A| = 4 (15 − 1) − 2 (6 − 0.4) + 0.4 (2 − 2).
    #[test]
    fn whitens_and_has_a_determinant() {
        let a = array![[4.0, 2.0, 0.4], [2.0, 5.0, 1.0], [0.4, 1.0, 3.0]];
        let ldl = Ldl::new(&a);
        approx::assert_relative_eq!(ldl.ln_determinant(), 44.8_f64.ln(), epsilon = 1e-14);
        let whitening = ldl.whitening();
        let inverse = whitening.dot(&whitening.t());
        approx::assert_abs_diff_eq!(inverse, ldl.inverse(), epsilon = 1e-15);
        let part = Ldl::among(&a, &[true, false, true]);
        approx::assert_relative_eq!(part.ln_determinant(), 11.84_f64.ln(), epsilon = 1e-14);
        assert!(part.whitening().row(1).iter().all(|&value| value == 0.0));
    }

    #[test]
    fn leaves_out_every_exactly_dependent_column() {
        // The third column is 0.1 of the first plus 0.7 of the second, over many designs.
        for seed in 0..200_u32 {
            let noise = |i: u32| (f64::from(seed * 31 + i) * 12.9898).sin() * 43758.5453 % 1.0;
            let x = Array2::from_shape_fn((20, 2), |(i, j)| noise(2 * i as u32 + j as u32));
            let third = &x.column(0) * 0.1 + &x.column(1) * 0.7;
            let x = ndarray::concatenate![ndarray::Axis(1), x, third.insert_axis(ndarray::Axis(1))];
            let ldl = Ldl::new(&x.t().dot(&x));
            assert_eq!(ldl.live(), [true, true, false], "design {seed}");
            assert_eq!(ldl.combination(2), [0, 1]);
        }
    }

    /// Weights of a combination are held against the largest of them, whatever the scale of the column.
    #[test]
    fn a_small_column_is_a_combination_too() {
        let x = array![[1.0, 0.0], [1.0, 2.0], [-1.0, 1.0], [3.0, 1.0]];
        for scale in [1.0, 1e-9, 1e9] {
            let third = (&x.column(0) * 0.25 - &x.column(1) * 0.5) * scale;
            let x = ndarray::concatenate![ndarray::Axis(1), x, third.insert_axis(ndarray::Axis(1))];
            let ldl = Ldl::new(&x.t().dot(&x));
            assert_eq!(ldl.live(), [true, true, false]);
            assert_eq!(ldl.combination(2), [0, 1], "times {scale}");
        }
    }
}
