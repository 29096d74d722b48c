//! A smooth curve through the path of a coefficient.

#![expect(
    clippy::indexing_slicing,
    reason = "a place is one of the points, for each of which every column has a value"
)]

use super::coefficient_path::CoefficientPath;
use crate::data::restricted_cubic_spline;
use crate::error::{Error, Result};
use crate::numerics::whole::whole;
use crate::room::room_for;
use crate::statistic::normal_multiplier;

/// A smooth estimate of β(t) with pointwise limits, at the distinct event times of its path, ascending,
/// from [`CoefficientPath::smooth`](crate::inference::CoefficientPath::smooth).
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct SmoothedPath {
    /// Event times.
    pub time: Vec<f64>,
    /// g of each.
    pub transformed: Vec<f64>,
    /// The curve.
    pub value: Vec<f64>,
    /// Lower limits.
    pub lower: Vec<f64>,
    /// Upper limits.
    pub upper: Vec<f64>,
    /// Level of the limits.
    pub level: f64,
}

impl CoefficientPath {
    /// Least squares of the points on a natural cubic spline of transformed time with `df` parameters, one of
    /// them the constant, with limits at `level`.
    ///
    /// The `df − 2` inner knots are at equally spaced quantiles of the transformed event times, the outer ones
    /// at the first and last; 2 is a straight line. The limits take [`variance`](Self::variance) for
    /// that of each point. R's plot does the same with knots at quantiles of event times and plotting
    /// positions together, and limits at 2 standard errors.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for `df` below 2 or more than the distinct transformed times can carry, and for
    /// a level outside (0, 1); [`Error::TooLarge`].
    pub fn smooth(&self, df: usize, level: f64) -> Result<SmoothedPath> {
        let z = normal_multiplier(level)?;
        let refused = |rule| Error::InvalidOption { option: "df", value: df as f64, rule };
        if df < 2 {
            return Err(refused("must be at least 2"));
        }
        // The spline by row and by column, and its basis.
        let points = self.points.len();
        room_for::<[f64; 3]>("a spline of event times × df", &[points, df.min(points)])?;
        let few = || refused("must not exceed what the distinct event times can carry");
        let basis = orthonormal(self.spline(df).ok_or_else(few)?).ok_or_else(few)?;
        let effect = |column: &Vec<f64>| -> f64 {
            column.iter().zip(&self.points).map(|(b, point)| b * point.value).sum()
        };
        let effects: Vec<f64> = basis.iter().map(effect).collect();
        let mut places: Vec<usize> = (0..self.points.len()).collect();
        places.sort_by(|&a, &b| self.points[a].time.total_cmp(&self.points[b].time));
        places.dedup_by_key(|place| self.points[*place].time);
        let value = |&place: &usize| -> f64 {
            basis.iter().zip(&effects).map(|(column, effect)| column[place] * effect).sum()
        };
        let half = |&place: &usize| -> f64 {
            let squares: f64 = basis.iter().map(|column| column[place].powi(2)).sum();
            z * (self.variance * squares).sqrt()
        };
        let values: Vec<f64> = places.iter().map(value).collect();
        let halves: Vec<f64> = places.iter().map(half).collect();
        let both = || values.iter().zip(&halves);
        Ok(SmoothedPath {
            time: places.iter().map(|&place| self.points[place].time).collect(),
            transformed: places.iter().map(|&place| self.points[place].transformed).collect(),
            lower: both().map(|(value, half)| value - half).collect(),
            upper: both().map(|(value, half)| value + half).collect(),
            value: values,
            level,
        })
    }

    /// The constant and the spline at each point, by column; `None` where knots fall together.
    fn spline(&self, df: usize) -> Option<Vec<Vec<f64>>> {
        if df > self.points.len() {
            return None;
        }
        let mut sorted: Vec<f64> = self.points.iter().map(|point| point.transformed).collect();
        sorted.sort_by(f64::total_cmp);
        let (&first, &last) = sorted.first().zip(sorted.last())?;
        let unit = |x: f64| (x - first) / (last - first);
        let quantile = |k: usize| {
            let at = k as f64 / (df - 1) as f64 * (sorted.len() - 1) as f64;
            let below = whole(at);
            let above = (below + 1).min(sorted.len() - 1);
            unit(sorted[below] + (at - at.floor()) * (sorted[above] - sorted[below]))
        };
        let knots: Vec<f64> = (0..df).map(quantile).collect();
        if !knots.is_sorted_by(|a, b| a < b) {
            return None;
        }
        let rows: Vec<Vec<f64>> = (self.points.iter())
            .map(|point| restricted_cubic_spline(unit(point.transformed), &knots))
            .collect();
        let mut columns = vec![vec![1.0; rows.len()]];
        columns.extend((0..df - 1).map(|j| rows.iter().map(|row| row[j]).collect()));
        Some(columns)
    }
}

/// An orthonormal basis of the same space by Gram–Schmidt, twice; `None` where columns are dependent.
fn orthonormal(columns: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for mut column in columns {
        let before = dot(&column, &column).sqrt();
        for other in basis.iter().chain(&basis) {
            let along = dot(other, &column);
            column.iter_mut().zip(other).for_each(|(x, other)| *x -= along * other);
        }
        let length = dot(&column, &column).sqrt();
        if !(length > 1e-9 * before) {
            return None;
        }
        column.iter_mut().for_each(|x| *x /= length);
        basis.push(column);
    }
    Some(basis)
}

#[cfg(feature = "serde")]
impl SmoothedPath {
    fn check(&self) -> Result<()> {
        let columns = [
            ("transformed", self.transformed.len()),
            ("value", self.value.len()),
            ("lower", self.lower.len()),
            ("upper", self.upper.len()),
        ];
        crate::checked::same_lengths(self.time.len(), &columns)?;
        crate::checked::numbers!(self { time: ascending, level: level } lower <= upper)
    }
}
