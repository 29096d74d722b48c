//! The cells of a table.

use super::style::{NOT_REACHED, Style, decimal};
use crate::inference::HazardRatio;
use crate::regression::cox::CoefficientStatus;
use crate::statistic::{Interval, TestResult};

/// One cell: what it says, apart from how it is written.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number of rows or events: `52`.
    Count(f64),
    /// A number and its share: `28 (53.8%)`.
    CountShare {
        /// The number.
        count: f64,
        /// The share, in [0, 1], where there is something to share.
        share: Option<f64>,
    },
    /// A mean and its spread: `62.1 (8.6)`.
    MeanSd {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        std_deviation: Option<f64>,
    },
    /// A median between quartiles: `62.0 [56.0–68.0]`.
    Quartiles {
        /// Lower quartile, median, upper quartile.
        values: [f64; 3],
    },
    /// A number with so many decimals.
    Number {
        /// The number.
        value: f64,
        /// Its decimals where people read it.
        decimals: usize,
    },
    /// A time with limits, `NR` where it is not reached: `21.3 (14.0–33.2)`.
    Time {
        /// The time.
        value: Option<f64>,
        /// Its limits.
        interval: Option<Interval>,
    },
    /// A probability with limits, in per cent: `45.4 (31.5–58.3)`.
    Probability {
        /// The probability, in [0, 1].
        value: f64,
        /// Its limits.
        interval: Option<Interval>,
        /// Whether hardly anybody is at risk: it gets a dagger.
        marked: bool,
    },
    /// A hazard ratio with limits: `0.47 (0.32–0.69)`, `0 (0–0.22)`, `∞ (1.29–∞)`.
    Ratio {
        /// The ratio, where it is finite and above 0.
        value: Option<f64>,
        /// What stands in its place where it is not.
        instead: String,
        /// Its limits; one that is not there is 0 or infinity.
        interval: Option<Interval>,
    },
    /// A p-value.
    PValue {
        /// The p-value.
        value: f64,
        /// Whether a footnote belongs to it: it gets a dagger.
        marked: bool,
    },
}

/// The mark of a cell that a footnote belongs to.
pub(super) const MARK: &str = "†";

impl Cell {
    pub(super) fn p(test: Option<&TestResult>) -> Self {
        test.map_or(Self::Empty, |test| Self::PValue { value: test.p_value, marked: false })
    }

    pub(super) fn ratio(ratio: &HazardRatio) -> Self {
        Self::of_ratio(ratio.estimate, Some(&ratio.status), ratio.interval)
    }

    /// A ratio, and what stands in its place where it is not a number above 0.
    pub(super) fn of_ratio(
        value: Option<f64>,
        status: Option<&CoefficientStatus>,
        interval: Option<Interval>,
    ) -> Self {
        let instead = match status {
            Some(CoefficientStatus::MinusInfinity) => "0",
            Some(CoefficientStatus::PlusInfinity) => "∞",
            _ => "not estimated",
        };
        Self::Ratio { value, instead: instead.to_owned(), interval }
    }

    /// As people read it.
    pub(super) fn text(&self, style: &Style) -> String {
        let mark = |marked: bool| if marked { MARK } else { "" };
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => whole(*count),
            Self::CountShare { count, share: None } => whole(*count),
            Self::CountShare { count, share: Some(share) } => {
                format!("{} ({:.1}%)", whole(*count), 100.0 * share)
            }
            Self::MeanSd { mean, std_deviation: None } => format!("{mean:.1}"),
            Self::MeanSd { mean, std_deviation: Some(sd) } => format!("{mean:.1} ({sd:.1})"),
            Self::Quartiles { values: [lower, median, upper] } => {
                format!("{median:.1} [{}]", style.interval(Some(*lower), Some(*upper), 1))
            }
            Self::Number { value, decimals } => decimal(*value, *decimals),
            Self::Time { value, interval } => {
                let text =
                    value.map_or_else(|| NOT_REACHED.to_owned(), |time| format!("{time:.1}"));
                text + &limits(style, *interval, 1, 1.0, [NOT_REACHED; 2])
            }
            Self::Probability { value, interval, marked } => {
                let limits = limits(style, *interval, 1, 100.0, ["–"; 2]);
                format!("{:.1}{limits}{}", 100.0 * value, mark(*marked))
            }
            Self::Ratio { value, instead, interval } => {
                let text = value.map_or_else(|| instead.clone(), |ratio| format!("{ratio:.2}"));
                text + &limits(style, *interval, 2, 1.0, ["0", "∞"])
            }
            Self::PValue { value, marked } => style.p_value(*value) + mark(*marked),
        }
    }

    /// Its numbers by name, with all their digits.
    pub(super) fn numbers(&self) -> Vec<(&'static str, f64)> {
        let with = |value: Option<f64>, interval: &Option<Interval>| {
            let [lower, upper] = interval.map_or([None; 2], |limits| [limits.lower, limits.upper]);
            named(&[("estimate", value), ("lower", lower), ("upper", upper)])
        };
        match self {
            Self::Empty | Self::Text(_) => Vec::new(),
            Self::Count(count) => vec![("n", *count)],
            Self::CountShare { count, share } => named(&[("n", Some(*count)), ("share", *share)]),
            Self::MeanSd { mean, std_deviation } => {
                named(&[("mean", Some(*mean)), ("sd", *std_deviation)])
            }
            Self::Quartiles { values: [lower, median, upper] } => {
                vec![("median", *median), ("lower quartile", *lower), ("upper quartile", *upper)]
            }
            Self::Number { value, .. } => vec![("value", *value)],
            Self::Time { value, interval } | Self::Ratio { value, interval, .. } => {
                with(*value, interval)
            }
            Self::Probability { value, interval, .. } => with(Some(*value), interval),
            Self::PValue { value, .. } => vec![("p", *value)],
        }
    }

    /// Its words: those of a cell of text, and what stands in the place of a number.
    pub(super) fn words(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Ratio { value: None, instead, .. } => Some(instead),
            Self::Time { value: None, .. } => Some("not reached"),
            _ => None,
        }
    }

    pub(super) fn is_marked(&self) -> bool {
        matches!(self, Self::Probability { marked: true, .. } | Self::PValue { marked: true, .. })
    }
}

/// Counts that are whole have no decimals, sums of weights one.
fn whole(count: f64) -> String {
    if count.fract() == 0.0 { count.to_string() } else { format!("{count:.1}") }
}

fn named(parts: &[(&'static str, Option<f64>)]) -> Vec<(&'static str, f64)> {
    parts.iter().filter_map(|&(name, value)| Some((name, value?))).collect()
}

/// The limits in brackets.
fn limits(
    style: &Style,
    interval: Option<Interval>,
    decimals: usize,
    unit: f64,
    open: [&str; 2],
) -> String {
    interval.map_or(String::new(), |limits| {
        let [lower, upper] = [limits.lower, limits.upper].map(|limit| limit.map(|x| unit * x));
        format!(" ({})", style.limits(lower, upper, decimals, open))
    })
}
