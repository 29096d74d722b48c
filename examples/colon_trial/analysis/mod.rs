//! The sections of the report.

mod competing;
mod effects;
mod endpoint;
mod hazards;
mod patients;

use std::path::Path;

use riskset::study::{Cell, Methods};
use riskset::{Design, Error, Groups, RightCensored};

use super::report::{Report, Section};
use super::trial::{self, ARMS, Endpoint, FileError, Row};
use endpoint::Analysis;

/// Survival is given at these years, and means up to the last of them.
const YEARS: [f64; 3] = [1.0, 3.0, 5.0];
const TAU: f64 = YEARS[2];

/// The whole report of a file of the trial.
pub(crate) fn report(file: &Path) -> Result<Report, FileError> {
    let rows = trial::read(file)?;
    let (recurrence, death): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.endpoint == Endpoint::Recurrence);
    let recurrence = Analysis {
        title: "Recurrence",
        name: "recurrence",
        events: "recurrences",
        free: "Free of recurrence",
        rows: recurrence,
    };
    let death = Analysis {
        title: "Death",
        name: "death",
        events: "deaths",
        free: "Overall survival",
        rows: death,
    };
    let n = death.rows.len();
    let name = file.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let mut report = Report {
        title: "Adjuvant chemotherapy for colon cancer: levamisole and fluorouracil (5-FU)"
            .to_owned(),
        banner: format!(
            "Data of {name}, {n} patients. An example of an analysis, not the publication."
        ),
        sections: Vec::new(),
    };
    let of = |error: &Error| FileError::new(file, error);
    let baseline = patients::baseline(&death.rows).map_err(|error| of(&error))?;
    let mut methods = vec![Methods::new().baseline(&baseline)];
    report.sections.push(patients::section(&recurrence.rows, &death.rows, &baseline));
    for analysis in [&recurrence, &death] {
        let done = analysis.sections();
        let (sections, said) = done.map_err(|error| in_file(file, &analysis.rows, &error))?;
        report.sections.extend(sections);
        methods.push(said);
    }
    report.sections.push(competing::section(&recurrence.rows, &death.rows).map_err(|e| of(&e))?);
    let section = Section::new("Methods").words(competing::METHODS);
    let paragraphs = methods.iter().map(Methods::paragraph);
    report.sections.push(paragraphs.fold(section, Section::words));
    Ok(report)
}

fn observed(rows: &[Row]) -> riskset::Result<RightCensored> {
    RightCensored::new(&column(rows, |row| row.years), &column(rows, |row| row.event))
}

fn arms(rows: &[Row]) -> riskset::Result<Groups> {
    Groups::with_levels(&column(rows, |row| row.arm), &ARMS)
}

const GRADES: [&str; 3] = ["well", "moderate", "poor"];
const LAYERS: [&str; 4] = ["submucosa", "muscle", "serosa", "contiguous structures"];

/// The covariates of the published analysis, each factor against a named reference level.
fn covariates(rows: &[Row]) -> riskset::Result<Design> {
    let grade = column(rows, |row| row.differentiation);
    Design::builder()
        .factor_with_levels("arm", &column(rows, |row| row.arm), &ARMS, ARMS[0])
        .factor("sex", &column(rows, |row| row.sex), "female")
        .numeric("age, per 10 years", &column(rows, |row| row.age / 10.0))
        .factor("obstruction", &column(rows, |row| row.obstruction), "no")
        .factor("perforation", &column(rows, |row| row.perforation), "no")
        .factor("adherence to organs", &column(rows, |row| row.adherence), "no")
        .numeric("positive nodes, per node", &column(rows, |row| row.nodes))
        .factor_with_levels("differentiation", &grade, &GRADES, "well")
        .factor_with_levels("local spread", &column(rows, |row| row.spread), &LAYERS, "serosa")
        .factor("surgery to registration", &column(rows, |row| row.surgery), "short")
        .build()
}

fn column<T>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

fn p_value(p: f64) -> Cell {
    Cell::PValue { value: p, marked: false }
}

/// Says in which line of the file the library found a bad cell.
fn in_file(file: &Path, rows: &[Row], error: &Error) -> FileError {
    if let Error::InvalidCells { cells } = error
        && let Some(cell) = cells.first()
        && let Some(row) = rows.get(cell.row)
    {
        let problem = format!("`{}`: {}", cell.found, cell.rule);
        return FileError::new(file, problem).at(row.line, &cell.column);
    }
    FileError::new(file, error)
}
