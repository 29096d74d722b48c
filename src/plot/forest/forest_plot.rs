//! A figure of ratios with their limits.

use super::check::check;
use super::forest_line::ForestLine;
use super::layout::Layout;
use crate::error::Result;
use crate::plot::page::Drawing;
use crate::statistic::percent;

/// A forest plot: a line for each ratio, with its limits on a logarithmic axis and in figures.
///
/// Sizes are in points, 1/72 inch; the height follows from the lines. A limit that leaves the axis
/// ends in an arrow, and so does one that is open. Squares are all of one size; the ratio of everybody
/// is a diamond, as wide as its limits.
///
/// | option | default |
/// |---|---|
/// | [`title`](Self::title), [`caption`](Self::caption), [`directions`](Self::directions) | none |
/// | [`columns`](Self::columns) | none |
/// | [`label_heading`](Self::label_heading), [`p_heading`](Self::p_heading) | none, `p` |
/// | [`ratio_heading`](Self::ratio_heading), [`axis_label`](Self::axis_label) | `HR (95% CI)`, `Hazard ratio (log scale)` |
/// | [`limits`](Self::limits) | all estimates, and the limits near them |
/// | [`width`](Self::width), [`font_size`](Self::font_size) | 560, 9 |
///
/// ```
/// use riskset::plot::{ForestLine, ForestPlot};
///
/// let drawing = ForestPlot::new(vec![
///     ForestLine::heading("Timing"),
///     ForestLine::reference("none").indent().cells(&["120 / 326"]),
///     ForestLine::ratio("synchronous", Some(0.49), Some(0.36), Some(0.67)).indent(),
/// ])
/// .columns(&["Events / n"])
/// .directions("Better", "Worse")
/// .draw()?;
/// let texts: Vec<String> = drawing.texts().into_iter().map(|text| text.text).collect();
/// assert!(texts.contains(&"0.49 (0.36–0.67)".to_owned()));
/// assert!(texts.contains(&"1 (reference)".to_owned()));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// Lewis & Clarke 2001, doi:10.1136/bmj.322.7300.1479. In R: `survminer::ggforest`, `forestplot`.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ForestPlot {
    pub(super) lines: Vec<ForestLine>,
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) columns: Vec<String>,
    pub(super) label_heading: String,
    pub(super) ratio_heading: Option<String>,
    pub(super) p_heading: String,
    pub(super) axis_label: String,
    pub(super) directions: Option<(String, String)>,
    pub(super) limits: Option<(f64, f64)>,
    pub(super) width: f64,
    pub(super) font_size: f64,
}

impl ForestPlot {
    /// A figure of these lines, from above.
    pub fn new(lines: Vec<ForestLine>) -> Self {
        Self {
            lines,
            title: String::new(),
            caption: String::new(),
            columns: Vec::new(),
            label_heading: String::new(),
            ratio_heading: None,
            p_heading: "p".to_owned(),
            axis_label: "Hazard ratio (log scale)".to_owned(),
            directions: None,
            limits: None,
            width: 560.0,
            font_size: 9.0,
        }
    }

    /// A heading above the figure.
    pub fn title(self, title: &str) -> Self {
        Self { title: title.to_owned(), ..self }
    }

    /// Small print below the figure.
    pub fn caption(self, caption: &str) -> Self {
        Self { caption: caption.to_owned(), ..self }
    }

    /// Headings of the columns between labels and axis.
    pub fn columns(self, headings: &[&str]) -> Self {
        Self { columns: headings.iter().map(|&heading| heading.to_owned()).collect(), ..self }
    }

    /// Heading of the labels.
    pub fn label_heading(self, heading: &str) -> Self {
        Self { label_heading: heading.to_owned(), ..self }
    }

    /// Heading of the ratios in figures.
    pub fn ratio_heading(self, heading: &str) -> Self {
        Self { ratio_heading: Some(heading.to_owned()), ..self }
    }

    /// Heading of the p-values, like `p for interaction`.
    pub fn p_heading(self, heading: &str) -> Self {
        Self { p_heading: heading.to_owned(), ..self }
    }

    /// What the axis says.
    pub fn axis_label(self, label: &str) -> Self {
        Self { axis_label: label.to_owned(), ..self }
    }

    /// What a ratio below 1 and one above 1 speak for, written below the axis.
    pub fn directions(self, below: &str, above: &str) -> Self {
        Self { directions: Some((below.to_owned(), above.to_owned())), ..self }
    }

    /// The ends of the axis, below and above 1.
    pub fn limits(self, lower: f64, upper: f64) -> Self {
        Self { limits: Some((lower, upper)), ..self }
    }

    /// Width of the page.
    pub fn width(self, width: f64) -> Self {
        Self { width, ..self }
    }

    /// Size of the letters; the others follow.
    pub fn font_size(self, size: f64) -> Self {
        Self { font_size: size, ..self }
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without lines;
    /// [`Error::InvalidCells`](crate::Error::InvalidCells) for ratios that are not positive or not
    /// between their limits; [`Error::LengthMismatch`](crate::Error::LengthMismatch) for a line with
    /// more or fewer cells than there are columns;
    /// [`Error::InvalidOption`](crate::Error::InvalidOption) for sizes and limits out of range;
    /// [`Error::Unsupported`](crate::Error::Unsupported) for limits of different levels;
    /// [`Error::FigureTooSmall`](crate::Error::FigureTooSmall) where the columns leave no room for
    /// the axis; [`Error::UnwritableText`](crate::Error::UnwritableText) for control characters.
    pub fn draw(&self) -> Result<Drawing> {
        check(self)?;
        Ok(Layout::new(self)?.draw())
    }

    /// The heading of the ratios, which names the level of their limits.
    pub(super) fn ratios(&self) -> String {
        self.ratio_heading.clone().unwrap_or_else(|| {
            let level = self.lines.iter().find_map(|line| line.level).unwrap_or(0.95);
            format!("HR ({} CI)", percent(level))
        })
    }
}
