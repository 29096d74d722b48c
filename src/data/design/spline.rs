//! Restricted cubic splines in the truncated power basis.

use ndarray::ArrayView1;

use super::matrix::not_finite;
use crate::error::{BadCell, Error, Result};
use crate::numerics::quantile::quantile;

/// The basis at x for ascending knots k₁ … k_K: x itself, then for j = 1 … K − 2
///
/// ```text
/// [(x−kⱼ)₊³ − (x−k_{K−1})₊³ (k_K−kⱼ)/(k_K−k_{K−1}) + (x−k_K)₊³ (k_{K−1}−kⱼ)/(k_K−k_{K−1})] / (k_K−k₁)²
/// ```
///
/// Source: Durrleman & Simon 1989, doi:10.1002/sim.4780080504.
pub(crate) fn basis(x: f64, knots: &[f64]) -> Vec<f64> {
    let [first, inner @ .., before, last] = knots else { return vec![x] };
    let cube = |knot: f64| (x - knot).max(0.0).powi(3);
    let scale = (last - first).powi(2);
    let bend = |knot: &f64| {
        let outer = cube(*before) * (last - knot) - cube(*last) * (before - knot);
        (cube(*knot) - outer / (last - before)) / scale
    };
    std::iter::once(x).chain(std::iter::once(first).chain(inner).map(bend)).collect()
}

/// Knots at quantiles of a column, as usual for restricted cubic splines: from 3 to 7 of them, equally
/// spaced in probability between the outer ones.
///
/// The outer knots stand at the quantiles 0.1 and 0.9 for three knots, 0.05 and 0.95 for four to six,
/// 0.025 and 0.975 for seven; in a column of fewer than 100 values, at the fifth smallest and the fifth
/// largest. A quantile between two values is interpolated, as R's type 7.
///
/// ```
/// let age: Vec<f64> = (0..=200).map(f64::from).collect();
/// assert_eq!(riskset::data::spline_knots(&age, 4)?, [10.0, 70.0, 130.0, 190.0]);
/// assert!(riskset::data::spline_knots(&[1.0; 50], 3).is_err());
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// *In R* `Hmisc::rcspline.eval(x, nk = 4, knots.only = TRUE)`. Source: Harrell 2015,
/// doi:10.1007/978-3-319-19425-7, table 2.3.
///
/// # Errors
/// [`Error::InvalidOption`] for another number of knots and where they are not distinct, as with many
/// equal values; [`Error::InvalidCells`] for values that are not finite; [`Error::Empty`] for fewer than
/// six values.
pub fn spline_knots<'a>(values: impl Into<ArrayView1<'a, f64>>, knots: usize) -> Result<Vec<f64>> {
    let mut sorted = values.into().to_vec();
    let cells: Vec<BadCell> = not_finite("values", sorted.iter()).collect();
    if !cells.is_empty() {
        return Err(Error::InvalidCells { cells });
    }
    if !(3..=7).contains(&knots) {
        let rule = "must be from 3 to 7";
        return Err(Error::InvalidOption { option: "knots", value: knots as f64, rule });
    }
    let n = sorted.len();
    if n < 6 {
        return Err(Error::Empty { what: "values of a spline, at least six".to_owned() });
    }
    sorted.sort_unstable_by(f64::total_cmp);
    let outer = match knots {
        3 => 0.1,
        7 => 0.025,
        _ => 0.05,
    };
    let knot = |k: usize| {
        let p = outer + (1.0 - 2.0 * outer) * k as f64 / (knots - 1) as f64;
        quantile(&sorted, p).unwrap_or_default()
    };
    let mut found: Vec<f64> = (0..knots).map(knot).collect();
    if n < 100
        && let [first, .., last] = found.as_mut_slice()
        && let ([_, _, _, _, low, ..], [.., high, _, _, _, _]) = (&*sorted, &*sorted)
    {
        (*first, *last) = (*low, *high);
    }
    check(&found).map(|()| found)
}

/// Fails unless there are at least three finite, strictly ascending knots.
pub(super) fn check(knots: &[f64]) -> Result<()> {
    if knots.len() < 3 {
        let rule = "at least three knots are needed";
        return Err(Error::InvalidOption { option: "knots", value: knots.len() as f64, rule });
    }
    let rule = "knots must be finite and ascending";
    let bad = |value: f64| Err(Error::InvalidOption { option: "knots", value, rule });
    match knots.iter().zip(knots.iter().skip(1)).find(|(a, b)| !(*b - *a > 0.0)) {
        Some((_, &knot)) => bad(knot),
        None => knots.iter().find(|knot| !knot.is_finite()).map_or(Ok(()), |&knot| bad(knot)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_outside_the_knots_and_cubic_inside() {
        let knots = [1.0, 2.0, 4.0];
        assert_eq!(basis(0.5, &knots), [0.5, 0.0]);
        // (1.5−1)³ / 9
        assert_eq!(basis(1.5, &knots), [1.5, 0.125 / 9.0]);
        let slope = |x: f64| basis(x + 1.0, &knots)[1] - basis(x, &knots)[1];
        assert!((slope(5.0) - slope(9.0)).abs() < 1e-12);
        assert!(check(&[1.0, 1.0, 2.0]).is_err());
        assert!(check(&[1.0, f64::NAN, 2.0]).is_err());
        assert!(check(&[1.0, 2.0]).is_err());
    }
}
