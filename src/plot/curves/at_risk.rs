//! The table below the time axis.

use super::legend::{SAMPLE, SAMPLE_GAP, sample};
use super::step_curve::{Counts, StepCurve};
use crate::nonparametric::AtRisk;
use crate::plot::page::{
    ASCENT, Anchor, BLACK, DESCENT, Drawing, Face, LEADING, Paragraph, Style, Text, count,
    text_width,
};

/// What the table below a figure counts. Weighted rows are counted by their weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Count {
    /// At risk just before each time, as in [`AtRiskTable`](crate::nonparametric::AtRiskTable).
    AtRisk,
    /// Events up to and including each time.
    Events,
    /// Censorings up to and including each time.
    Censorings,
}

impl Count {
    fn heading(self) -> &'static str {
        match self {
            Self::AtRisk => "Number at risk",
            Self::Events => "Cumulative number of events",
            Self::Censorings => "Cumulative number of censorings",
        }
    }

    fn of(self, at_risk: &AtRisk) -> &[f64] {
        match self {
            Self::AtRisk => &at_risk.n_risk,
            Self::Events => &at_risk.n_event,
            Self::Censorings => &at_risk.n_censor,
        }
    }
}

/// The lines of the table: one block for each kind of count, one line for each group of people.
#[derive(Debug, Clone)]
pub(super) struct AtRiskLines {
    blocks: Vec<(Paragraph, Vec<Line>)>,
    size: f64,
}

#[derive(Debug, Clone)]
struct Line {
    label: Paragraph,
    /// That of the curve, where there is one of the same name.
    style: Option<Style>,
    /// One for each time.
    counts: Vec<String>,
}

/// Between a label and the first count; above a block.
const LABEL_GAP: f64 = 11.0;
const BLOCK_GAP: f64 = 6.0;

impl AtRiskLines {
    /// Counts at the times, in the unit of the data. Labels take at most `width`, headings `page`.
    pub(super) fn new(
        curves: &[StepCurve],
        styles: &[Style],
        kinds: &[Count],
        times: &[f64],
        size: f64,
        width: f64,
        page: f64,
    ) -> Self {
        let mut people: Vec<(&Counts, Option<Style>)> = Vec::new();
        for (curve, &style) in curves.iter().zip(styles) {
            if let Some(counts) = &curve.counts
                && !people.iter().any(|(known, _)| known.name == counts.name)
            {
                people.push((counts, (curve.name() == counts.name).then_some(style)));
            }
        }
        let tables: Vec<AtRisk> =
            people.iter().map(|(counts, _)| at_ticks(&counts.series, times)).collect();
        let block = |kind: &Count| {
            let lines = people.iter().zip(&tables).map(|((counts, style), table)| Line {
                label: Paragraph::new(
                    &counts.name,
                    Face::Regular,
                    size,
                    width - SAMPLE - SAMPLE_GAP - LABEL_GAP,
                ),
                style: *style,
                counts: kind.of(table).iter().map(|&n| count(n)).collect(),
            });
            (Paragraph::new(kind.heading(), Face::Bold, size, page), lines.collect())
        };
        Self { blocks: kinds.iter().map(block).collect(), size }
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.blocks.iter().flat_map(|(_, lines)| lines)
    }

    /// The width of the column of labels, the gap to the counts included.
    pub(super) fn label_width(&self) -> f64 {
        let widest = self.lines().map(|line| line.label.width()).reduce(f64::max);
        widest.map_or(0.0, |widest| SAMPLE + SAMPLE_GAP + widest + LABEL_GAP)
    }

    /// The widest count at one of the times.
    #[expect(clippy::indexing_slicing, reason = "a line has a count for each tick")]
    pub(super) fn widest_at(&self, time: usize) -> f64 {
        let width = |line: &Line| text_width(&line.counts[time], Face::Regular, self.size);
        self.lines().map(width).fold(0.0, f64::max)
    }

    fn line_height(&self, line: &Line) -> f64 {
        let text = self.size * (ASCENT + DESCENT);
        // A label of several lines stands apart from the next one.
        let gap = if line.label.lines.len() > 1 { 0.7 } else { LEADING - ASCENT - DESCENT };
        line.label.height().max(text) + self.size * gap
    }

    fn heading_height(&self, heading: &Paragraph) -> f64 {
        heading.height() + self.size * (LEADING + 0.1 - ASCENT - DESCENT)
    }

    pub(super) fn height(&self) -> f64 {
        let block = |(heading, lines): &(Paragraph, Vec<Line>)| {
            let lines: f64 = lines.iter().map(|line| self.line_height(line)).sum();
            BLOCK_GAP + self.heading_height(heading) + lines
        };
        self.blocks.iter().map(block).sum()
    }

    /// Draws the table below `top`, each count below its tick: `(place of the time, x)`.
    #[expect(clippy::indexing_slicing, reason = "a line has a count for each tick")]
    pub(super) fn draw(&self, drawing: &mut Drawing, left: f64, top: f64, ticks: &[(usize, f64)]) {
        let mut y = top;
        for (heading, lines) in &self.blocks {
            y += BLOCK_GAP;
            heading.draw(drawing, left, y, Anchor::Start, BLACK);
            y += self.heading_height(heading);
            for line in lines {
                if let Some(style) = line.style {
                    sample(drawing, left, y, self.size, style);
                }
                let text = left + SAMPLE + SAMPLE_GAP;
                line.label.draw(drawing, text, y, Anchor::Start, BLACK);
                for &(time, x) in ticks {
                    let at = (x, y + self.size * ASCENT);
                    let count = Text::new(at, &line.counts[time], self.size);
                    drawing.text(count.anchor(Anchor::Middle));
                }
                y += self.line_height(line);
            }
        }
    }
}

/// Counts at ticks. A tick that differs from a time of the data by rounding alone is that time.
fn at_ticks(series: &crate::data::RiskSeries, ticks: &[f64]) -> AtRisk {
    let times: Vec<f64> = ticks
        .iter()
        .map(|&tick| {
            let place = series.time().partition_point(|&time| time < tick * (1.0 - 1e-12));
            let near = series.time().get(place).filter(|time| **time <= tick * (1.0 + 1e-12));
            near.copied().unwrap_or(tick)
        })
        .collect();
    AtRisk::of(series, &times)
}
