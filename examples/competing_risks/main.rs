//! Competing risks from beginning to end: 1384 patients with a monoclonal gammopathy, of whom some progress to
//! a malignancy and most die without it (Kyle et al. 2002).
//!
//! ```text
//! cargo run --release --example competing_risks
//! cargo run --release --example competing_risks -- other.csv      # a file with the same columns
//! ```

mod patients;

use riskset::competing::{
    AalenJohansen, AalenJohansenFit, CauseSpecificCox, CauseSpecificCoxFit, FineGray, GrayTest,
    TimeLost,
};
use riskset::curve::ByGroup;
use riskset::data::CompleteCases;
use riskset::statistic::Interval;
use riskset::{CompetingRisks, CoxPh, Design, Error, Groups, KaplanMeier, Profile};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use patients::{CAUSES, FileError, Patient};

const PATIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/mgus2.csv");

/// The years at which probabilities are reported.
const YEARS: [f64; 4] = [5.0, 10.0, 20.0, 30.0];

fn main() -> ExitCode {
    let file = std::env::args_os().nth(1).map_or(PathBuf::from(PATIENTS), PathBuf::from);
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
    let patients = patients::read(file)?;
    let incidences = incidences(&patients).map_err(|error| in_file(file, &patients, &error))?;
    let complete = complete(&patients).map_err(|error| in_file(file, &patients, &error))?;
    let models = models(&complete).map_err(|error| in_file(file, &complete, &error))?;
    let n = patients.len();
    Ok(format!(
        "Monoclonal gammopathy: progression, with death competing\n{}, {n} patients\n\n\
         {incidences}\n{models}",
        file.display()
    ))
}

/// What becomes of the patients, men and women apart: no model.
fn incidences(patients: &[Patient]) -> riskset::Result<String> {
    let data = observed(patients)?;
    let sex = Groups::new(&column(patients, |patient| patient.sex))?;

    let curves = AalenJohansen::new().fit_by(&data, &sex)?;
    let gray = GrayTest::new().fit(&data, &sex)?;
    let lost = TimeLost::new(20.0).fit_by(&data, &sex)?;

    // To the Kaplan-Meier curve of progression the dead are censored, as if they could still progress.
    let progression = data.cause_specific(data.cause("progression")?)?;
    let kaplan_meier = KaplanMeier::new().fit_by(&progression, &sex)?;

    let mut text = "CUMULATIVE INCIDENCE, % (95 % CI)\n".to_owned();
    for (_, cause) in CAUSES {
        text += &incidence_table(&curves, cause)?;
    }
    text += "progression by one minus Kaplan-Meier: too high, the more so as more have died\n";
    for (sex, curve) in kaplan_meier.iter() {
        let at = curve.at(&YEARS)?;
        let bias: Vec<String> =
            at.iter().map(|at| format!("{:.1}", 100.0 * (1.0 - at.survival))).collect();
        text += &line(sex, &bias);
    }
    text += "\nGray's test of men against women\n";
    for cause in gray.causes() {
        let test = cause.test.as_ref().map_or_else(ToString::to_string, ToString::to_string);
        let _ = writeln!(text, "  {:<12} {test}", cause.name);
    }
    text += "\nYears lost in the first twenty\n";
    for (sex, fit) in lost.iter() {
        for cause in &fit.causes {
            let interval = format!("{:.2}", cause.interval);
            let _ =
                writeln!(text, "  {sex:<7} {:<12} {:.2} ({interval})", cause.name, cause.time_lost);
        }
    }
    Ok(text)
}

/// What the covariates do: to the rates, to the incidences, and to one person.
fn models(patients: &[Patient]) -> riskset::Result<String> {
    let (data, design) = (observed(patients)?, covariates(patients)?);

    let cause_specific = CauseSpecificCox::new(CoxPh::new()).fit(&data, &design)?;
    let mut text = format!("{} PATIENTS WITH ALL COVARIATES\n\n", patients.len());
    text += "Cause-specific hazard ratios: what a covariate does to the rate of each cause\n";
    for (_, cause) in CAUSES {
        let ratios = cause_specific.named(cause)?.hazard_ratios(0.95)?;
        ratios.iter().for_each(|ratio| text += &format!("  {cause:<12} {ratio}\n"));
    }
    text += "Is its effect the same on both?\n";
    for term in ["age, per 10 years", "sex", "spike"] {
        let _ = writeln!(text, "  {term:<18} {}", cause_specific.equal_effects(term)?);
    }

    text += "\nSubdistribution hazard ratios (Fine and Gray): what it does to the incidence\n";
    for (_, cause) in CAUSES {
        let fine_gray = FineGray::new(data.cause(cause)?).fit(&data, &design)?;
        let ratios = fine_gray.hazard_ratios(0.95)?;
        ratios.iter().for_each(|ratio| text += &format!("  {cause:<12} {ratio}\n"));
    }
    Ok(text + "\n" + &predictions(&cause_specific, &data, &design)?)
}

