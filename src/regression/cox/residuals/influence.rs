//! Which rows move the estimate.

use super::cox_residuals::CoxResiduals;
#[cfg(feature = "serde")]
use crate::error::Result;
use crate::linalg::symmetric_eigen;

/// How much each row, or cluster, moves the estimate.
///
/// # Definition
/// With L the score residuals of a row, weighted, and V the inverse of the information,
/// ```text
/// likelihood displacement   LD = Lᵀ V L
/// LMAX                      the unit eigenvector of the n × n matrix L V Lᵀ with the largest eigenvalue
/// ```
/// LD is, nearly, by how much twice the log-likelihood of all rows falls when the estimate without the row
/// takes the place of the estimate. LMAX is the direction in which small changes of the weights of rows move
/// the estimate most: rows with large elements are influential together. It is signed so that its largest
/// element is positive, and found without the n × n matrix. Where a subject has several rows, sum over
/// subjects first ([`CoxResiduals::by_cluster`]).
///
/// # Example
/// The likelihood displacement is the square of R's `score` residual times `vcov`:
/// ```
/// use riskset::{CoxPh, Design, RightCensored};
///
/// let data = RightCensored::new(&[1., 2., 3., 4., 5., 6., 7., 8.], &[true; 8])?;
/// let design = Design::builder().numeric("x", &[3., 1., 2., 5., 4., 2., 8., 1.]).build()?;
/// let influence = CoxPh::new().fit(&data, &design)?.residuals(&data, &design)?.influence();
/// let top = &influence.top(2);
/// assert_eq!((top[0].row, top[1].row), (7, 6));
/// assert!((top[0].displacement - 0.498286).abs() < 1e-6);
/// assert!((top[0].max_dfbetas - 0.705894).abs() < 1e-6); // of one column: the root
/// assert!((influence.lmax().unwrap()[7] - 0.817754).abs() < 1e-6); // its share of the length of all
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// # In R
/// SAS has both as `LD` and `LMAX`; R has the residuals they are made of.
///
/// # References
/// Pettitt & Bin Daud 1989, *Applied Statistics* 38, 51–67; Cook 1986,
/// doi:10.1111/j.2517-6161.1986.tb01398.x.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
pub struct InfluenceSummary {
    displacement: Vec<f64>,
    lmax: Option<Vec<f64>>,
    max_dfbetas: Vec<f64>,
}

/// One row, or cluster, and how much it moves the estimate, from [`InfluenceSummary::top`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct InfluentialRow {
    /// Row of the data, counted from 0, or index of the cluster.
    pub row: usize,
    /// Likelihood displacement.
    pub displacement: f64,
    /// The largest |dfbetas| over the coefficients.
    pub max_dfbetas: f64,
}

impl CoxResiduals {
    /// Likelihood displacement, LMAX and the largest |dfbetas| of every row or cluster.
    #[must_use]
    pub fn influence(&self) -> InfluenceSummary {
        let scores = self.unit_scores();
        let dfbeta = scores.dot(&self.vcov);
        let both = dfbeta.rows().into_iter().zip(scores.rows());
        let displacement: Vec<f64> = both.map(|(change, score)| change.dot(&score)).collect();
        let errors: Vec<f64> = self.vcov.diag().iter().map(|v| v.sqrt()).collect();
        let largest = |row: ndarray::ArrayView1<'_, f64>| {
            let each = row.into_iter().zip(&errors).filter(|(_, error)| **error > 0.0);
            each.map(|(change, error)| (change / error).abs()).fold(0.0, f64::max)
        };
        InfluenceSummary {
            max_dfbetas: dfbeta.rows().into_iter().map(largest).collect(),
            lmax: self.lmax(&scores),
            displacement,
        }
    }

    /// The eigenvector by way of the p × p matrix V^½ Lᵀ L V^½, in the scaled columns.
    fn lmax(&self, scores: &ndarray::Array2<f64>) -> Option<Vec<f64>> {
        let scale = &self.evaluation.ordered.scale;
        let mut scores = scores.clone();
        for (mut column, scale) in scores.columns_mut().into_iter().zip(scale) {
            column /= *scale;
        }
        let (values, vectors) = symmetric_eigen(self.scaled_vcov());
        let roots: ndarray::Array1<f64> =
            values.iter().map(|value| value.max(0.0).sqrt()).collect();
        let half = (&vectors * &roots).dot(&vectors.t());
        let (values, vectors) = symmetric_eigen(half.dot(&scores.t().dot(&scores)).dot(&half));
        let (top, value) = values.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        if !(*value > 0.0) {
            return None;
        }
        let direction = scores.dot(&half.dot(&vectors.column(top)));
        let largest =
            direction.iter().fold(0.0, |m: f64, x| if x.abs() > m.abs() { *x } else { m });
        let length = direction.dot(&direction).sqrt().copysign(largest);
        Some(direction.iter().map(|x| x / length).collect())
    }
}

impl InfluenceSummary {
    /// Likelihood displacement of each row, at least 0.
    #[must_use]
    pub fn displacement(&self) -> &[f64] {
        &self.displacement
    }

    /// LMAX, of length 1; `None` where no row moves any coefficient.
    #[must_use]
    pub fn lmax(&self) -> Option<&[f64]> {
        self.lmax.as_deref()
    }

    /// The largest |dfbetas| of each row over the coefficients.
    #[must_use]
    pub fn max_dfbetas(&self) -> &[f64] {
        &self.max_dfbetas
    }

    /// The `k` rows with the largest likelihood displacement, largest first; of equal ones the first row.
    #[must_use]
    #[expect(
        clippy::indexing_slicing,
        reason = "a row has its displacement, and its largest dfbetas"
    )]
    pub fn top(&self, k: usize) -> Vec<InfluentialRow> {
        let mut rows: Vec<usize> = (0..self.displacement.len()).collect();
        rows.sort_by(|&a, &b| self.displacement[b].total_cmp(&self.displacement[a]));
        let row = |row: usize| InfluentialRow {
            row,
            displacement: self.displacement[row],
            max_dfbetas: self.max_dfbetas[row],
        };
        rows.into_iter().take(k).map(row).collect()
    }
}

#[cfg(feature = "serde")]
impl InfluenceSummary {
    fn check(&self) -> Result<()> {
        let lmax = self.lmax.as_ref().map_or(self.displacement.len(), Vec::len);
        let columns = [("lmax", lmax), ("max_dfbetas", self.max_dfbetas.len())];
        crate::checked::same_lengths(self.displacement.len(), &columns)
    }
}
