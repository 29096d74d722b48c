//! A line of a forest plot.

use super::ratio_text::ratio_text;
use crate::inference::HazardRatio;
use crate::regression::cox::CoefficientStatus;
use crate::statistic::{Interval, TestResult};

/// A ratio with its limits. What is `None` is open: no finite estimate, a limit of 0 or infinity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RatioLimits {
    pub(super) estimate: Option<f64>,
    pub(super) lower: Option<f64>,
    pub(super) upper: Option<f64>,
}

/// What stands in the columns of a line, apart from its label.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    Heading,
    Reference,
    Ratio(RatioLimits),
    /// Words in place of a ratio.
    Words(String),
}

/// One line of a [`ForestPlot`](super::ForestPlot): a heading, a reference level, or a ratio with its
/// limits.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct ForestLine {
    pub(super) label: String,
    pub(super) content: Content,
    pub(super) overall: bool,
    pub(super) indent: usize,
    pub(super) cells: Vec<String>,
    pub(super) p: Option<String>,
    /// Confidence level of the limits, where it is known.
    pub(super) level: Option<f64>,
}

impl ForestLine {
    fn new(label: &str, content: Content) -> Self {
        Self {
            label: label.to_owned(),
            content,
            overall: false,
            indent: 0,
            cells: Vec::new(),
            p: None,
            level: None,
        }
    }

    /// A line in bold letters above the lines of a factor or a subgroup.
    pub fn heading(label: &str) -> Self {
        Self::new(label, Content::Heading)
    }

    /// The level the others are compared with: a ratio of 1 without limits.
    pub fn reference(label: &str) -> Self {
        Self::new(label, Content::Reference)
    }

    /// A ratio with its limits. A limit that is `None` is open: 0 below, infinity above. An estimate
    /// that is `None` is infinite where only the upper limit is open, and 0 where only the lower
    /// one is.
    pub fn ratio(
        label: &str,
        estimate: Option<f64>,
        lower: Option<f64>,
        upper: Option<f64>,
    ) -> Self {
        Self::new(label, Content::Ratio(RatioLimits { estimate, lower, upper }))
    }

    /// A hazard ratio of a fit, with its p-value. An infinite one has no Wald limits, and no mark; its
    /// profile limits are drawn.
    pub fn of(label: &str, ratio: &HazardRatio) -> Self {
        let line = match (ratio.estimate, ratio.interval) {
            (None, None) => Self::words(
                label,
                match ratio.status {
                    CoefficientStatus::PlusInfinity => "∞",
                    CoefficientStatus::MinusInfinity => "0",
                    _ => "not estimable",
                },
            ),
            (estimate, interval) => Self::with_limits(label, estimate, interval),
        };
        ratio.test.iter().fold(line, Self::test)
    }

    /// A ratio with limits that may be open. One so small that it underflows is 0.
    pub(super) fn with_limits(
        label: &str,
        estimate: Option<f64>,
        interval: Option<Interval>,
    ) -> Self {
        let positive = |ratio: Option<f64>| ratio.filter(|ratio| *ratio > 0.0);
        let lower = positive(interval.and_then(|interval| interval.lower));
        let upper = positive(interval.and_then(|interval| interval.upper));
        let level = interval.map(|interval| interval.level);
        Self { level, ..Self::ratio(label, positive(estimate), lower, upper) }
    }

    /// A level without a ratio, and words that say why.
    pub fn words(label: &str, words: &str) -> Self {
        Self::new(label, Content::Words(words.to_owned()))
    }

    /// The ratio of everybody: in bold letters, drawn as a diamond.
    pub fn overall(self) -> Self {
        Self { overall: true, ..self }
    }

    /// The same line one level further in.
    pub fn indent(self) -> Self {
        Self { indent: self.indent + 1, ..self }
    }

    /// What stands in the columns between label and axis, like events and patients: as many texts as
    /// the plot has [`columns`](super::ForestPlot::columns), or none.
    pub fn cells(self, cells: &[&str]) -> Self {
        Self { cells: cells.iter().map(|&cell| cell.to_owned()).collect(), ..self }
    }

    /// The p-value of a test: that of the ratio, in a heading that of the factor or the interaction.
    pub fn test(self, test: &TestResult) -> Self {
        Self { p: Some(test.p_text()), ..self }
    }

    /// What stands in the column of ratios.
    pub(super) fn ratio_text(&self) -> String {
        match &self.content {
            Content::Heading => String::new(),
            Content::Reference => "1 (reference)".to_owned(),
            Content::Ratio(ratio) => ratio_text(ratio),
            Content::Words(words) => words.clone(),
        }
    }

    pub(super) fn ratio_limits(&self) -> Option<&RatioLimits> {
        match &self.content {
            Content::Ratio(ratio) => Some(ratio),
            _ => None,
        }
    }

    pub(super) fn is_bold(&self) -> bool {
        self.overall || self.content == Content::Heading
    }
}