/// Two men with the same spike: the older has the higher rate of progression, and the lower chance to live
/// to see it.
fn predictions(
    fit: &CauseSpecificCoxFit,
    data: &CompetingRisks,
    design: &Design,
) -> riskset::Result<String> {
    let baseline = fit.baseline(data, design)?;
    let from = baseline.single()?;
    let mut text = "Predicted from the cause-specific models, % (95 % CI)\n".to_owned();
    for age in [55.0, 85.0] {
        let person = Profile::new()
            .number("age, per 10 years", age / 10.0)
            .level("sex", "male")
            .number("spike", 1.5);
        let predicted = from.incidence(&person)?;
        let _ = writeln!(text, "man of {age}, spike 1.5 g/dl");
        text += &line("", &YEARS.map(|year| format!("{year} years")));
        for curve in predicted.curves() {
            let at = curve.at(&YEARS)?;
            let cells: Vec<String> =
                at.iter().map(|at| estimate(at.incidence, &at.interval)).collect();
            text += &line(curve.name(), &cells);
        }
        let free = YEARS.map(|year| {
            let survival = predicted.event_free().survival_at(year);
            survival.map_or("-".to_owned(), |s| format!("{:.1}", 100.0 * s))
        });
        text += &line("neither", &free);
        let lost = from.time_lost(&person, 20.0)?;
        let progression = lost.time_lost_of("progression")?;
        let _ = writeln!(
            text,
            "  years lost to progression in the first twenty: {:.2} ({:.2})",
            progression.time_lost, progression.interval
        );
    }
    Ok(text)
}

fn incidence_table(curves: &ByGroup<AalenJohansenFit>, cause: &str) -> riskset::Result<String> {
    let mut text = line(cause, &YEARS.map(|year| format!("{year} years")));
    for (sex, fit) in curves.iter() {
        let at = fit.incidence_of(cause)?.at(&YEARS)?;
        let cells: Vec<String> = at.iter().map(|at| estimate(at.incidence, &at.interval)).collect();
        text += &line(sex, &cells);
    }
    Ok(text)
}

fn line(label: &str, cells: &[String]) -> String {
    let cells: String = cells.iter().map(|cell| format!("{cell:>18}")).collect();
    format!("  {label:<14}{cells}\n")
}

/// `5.7 (4.1–7.6)`, in per cent.
fn estimate(value: f64, interval: &Interval) -> String {
    let percent = |value: f64| format!("{:.1}", 100.0 * value);
    let limit = |limit: Option<f64>| limit.map_or("nr".to_owned(), percent);
    format!("{} ({}–{})", percent(value), limit(interval.lower), limit(interval.upper))
}

fn observed(patients: &[Patient]) -> riskset::Result<CompetingRisks> {
    let (years, causes) = (column(patients, |p| p.years), column(patients, |p| p.cause));
    CompetingRisks::from_codes(&years, &causes, &CAUSES)
}

fn covariates(patients: &[Patient]) -> riskset::Result<Design> {
    Design::builder()
        .numeric("age, per 10 years", &column(patients, |patient| patient.age / 10.0))
        .factor("sex", &column(patients, |patient| patient.sex), "female")
        .numeric("spike", &column(patients, |patient| patient.spike))
        .build()
}

/// The patients whose spike was measured.
fn complete(patients: &[Patient]) -> riskset::Result<Vec<Patient>> {
    let spikes = column(patients, |patient| patient.spike);
    CompleteCases::new(patients.len())?.numeric("spike", &spikes)?.select(patients)
}

fn column<T>(patients: &[Patient], value: impl Fn(&Patient) -> T) -> Vec<T> {
    patients.iter().map(value).collect()
}

/// Says in which line of the file the library found a bad cell.
fn in_file(file: &Path, patients: &[Patient], error: &Error) -> FileError {
    if let Error::InvalidCells { cells } = error
        && let Some(cell) = cells.first()
        && let Some(patient) = patients.get(cell.row)
    {
        let problem = format!("`{}`: {}", cell.found, cell.rule);
        return FileError::at(file, patient.line, &cell.column, problem);
    }
    FileError::new(file, error)
}
