//! Where everything in a figure of curves stands.

use super::at_risk::{AtRiskLines, Count};
use super::curve_plot::CurvePlot;
use super::free_space::{Area, FreeSpace};
use super::legend::{Entries, Legend};
use super::panel::Panel;
use super::step_curve::StepCurve;
use super::time_axis::TimeAxis;
use crate::error::{Error, Result};
use crate::numerics::whole::whole;
use crate::plot::page::{
    ASCENT, Anchor, BLACK, DESCENT, Drawing, Face, GREY, LEADING, Paragraph, Point, Stroke, Style,
    Text, labels, nice_step, steps, style, text_width,
};

/// Around the page; between its parts; from an axis to its ticks' labels.
const MARGIN: f64 = 10.0;
const GAP: f64 = 8.0;
const TICK: f64 = 4.0;
const LABEL_GAP: f64 = 3.0;
/// The axes are never smaller than this, and this high if nothing is asked.
const LEAST: f64 = 60.0;
const PANEL_HEIGHT: f64 = 250.0;
/// From one label on the time axis to the next.
const BETWEEN_LABELS: f64 = 8.0;
/// How much of the width names may take beside the axes, and between them.
const NAMES_BESIDE: f64 = 0.3;
const NAMES_INSIDE: f64 = 0.6;

/// A figure with all of its texts measured.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    plot: &'a CurvePlot,
    styles: Vec<Style>,
    axis: TimeAxis,
    table: AtRiskLines,
    values: Vec<(f64, String)>,
    title: Paragraph,
    caption: Paragraph,
    legend: Legend,
    notes_inside: bool,
}

/// The parts around the panel, once its place is known.
struct Frame {
    area: Area,
    /// Lines of the label of the upright axis.
    value_label: Paragraph,
    time_label: Paragraph,
    /// Above the axes.
    legend: Option<Entries>,
    notes: Option<Paragraph>,
    height: f64,
}

/// Legend and notes between the axes, with their upper left corners.
type Blocks = (Option<(Entries, Point)>, Option<(Paragraph, Point)>);

/// What finds no room between the axes.
enum Homeless {
    Legend,
    Notes,
}

impl<'a> Layout<'a> {
    pub(super) fn new(plot: &'a CurvePlot) -> Result<Self> {
        let size = plot.font_size;
        let styles: Vec<Style> =
            (0..plot.curves.len()).map(|place| style(place, plot.dashes)).collect();
        let at_most = whole(plot.width / (7.0 * size)).clamp(2, 12);
        let axis =
            TimeAxis::new(&plot.curves, plot.time_unit, plot.time_limit, plot.tick_step, at_most)?;
        let times: Vec<f64> = axis.ticks.iter().map(|tick| tick * plot.time_unit).collect();
        let all_counted = plot.curves.iter().all(|curve| curve.counts.is_some());
        let default: &[Count] = if all_counted { &[Count::AtRisk] } else { &[] };
        let kinds = plot.table.as_deref().unwrap_or(default);
        let room = NAMES_BESIDE * plot.width;
        let inner = plot.width - 2.0 * MARGIN;
        let table = AtRiskLines::new(&plot.curves, &styles, kinds, &times, size, room, inner);
        let several = plot.curves.len() > 1;
        let legend = plot.legend.unwrap_or(if several { Legend::Inside } else { Legend::None });
        Ok(Self {
            plot,
            styles,
            axis,
            table,
            values: value_ticks(plot),
            title: Paragraph::new(&plot.title, Face::Bold, 1.25 * size, inner),
            caption: Paragraph::new(&plot.caption, Face::Regular, 0.85 * size, inner),
            legend,
            notes_inside: true,
        })
    }

    /// From the time axis to its numbers, which keep clear of the lowest number beside the axes.
    fn below_axis(&self) -> f64 {
        (TICK + LABEL_GAP).max(0.7 * self.size())
    }

    fn bands(&self) -> bool {
        self.plot.bands.unwrap_or(self.plot.curves.len() <= 3)
    }

    fn size(&self) -> f64 {
        self.plot.font_size
    }

