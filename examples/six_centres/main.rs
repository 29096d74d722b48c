//! One Cox model of six centres that share no patient: the pooled fit to its last digits, from sums.
//!
//! ```text
//! cargo run --release --example six_centres
//! ```
//!
//! | baseline hazard | what a centre sends each round | what that reveals |
//! |---|---|---|
//! | one for each centre | log-likelihood, score, information: 1 + p + p (p + 1)/2 numbers | no time and no row; of a centre with one or two events, nearly their covariates |
//! | one for all | its event times once; then at each event time of the trial its events, the sum of their covariates, and the sums of risks, of risks times covariates and of risks times products, over those at risk and those who leave | nearly everything: where a single patient leaves between two event times, the difference of consecutive sums is that patient's covariates |
//!
//! Neither is anonymous by itself, and rounds at several coefficients reveal more than one. The second level
//! is for centres that could share rows and only may not move them. To hide patients the sums have to be made
//! coarser, and to reach the coordinator only added up over the centres, by secure aggregation: here all
//! centres move their times to the first grid on which no such sum, and no difference of two, is that of one to
//! four patients. The fit is the pooled one of the times on that grid, which has more ties than that of the
//! days, and ends with the grid.

mod centre;
mod coordinator;
mod newton;
mod patients;
#[path = "../colon_trial/trial.rs"]
#[expect(dead_code, reason = "the other example reads more columns")]
mod trial;

use riskset::CoxPh;
use riskset::regression::cox::CoxFit;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use centre::Grid;
use newton::Maximum;
use trial::Endpoint;

/// Grids of time in years, the finest first.
const GRIDS: [Grid; 6] = [
    Grid { width: 1.0 / 12.0, end: 8.0 },
    Grid { width: 0.25, end: 6.0 },
    Grid { width: 0.5, end: 6.0 },
    Grid { width: 1.0, end: 6.0 },
    Grid { width: 1.0, end: 5.0 },
    Grid { width: 2.0, end: 4.0 },
];

/// The least number of patients, but for 0, of whom there may be a sum.
const LEAST: usize = 5;

fn main() -> ExitCode {
    let written = report().and_then(|text| {
        std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string())
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn report() -> Result<String, String> {
    let rows = patients::read(Endpoint::Recurrence)?;
    let said = |error: riskset::Error| error.to_string();
    let centres = patients::centres(&rows).map_err(said)?;
    let (data, design) =
        (patients::observed(&rows).map_err(said)?, patients::covariates(&rows).map_err(said)?);
    let by_centre = data.clone().with_strata(&patients::centre_of(rows.len())).map_err(said)?;
    let pooled = |data| CoxPh::new().fit(data, &design).map_err(said);

    let n = rows.len();
    let mut text =
        format!("{n} patients of the colon trial, dealt out to six centres: recurrence\n");
    text += "\nA BASELINE HAZARD FOR EACH CENTRE, from likelihood, score and information\n";
    text += &compared(&coordinator::stratified(&centres)?, &pooled(&by_centre)?);
    text += "\nONE BASELINE HAZARD, from sums at each event time\n";
    text += &compared(&coordinator::common(&centres)?, &pooled(&data)?);

    let times = coordinator::event_times(&centres);
    let zero = vec![0.0; design.columns().len()];
    let read: usize = (centres.iter())
        .map(|centre| coordinator::disclosed(&centre.sums(&times, &zero)).len())
        .sum();
    let _ = writeln!(
        text,
        "\nThese sums hide little: from the first round alone a coordinator reads the covariates of \
         {read} of {n} patients."
    );
    if let Some((grid, coarse)) =
        coordinator::on_first_grid(&centres, &GRIDS, LEAST).map_err(said)?
    {
        let Grid { width, end } = grid;
        let _ = writeln!(
            text,
            "\nONE BASELINE HAZARD ON A GRID, a time every {width} years up to {end}: no sum over the centres is that of 1 to \
             {} patients",
            LEAST - 1
        );
        let rows: Vec<trial::Row> = rows.iter().map(|row| patients::on_grid(row, grid)).collect();
        let pooled = pooled(&patients::observed(&rows).map_err(said)?)?;
        text += &compared(&coordinator::common(&coarse)?, &pooled);
    }
    Ok(text)
}

/// The hazard ratios from sums, and how far they are from the pooled fit.
fn compared(found: &Maximum, pooled: &CoxFit) -> String {
    let p = found.coefficients.len();
    let mut text = format!("{:<28}{:>7}{:>12}\n", "", "HR", "se(coef)");
    let (mut coefficient, mut error) = (0.0_f64, 0.0_f64);
    for (j, known) in pooled.coefficients().iter().enumerate() {
        let (beta, se) = (found.coefficients[j], found.variance[j * p + j].sqrt());
        let _ = writeln!(text, "{:<28}{:>7.3}{se:>12.5}", known.name, beta.exp());
        coefficient =
            coefficient.max(known.estimate.map_or(f64::NAN, |known| (beta - known).abs()));
        error = error.max(known.std_error.map_or(f64::NAN, |known| (se / known - 1.0).abs()));
    }
    let _ = writeln!(
        text,
        "Largest distance from the pooled fit: coefficient {coefficient:.0e}, standard error {error:.0e}; \
         {} rounds",
        found.rounds
    );
    text
}
