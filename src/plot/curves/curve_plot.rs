//! A figure of survival or incidence curves.

use super::at_risk::Count;
use super::check::check;
use super::layout::Layout;
use super::legend::Legend;
use super::step_curve::StepCurve;
use crate::competing::AalenJohansenFit;
use crate::curve::ByGroup;
use crate::error::Result;
use crate::nonparametric::KaplanMeierFit;
use crate::plot::page::Drawing;
use crate::statistic::TestResult;

/// A figure of survival or cumulative-incidence curves: bands, censor ticks, median lines, legend,
/// notes, and the numbers at risk below the ticks of the time axis.
///
/// Sizes are in points, 1/72 inch. Everything is measured before it is drawn: labels are broken into
/// lines, legend and notes stand where no curve passes, numbers are left out where they would
/// touch. Colours are those of Okabe & Ito, which colour-blind readers tell apart; after seven
/// curves they come again with other dashes.
///
/// | option | default |
/// |---|---|
/// | [`title`](Self::title), [`caption`](Self::caption) | none |
/// | [`time_label`](Self::time_label), [`time_unit`](Self::time_unit) | `Time`, that of the data |
/// | [`time_limit`](Self::time_limit) | the last time of any curve |
/// | [`tick_step`](Self::tick_step) | 1, 2 or 5 × 10ᵏ |
/// | [`value_label`](Self::value_label), [`value_limit`](Self::value_limit) | by the curves, 1 |
/// | [`percent`](Self::percent), [`dashes`](Self::dashes), [`median_lines`](Self::median_lines) | off |
/// | [`bands`](Self::bands) | up to three curves |
/// | [`censor_ticks`](Self::censor_ticks) | unless they stand closer than a point |
/// | [`legend`](Self::legend) | [`Legend::Inside`]; none for a single curve |
/// | [`table`](Self::table) | at risk, if all curves have counts |
/// | [`width`](Self::width), [`height`](Self::height), [`font_size`](Self::font_size) | 504, as needed, 9 |
///
/// ```
/// use riskset::plot::CurvePlot;
/// use riskset::{Groups, KaplanMeier, LogRank, RightCensored};
///
/// let weeks = [9., 13., 13., 18., 23., 28., 5., 5., 8., 8., 12., 16.];
/// let relapse = [true, true, false, true, true, false, true, true, true, true, true, false];
/// let data = RightCensored::new(&weeks, &relapse)?;
/// let arms = Groups::new(&[&["maintained"; 6][..], &["not maintained"; 6]].concat())?;
/// let curves = KaplanMeier::new().fit_by(&data, &arms)?;
/// let drawing = CurvePlot::survival(&curves)
///     .time_label("Weeks since remission")
///     .test(LogRank::new().fit(&data, &arms)?.test())
///     .draw()?;
/// let texts = drawing.texts();
/// assert!(texts.iter().any(|text| text.text == "Number at risk"));
/// assert!(texts.iter().any(|text| text.text.starts_with("Log-rank test: p = 0.0")));
/// let page = |text: &riskset::plot::TextBox| {
///     text.left > 0.0 && text.right < drawing.width() && text.bottom < drawing.height()
/// };
/// assert!(texts.iter().all(page));
/// # Ok::<(), riskset::Error>(())
/// ```
///
/// What a figure must show: Pocock, Clayton & Altman 2002, doi:10.1016/S0140-6736(02)08594-X; Morris
/// et al. 2019, doi:10.1136/bmjopen-2019-030215. In R: `ggsurvfit`, `survminer::ggsurvplot`.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct CurvePlot {
    pub(super) curves: Vec<StepCurve>,
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) notes: Vec<String>,
    pub(super) time_label: String,
    pub(super) time_unit: f64,
    pub(super) time_limit: Option<f64>,
    pub(super) tick_step: Option<f64>,
    pub(super) value_label: Option<String>,
    pub(super) value_limit: Option<f64>,
    pub(super) percent: bool,
    pub(super) bands: Option<bool>,
    pub(super) censor_ticks: Option<bool>,
    pub(super) median_lines: bool,
    pub(super) dashes: bool,
    pub(super) legend: Option<Legend>,
    pub(super) table: Option<Vec<Count>>,
    pub(super) width: f64,
    pub(super) height: Option<f64>,
    pub(super) font_size: f64,
}

impl CurvePlot {
    /// A figure of any curves.
    pub fn new(curves: Vec<StepCurve>) -> Self {
        Self {
            curves,
            title: String::new(),
            caption: String::new(),
            notes: Vec::new(),
            time_label: "Time".to_owned(),
            time_unit: 1.0,
            time_limit: None,
            tick_step: None,
            value_label: None,
            value_limit: None,
            percent: false,
            bands: None,
            censor_ticks: None,
            median_lines: false,
            dashes: false,
            legend: None,
            table: None,
            width: 504.0,
            height: None,
            font_size: 9.0,
        }
    }

    /// The survival curve of each group.
    pub fn survival(curves: &ByGroup<KaplanMeierFit>) -> Self {
        Self::new(curves.iter().map(|(name, fit)| StepCurve::survival(name, fit)).collect())
    }

    /// 1 − S of each group, which rises from 0.
    pub fn events(curves: &ByGroup<KaplanMeierFit>) -> Self {
        Self::new(curves.iter().map(|(name, fit)| StepCurve::events(name, fit)).collect())
    }

