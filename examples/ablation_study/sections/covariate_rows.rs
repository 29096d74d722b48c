//! The rows of a covariate in a table of a model.

use riskset::study::{Cell, TableRow};

use super::super::covariates::{Covariate, Values};
use super::super::model::Model;
use super::super::patients::Patient;
use super::cells::count;

/// The rows of a covariate: its name, the reference and the levels of the model, or one line of a number;
/// each with its patients and events, then what `cells` has for the coefficient in its place.
pub(super) fn covariate_rows(
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
