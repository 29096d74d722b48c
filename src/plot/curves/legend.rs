//! Which curve is which.

use super::step_curve::StepCurve;
use crate::plot::page::{
    ASCENT, Anchor, BLACK, DESCENT, Drawing, Face, LEADING, Paragraph, Stroke, Style,
};

/// Where the legend stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Legend {
    /// Between the axes, where no curve or band passes; above them if there is no such place.
    #[default]
    Inside,
    /// To the right of the axes.
    Right,
    /// Above the axes.
    Top,
    /// Nowhere.
    None,
}

/// How long a sample of a line is, and how far its text stands from it.
pub(super) const SAMPLE: f64 = 18.0;
pub(super) const SAMPLE_GAP: f64 = 5.0;
/// Between two entries side by side.
const ENTRY_GAP: f64 = 16.0;

/// The entries of a legend, each at its place in the block.
#[derive(Debug, Clone)]
pub(super) struct Entries {
    entries: Vec<(f64, f64, Paragraph, Style)>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Entries {
    /// Below each other, no wider than `width`.
    pub(super) fn column(curves: &[StepCurve], styles: &[Style], size: f64, width: f64) -> Self {
        let mut entries = Vec::new();
        let (mut widest, mut top) = (0.0, 0.0);
        for (curve, &style) in curves.iter().zip(styles) {
            let room = width - SAMPLE - SAMPLE_GAP;
            let label = Paragraph::new(curve.name(), Face::Regular, size, room);
            widest = f64::max(widest, SAMPLE + SAMPLE_GAP + label.width());
            let height = label.height();
            let gap = if label.lines.len() > 1 { 0.7 } else { LEADING - ASCENT - DESCENT + 0.1 };
            entries.push((0.0, top, label, style));
            top += height + size * gap;
        }
        let height = entries.last().map_or(0.0, |(_, top, label, _)| top + label.height());
        Self { entries, width: widest, height }
    }

    /// Side by side, in as many rows as it takes.
    pub(super) fn rows(curves: &[StepCurve], styles: &[Style], size: f64, width: f64) -> Self {
        let mut entries: Vec<(f64, f64, Paragraph, Style)> = Vec::new();
        let (mut left, mut top, mut height, mut widest) = (0.0, 0.0, 0.0, 0.0);
        for (curve, &style) in curves.iter().zip(styles) {
            let room = width - SAMPLE - SAMPLE_GAP;
            let label = Paragraph::new(curve.name(), Face::Regular, size, room);
            let own = SAMPLE + SAMPLE_GAP + label.width();
            if left > 0.0 && left + own > width {
                top += height + size * (LEADING - ASCENT - DESCENT + 0.1);
                (left, height) = (0.0, 0.0);
            }
            height = f64::max(height, label.height());
            widest = f64::max(widest, left + own);
            entries.push((left, top, label, style));
            left += own + ENTRY_GAP;
        }
        Self { entries, width: widest, height: top + height }
    }

    pub(super) fn draw(&self, drawing: &mut Drawing, left: f64, top: f64) {
        for (x, y, label, style) in &self.entries {
            sample(drawing, left + x, top + y, label.size, *style);
            let text = left + x + SAMPLE + SAMPLE_GAP;
            label.draw(drawing, text, top + y, Anchor::Start, BLACK);
        }
    }
}

/// A piece of a curve's line before a line of text that begins at `top`.
pub(super) fn sample(drawing: &mut Drawing, left: f64, top: f64, size: f64, style: Style) {
    let y = top + size * (ASCENT - 0.26);
    let stroke = Stroke::new(style.colour, 1.6).dashed(style.dash);
    drawing.line(&[(left, y), (left + SAMPLE, y)], stroke);
}