    /// The cumulative incidence of every cause in one population, whose name stands below the
    /// figure.
    ///
    /// # Errors
    /// None that a fit leads to; those of [`StepCurve::incidence`].
    pub fn incidence(people: &str, fit: &AalenJohansenFit) -> Result<Self> {
        let curve = |cause: &str| {
            let curve = StepCurve::incidence(cause, fit, cause)?;
            Ok(curve.with_counts(people, fit.series()))
        };
        let curves = fit.curves().iter().map(|cause| curve(cause.name()));
        Ok(Self::new(curves.collect::<Result<_>>()?))
    }

    /// The cumulative incidence of one cause in each group.
    ///
    /// # Errors
    /// [`Error::UnknownName`](crate::Error::UnknownName) for a cause that the fits do not have.
    pub fn incidence_by(fits: &ByGroup<AalenJohansenFit>, cause: &str) -> Result<Self> {
        let curves = fits.iter().map(|(name, fit)| StepCurve::incidence(name, fit, cause));
        Ok(Self::new(curves.collect::<Result<_>>()?))
    }

    /// A heading above the figure.
    pub fn title(self, title: &str) -> Self {
        Self { title: title.to_owned(), ..self }
    }

    /// Small print below the figure, like `SIMULATED DATA`.
    pub fn caption(self, caption: &str) -> Self {
        Self { caption: caption.to_owned(), ..self }
    }

    /// A line between the axes, like `HR 0.72 (95% CI 0.59–0.89)`; each call adds one.
    pub fn note(mut self, note: &str) -> Self {
        self.notes.push(note.to_owned());
        self
    }

    /// The name and the p-value of a test, as a note.
    pub fn test(self, test: &TestResult) -> Self {
        let p = test.p_text();
        let p = p.strip_prefix('<').map_or(format!("= {p}"), |bound| format!("< {bound}"));
        self.note(&format!("{}: p {p}", test.kind))
    }

    /// What the time axis says.
    pub fn time_label(self, label: &str) -> Self {
        Self { time_label: label.to_owned(), ..self }
    }

    /// How long one unit of the time axis is in the unit of the data: 365.25 shows days as years.
    pub fn time_unit(self, unit: f64) -> Self {
        Self { time_unit: unit, ..self }
    }

    /// Where the time axis ends, in its own unit. What lies beyond is not drawn.
    pub fn time_limit(self, limit: f64) -> Self {
        Self { time_limit: Some(limit), ..self }
    }

    /// From tick to tick of the time axis, in its own unit: 12 for months.
    pub fn tick_step(self, step: f64) -> Self {
        Self { tick_step: Some(step), ..self }
    }

    /// What the axis of the curves says.
    pub fn value_label(self, label: &str) -> Self {
        Self { value_label: Some(label.to_owned()), ..self }
    }

    /// Where the axis of the curves ends, at most 1. It begins at 0; a band above it is cut.
    pub fn value_limit(self, limit: f64) -> Self {
        Self { value_limit: Some(limit), ..self }
    }

    /// Whether the axis of the curves counts in per cent.
    pub fn percent(self, on: bool) -> Self {
        Self { percent: on, ..self }
    }

    /// Whether the limits are drawn. More than three bands hide each other.
    pub fn bands(self, on: bool) -> Self {
        Self { bands: Some(on), ..self }
    }

    /// Whether the curves carry a tick at each time of a censoring.
    pub fn censor_ticks(self, on: bool) -> Self {
        Self { censor_ticks: Some(on), ..self }
    }

    /// Whether dashed lines lead from one half to the median of each curve that has one.
    pub fn median_lines(self, on: bool) -> Self {
        Self { median_lines: on, ..self }
    }

    /// Whether curves differ by their dashes as well as by colour, for print in grey.
    pub fn dashes(self, on: bool) -> Self {
        Self { dashes: on, ..self }
    }

    /// Where the legend stands.
    pub fn legend(self, legend: Legend) -> Self {
        Self { legend: Some(legend), ..self }
    }

    /// What is counted below the time axis, in this order; nothing for an empty list.
    pub fn table(self, counts: &[Count]) -> Self {
        Self { table: Some(counts.to_vec()), ..self }
    }

    /// Width of the page.
    pub fn width(self, width: f64) -> Self {
        Self { width, ..self }
    }

    /// Height of the page, all included.
    pub fn height(self, height: f64) -> Self {
        Self { height: Some(height), ..self }
    }

    /// Size of the letters at the axes; the others follow.
    pub fn font_size(self, size: f64) -> Self {
        Self { font_size: size, ..self }
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`](crate::Error::Empty) without curves;
    /// [`Error::InvalidCells`](crate::Error::InvalidCells) and
    /// [`Error::DuplicateName`](crate::Error::DuplicateName) for curves that the legend cannot tell
    /// apart; [`Error::InvalidOption`](crate::Error::InvalidOption) for sizes, limits and steps out
    /// of range, or a `value_limit` below a curve;
    /// [`Error::FigureTooSmall`](crate::Error::FigureTooSmall) where the page has no room for the
    /// axes; [`Error::UnwritableText`](crate::Error::UnwritableText) for control characters;
    /// [`Error::Unsupported`](crate::Error::Unsupported) for a table without counts and for more
    /// than 49 curves.
    pub fn draw(&self) -> Result<Drawing> {
        check(self)?;
        Layout::new(self)?.draw()
    }

    /// What the axis of the curves says, if nothing else is asked.
    pub(super) fn default_value_label(&self) -> String {
        let rises = self.curves.iter().any(StepCurve::rises);
        let label = match (rises, self.percent) {
            (true, false) => "Cumulative incidence",
            (true, true) => "Cumulative incidence (%)",
            (false, false) => "Survival probability",
            (false, true) => "Survival (%)",
        };
        label.to_owned()
    }
}
