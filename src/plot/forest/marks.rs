//! What stands for a ratio on the axis.

use super::forest_line::{Content, ForestLine, RatioLimits};
use super::log_axis::LogAxis;
use crate::plot::page::{BLACK, Colour, Drawing, GREY, Stroke};

/// Half the side of a square, half the height of a diamond, the length of an arrowhead.
const HALF: f64 = 2.7;
const HALF_DIAMOND: f64 = 4.0;
const ARROW: f64 = 5.0;
const INK: Colour = Colour(0x00, 0x4a, 0x75);

/// Draws the mark of a line, if it has one, around the height `y`.
pub(super) fn draw(drawing: &mut Drawing, axis: &LogAxis, line: &ForestLine, y: f64) {
    match &line.content {
        Content::Reference => square(drawing, axis.x(1.0), y, GREY),
        Content::Ratio(ratio) => {
            let inside = |limit: Option<f64>| {
                limit.is_some_and(|limit| axis.lower <= limit && limit <= axis.upper)
            };
            match (ratio.lower, ratio.estimate, ratio.upper) {
                (Some(lower), Some(estimate), Some(upper))
                    if line.overall && inside(ratio.lower) && inside(ratio.upper) =>
                {
                    let [left, middle, right] = [lower, estimate, upper].map(|x| axis.x(x));
                    let (top, bottom) = (y - HALF_DIAMOND, y + HALF_DIAMOND);
                    let corners = vec![(left, y), (middle, top), (right, y), (middle, bottom)];
                    drawing.area(corners, INK, 1.0);
                }
                (None, None, None) => {}
                _ => whisker(drawing, axis, ratio, y),
            }
        }
        Content::Heading | Content::Words(_) => {}
    }
}

/// A line from limit to limit with a square at the estimate; arrows where it leaves the axis.
fn whisker(drawing: &mut Drawing, axis: &LogAxis, ratio: &RatioLimits, y: f64) {
    let stroke = Stroke::new(BLACK, 1.1);
    let lower = ratio.lower.filter(|&lower| lower >= axis.lower);
    let upper = ratio.upper.filter(|&upper| upper <= axis.upper);
    // A stretch that lies beyond an end altogether is an arrow at that end.
    let from = lower.map_or(axis.left, |lower| axis.x(lower.min(axis.upper)));
    let to = upper.map_or(axis.right, |upper| axis.x(upper.max(axis.lower)));
    let arrow_left = lower.is_none().then_some(from);
    let arrow_right = upper.is_none().then_some(to);
    let beyond_left = ratio.upper.is_some_and(|upper| upper < axis.lower);
    let beyond_right = ratio.lower.is_some_and(|lower| lower > axis.upper);
    let (from, to) = match (beyond_left, beyond_right) {
        (true, _) => (axis.left, axis.left + 3.0 * ARROW),
        (_, true) => (axis.right - 3.0 * ARROW, axis.right),
        _ => (from, to),
    };
    let shaft = |end: Option<f64>| if end.is_some() { ARROW / 2.0 } else { 0.0 };
    let (start, end) = (from + shaft(arrow_left), to - shaft(arrow_right));
    drawing.line(&[(start, y), (end.max(start), y)], stroke);
    if arrow_left.is_some() {
        arrowhead(drawing, from, y, ARROW);
    }
    if arrow_right.is_some() {
        arrowhead(drawing, to, y, -ARROW);
    }
    if let Some(estimate) = ratio.estimate.filter(|x| (axis.lower..=axis.upper).contains(x)) {
        square(drawing, axis.x(estimate), y, INK);
    }
}

/// A tip at `x`, its base `length` to the right.
fn arrowhead(drawing: &mut Drawing, x: f64, y: f64, length: f64) {
    let (base, half) = (x + length, 0.55 * length.abs());
    drawing.area(vec![(x, y), (base, y - half), (base, y + half)], BLACK, 1.0);
}

fn square(drawing: &mut Drawing, x: f64, y: f64, colour: Colour) {
    let (left, right, top, bottom) = (x - HALF, x + HALF, y - HALF, y + HALF);
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom)];
    drawing.area(corners, colour, 1.0);
}
