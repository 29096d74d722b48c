//! The rows of a forest plot.

use crate::inference::HazardRatio;
use crate::regression::cox::CoefficientStatus;
use crate::statistic::{Interval, TestResult};

/// What a row of a forest plot is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum ForestRowKind {
    /// The hazard ratio of all rows together.
    Overall,
    /// The name of a variable, above its levels, with the test that belongs to all of them.
    Heading,
    /// The level that the others are held against: a ratio of 1 without error.
    Reference,
    /// A hazard ratio.
    Ratio,
    /// A level without a hazard ratio; the note says why.
    Omitted,
}

/// One row of a forest plot, in [`ForestData`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct ForestRow {
    /// The variable that the row belongs to; empty for the overall row.
    pub variable: String,
    /// What stands at the left: the variable of a heading, otherwise the level.
    pub label: String,
    /// What the row is.
    pub kind: ForestRowKind,
    /// Number of rows, or the sum of frequencies; `None` where none belongs to it.
    pub n: Option<f64>,
    /// Number of events, counted the same way.
    pub n_events: Option<f64>,
    /// The hazard ratio: 1 of a reference, `None` where it is infinite, 0 or not there.
    pub estimate: Option<f64>,
    /// Its limits. A limit that is `None` is open: 0 below, infinity above.
    pub interval: Option<Interval>,
    /// The test of the ratio, or in a heading that of the variable: of the interaction in a plot of
    /// subgroups.
    pub test: Option<TestResult>,
    /// Whether the coefficient behind the ratio is finite; `None` of other rows.
    pub status: Option<CoefficientStatus>,
    /// Why there is no number, or no finite one.
    pub note: Option<String>,
}

#[cfg(feature = "serde")]
crate::checked::check!(ForestRow {
    n: not_negative,
    n_events: not_negative,
    estimate: not_negative,
});

impl ForestRow {
    pub(crate) fn new(variable: &str, label: &str, kind: ForestRowKind) -> Self {
        Self {
            variable: variable.to_owned(),
            label: label.to_owned(),
            kind,
            n: None,
            n_events: None,
            estimate: None,
            interval: None,
            test: None,
            status: None,
            note: None,
        }
    }

    pub(crate) fn counted(self, [n, n_events]: [f64; 2]) -> Self {
        Self { n: Some(n), n_events: Some(n_events), ..self }
    }

    /// With a hazard ratio and its test.
    pub(crate) fn ratio(self, ratio: &HazardRatio) -> Self {
        let HazardRatio { status, estimate, interval, test, .. } = ratio.clone();
        let note = estimate.is_none().then(|| status.to_string());
        Self { estimate, interval, test, status: Some(status), note, ..self }
    }
}

/// The rows of a forest plot, in the order they are drawn.
///
/// It comes from [`Subgroups`](super::Subgroups), or from a fitted model by [`of_fit`](Self::of_fit).
/// References are rows of their own, and no term of a model is left out.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", crate::checked::derive(serde::Serialize, crate::checked::Checked!))]
#[non_exhaustive]
pub struct ForestData {
    /// What is compared: `sync against none`, or what the ratios are adjusted for.
    pub title: String,
    /// Confidence level of the limits.
    pub level: f64,
    /// The rows.
    pub rows: Vec<ForestRow>,
    /// What the reader should know.
    pub notes: Vec<String>,
}

#[cfg(feature = "serde")]
crate::checked::check!(ForestData { level: level });