    /// Draws the figure. What finds no room between the axes goes above them.
    pub(super) fn draw(mut self) -> Result<Drawing> {
        loop {
            let frame = self.frame()?;
            let panel = self.panel(&frame);
            let mut space =
                panel.free_space(&self.plot.curves, self.bands(), self.plot.median_lines);
            let width = NAMES_INSIDE * (frame.area.right - frame.area.left);
            let rises = self.plot.curves.iter().any(StepCurve::rises);
            let (legend, notes) = match self.blocks(&mut space, width, rises) {
                Ok(blocks) => blocks,
                Err(Homeless::Legend) => {
                    self.legend = Legend::Top;
                    continue;
                }
                Err(Homeless::Notes) => {
                    self.notes_inside = false;
                    continue;
                }
            };
            let mut drawing = Drawing::new(self.plot.width, frame.height, &self.name());
            self.draw_curves(&mut drawing, &panel);
            self.draw_axes(&mut drawing, &frame, &panel);
            self.draw_margins(&mut drawing, &frame);
            if let Some((entries, (left, top))) = legend {
                entries.draw(&mut drawing, left, top);
            }
            if let Some((text, (left, top))) = notes {
                text.draw(&mut drawing, left, top, Anchor::Start, BLACK);
            }
            return Ok(drawing);
        }
    }

    /// Places legend and notes between the axes: together, the notes below the legend, or each by
    /// itself.
    fn blocks(&self, space: &mut FreeSpace, width: f64, rises: bool) -> Result<Blocks, Homeless> {
        // (right, bottom): where such curves leave most room.
        let (near, far) = match rises {
            true => ([(false, false), (true, true)], [(true, true), (false, false)]),
            false => ([(true, false), (false, true)], [(false, true), (true, false)]),
        };
        let legend = (self.legend == Legend::Inside)
            .then(|| Entries::column(&self.plot.curves, &self.styles, self.size(), width));
        let notes = (self.notes_inside && !self.plot.notes.is_empty()).then(|| self.notes(width));
        let gap = 0.6 * self.size();
        if let (Some(entries), Some(text)) = (&legend, &notes) {
            let size = (entries.width.max(text.width()), entries.height + gap + text.height());
            if let Some((left, top)) = space.place(size.0, size.1, &near[..1]) {
                let below = (left, top + entries.height + gap);
                return Ok((legend.map(|l| (l, (left, top))), notes.map(|n| (n, below))));
            }
        }
        let legend = match legend {
            None => None,
            Some(entries) => match space.place(entries.width, entries.height, &near) {
                None => return Err(Homeless::Legend),
                Some(at) => Some((entries, at)),
            },
        };
        let notes = match notes {
            None => None,
            Some(text) => match space.place(text.width(), text.height(), &far) {
                None => return Err(Homeless::Notes),
                Some(at) => Some((text, at)),
            },
        };
        Ok((legend, notes))
    }

    /// What a screen reader says.
    fn name(&self) -> String {
        let names: Vec<&str> = self.plot.curves.iter().map(StepCurve::name).collect();
        match self.plot.title.is_empty() {
            true => format!("{}: {}", self.value_label(), names.join(", ")),
            false => self.plot.title.replace('\n', " "),
        }
    }

    fn value_label(&self) -> String {
        self.plot.value_label.clone().unwrap_or_else(|| self.plot.default_value_label())
    }

    fn notes(&self, width: f64) -> Paragraph {
        Paragraph::new(&self.plot.notes.join("\n"), Face::Regular, self.size(), width)
    }

    fn panel(&self, frame: &Frame) -> Panel {
        Panel {
            area: frame.area,
            time_end: self.axis.end * self.plot.time_unit,
            value_end: self.plot.value_limit.unwrap_or(1.0),
        }
    }

    /// Places the panel. The label of the upright axis is broken by the height of the panel, which
    /// depends on the width left by that label: tried with one line more each time.
    fn frame(&self) -> Result<Frame> {
        let label = self.value_label();
        let mut lines = 1;
        loop {
            let mut frame = self.frame_with(lines)?;
            let height = frame.area.bottom - frame.area.top;
            let broken = Paragraph::new(&label, Face::Regular, self.size(), height);
            if broken.lines.len() <= lines {
                frame.value_label = broken;
                return Ok(frame);
            }
            lines = broken.lines.len().max(lines + 1);
        }
    }

