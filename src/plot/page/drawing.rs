//! What is drawn, as a list of paths and texts on a page.

use super::colour::{BLACK, Colour};
use super::glyphs::{Face, text_width};
use super::{pdf, svg};
use crate::error::Result;

/// A point of the page: to the right and down from its upper left corner, in points (1/72 inch).
pub(crate) type Point = (f64, f64);

/// Which part of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Text {
    /// On the baseline.
    pub(crate) at: Point,
    pub(crate) content: String,
    pub(crate) size: f64,
    pub(crate) face: Face,
    pub(crate) anchor: Anchor,
    pub(crate) colour: Colour,
    /// Read from below.
    pub(crate) vertical: bool,
}

/// How far text reaches above and below its baseline, accents included, in sizes.
pub(crate) const ASCENT: f64 = 0.74;
pub(crate) const DESCENT: f64 = 0.22;
/// From one baseline to the next, in sizes.
pub(crate) const LEADING: f64 = 1.25;

impl Text {
    pub(crate) fn new(at: Point, content: impl Into<String>, size: f64) -> Self {
        Self {
            at,
            content: content.into(),
            size,
            face: Face::Regular,
            anchor: Anchor::Start,
            colour: BLACK,
            vertical: false,
        }
    }

    pub(crate) fn bold(self) -> Self {
        Self { face: Face::Bold, ..self }
    }

    pub(crate) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(crate) fn colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    pub(crate) fn vertical(self) -> Self {
        Self { vertical: true, ..self }
    }

    pub(crate) fn width(&self) -> f64 {
        text_width(&self.content, self.face, self.size)
    }

    /// How far the text begins before its point.
    pub(crate) fn before(&self) -> f64 {
        match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => self.width() / 2.0,
            Anchor::End => self.width(),
        }
    }

    fn text_box(&self) -> TextBox {
        let (x, y) = self.at;
        let (before, after) = (self.before(), self.width() - self.before());
        let (ascent, descent) = (ASCENT * self.size, DESCENT * self.size);
        let (left, top, right, bottom) = match self.vertical {
            false => (x - before, y - ascent, x + after, y + descent),
            true => (x - ascent, y - after, x + descent, y + before),
        };
        TextBox { text: self.content.clone(), left, top, right, bottom }
    }
}

/// The outline of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) colour: Colour,
    pub(crate) width: f64,
    pub(crate) dash: &'static [f64],
}

impl Stroke {
    pub(crate) fn new(colour: Colour, width: f64) -> Self {
        Self { colour, width, dash: &[] }
    }

    pub(crate) fn dashed(self, dash: &'static [f64]) -> Self {
        Self { dash, ..self }
    }
}

/// The inside of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fill {
    pub(crate) colour: Colour,
    /// 1 covers what lies below.
    pub(crate) alpha: f64,
}

/// Lines through points, one or several of them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Path {
    pub(crate) lines: Vec<Vec<Point>>,
    /// A filled path closes its lines.
    pub(crate) fill: Option<Fill>,
    pub(crate) stroke: Option<Stroke>,
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Path(Path),
    Text(Text),
}

/// A finished figure. Later things lie above earlier ones.
///
/// ```
/// use riskset::plot::{CurvePlot, StepCurve};
/// use riskset::{KaplanMeier, RightCensored};
///
/// let data = RightCensored::new(&[9., 13., 13., 18., 23.], &[true, true, false, true, true])?;
/// let curve = StepCurve::survival("Maintained", &KaplanMeier::new().fit(&data)?);
/// let drawing = CurvePlot::new(vec![curve]).time_label("Weeks").draw()?;
/// assert!(drawing.svg().starts_with("<svg"));
/// assert!(drawing.pdf()?.starts_with(b"%PDF-1.4"));
/// # Ok::<(), riskset::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// What a screen reader says.
    pub(crate) name: String,
    pub(crate) items: Vec<Item>,
}

/// Where a line of text of a [`Drawing`] stands: all of its letters lie within.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TextBox {
    /// The text.
    pub text: String,
    /// Left edge, in points from the left edge of the page.
    pub left: f64,
    /// Upper edge, in points from the top of the page.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Drawing {
    pub(crate) fn new(width: f64, height: f64, name: &str) -> Self {
        Self { width, height, name: name.to_owned(), items: Vec::new() }
    }

    pub(crate) fn text(&mut self, text: Text) {
        if !text.content.is_empty() {
            self.items.push(Item::Text(text));
        }
    }

    pub(crate) fn line(&mut self, points: &[Point], stroke: Stroke) {
        self.lines(vec![points.to_vec()], stroke);
    }

    pub(crate) fn lines(&mut self, lines: Vec<Vec<Point>>, stroke: Stroke) {
        if !lines.is_empty() {
            self.items.push(Item::Path(Path { lines, fill: None, stroke: Some(stroke) }));
        }
    }

    pub(crate) fn area(&mut self, points: Vec<Point>, colour: Colour, alpha: f64) {
        let fill = Some(Fill { colour, alpha });
        self.items.push(Item::Path(Path { lines: vec![points], fill, stroke: None }));
    }

    /// Width of the page in points, 1/72 inch.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height of the page in points.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Every line of text with the box it fills, by the widths of Helvetica.
    #[must_use]
    pub fn texts(&self) -> Vec<TextBox> {
        let text = |item: &Item| match item {
            Item::Text(text) => Some(text.text_box()),
            Item::Path(_) => None,
        };
        self.items.iter().filter_map(text).collect()
    }

    /// The figure as SVG. Text stays text; each line is fitted to its measured width, so that the
    /// layout holds whatever font stands in for Helvetica.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::write(self)
    }

    /// The figure as a PDF of one page, with the fonts that every reader has. The same figure gives
    /// the same bytes.
    ///
    /// # Errors
    /// [`Error::UnwritableText`](crate::Error::UnwritableText) for a character that these fonts do
    /// not have: they have those of Windows-1252, Greek, and signs like ≤ ≥ − ∞. SVG writes all.
    pub fn pdf(&self) -> Result<Vec<u8>> {
        pdf::write(self)
    }
}
