//! Directions in which the likelihood of the multinomial logit rises for ever.

use ndarray::ArrayView1;

use super::columns::Columns;
use super::point::Membership;

/// What a direction is uncertain by, as a part of the largest gap along it.
const SLACK: f64 = 1e-4;

/// How far a direction is followed: what still lacks of the limit is of the order exp(−36) a row.
const FAR: f64 = 36.0;

/// Whether no row has a group that rises above its own along the direction, and some row has one that
/// falls: along such a direction the likelihood rises for ever, and there is no maximum.
///
/// Source: Albert & Anderson 1984, doi:10.1093/biomet/71.1.1.
pub(super) fn recedes(columns: &Columns, own: &Membership, direction: &[f64]) -> bool {
    let (mut lowest, mut highest) = (f64::INFINITY, 0.0_f64);
    each_gap(columns, own, direction, |gap| {
        lowest = lowest.min(gap);
        highest = highest.max(gap);
    });
    highest > 0.0 && lowest >= -SLACK * highest
}

/// The multiple of a receding direction at which every gap that opens is at least [`FAR`].
pub(super) fn farthest(columns: &Columns, own: &Membership, direction: &[f64]) -> f64 {
    let mut highest = 0.0_f64;
    each_gap(columns, own, direction, |gap| highest = highest.max(gap));
    let mut narrowest = highest;
    each_gap(columns, own, direction, |gap| {
        if gap > SLACK * highest {
            narrowest = narrowest.min(gap);
        }
    });
    FAR / narrowest
}

/// Calls `visit` with η of the own group less that of every other, for all rows, along a direction.
fn each_gap(columns: &Columns, own: &Membership, direction: &[f64], mut visit: impl FnMut(f64)) {
    let along: Vec<_> = (direction.chunks(columns.len()))
        .map(|direction| columns.x.dot(&ArrayView1::from(direction)))
        .collect();
    for (row, &mine) in own.codes.iter().enumerate() {
        let eta = |group: usize| along.get(group).map_or(0.0, |along| along[row]);
        for other in (0..=own.n_free).filter(|&other| other != mine) {
            visit(eta(mine) - eta(other));
        }
    }
}