    fn frame_with(&self, value_lines: usize) -> Result<Frame> {
        let (size, width) = (self.size(), self.plot.width);
        let text = size * (ASCENT + DESCENT);
        let inner = width - 2.0 * MARGIN;
        let tick_width = |label: &String| text_width(label, Face::Regular, size);
        let values = self.values.iter().map(|(_, label)| tick_width(label)).fold(0.0, f64::max);
        let upright = value_lines as f64 * size * LEADING + GAP + values + LABEL_GAP + TICK;
        let first = self.widest(0) / 2.0;
        let last = (0..self.axis.ticks.len()).map(|k| self.widest(k)).fold(0.0, f64::max) / 2.0;
        let left = MARGIN + upright.max(self.table.label_width() + first).max(first);
        let beside = (self.legend == Legend::Right).then(|| self.legend_beside());
        let beside_width = beside.as_ref().map_or(0.0, |entries| GAP + entries.width);
        let right = width - MARGIN - last.max(beside_width);
        if !(right - left >= LEAST) {
            return Err(too_small("width", width, width + LEAST - (right - left)));
        }

        let legend = (self.legend == Legend::Top)
            .then(|| Entries::rows(&self.plot.curves, &self.styles, size, inner));
        let notes = (!self.notes_inside).then(|| self.notes(inner));
        let mut top = MARGIN;
        let blocks = [
            self.title.height(),
            notes.as_ref().map_or(0.0, Paragraph::height),
            legend.as_ref().map_or(0.0, |entries| entries.height),
        ];
        blocks.iter().filter(|height| **height > 0.0).for_each(|height| top += height + GAP);
        top += text / 2.0;

        let time_label = Paragraph::new(&self.plot.time_label, Face::Regular, size, right - left);
        let mut below = self.below_axis() + text + self.table.height() + MARGIN;
        for height in [time_label.height(), self.caption.height()] {
            below += if height > 0.0 { GAP / 2.0 + height } else { 0.0 };
        }
        below += if self.caption.lines.is_empty() { 0.0 } else { GAP / 2.0 };
        // So that the numbers beside the axes keep apart.
        let least = LEAST.max(6.0 * size);
        let least = beside.map_or(least, |entries| entries.height.max(least));
        let height = match self.plot.height {
            Some(height) if height - top - below >= least => height,
            Some(height) => return Err(too_small("height", height, top + least + below)),
            None => top + least.max(PANEL_HEIGHT * (size / 9.0).sqrt()) + below,
        };
        let area = Area { left, top, right, bottom: height - below };
        let value_label = Paragraph::new("", Face::Regular, size, height);
        Ok(Frame { area, value_label, time_label, legend, notes, height })
    }

    fn legend_beside(&self) -> Entries {
        let room = NAMES_BESIDE * self.plot.width;
        Entries::column(&self.plot.curves, &self.styles, self.size(), room)
    }

    /// The widest number at a tick of the time axis, above or in the table.
    #[expect(clippy::indexing_slicing, reason = "the axis has a label for each of its ticks")]
    fn widest(&self, tick: usize) -> f64 {
        let label = text_width(&self.axis.labels[tick], Face::Regular, self.size());
        label.max(self.table.widest_at(tick))
    }

    /// The ticks with a number, with the place of each on the page: every one, or as many as there
    /// is room for.
    fn labelled(&self, panel: &Panel) -> Vec<(usize, f64)> {
        let ticks = &self.axis.ticks;
        let widest = (0..ticks.len()).map(|k| self.widest(k)).fold(0.0, f64::max);
        let apart = match ticks.get(1) {
            Some(step) => (panel.area.right - panel.area.left) * step / self.axis.end,
            None => widest,
        };
        let every = whole(((widest + BETWEEN_LABELS) / apart).ceil()).max(1);
        (0..ticks.len()).step_by(every).map(|k| (k, self.tick_x(panel, k))).collect()
    }

    #[expect(clippy::indexing_slicing, reason = "the axis has a label for each of its ticks")]
    fn tick_x(&self, panel: &Panel, tick: usize) -> f64 {
        panel.x(self.axis.ticks[tick] * self.plot.time_unit)
    }

