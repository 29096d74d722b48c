//! A whole clinical analysis: adjuvant chemotherapy for colon cancer, 929 patients in three arms
//! (Laurie et al. 1989; Moertel et al. 1990), for recurrence and for death.
//!
//! ```text
//! cargo run --release --example colon_trial
//! cargo run --release --example colon_trial -- other.csv      # a file with the same columns
//! ```

mod report;
mod trial;

use riskset::data::CompleteCases;
use riskset::nonparametric::AtRiskTable;
use riskset::{CoxPh, Design, Error, Groups, KaplanMeier, LogRank, RightCensored};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use report::{hazard_ratios, missing_values, survival_summary};
use trial::{ARMS, Endpoint, FileError, Row};

const TRIAL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/colon.csv");

fn main() -> ExitCode {
    let file = std::env::args_os().nth(1).map_or(PathBuf::from(TRIAL), PathBuf::from);
    match report(&file) {
        Ok(report) => match std::io::stdout().write_all(report.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn report(file: &Path) -> Result<String, FileError> {
    let rows = trial::read(file)?;
    let (recurrence, death): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.endpoint == Endpoint::Recurrence);
    let title = format!(
        "Adjuvant chemotherapy for colon cancer: levamisole and fluorouracil (5-FU)\n{}\n\
         A row for recurrence ({}) and a row for death ({})\n",
        file.display(),
        recurrence.len(),
        death.len()
    );
    let recurrence = Analysis {
        title: "RECURRENCE, a death without recurrence being a censoring",
        events: "recurrences",
        free: "free of recurrence",
        rows: recurrence,
    };
    let death = Analysis { title: "DEATH", events: "deaths", free: "alive", rows: death };
    let parts = [&recurrence, &death]
        .map(|analysis| analysis.report().map_err(|error| in_file(file, &analysis.rows, &error)));
    let [recurrence, death] = parts;
    Ok([title, recurrence?, death?].join("\n\n"))
}

/// The analysis of one endpoint.
struct Analysis {
    title: &'static str,
    events: &'static str,
    free: &'static str,
    rows: Vec<Row>,
}

impl Analysis {
    /// Curves, log-rank test and multivariable Cox model.
    fn report(&self) -> riskset::Result<String> {
        let Self { title, events, free, rows } = self;
        let data = observed(rows)?.with_ids(&column(rows, |row| row.id.clone()))?;
        let arms = Groups::with_levels(&column(rows, |row| row.arm), &ARMS)?;
        let curves = KaplanMeier::new().fit_by(&data, &arms)?;
        let years: Vec<f64> = (0..=8).map(f64::from).collect();
        let at_risk = AtRiskTable::new(&data, &arms, &years)?;
        let log_rank = LogRank::new().fit(&data, &arms)?;

        let complete = CompleteCases::new(rows.len())
            .numeric("positive nodes", &column(rows, |row| row.nodes))?
            .labels("differentiation", &column(rows, |row| row.differentiation))?;
        let rows = complete.select(rows)?;
        let cox = CoxPh::new().fit(&observed(&rows)?, &covariates(&rows)?)?;

        Ok([
            format!("{title}\n\n{}", survival_summary(&curves, events, free)),
            format!("At risk, by years since registration\n{at_risk}"),
            format!("{}\n", log_rank.test()),
            missing_values(&complete),
            format!("Cox model: {} patients, {} {events}", cox.n(), cox.n_events()),
            hazard_ratios(&cox, &cox.hazard_ratios(0.95)?),
        ]
        .join("\n"))
    }
}

fn observed(rows: &[Row]) -> riskset::Result<RightCensored> {
    RightCensored::new(&column(rows, |row| row.years), &column(rows, |row| row.event))
}

/// The covariates of the published analysis, each factor against a named reference level.
fn covariates(rows: &[Row]) -> riskset::Result<Design> {
    let grades = ["well", "moderate", "poor"];
    let layers = ["submucosa", "muscle", "serosa", "contiguous structures"];
    let grade = column(rows, |row| row.differentiation);
    Design::builder()
        .factor_with_levels("arm", &column(rows, |row| row.arm), &ARMS, ARMS[0])
        .factor("sex", &column(rows, |row| row.sex), "female")
        .numeric("age, per 10 years", &column(rows, |row| row.age / 10.0))
        .factor("obstruction", &column(rows, |row| row.obstruction), "no")
        .factor("perforation", &column(rows, |row| row.perforation), "no")
        .factor("adherence to organs", &column(rows, |row| row.adherence), "no")
        .numeric("positive nodes, per node", &column(rows, |row| row.nodes))
        .factor_with_levels("differentiation", &grade, &grades, "well")
        .factor_with_levels("local spread", &column(rows, |row| row.spread), &layers, "serosa")
        .factor("surgery to registration", &column(rows, |row| row.surgery), "short")
        .build()
}

fn column<T>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
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
