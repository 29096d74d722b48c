//! What a forest plot must fulfil before it is drawn.

use super::forest_line::{ForestLine, RatioLimits};
use super::forest_plot::ForestPlot;
use crate::error::{BadCell, Error, Result};
use crate::plot::page::check_text;

pub(super) fn check(plot: &ForestPlot) -> Result<()> {
    if plot.lines.is_empty() {
        return Err(Error::Empty { what: "lines".to_owned() });
    }
    let sizes = [
        ("width", plot.width, 72.0, 14_400.0, "must be between 72 and 14400 points"),
        ("font_size", plot.font_size, 4.0, 72.0, "must be between 4 and 72 points"),
    ];
    for (option, value, least, most, rule) in sizes {
        if !(least..=most).contains(&value) {
            return Err(Error::InvalidOption { option, value, rule });
        }
    }
    if let Some((lower, upper)) = plot.limits {
        for (value, good, rule) in [
            (lower, (1e-100..1.0).contains(&lower), "the lower end must be between 0 and 1"),
            (upper, upper > 1.0 && upper <= 1e100, "the upper end must be above 1, and finite"),
        ] {
            if !good {
                return Err(Error::InvalidOption { option: "limits", value, rule });
            }
        }
    }
    let mut cells = Vec::new();
    for (row, line) in plot.lines.iter().enumerate() {
        check_line(plot, line)?;
        cells.extend(line.ratio_limits().and_then(|ratio| bad_ratio(row, ratio)));
    }
    if !cells.is_empty() {
        return Err(Error::InvalidCells { cells });
    }
    let texts =
        [&plot.title, &plot.caption, &plot.label_heading, &plot.axis_label, &plot.p_heading];
    let sides = plot.directions.iter().flat_map(|(left, right)| [left, right]);
    let texts = texts.into_iter().chain(&plot.ratio_heading).chain(&plot.columns).chain(sides);
    texts.map(String::as_str).try_for_each(check_text)?;
    same_level(&plot.lines)
}

fn check_line(plot: &ForestPlot, line: &ForestLine) -> Result<()> {
    check_text(&line.label)?;
    line.cells.iter().try_for_each(|cell| check_text(cell))?;
    check_text(&line.ratio_text())?;
    let (expected, found) = (plot.columns.len(), line.cells.len());
    if found != 0 && found != expected {
        let what = format!("cells of {}", line.label);
        return Err(Error::LengthMismatch { what, expected, found });
    }
    Ok(())
}

fn bad_ratio(row: usize, ratio: &RatioLimits) -> Option<BadCell> {
    let RatioLimits { estimate, lower, upper } = *ratio;
    let named = [("estimate", estimate), ("lower", lower), ("upper", upper)];
    for (column, value) in named {
        if let Some(value) = value.filter(|value| !(*value > 0.0 && value.is_finite())) {
            let rule = "must be positive and finite; an open limit is `None`";
            return Some(BadCell::new(column, row, value, rule));
        }
    }
    let below = |a: Option<f64>, b: Option<f64>| a.zip(b).filter(|(a, b)| a > b).map(|(a, _)| a);
    let found = below(lower, estimate).or(below(estimate, upper)).or(below(lower, upper))?;
    Some(BadCell::new("estimate", row, found, "must lie between its limits"))
}

/// The heading names one level for all limits.
fn same_level(lines: &[ForestLine]) -> Result<()> {
    let mut levels = lines.iter().filter_map(|line| line.level);
    match levels.next() {
        Some(first) if levels.any(|level| level != first) => Err(Error::Unsupported {
            estimator: "ForestPlot",
            what: "limits of different confidence levels",
            instead: "take all of them at one level",
        }),
        _ => Ok(()),
    }
}
