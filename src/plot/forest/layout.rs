//! Where everything in a forest plot stands.

use super::forest_line::{Content, ForestLine};
use super::forest_plot::ForestPlot;
use super::log_axis::{LogAxis, label};
use super::marks;
use crate::error::{Error, Result};
use crate::plot::page::{
    ASCENT, Anchor, BLACK, Colour, DESCENT, Drawing, Face, GREY, LIGHT_GREY, Paragraph, Stroke,
    Text, text_width,
};

/// Around the page; between columns; one level of indentation.
const MARGIN: f64 = 10.0;
const COLUMN_GAP: f64 = 14.0;
const INDENT: f64 = 10.0;
/// Above and below the text of a line, in sizes.
const PADDING: f64 = 0.32;
const TICK: f64 = 4.0;
const GAP: f64 = 6.0;
/// The axis is never shorter than this.
const LEAST: f64 = 100.0;
/// What labels leave to the axis as long as they have that many letter sizes of room.
const WANTED: f64 = 150.0;
const LEAST_LABEL: f64 = 7.0;
/// How much of the page labels, and words in place of ratios, may take.
const LABELS: f64 = 0.4;
const WORDS: f64 = 0.22;
const STRIPE: Colour = Colour(0xf3, 0xf5, 0xf7);

/// A column of texts, one for each line of the figure below its heading.
struct Column {
    heading: Paragraph,
    texts: Vec<Paragraph>,
    anchor: Anchor,
    width: f64,
    left: f64,
}

impl Column {
    fn new(heading: &str, texts: Vec<Paragraph>, anchor: Anchor, size: f64) -> Self {
        let widest = texts.iter().map(Paragraph::width).fold(0.0, f64::max);
        // A heading breaks between words before it widens its column.
        let longest = heading.split_whitespace().map(|word| text_width(word, Face::Bold, size));
        let room = longest.fold(widest.max(5.0 * size), f64::max);
        let heading = Paragraph::new(heading, Face::Bold, size, room);
        let width = widest.max(heading.width());
        Self { heading, texts, anchor, width, left: 0.0 }
    }

    fn x(&self) -> f64 {
        match self.anchor {
            Anchor::Start => self.left,
            Anchor::Middle => self.left + self.width / 2.0,
            Anchor::End => self.left + self.width,
        }
    }
}

/// A forest plot with all of its texts measured.
pub(super) struct Layout<'a> {
    plot: &'a ForestPlot,
    columns: Vec<Column>,
    axis: LogAxis,
    title: Paragraph,
    caption: Paragraph,
    axis_label: Paragraph,
    directions: Option<(Paragraph, Paragraph)>,
}

impl<'a> Layout<'a> {
    pub(super) fn new(plot: &'a ForestPlot) -> Result<Self> {
        let (size, inner) = (plot.font_size, plot.width - 2.0 * MARGIN);
        let mut columns = columns(plot);
        let before = 1 + plot.columns.len();
        let taken: f64 = columns.iter().map(|column| column.width + COLUMN_GAP).sum();
        // The labels at the ends of the axis reach beyond it.
        let room = inner - taken - 2.0 * size;
        if !(room >= LEAST) {
            let needed = (plot.width + LEAST - room).ceil();
            return Err(Error::FigureTooSmall { side: "width", given: plot.width, needed });
        }
        let mut left = MARGIN;
        let (mut start, mut end) = (0.0, 0.0);
        for (k, column) in columns.iter_mut().enumerate() {
            if k == before {
                start = left + size;
                end = start + room;
                left = end + size + COLUMN_GAP;
            }
            column.left = left;
            left += column.width + COLUMN_GAP;
        }
        let (lower, upper) = plot.limits.unwrap_or_else(|| LogAxis::range(&plot.lines));
        let axis = LogAxis { lower, upper, left: start, right: end };
        let one = axis.x(1.0);
        let directions = plot.directions.as_ref().map(|(below, above)| {
            let (left, right) = (one - GAP - MARGIN, plot.width - MARGIN - one - GAP);
            let text = |text: String, room: f64| Paragraph::new(&text, Face::Regular, size, room);
            (text(format!("← {below}"), left), text(format!("{above} →"), right))
        });
        // Centred below the axis, and no wider than the page leaves to either side.
        let middle = start.midpoint(end);
        let reach = 2.0 * (middle - MARGIN).min(plot.width - MARGIN - middle);
        Ok(Self {
            plot,
            columns,
            axis,
            title: Paragraph::new(&plot.title, Face::Bold, 1.25 * size, inner),
            caption: Paragraph::new(&plot.caption, Face::Regular, 0.85 * size, inner),
            axis_label: Paragraph::new(&plot.axis_label, Face::Regular, size, reach),
            directions,
        })
    }

