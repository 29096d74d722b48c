//! How journals want numbers written: the one place for p-values and intervals.

use crate::statistic::p_value;

/// What stands between the limits of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum IntervalStyle {
    /// `0.32–0.69`; before a negative number `to` takes its place.
    #[default]
    EnDash,
    /// `0.32 to 0.69`.
    To,
    /// `0.32, 0.69`.
    Comma,
}

/// How numbers are written for readers. Files for machines, CSV and JSON, keep every digit.
///
/// p-values have three decimals below 0.1 and two above, and are never 0: `<0.001`, `0.049`, `0.23`.
///
/// ```
/// use riskset::study::{IntervalStyle, Style};
///
/// let style = Style::default();
/// assert_eq!(style.p_statement(0.0491), "p=0.049");
/// assert_eq!(style.p_statement(1e-9), "p<0.001");
/// assert_eq!(style.interval(Some(0.3233), Some(0.6928), 2), "0.32–0.69");
/// assert_eq!(style.interval(Some(-1.5), Some(-0.25), 1), "-1.5 to -0.2");
/// let style = Style::default().intervals(IntervalStyle::To).without_leading_zero();
/// assert_eq!(style.p_value(0.0491), ".049");
/// assert_eq!(style.interval(Some(14.0), None, 1), "14.0 to NR");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Style {
    interval: IntervalStyle,
    bare_point: bool,
}

/// Stands for a limit or a median that is not reached.
pub(super) const NOT_REACHED: &str = "NR";

/// The most decimals that a number has; far more than that cannot be written.
const MOST_DECIMALS: usize = 1074;

/// A number with so many decimals.
pub(super) fn decimal(value: f64, decimals: usize) -> String {
    let decimals = decimals.min(MOST_DECIMALS);
    format!("{value:.decimals$}")
}

impl Style {
    /// What stands between the limits of an interval.
    #[must_use]
    pub fn intervals(self, interval: IntervalStyle) -> Self {
        Self { interval, ..self }
    }

    /// Writes p-values as `.049`, as some journals want.
    #[must_use]
    pub fn without_leading_zero(self) -> Self {
        Self { bare_point: true, ..self }
    }

    /// `<0.001`, `0.049`, `0.23`.
    #[must_use]
    pub fn p_value(&self, p: f64) -> String {
        let text = p_value::short(p);
        if self.bare_point { text.replacen("0.", ".", 1) } else { text }
    }

    /// `p<0.001`, `p=0.049`.
    #[must_use]
    pub fn p_statement(&self, p: f64) -> String {
        let text = self.p_value(p);
        if text.starts_with('<') { format!("p{text}") } else { format!("p={text}") }
    }

    /// Two limits; one that is not reached is `NR`.
    #[must_use]
    pub fn interval(&self, lower: Option<f64>, upper: Option<f64>, decimals: usize) -> String {
        self.limits(lower, upper, decimals, [NOT_REACHED; 2])
    }

    /// Two limits, with what stands for one that there is not.
    pub(super) fn limits(
        &self,
        lower: Option<f64>,
        upper: Option<f64>,
        decimals: usize,
        open: [&str; 2],
    ) -> String {
        let text = |limit: Option<f64>, open: &str| {
            limit.map_or_else(|| open.to_owned(), |limit| decimal(limit, decimals))
        };
        let negative = |limit: Option<f64>| limit.is_some_and(|limit| limit < 0.0);
        let between = match self.interval {
            IntervalStyle::EnDash if !negative(lower) && !negative(upper) => "–",
            IntervalStyle::Comma => ", ",
            _ => " to ",
        };
        format!("{}{between}{}", text(lower, open[0]), text(upper, open[1]))
    }
}
