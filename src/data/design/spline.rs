//! Restricted cubic splines in the truncated power basis.

use crate::error::{Error, Result};

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

/// Fails unless there are at least three finite, strictly ascending knots.
pub(super) fn check(knots: &[f64]) -> Result<()> {
    if knots.len() < 3 {
        let rule = "at least three knots are needed";
        return Err(Error::InvalidOption { option: "knots", value: knots.len() as f64, rule });
    }
    let rule = "knots must be finite and ascending";
    let bad = |value: f64| Err(Error::InvalidOption { option: "knots", value, rule });
    match knots.windows(2).find(|pair| !(pair[1] - pair[0] > 0.0)) {
        Some(pair) => bad(pair[1]),
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
