//! Where between the axes there is room.

use crate::numerics::whole::whole;
use crate::plot::page::Point;

/// A rectangle of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// The rectangle between the axes, in narrow columns, each with the stretches that are taken.
#[derive(Debug, Clone)]
pub(super) struct FreeSpace {
    area: Area,
    columns: Vec<Vec<(f64, f64)>>,
}

/// Width of a column in points.
const COLUMN: f64 = 2.0;
/// How far a block keeps from everything else, and from the edges.
const CLEARANCE: f64 = 6.0;
/// Places tried from edge to edge.
const PLACES: usize = 13;

impl FreeSpace {
    pub(super) fn new(area: Area) -> Self {
        let columns = whole(((area.right - area.left) / COLUMN).ceil()).max(1);
        Self { area, columns: vec![Vec::new(); columns] }
    }

    /// Marks a rectangle as taken.
    pub(super) fn take(&mut self, taken: Area) {
        let last = self.columns.len() - 1;
        let column = |x: f64| whole((x - self.area.left) / COLUMN).min(last);
        let (from, to) = (column(taken.left), column(taken.right));
        let (top, bottom) = (taken.top, taken.bottom);
        for stretches in self.columns.get_mut(from..=to).into_iter().flatten() {
            // Steps follow each other: most lie on the stretch before.
            match stretches.last_mut() {
                Some(before) if before.0 <= bottom && top <= before.1 => {
                    *before = (before.0.min(top), before.1.max(bottom));
                }
                _ => stretches.push((top, bottom)),
            }
        }
    }

    /// Marks the level and upright pieces of a line as taken, and `margin` on all sides.
    pub(super) fn take_line(&mut self, line: &[Point], margin: f64) {
        for (&(x0, y0), &(x1, y1)) in line.iter().zip(line.iter().skip(1)) {
            self.take(Area {
                left: x0.min(x1) - margin,
                top: y0.min(y1) - margin,
                right: x0.max(x1) + margin,
                bottom: y0.max(y1) + margin,
            });
        }
    }

    fn is_free(&self, wanted: Area) -> bool {
        let last = self.columns.len() - 1;
        let column = |x: f64| whole((x - self.area.left) / COLUMN).min(last);
        let (from, to) = (column(wanted.left - CLEARANCE), column(wanted.right + CLEARANCE));
        let (top, bottom) = (wanted.top - CLEARANCE, wanted.bottom + CLEARANCE);
        let taken = |&(from, to): &(f64, f64)| from < bottom && top < to;
        !self.columns.get(from..=to).into_iter().flatten().flatten().any(taken)
    }

    /// Finds room for a block along the edges, as near as can be to the first of the corners that
    /// has some: `(right, bottom)` each. The block is then taken.
    pub(super) fn place(
        &mut self,
        width: f64,
        height: f64,
        corners: &[(bool, bool)],
    ) -> Option<Point> {
        let Area { left, top, right, bottom } = self.area;
        let room =
            (right - left - width - 2.0 * CLEARANCE, bottom - top - height - 2.0 * CLEARANCE);
        if !(room.0 >= 0.0 && room.1 >= 0.0) {
            return None;
        }
        let last = PLACES - 1;
        let at_edge = |k: usize| k == 0 || k == last;
        let share = |k: usize| k as f64 / last as f64;
        let mut places: Vec<(f64, Area)> = Vec::new();
        for (i, j) in (0..PLACES * PLACES).map(|k| (k / PLACES, k % PLACES)) {
            if !(at_edge(i) || at_edge(j)) {
                continue;
            }
            let x = left + CLEARANCE + room.0 * share(i);
            let y = top + CLEARANCE + room.1 * share(j);
            let block = Area { left: x, top: y, right: x + width, bottom: y + height };
            // A later corner is better only than half the way to it.
            let far = |(k, &(to_right, to_bottom)): (usize, &(bool, bool))| {
                let (x, y) = (share(i) - f64::from(to_right), share(j) - f64::from(to_bottom));
                x.hypot(y) + 0.3 * k as f64
            };
            let distance = corners.iter().enumerate().map(far).fold(f64::INFINITY, f64::min);
            places.push((distance, block));
        }
        places.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let (_, block) = places.into_iter().find(|(_, block)| self.is_free(*block))?;
        self.take(block);
        Some((block.left, block.top))
    }
}
