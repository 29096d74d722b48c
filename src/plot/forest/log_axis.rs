//! The logarithmic axis of ratios.

use super::forest_line::ForestLine;
use crate::numerics::whole::whole_signed;
use crate::plot::page::{Face, nice_step, text_width};

/// From ratios to places on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LogAxis {
    pub(super) lower: f64,
    pub(super) upper: f64,
    pub(super) left: f64,
    pub(super) right: f64,
}

/// Limits further than this from every estimate leave the axis.
const REACH: f64 = 6.0;
/// From one label to the next, in points.
const BETWEEN_LABELS: f64 = 7.0;

impl LogAxis {
    /// The ratios an axis has to show: 1, all estimates, and limits that are not far from them.
    pub(super) fn range(lines: &[ForestLine]) -> (f64, f64) {
        let ratios = || lines.iter().filter_map(ForestLine::ratio_limits);
        let estimates = ratios().filter_map(|ratio| ratio.estimate);
        let (low, high) =
            estimates.fold((1.0, 1.0), |(low, high), x| (f64::min(low, x), f64::max(high, x)));
        // What is further away, or open, leaves room for its arrow.
        let (least, most) = (low / REACH, high * REACH);
        let (low, high) = ratios().fold((low, high), |(low, high), ratio| {
            let (lower, upper) = (ratio.lower.unwrap_or(least), ratio.upper.unwrap_or(most));
            (low.min(lower.max(least)), high.max(upper.min(most)))
        });
        // Some room at both ends, and never so little that the reference stands at the edge.
        ((low / 1.1).clamp(1e-300, 0.8), (high * 1.1).clamp(1.25, 1e300))
    }

    pub(super) fn x(&self, ratio: f64) -> f64 {
        // Logarithms first: a ratio of the ends can be out of range.
        let lower = self.lower.ln();
        let share = (ratio.ln() - lower) / (self.upper.ln() - lower);
        self.left + (self.right - self.left) * share
    }

    fn inside(&self, ratio: f64) -> bool {
        (self.lower * (1.0 - 1e-12)..=self.upper * (1.0 + 1e-12)).contains(&ratio)
    }

    /// Where ticks stand, 1 among them: 1, 2, 5 × 10ᵏ, or more or fewer of them as there is range
    /// and room.
    pub(super) fn ticks(&self, size: f64) -> Vec<f64> {
        let [least, most] =
            [self.lower.log10().floor(), self.upper.log10().ceil()].map(whole_signed);
        let of = |digits: &[f64], every: i32| -> Vec<f64> {
            let decades = (least..=most).filter(|decade| decade % every == 0);
            decades
                .flat_map(|decade| digits.iter().map(move |digit| digit * 10f64.powi(decade)))
                .filter(|&tick| self.inside(tick))
                .collect()
        };
        let fine = self.linear();
        let candidates = [of(&[1.0, 2.0, 5.0], 1), of(&[1.0, 1.5, 2.0, 3.0, 5.0, 7.0], 1), fine];
        let good = |ticks: &&Vec<f64>| (4..=9).contains(&ticks.len()) && self.fit(ticks, size);
        if let Some(ticks) = candidates.iter().find(good) {
            return ticks.clone();
        }
        let decades = (1..=most - least).map(|every| of(&[1.0], every));
        let some = |ticks: &Vec<f64>| ticks.len() > 1 && self.fit(ticks, size);
        let coarse = candidates.into_iter().take(1).chain(decades).find(some);
        coarse.unwrap_or_else(|| vec![1.0])
    }

    /// Ticks at equal distances of the ratio itself, for an axis that spans little.
    fn linear(&self) -> Vec<f64> {
        let step = nice_step(self.upper - self.lower, 6);
        if step > 1.0 {
            return Vec::new();
        }
        let from = whole_signed((self.lower / step).ceil());
        let to = whole_signed((self.upper / step).floor());
        // Whole multiples of a fraction of 1, so that 1 is one of them.
        let parts = (1.0 / step).round();
        (from..=to).map(|k| f64::from(k) / parts).collect()
    }

    /// Whether the labels keep apart.
    fn fit(&self, ticks: &[f64], size: f64) -> bool {
        let width = |tick: f64| text_width(&label(tick), Face::Regular, size);
        ticks.iter().zip(ticks.iter().skip(1)).all(|(&left, &right)| {
            let apart = self.x(right) - self.x(left);
            apart >= (width(left) + width(right)) / 2.0 + BETWEEN_LABELS
        })
    }
}

/// A tick as text: `0.25`, `1`, `1e6`.
pub(super) fn label(tick: f64) -> String {
    if (1e-3..1e5).contains(&tick) {
        let text = format!("{tick:.6}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    format!("{tick:e}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(lower: f64, upper: f64) -> Vec<String> {
        let axis = LogAxis { lower, upper, left: 0.0, right: 200.0 };
        axis.ticks(9.0).into_iter().map(label).collect()
    }

    #[test]
    fn ticks_suit_the_range() {
        assert_eq!(ticks(0.15, 7.0), ["0.2", "0.5", "1", "2", "5"]);
        assert_eq!(ticks(0.4, 2.5), ["0.5", "0.7", "1", "1.5", "2"]);
        assert_eq!(ticks(0.8, 1.25), ["0.8", "0.9", "1", "1.1", "1.2"]);
        assert_eq!(ticks(0.001, 1000.0), ["0.001", "0.01", "0.1", "1", "10", "100", "1000"]);
        assert!(ticks(1e-200, 1e200).len() > 1);
    }
}
