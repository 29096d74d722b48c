//! Where the maximum-likelihood estimate from interval-censored data can have mass.

use std::ops::Range;

use crate::data::IntervalCensored;
use crate::numerics::sum::Sum;

/// The maximal intersections of the rows' intervals, in order of time, and which of them each row
/// covers.
///
/// A maximal intersection begins at a left end and ends at a right end with no end between. The
/// likelihood depends only on the mass of each (Turnbull 1976; Peto 1973), and each row covers a
/// run of them. Rows with the same run are one row with the sum of their weights.
#[derive(Debug, Clone)]
pub(super) struct MaximalIntersections {
    /// Left end of each; not part of it, unless it is a single point.
    pub(super) lower: Vec<f64>,
    /// Right end of each; may be infinite.
    pub(super) upper: Vec<f64>,
    /// Distinct runs of intersections, ascending; never empty.
    pub(super) runs: Vec<Range<usize>>,
    /// Sum of the weights of the rows with each run.
    pub(super) weight: Vec<f64>,
}

/// What stands at a time, in the order in which it stands there: an exact time begins at itself, a
/// right end is part of its interval, an open left end begins after the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    ExactLeft,
    Right,
    OpenLeft,
}

type Place = (f64, End);

fn before(a: Place, b: Place) -> bool {
    a.0 < b.0 || (a.0 == b.0 && a.1 < b.1)
}

impl MaximalIntersections {
    /// Of the rows listed.
    #[expect(
        clippy::indexing_slicing,
        reason = "a row is one of the data, a window has two ends, and no chunk is empty"
    )]
    pub(super) fn new(data: &IntervalCensored, rows: &[usize]) -> Self {
        let left = |row: usize| {
            let time = data.left()[row];
            (time, if time == data.right()[row] { End::ExactLeft } else { End::OpenLeft })
        };
        let right = |row: usize| (data.right()[row], End::Right);
        let mut ends: Vec<Place> = rows.iter().flat_map(|&row| [left(row), right(row)]).collect();
        ends.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let pairs =
            (ends.windows(2)).filter(|ends| ends[0].1 != End::Right && ends[1].1 == End::Right);
        let (begin, end): (Vec<Place>, Vec<Place>) = pairs.map(|ends| (ends[0], ends[1])).unzip();
        let mut covered: Vec<(usize, usize, usize)> = (rows.iter())
            .map(|&row| {
                let first = begin.partition_point(|&place| before(place, left(row)));
                let last = end.partition_point(|&place| !before(right(row), place));
                (first, last, row)
            })
            .collect();
        covered.sort_unstable();
        let (runs, weight) = (covered.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)))
            .map(|same| {
                let mut sum = Sum::default();
                same.iter().for_each(|&(_, _, row)| sum.add(data.weight(row)));
                (same[0].0..same[0].1, sum.value())
            })
            .unzip();
        Self {
            lower: begin.iter().map(|place| place.0).collect(),
            upper: end.iter().map(|place| place.0).collect(),
            runs,
            weight,
        }
    }

    /// Number of maximal intersections, at least 1.
    pub(super) fn len(&self) -> usize {
        self.lower.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(f64, f64)]) -> MaximalIntersections {
        let (left, right): (Vec<f64>, Vec<f64>) = rows.iter().copied().unzip();
        let data = IntervalCensored::new(&left, &right).unwrap();
        MaximalIntersections::new(&data, &(0..rows.len()).collect::<Vec<_>>())
    }

    #[test]
    fn right_ends_belong_and_left_ends_do_not() {
        // (1, 3] and (3, 5] do not meet; the point 3 lies in the first alone.
        let cells = of(&[(1.0, 3.0), (3.0, 5.0), (3.0, 3.0), (4.0, f64::INFINITY), (4.0, 5.0)]);
        assert_eq!(cells.lower, [3.0, 4.0]);
        assert_eq!(cells.upper, [3.0, 5.0]);
        assert_eq!(cells.runs, [0..1, 1..2]);
        assert_eq!(cells.weight, [2.0, 3.0]);
        // A point at the open left end is outside.
        let cells = of(&[(3.0, 3.0), (3.0, f64::INFINITY)]);
        assert_eq!((cells.lower, cells.upper), (vec![3.0, 3.0], vec![3.0, f64::INFINITY]));
    }
}
