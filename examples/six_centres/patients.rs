//! The patients of the colon trial, dealt out to six centres.

use riskset::{Design, RightCensored};
use std::path::Path;

use super::centre::{Centre, Grid};
use super::trial::{self, ARMS, Endpoint, Row};

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/colon.csv");

/// Where each of ten patients in turn goes: the file does not tell the centres of the trial, and centres
/// have unequal numbers.
const CENTRES: [usize; 10] = [0, 1, 0, 2, 3, 0, 1, 4, 2, 5];

/// The patients whose covariates are all known, at one endpoint.
pub(crate) fn read(endpoint: Endpoint) -> Result<Vec<Row>, String> {
    let rows = trial::read(Path::new(TRIAL)).map_err(|error| error.to_string())?;
    Ok(rows.into_iter().filter(|row| row.endpoint == endpoint && !row.nodes.is_nan()).collect())
}

/// The centre of the patient at each place.
pub(crate) fn centre_of(n: usize) -> Vec<usize> {
    CENTRES.iter().copied().cycle().take(n).collect()
}

/// Six centres, each with its rows.
pub(crate) fn centres(rows: &[Row]) -> riskset::Result<Vec<Centre>> {
    let of = centre_of(rows.len());
    let own = |centre: usize| {
        let own = rows.iter().zip(&of).filter(|(_, of)| **of == centre);
        let rows: Vec<Row> = own.map(|(row, _)| row.clone()).collect();
        Ok(Centre::new(observed(&rows)?, covariates(&rows)?))
    };
    (0..=5).map(own).collect()
}

pub(crate) fn observed(rows: &[Row]) -> riskset::Result<RightCensored> {
    RightCensored::new(&column(rows, |row| row.years), &column(rows, |row| row.event))
}

/// Levels are listed, so that every centre has the same columns whatever its patients are.
pub(crate) fn covariates(rows: &[Row]) -> riskset::Result<Design> {
    let no_yes = ["no", "yes"];
    Design::builder()
        .factor_with_levels("arm", &column(rows, |row| row.arm), &ARMS, ARMS[0])
        .numeric("age, per 10 years", &column(rows, |row| row.age / 10.0))
        .factor_with_levels("obstruction", &column(rows, |row| row.obstruction), &no_yes, "no")
        .factor_with_levels("adherence", &column(rows, |row| row.adherence), &no_yes, "no")
        .numeric("positive nodes, per node", &column(rows, |row| row.nodes))
        .build()
}

fn column<T>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// The row on a grid of time.
pub(crate) fn on_grid(row: &Row, grid: Grid) -> Row {
    let (years, event) = grid.moved(row.years, row.event);
    Row { years, event, ..row.clone() }
}