    fn text_height(&self) -> f64 {
        self.plot.font_size * (ASCENT + DESCENT)
    }

    #[expect(clippy::indexing_slicing, reason = "a column has a text for each line")]
    fn line_height(&self, line: usize) -> f64 {
        let texts = self.columns.iter().map(|column| column.texts[line].height());
        texts.fold(self.text_height(), f64::max) + 2.0 * PADDING * self.plot.font_size
    }

    fn heading_height(&self) -> f64 {
        self.columns.iter().map(|column| column.heading.height()).fold(0.0, f64::max)
    }

    pub(super) fn draw(&self) -> Drawing {
        let size = self.plot.font_size;
        let mut drawing = Drawing::new(self.plot.width, 0.0, &self.name());
        let mut y = MARGIN;
        self.title.draw(&mut drawing, MARGIN, y, Anchor::Start, BLACK);
        y += spaced(self.title.height());
        self.draw_headings(&mut drawing, y);
        y += self.heading_height() + PADDING * size;
        let rule = Stroke::new(BLACK, 0.6);
        drawing.line(&[(MARGIN, y), (self.plot.width - MARGIN, y)], rule);
        y += PADDING * size;
        let bottom = self.draw_lines(&mut drawing, y);
        y = self.draw_axis(&mut drawing, bottom + 2.0);
        if !self.caption.lines.is_empty() {
            y += GAP;
            self.caption.draw(&mut drawing, MARGIN, y, Anchor::Start, GREY);
            y += self.caption.height();
        }
        drawing.height = y + MARGIN;
        drawing
    }

    /// What a screen reader says.
    fn name(&self) -> String {
        match self.plot.title.is_empty() {
            true => format!("Forest plot: {}", self.plot.ratios()),
            false => self.plot.title.replace('\n', " "),
        }
    }

    /// Headings stand on the rule below them.
    fn draw_headings(&self, drawing: &mut Drawing, top: f64) {
        let foot = top + self.heading_height();
        for column in &self.columns {
            let top = foot - column.heading.height();
            column.heading.draw(drawing, column.x(), top, column.anchor, BLACK);
        }
    }

    /// Draws the lines of the figure from `top` on, and gives back their end.
    #[expect(clippy::indexing_slicing, reason = "a column has a text for each line")]
    fn draw_lines(&self, drawing: &mut Drawing, top: f64) -> f64 {
        let size = self.plot.font_size;
        let heights: Vec<f64> =
            (0..self.plot.lines.len()).map(|line| self.line_height(line)).collect();
        let bottom = top + heights.iter().sum::<f64>();
        let mut y = top;
        for (line, height) in heights.iter().enumerate() {
            if line % 2 == 1 {
                let (left, right) = (MARGIN, self.plot.width - MARGIN);
                let (from, to) = (y, y + height);
                drawing.area(
                    vec![(left, from), (right, from), (right, to), (left, to)],
                    STRIPE,
                    1.0,
                );
            }
            y += height;
        }
        self.draw_guides(drawing, top, bottom);
        y = top;
        for (k, (line, height)) in self.plot.lines.iter().zip(&heights).enumerate() {
            let text = y + PADDING * size;
            for (c, column) in self.columns.iter().enumerate() {
                let indent = if c == 0 { line.indent as f64 * INDENT } else { 0.0 };
                column.texts[k].draw(drawing, column.x() + indent, text, column.anchor, BLACK);
            }
            marks::draw(drawing, &self.axis, line, text + size * (ASCENT - 0.26));
            y += height;
        }
        bottom
    }

    /// The line of no difference, and that of everybody's ratio.
    fn draw_guides(&self, drawing: &mut Drawing, top: f64, bottom: f64) {
        let one = self.axis.x(1.0);
        drawing.line(&[(one, top), (one, bottom + 2.0)], Stroke::new(GREY, 0.8));
        let overall = self.plot.lines.iter().find(|line| line.overall);
        let estimate = overall.and_then(ForestLine::ratio_limits).and_then(|ratio| ratio.estimate);
        if let Some(estimate) = estimate.filter(|x| (self.axis.lower..=self.axis.upper).contains(x))
        {
            let x = self.axis.x(estimate);
            let dashed = Stroke::new(LIGHT_GREY, 0.8).dashed(&[3.0, 2.5]);
            drawing.line(&[(x, top), (x, bottom)], dashed);
        }
    }

