//! A Newton step among the maximal intersections that have mass.

use ndarray::Array2;
use std::ops::Range;

use crate::linalg::Ldl;

/// With more cells than this the Hessian costs more than it saves.
const MAX_SUPPORT: usize = 300;

/// Where a Newton step on F between the cells with mass leads, and whether it was taken whole. A
/// step that would make a mass negative ends where the first of them is 0.
///
/// Per unit of weight ℓ = Σ w ln(F_end − F_start): minus its Hessian is the Laplacian of a graph
/// whose nodes are the places between cells and whose edges are the runs, with weights w/P².
/// `None` where it has too many cells or nothing to offer.
#[expect(
    clippy::indexing_slicing,
    reason = "a run lies within the cells, and a place that moves is below the number of those inside"
)]
pub(super) fn step(
    runs: &[Range<usize>],
    weight: &[f64],
    covered: &[f64],
    mass: &[f64],
) -> Option<(Vec<f64>, bool)> {
    let support: Vec<usize> = (0..mass.len()).filter(|&j| mass[j] > 0.0).collect();
    let inner = support.len() - 1;
    if inner == 0 || inner > MAX_SUPPORT {
        return None;
    }
    // The cells with mass before each place.
    let mut place = vec![0; mass.len() + 1];
    for j in 0..mass.len() {
        place[j + 1] = place[j] + usize::from(mass[j] > 0.0);
    }
    let (mut slope, mut curvature) = (vec![0.0; inner], Array2::zeros((inner, inner)));
    for ((run, w), p) in runs.iter().zip(weight).zip(covered) {
        let (pull, bend) = (w / p, w / p / p);
        // F is 0 at the first place and 1 at the last: neither moves.
        let moves = |place: usize| place.checked_sub(1).filter(|&k| k < inner);
        let (start, end) = (moves(place[run.start]), moves(place[run.end]));
        if let Some(k) = end {
            slope[k] += pull;
            curvature[[k, k]] += bend;
        }
        if let Some(k) = start {
            slope[k] -= pull;
            curvature[[k, k]] += bend;
        }
        if let (Some(k), Some(l)) = (start, end) {
            curvature[[l, k]] -= bend;
        }
    }
    let shift = Ldl::new(&curvature).solve(&slope);
    if !shift.iter().all(|x| x.is_finite()) {
        return None;
    }
    let at = |place: usize| place.checked_sub(1).and_then(|k| shift.get(k)).copied().unwrap_or(0.0);
    let change: Vec<f64> = (0..support.len()).map(|k| at(k + 1) - at(k)).collect();
    let limit = |(&j, &d): (&usize, &f64)| if d < 0.0 { -mass[j] / d } else { f64::INFINITY };
    let reach = support.iter().zip(&change).map(limit).fold(f64::INFINITY, f64::min);
    let (length, whole) = if reach > 1.0 { (1.0, true) } else { (reach, false) };
    let mut target = mass.to_vec();
    for (&j, &d) in support.iter().zip(&change) {
        let lost = !whole && limit((&j, &d)) <= reach;
        target[j] = if lost { 0.0 } else { (mass[j] + length * d).max(0.0) };
    }
    Some((target, whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows over cells that overlap each other, with their weights.
    const RUNS: [(Range<usize>, f64); 8] = [
        (0..1, 0.1),
        (0..2, 0.2),
        (1..2, 0.1),
        (1..3, 0.2),
        (2..3, 0.1),
        (2..4, 0.15),
        (3..4, 0.1),
        (0..4, 0.05),
    ];

    fn stepped(mass: &[f64]) -> (Vec<f64>, bool) {
        let runs = RUNS.map(|(run, _)| run);
        let covered: Vec<f64> =
            runs.iter().map(|run| mass[run.clone()].iter().sum::<f64>()).collect();
        step(&runs, &RUNS.map(|(_, weight)| weight), &covered, mass).unwrap()
    }

    /// Where every cell has mass the maximum has the gradient 1 everywhere, and a step from nearby squares
    /// the distance to it.
    #[test]
    fn a_step_squares_the_error() {
        let mut mass = vec![0.25; 4];
        for _ in 0..30 {
            mass = stepped(&mass).0;
        }
        for j in 0..4 {
            let covering = RUNS.iter().filter(|(run, _)| run.contains(&j));
            let gradient: f64 =
                covering.map(|(run, weight)| weight / mass[run.clone()].iter().sum::<f64>()).sum();
            approx::assert_abs_diff_eq!(gradient, 1.0, epsilon = 1e-13);
        }
        let moved = [1e-4, -2e-4, 3e-4, -2e-4];
        let near: Vec<f64> = mass.iter().zip(moved).map(|(mass, by)| mass + by).collect();
        let (found, whole) = stepped(&near);
        assert!(whole);
        for (found, mass) in found.iter().zip(&mass) {
            approx::assert_abs_diff_eq!(*found, *mass, epsilon = 1e-6);
        }
    }

    /// Cells (1, 2], (3, 4] and (5, 6] of which the maximum leaves the second empty: the way there ends
    /// where it is.
    #[test]
    fn a_step_ends_where_a_mass_is_gone() {
        let runs = [0..1, 0..1, 0..2, 1..3, 2..3];
        let mass = [0.55, 0.05, 0.4];
        let covered = [0.55, 0.55, 0.6, 0.45, 0.4];
        let (found, whole) = step(&runs, &[0.2; 5], &covered, &mass).unwrap();
        assert!(!whole);
        assert_eq!(found[1], 0.0);
        approx::assert_abs_diff_eq!(found.iter().sum::<f64>(), 1.0, epsilon = 1e-15);
        // With mass in the first and the last alone there is one number to find, and it is 3/5.
        let covered = [0.55, 0.55, 0.55, 0.45, 0.45];
        let (found, whole) = step(&runs, &[0.2; 5], &covered, &[0.55, 0.0, 0.45]).unwrap();
        assert!(whole && found[1] == 0.0);
        approx::assert_abs_diff_eq!(found[0], 0.6, epsilon = 2e-3);
    }
}
