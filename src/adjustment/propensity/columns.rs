//! The columns of a propensity model: an intercept before those of the design, centred and scaled, in the
//! order of what the rows say.

use ndarray::{Array2, ArrayView1, Axis};

use crate::data::Design;
use crate::error::{Error, Result};
use crate::numerics::fingerprint::{by_fingerprint, fingerprint};

/// n × (1 + p) columns, the first of which is 1, with what turns coefficients back.
#[derive(Debug)]
pub(super) struct Columns {
    /// Row-major.
    pub(super) x: Array2<f64>,
    /// The row of the data at each place.
    pub(super) order: Vec<usize>,
    centre: Vec<f64>,
    scale: Vec<f64>,
}

impl Columns {
    /// Of rows that are each in the group of its code. A column is taken less its mean and divided by its
    /// mean absolute deviation; a constant one becomes exactly 0.
    ///
    /// # Errors
    /// [`Error::ColumnScale`].
    #[expect(
        clippy::indexing_slicing,
        reason = "there is one more column than in the design, and a row has the code of its group"
    )]
    pub(super) fn new(design: &Design, codes: &[u32]) -> Result<Self> {
        let (n, p) = design.matrix().dim();
        let order = by_fingerprint(n, |row| fingerprint(u64::from(codes[row]), design.row(row)));
        let ordered = design.matrix().select(Axis(0), &order);
        let mut x = Array2::ones((n, 1 + p));
        let (mut centre, mut scale) = (vec![0.0; 1 + p], vec![1.0; 1 + p]);
        for (j, (given, name)) in ordered.columns().into_iter().zip(design.columns()).enumerate() {
            let mean = mean_from_first(given);
            let spread = given.iter().map(|x| (x - mean).abs() / n as f64).sum::<f64>();
            if !(spread == 0.0 || (1e-100..=1e100).contains(&spread)) {
                return Err(Error::ColumnScale { column: name.clone(), scale: spread });
            }
            centre[1 + j] = mean;
            scale[1 + j] = if spread == 0.0 { 1.0 } else { spread };
            let mut column = x.column_mut(1 + j);
            column.iter_mut().zip(given).for_each(|(slot, x)| *slot = (x - mean) / scale[1 + j]);
        }
        Ok(Self { x, order, centre, scale })
    }

    /// A column of the data in the order of places.
    #[expect(clippy::indexing_slicing, reason = "a place has one of the rows")]
    pub(super) fn in_order<T: Copy>(&self, column: &[T]) -> Vec<T> {
        self.order.iter().map(|&row| column[row]).collect()
    }

    /// Number of columns, the intercept among them.
    pub(super) fn len(&self) -> usize {
        self.scale.len()
    }

    /// What each column was divided by.
    pub(super) fn scale(&self) -> &[f64] {
        &self.scale
    }

    /// Coefficients of the columns as given, group by group.
    #[expect(clippy::indexing_slicing, reason = "the intercept is the first of the columns")]
    pub(super) fn given(&self, scaled: &[f64]) -> Vec<f64> {
        let mut given = Vec::with_capacity(scaled.len());
        for group in scaled.chunks(self.len()) {
            let slopes: Vec<f64> = group.iter().zip(&self.scale).map(|(b, s)| b / s).collect();
            let moved: f64 = slopes.iter().zip(&self.centre).map(|(b, c)| b * c).sum();
            given.push(slopes[0] - moved);
            given.extend(&slopes[1..]);
        }
        given
    }

    /// The covariance of these.
    pub(super) fn given_vcov(&self, scaled: &Array2<f64>) -> Array2<f64> {
        let rows = |matrix: &Array2<f64>| {
            let mut moved = matrix.clone();
            for (mut slot, row) in moved.rows_mut().into_iter().zip(matrix.rows()) {
                slot.assign(&ArrayView1::from(&self.given(&row.to_vec())));
            }
            moved
        };
        let half = rows(scaled);
        let whole = rows(&half.t().to_owned());
        (&whole + &whole.t()) / 2.0
    }
}

/// The mean, taken from the first value on: that of a constant column is exact.
fn mean_from_first(column: ArrayView1<'_, f64>) -> f64 {
    let first = column.first().copied().unwrap_or(0.0);
    first + column.iter().map(|x| x - first).sum::<f64>() / column.len() as f64
}