    /// Draws the axis and what is written below it, and gives back the end.
    fn draw_axis(&self, drawing: &mut Drawing, top: f64) -> f64 {
        let (size, ink) = (self.plot.font_size, Stroke::new(BLACK, 0.8));
        let LogAxis { left, right, .. } = self.axis;
        drawing.line(&[(left, top), (right, top)], ink);
        for tick in self.axis.ticks(size) {
            let x = self.axis.x(tick);
            drawing.line(&[(x, top), (x, top + TICK)], ink);
            let at = (x, top + TICK + 3.0 + ASCENT * size);
            drawing.text(Text::new(at, label(tick), size).anchor(Anchor::Middle));
        }
        let mut y = top + TICK + 3.0 + self.text_height();
        if let Some((below, above)) = &self.directions {
            y += GAP / 2.0;
            let one = self.axis.x(1.0);
            below.draw(drawing, one - GAP, y, Anchor::End, BLACK);
            above.draw(drawing, one + GAP, y, Anchor::Start, BLACK);
            y += below.height().max(above.height());
        }
        if !self.axis_label.lines.is_empty() {
            y += GAP / 2.0;
            let middle = left.midpoint(right);
            self.axis_label.draw(drawing, middle, y, Anchor::Middle, BLACK);
            y += self.axis_label.height();
        }
        y
    }
}

/// The columns of texts from left to right; the axis stands before the ratios.
fn columns(plot: &ForestPlot) -> Vec<Column> {
    let mut others = other_columns(plot);
    let taken: f64 = others.iter().map(|column| column.width + COLUMN_GAP).sum();
    // The axis comes first, then the labels: they can be broken.
    let left = plot.width - 2.0 * MARGIN - taken - COLUMN_GAP - 2.0 * plot.font_size - WANTED;
    let room = left.min(LABELS * plot.width).max(LEAST_LABEL * plot.font_size);
    let cells = others.iter().take(plot.columns.len());
    let cells = cells.map(|column| column.width + COLUMN_GAP).sum();
    let mut columns = vec![label_column(plot, room, cells)];
    columns.append(&mut others);
    columns
}

fn text(plot: &ForestPlot, text: &str, bold: bool, room: f64) -> Paragraph {
    Paragraph::new(text, if bold { Face::Bold } else { Face::Regular }, plot.font_size, room)
}

/// The labels, in `room`. A heading without cells runs on over the columns of the others, which
/// take `cells`.
fn label_column(plot: &ForestPlot, room: f64, cells: f64) -> Column {
    let indent = |line: &ForestLine| line.indent as f64 * INDENT;
    let beyond = |line: &ForestLine| {
        let alone = line.content == Content::Heading && line.cells.is_empty();
        if alone { cells } else { 0.0 }
    };
    let label = |line: &ForestLine| {
        let room = (room + beyond(line) - indent(line)).max(3.0 * plot.font_size);
        text(plot, &line.label, line.is_bold(), room)
    };
    let labels = plot.lines.iter().map(label).collect();
    let mut column = Column::new(&plot.label_heading, labels, Anchor::Start, plot.font_size);
    let ends = plot.lines.iter().zip(&column.texts);
    let ends = ends.map(|(line, text)| indent(line) + text.width() - beyond(line));
    column.width = ends.fold(column.heading.width(), f64::max);
    column
}

/// All columns but that of the labels.
fn other_columns(plot: &ForestPlot) -> Vec<Column> {
    let lines = &plot.lines;
    let column = |heading: &str, texts: &dyn Fn(&ForestLine) -> Paragraph, anchor| {
        Column::new(heading, lines.iter().map(texts).collect(), anchor, plot.font_size)
    };
    let mut columns: Vec<Column> = (plot.columns.iter().enumerate())
        .map(|(k, heading)| {
            let cell = |line: &ForestLine| {
                let cell = line.cells.get(k).map_or("", String::as_str);
                text(plot, cell, line.overall, f64::INFINITY)
            };
            column(heading, &cell, Anchor::End)
        })
        .collect();
    let ratio = |line: &ForestLine| {
        let words = WORDS * plot.width;
        let room = if line.ratio_limits().is_some() { f64::INFINITY } else { words };
        text(plot, &line.ratio_text(), line.overall, room)
    };
    columns.push(column(&plot.ratios(), &ratio, Anchor::Start));
    if lines.iter().any(|line| line.p.is_some()) {
        let p =
            |line: &ForestLine| text(plot, line.p.as_deref().unwrap_or(""), false, f64::INFINITY);
        columns.push(column(&plot.p_heading, &p, Anchor::End));
    }
    columns
}

/// The height of a part with the gap below it, if it is there.
fn spaced(height: f64) -> f64 {
    if height > 0.0 { height + GAP } else { 0.0 }
}
