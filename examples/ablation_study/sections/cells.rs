//! What the cells of the sections' tables have in common.

use riskset::inference::HazardRatio;
use riskset::regression::cox::{Coefficient, CoefficientStatus};
use riskset::statistic::Interval;
use riskset::study::{Cell, Table};

use super::super::report::Section;

pub(crate) const LEVEL: f64 = 0.95;

pub(crate) fn words(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

pub(crate) fn number(value: f64, decimals: usize) -> Cell {
    Cell::Number { value, decimals }
}

pub(crate) fn count(n: usize) -> Cell {
    Cell::Count(n as f64)
}

pub(crate) fn p_value(value: f64) -> Cell {
    Cell::PValue { value, marked: false }
}

/// A number that need not exist.
pub(crate) fn maybe(value: Option<f64>, cell: impl FnOnce(f64) -> Cell) -> Cell {
    value.map_or(Cell::Empty, cell)
}

pub(crate) fn probability(value: f64, interval: Option<Interval>) -> Cell {
    Cell::Probability { value, interval, marked: false }
}

/// A ratio with its limits, or why there is none.
pub(crate) fn ratio(ratio: &HazardRatio) -> Cell {
    let instead = match &ratio.status {
        CoefficientStatus::MinusInfinity => "0".to_owned(),
        CoefficientStatus::PlusInfinity => "∞".to_owned(),
        _ => "not estimated".to_owned(),
    };
    Cell::Ratio { value: ratio.estimate, instead, interval: ratio.interval }
}

/// The p-value of a ratio.
pub(crate) fn p_of(ratio: &HazardRatio) -> Cell {
    maybe(ratio.test.map(|test| test.p_value), p_value)
}

/// ln HR of a coefficient.
pub(crate) fn estimate(coefficient: &Coefficient) -> Cell {
    maybe(coefficient.estimate, |value| number(value, 3))
}

/// Adds a table, or says why there is none.
pub(crate) fn add(
    section: Section,
    name: &str,
    what: &str,
    table: riskset::Result<Table>,
) -> Section {
    match table {
        Ok(table) => section.table(name, table),
        Err(error) => section.words(format!("{what}: not estimated, {error}.")),
    }
}
