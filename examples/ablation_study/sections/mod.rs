//! The sections of the analysis, and the cells of their tables.
//!
//! What an unusual cohort makes impossible, such as a test of a single group, is a sentence in its place.

pub(crate) mod baseline;
pub(crate) mod bootstrap;
mod cells;
pub(crate) mod comparison;
pub(crate) mod describe;
pub(crate) mod estimates;
pub(crate) mod kaplan_meier;
pub(crate) mod lesions;
mod local_models;
pub(crate) mod local_progression;
pub(crate) mod log_rank;
pub(crate) mod multivariable;
pub(crate) mod progress;
mod propensity;
pub(crate) mod proportional_hazards;
pub(crate) mod published;
pub(crate) mod replicates;
pub(crate) mod reporting;
pub(crate) mod sensitivity;
pub(crate) mod subgroups;
pub(crate) mod univariable;

use riskset::inference::HazardRatio;
use riskset::plot::Drawing;
use riskset::regression::cox::CoefficientStatus;
use riskset::statistic::{Interval, TestResult};
use riskset::study::{Cell, Table, TableRow};

use super::cohort::Cohort;
use super::covariates::{Covariate, Values};
use super::model::Model;
use super::patients::Patient;
use super::report::Section;

/// Confidence level of all limits.
const LEVEL: f64 = 0.95;

fn patients(cohort: &Cohort) -> Vec<&Patient> {
    cohort.patients.iter().collect()
}

/// A table, or why there is none.
fn add_table(section: Section, name: &str, what: &str, made: riskset::Result<Table>) -> Section {
    match made {
        Ok(table) => section.table(name, table),
        Err(error) => section.words(format!("{what}: not possible, since {error}.")),
    }
}

/// A figure, or why there is none.
fn add_figure(
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

fn count(n: usize) -> Cell {
    Cell::Count(n as f64)
}

fn number(value: f64, decimals: usize) -> Cell {
    Cell::Number { value, decimals }
}

fn p_value(value: f64) -> Cell {
    Cell::PValue { value, marked: false }
}

/// Statistic, degrees of freedom and p-value; the reason in place of the statistic.
fn test_cells(test: Result<&TestResult, String>) -> Vec<Cell> {
    match test {
        Ok(test) => vec![
            number(test.statistic, 3),
            test.df.map_or(Cell::Empty, count),
            p_value(test.p_value),
        ],
        Err(reason) => vec![Cell::Text(reason), Cell::Empty, Cell::Empty],
    }
}

fn ratio(ratio: &HazardRatio) -> Cell {
    let instead = match ratio.status {
        CoefficientStatus::MinusInfinity => "0",
        CoefficientStatus::PlusInfinity => "∞",
        _ => "not estimated",
    };
    Cell::Ratio { value: ratio.estimate, instead: instead.to_owned(), interval: ratio.interval }
}

/// A ratio from its logarithm.
fn ratio_of_ln(ln: f64, interval: Interval) -> Cell {
    let limits = interval.lower.zip(interval.upper);
    let interval = limits.map(|(low, high)| Interval::new(low.exp(), high.exp(), interval.level));
    Cell::Ratio { value: Some(ln.exp()), instead: String::new(), interval }
}

/// The rows of a covariate: its name, the reference and the levels of the model, or one line of a number;
/// each with its patients and events, then what `cells` has for the coefficient in its place.
fn covariate_rows(
    model: &Model<'_>,
    covariate: &Covariate,
    heading: Vec<Cell>,
    cells: impl Fn(usize) -> Vec<Cell>,
) -> Vec<TableRow> {
    let name = covariate.name;
    let Some(term) = model.design.terms().iter().find(|term| term.name == name) else {
        return Vec::new();
    };
    let counted = |has: &dyn Fn(&Patient) -> bool| {
        let members: Vec<&&Patient> =
            model.patients.iter().filter(|patient| has(patient)).collect();
        let events = members.iter().filter(|patient| model.endpoint.has_event(patient)).count();
        vec![count(members.len()), count(events)]
    };
    let Values::Levels(levels, of) = covariate.values else {
        let cells = [counted(&|_| true), cells(term.columns.start), heading].concat();
        return vec![TableRow::new(name, name, cells)];
    };
    let width = cells(term.columns.start).len();
    let mut rows =
        vec![TableRow::new(name, name, [vec![Cell::Empty; width + 2], heading].concat())];
    let present = levels.iter().filter(|level| model.patients.iter().any(|p| of(p) == Some(level)));
    for (place, level) in present.enumerate() {
        let own = match place {
            0 => vec![Cell::Text("1 (reference)".to_owned())],
            _ => cells(term.columns.start + place - 1),
        };
        let counted = counted(&|patient| of(patient) == Some(level));
        rows.push(TableRow::new(name, level, [counted, own].concat()));
    }
    rows
}
