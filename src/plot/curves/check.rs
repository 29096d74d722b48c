//! What a figure of curves must fulfil before it is drawn.

use std::collections::HashSet;

use super::curve_plot::CurvePlot;
use super::step_curve::StepCurve;
use crate::error::{BadCell, Error, Result};
use crate::plot::page::{MOST_STYLES, check_text};

pub(super) fn check(plot: &CurvePlot) -> Result<()> {
    check_curves(&plot.curves)?;
    check_counts(&plot.curves)?;
    let texts = [&plot.title, &plot.caption, &plot.time_label];
    let texts = texts.into_iter().chain(&plot.value_label).chain(&plot.notes);
    texts.map(String::as_str).chain(names(&plot.curves)).try_for_each(check_text)?;
    let between = |option, value: f64, range: std::ops::RangeInclusive<f64>, rule| match range
        .contains(&value)
    {
        true => Ok(()),
        false => Err(Error::InvalidOption { option, value, rule }),
    };
    let sides = "must be between 72 and 14400 points";
    between("width", plot.width, 72.0..=14_400.0, sides)?;
    plot.height.map_or(Ok(()), |height| between("height", height, 72.0..=14_400.0, sides))?;
    let sizes = "must be between 4 and 72 points";
    between("font_size", plot.font_size, 4.0..=72.0, sizes)?;
    let positive = |option, value: Option<f64>| match value {
        Some(value) if !(value > 0.0 && value.is_finite()) => {
            let rule = "must be positive and finite";
            Err(Error::InvalidOption { option, value, rule })
        }
        _ => Ok(()),
    };
    positive("time_unit", Some(plot.time_unit))?;
    positive("time_limit", plot.time_limit)?;
    positive("tick_step", plot.tick_step)?;
    if let Some(limit) = plot.value_limit {
        between("value_limit", limit, 1e-6..=1.0, "must be above 0 and at most 1")?;
        let until = plot.time_limit.map_or(f64::INFINITY, |limit| limit * plot.time_unit);
        if plot.curves.iter().any(|curve| curve.highest(until) > limit) {
            let rule = "must not be below a curve";
            return Err(Error::InvalidOption { option: "value_limit", value: limit, rule });
        }
    }
    if plot.table.as_ref().is_some_and(|kinds| !kinds.is_empty())
        && plot.curves.iter().any(|curve| curve.counts.is_none())
    {
        return Err(Error::Unsupported {
            estimator: "CurvePlot",
            what: "a table of counts below curves without counts",
            instead: "give them with StepCurve::with_counts",
        });
    }
    Ok(())
}

/// One line of the table cannot stand for different people.
fn check_counts(curves: &[StepCurve]) -> Result<()> {
    let counts: Vec<_> = curves.iter().filter_map(|curve| curve.counts.as_ref()).collect();
    for (k, own) in counts.iter().enumerate() {
        let other = counts.iter().take(k).find(|other| other.name == own.name);
        if other.is_some_and(|other| other.series != own.series) {
            return Err(Error::DuplicateName { name: own.name.clone() });
        }
    }
    Ok(())
}

/// All that is written about curves.
fn names(curves: &[StepCurve]) -> impl Iterator<Item = &str> {
    curves.iter().flat_map(|curve| {
        let people = curve.counts.as_ref().map(|counts| counts.name.as_str());
        [Some(curve.name()), people].into_iter().flatten()
    })
}

/// Curves that can be told apart.
fn check_curves(curves: &[StepCurve]) -> Result<()> {
    if curves.is_empty() {
        return Err(Error::Empty { what: "curves".to_owned() });
    }
    if curves.len() > MOST_STYLES {
        return Err(Error::Unsupported {
            estimator: "CurvePlot",
            what: "telling more than 49 curves apart",
            instead: "draw several figures",
        });
    }
    if curves.len() == 1 {
        return Ok(());
    }
    let mut seen = HashSet::new();
    let mut unnamed = Vec::new();
    for (row, curve) in curves.iter().enumerate() {
        if curve.name().trim().is_empty() {
            unnamed.push(BadCell::new("name", row, "empty", "each of several curves needs a name"));
        } else if !seen.insert(curve.name()) {
            return Err(Error::DuplicateName { name: curve.name().to_owned() });
        }
    }
    if unnamed.is_empty() { Ok(()) } else { Err(Error::InvalidCells { cells: unnamed }) }
}
