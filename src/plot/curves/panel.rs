//! The curves between the axes.

use super::free_space::{Area, FreeSpace};
use super::step_curve::StepCurve;
use crate::plot::page::{Drawing, GREY, Point, Stroke, Style};

/// From times and probabilities to points of the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Panel {
    pub(super) area: Area,
    /// The end of the time axis, in the unit of the data.
    pub(super) time_end: f64,
    pub(super) value_end: f64,
}

/// Lines closer than this are one.
const FINEST: f64 = 0.05;
const BAND_ALPHA: f64 = 0.16;
/// Half a censor tick.
pub(super) const TICK: f64 = 2.8;

impl Panel {
    pub(super) fn x(&self, time: f64) -> f64 {
        let Area { left, right, .. } = self.area;
        left + (right - left) * (time / self.time_end).min(1.0)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        let Area { top, bottom, .. } = self.area;
        bottom - (bottom - top) * (value / self.value_end).min(1.0)
    }

    /// The staircase of a curve up to the end of the axis.
    pub(super) fn staircase(&self, curve: &StepCurve) -> Vec<Point> {
        let vertices = curve.vertices();
        let inside = vertices.partition_point(|&(time, _)| time <= self.time_end);
        let mut points: Vec<Point> =
            vertices.iter().take(inside).map(|&(t, value)| (self.x(t), self.y(value))).collect();
        if inside < vertices.len()
            && let Some(&(_, height)) = points.last()
        {
            points.push((self.area.right, height));
        }
        thinned(points)
    }

    /// The band of a curve, as the rectangles it is made of.
    fn band(&self, curve: &StepCurve) -> Vec<Area> {
        let pieces = curve.band().into_iter().filter(|(from, ..)| *from < self.time_end);
        pieces
            .map(|(from, to, lower, upper)| Area {
                left: self.x(from),
                top: self.y(upper),
                right: self.x(to),
                bottom: self.y(lower),
            })
            .collect()
    }

    pub(super) fn draw_band(&self, drawing: &mut Drawing, curve: &StepCurve, style: Style) {
        let band = self.band(curve);
        let upper =
            band.iter().flat_map(|piece| [(piece.left, piece.top), (piece.right, piece.top)]);
        let lower = band
            .iter()
            .rev()
            .flat_map(|piece| [(piece.right, piece.bottom), (piece.left, piece.bottom)]);
        let mut outline = thinned(upper.collect());
        outline.extend(thinned(lower.collect()));
        if !outline.is_empty() {
            drawing.area(outline, style.colour, BAND_ALPHA);
        }
    }

    pub(super) fn draw_curve(&self, drawing: &mut Drawing, curve: &StepCurve, style: Style) {
        let stroke = Stroke::new(style.colour, 1.4).dashed(style.dash);
        drawing.line(&self.staircase(curve), stroke);
    }

    pub(super) fn draw_ticks(&self, drawing: &mut Drawing, curve: &StepCurve, style: Style) {
        let marks = self.ticks(curve);
        let lines = marks.iter().map(|&(x, y)| vec![(x, y - TICK), (x, y + TICK)]);
        drawing.lines(lines.collect(), Stroke::new(style.colour, 0.8));
    }

    /// The censorings, those that would cover each other once.
    pub(super) fn ticks(&self, curve: &StepCurve) -> Vec<Point> {
        let mut marks: Vec<Point> = Vec::new();
        for (time, value) in curve.censorings() {
            let mark = (self.x(time), self.y(value));
            let covered = |last: &Point| mark.0 - last.0 < 0.25 && (mark.1 - last.1).abs() < 0.25;
            if time <= self.time_end && !marks.last().is_some_and(covered) {
                marks.push(mark);
            }
        }
        marks
    }

    /// From the axis at one half to the curve, and down to the time axis.
    pub(super) fn median_line(&self, curve: &StepCurve) -> Option<Vec<Point>> {
        let median = curve.median().filter(|&median| median <= self.time_end)?;
        let (x, y) = (self.x(median), self.y(0.5));
        (self.value_end >= 0.5).then(|| vec![(self.area.left, y), (x, y), (x, self.area.bottom)])
    }

    pub(super) fn draw_median(&self, drawing: &mut Drawing, curve: &StepCurve) {
        if let Some(line) = self.median_line(curve) {
            drawing.line(&line, Stroke::new(GREY, 0.8).dashed(&[3.0, 2.5]));
        }
    }

    /// What is left between the axes.
    pub(super) fn free_space(&self, curves: &[StepCurve], bands: bool, medians: bool) -> FreeSpace {
        let mut space = FreeSpace::new(self.area);
        for curve in curves {
            space.take_line(&self.staircase(curve), TICK);
            if bands {
                self.band(curve).into_iter().for_each(|piece| space.take(piece));
            }
            if medians && let Some(line) = self.median_line(curve) {
                space.take_line(&line, 1.0);
            }
        }
        space
    }
}

/// Leaves out points that no eye can tell from the one before.
fn thinned(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len().min(1024));
    let last = points.len().saturating_sub(1);
    for (k, point) in points.into_iter().enumerate() {
        let same = |before: &Point| {
            (point.0 - before.0).abs() < FINEST && (point.1 - before.1).abs() < FINEST
        };
        if k == last || !kept.last().is_some_and(same) {
            kept.push(point);
        }
    }
    kept
}