    fn draw_curves(&self, drawing: &mut Drawing, panel: &Panel) {
        let CurvePlot { curves, median_lines, .. } = self.plot;
        let most = curves.iter().map(|curve| panel.ticks(curve).len()).max().unwrap_or(0);
        let loose = most as f64 <= panel.area.right - panel.area.left;
        let styled = || curves.iter().zip(&self.styles);
        if self.bands() {
            styled().for_each(|(curve, &style)| panel.draw_band(drawing, curve, style));
        }
        if *median_lines {
            curves.iter().for_each(|curve| panel.draw_median(drawing, curve));
        }
        for (curve, &style) in styled() {
            panel.draw_curve(drawing, curve, style);
        }
        if self.plot.censor_ticks.unwrap_or(loose) {
            styled().for_each(|(curve, &style)| panel.draw_ticks(drawing, curve, style));
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the axis has a label for each of its ticks")]
    fn draw_axes(&self, drawing: &mut Drawing, frame: &Frame, panel: &Panel) {
        let (size, ink) = (self.size(), Stroke::new(BLACK, 0.8));
        let Area { left, top, right, bottom } = frame.area;
        drawing.line(&[(left, top), (left, bottom), (right, bottom)], ink);
        for (value, label) in &self.values {
            let y = panel.y(*value);
            drawing.line(&[(left - TICK, y), (left, y)], ink);
            let at = (left - TICK - LABEL_GAP, y + 0.36 * size);
            drawing.text(Text::new(at, label, size).anchor(Anchor::End));
        }
        for tick in 0..self.axis.ticks.len() {
            let x = self.tick_x(panel, tick);
            drawing.line(&[(x, bottom), (x, bottom + TICK)], ink);
        }
        let labelled = self.labelled(panel);
        let mut y = bottom + self.below_axis();
        for &(tick, x) in &labelled {
            let text = Text::new((x, y + size * ASCENT), &self.axis.labels[tick], size);
            drawing.text(text.anchor(Anchor::Middle));
        }
        y += size * (ASCENT + DESCENT);
        let middle = left.midpoint(right);
        if !frame.time_label.lines.is_empty() {
            y += GAP / 2.0;
            frame.time_label.draw(drawing, middle, y, Anchor::Middle, BLACK);
            y += frame.time_label.height();
        }
        let beside = left - self.table.label_width() - self.widest(0) / 2.0;
        self.table.draw(drawing, beside.max(MARGIN), y, &labelled);
        self.draw_value_label(drawing, frame);
    }

    fn draw_value_label(&self, drawing: &mut Drawing, frame: &Frame) {
        let size = self.size();
        let Area { left, top, bottom, .. } = frame.area;
        let width = |label: &String| text_width(label, Face::Regular, size);
        let values = self.values.iter().map(|(_, label)| width(label)).fold(0.0, f64::max);
        let end = left - TICK - LABEL_GAP - values - GAP;
        let lines = &frame.value_label.lines;
        for (k, line) in lines.iter().enumerate() {
            let back = (lines.len() - 1 - k) as f64 * size * LEADING;
            let at = (end - DESCENT * size - back, top.midpoint(bottom));
            drawing.text(Text::new(at, line, size).anchor(Anchor::Middle).vertical());
        }
    }

    /// Title, notes and legend above the axes; legend beside them; caption.
    fn draw_margins(&self, drawing: &mut Drawing, frame: &Frame) {
        let mut y = MARGIN;
        let mut paragraph = |text: &Paragraph, drawing: &mut Drawing| {
            text.draw(drawing, MARGIN, y, Anchor::Start, BLACK);
            y += if text.lines.is_empty() { 0.0 } else { text.height() + GAP };
        };
        paragraph(&self.title, drawing);
        if let Some(notes) = &frame.notes {
            paragraph(notes, drawing);
        }
        if let Some(entries) = &frame.legend {
            entries.draw(drawing, MARGIN, y);
        }
        if self.legend == Legend::Right {
            let left = frame.area.right + GAP;
            self.legend_beside().draw(drawing, left, frame.area.top);
        }
        let top = frame.height - MARGIN - self.caption.height();
        self.caption.draw(drawing, MARGIN, top, Anchor::Start, GREY);
    }
}

/// Ticks of the upright axis: probabilities with their labels.
fn value_ticks(plot: &CurvePlot) -> Vec<(f64, String)> {
    let end = plot.value_limit.unwrap_or(1.0);
    let scale = if plot.percent { 100.0 } else { 1.0 };
    let step = nice_step(end * scale, 5);
    let ticks = steps(end * scale, step);
    ticks.iter().map(|tick| tick / scale).zip(labels(&ticks, step)).collect()
}

fn too_small(side: &'static str, given: f64, needed: f64) -> Error {
    Error::FigureTooSmall { side, given, needed: needed.ceil() }
}
