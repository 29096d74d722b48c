//! What the sections' tables have in common: their cells, and what stands in the place of a table or figure
//! that a cohort makes impossible.

use riskset::inference::HazardRatio;
use riskset::plot::Drawing;
use riskset::regression::cox::{Coefficient, CoefficientStatus};
use riskset::statistic::{Interval, TestResult};
use riskset::study::{Cell, Table};

use super::super::cohort::Cohort;
use super::super::patients::Patient;
use super::super::report::Section;

/// Confidence level of all limits.
pub(super) const LEVEL: f64 = 0.95;

pub(super) fn patients(cohort: &Cohort) -> Vec<&Patient> {
    cohort.patients.iter().collect()
}

/// A table, or why there is none.
pub(super) fn add_table(
    section: Section,
    name: &str,
    what: &str,
    made: riskset::Result<Table>,
) -> Section {
    match made {
        Ok(table) => section.table(name, table),
        Err(error) => section.words(format!("{what}: not possible, since {error}.")),
    }
}

/// A figure, or why there is none.
pub(super) fn add_figure(
    section: Section,
    name: &str,
    legend: &str,
    made: riskset::Result<Drawing>,
) -> Section {
    match made {
        Ok(drawing) => section.figure(name, drawing, legend),
        Err(error) => section.words(format!("{legend}: no figure, since {error}.")),
    }
}

pub(super) fn count(n: usize) -> Cell {
    Cell::Count(n as f64)
}

pub(super) fn number(value: f64, decimals: usize) -> Cell {
    Cell::Number { value, decimals }
}

pub(super) fn p_value(value: f64) -> Cell {
    Cell::PValue { value, marked: false }
}

/// Statistic, degrees of freedom and p-value; the reason in place of the statistic.
pub(super) fn test_cells(test: Result<&TestResult, String>) -> Vec<Cell> {
    match test {
        Ok(test) => vec![
            number(test.statistic, 3),
            test.df.map_or(Cell::Empty, count),
            p_value(test.p_value),
        ],
        Err(reason) => vec![Cell::Text(reason), Cell::Empty, Cell::Empty],
    }
}

pub(super) fn ratio(ratio: &HazardRatio) -> Cell {
    let instead = match ratio.status {
        CoefficientStatus::MinusInfinity => "0",
        CoefficientStatus::PlusInfinity => "∞",
        _ => "not estimated",
    };
    Cell::Ratio { value: ratio.estimate, instead: instead.to_owned(), interval: ratio.interval }
}

/// A ratio from its logarithm.
pub(super) fn ratio_of_ln(ln: f64, interval: Interval) -> Cell {
    let limits = interval.lower.zip(interval.upper);
    let interval =
        limits.and_then(|(low, high)| Interval::new(low.exp(), high.exp(), interval.level).ok());
    Cell::Ratio { value: Some(ln.exp()), instead: String::new(), interval }
}

pub(super) fn words(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A number that need not exist.
pub(super) fn maybe(value: Option<f64>, cell: impl FnOnce(f64) -> Cell) -> Cell {
    value.map_or(Cell::Empty, cell)
}

pub(super) fn probability(value: f64, interval: Option<Interval>) -> Cell {
    Cell::Probability { value, interval, marked: false }
}

/// The p-value of a ratio.
pub(super) fn p_of(ratio: &HazardRatio) -> Cell {
    maybe(ratio.test.map(|test| test.p_value), p_value)
}

/// ln HR of a coefficient.
pub(super) fn estimate(coefficient: &Coefficient) -> Cell {
    maybe(coefficient.estimate, |value| number(value, 3))
}
