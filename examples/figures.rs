//! The figures of a clinical paper, as SVG and PDF: survival with the numbers at risk, competing
//! causes, subgroups and a Cox model as forest plots, from the colon trial of `colon_trial`.
//!
//! ```text
//! cargo run --release --features plot --example figures            # into target/figures
//! cargo run --release --features plot --example figures -- folder
//! ```

#[path = "colon_trial/trial.rs"]
#[expect(dead_code, reason = "the other example reads more columns")]
mod trial;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use riskset::plot::{Count, CurvePlot, Drawing, ForestPlot, Legend};
use riskset::study::{ForestData, Subgroups};
use riskset::{
    AalenJohansen, CompetingRisks, CoxPh, Design, Groups, KaplanMeier, LogRank, RightCensored,
};

use trial::{ARMS, Endpoint, Row};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(ROOT).join("target/figures"));
    fs::create_dir_all(&folder)?;
    let rows = trial::read(&Path::new(ROOT).join("examples/data/colon.csv"));
    let rows = rows.map_err(|error| error.to_string())?;
    let (recurrence, death): (Vec<Row>, Vec<Row>) =
        rows.into_iter().partition(|row| row.endpoint == Endpoint::Recurrence);

    for (name, drawing) in [
        ("survival", survival(&death)?),
        ("print", print(&death)?),
        ("events", events(&death)?),
        ("causes", causes(&recurrence, &death)?),
        ("subgroups", subgroups(&death)?),
        ("cox", cox(&death)?),
    ] {
        let file = folder.join(name);
        fs::write(file.with_extension("svg"), drawing.svg())?;
        fs::write(file.with_extension("pdf"), drawing.pdf()?)?;
        println!("{}: {} × {} pt", file.display(), drawing.width(), drawing.height().round());
    }
    Ok(())
}

fn observed(rows: &[Row]) -> riskset::Result<RightCensored> {
    RightCensored::new(&column(rows, |row| row.years), &column(rows, |row| row.event))
}

fn arms(rows: &[Row]) -> riskset::Result<Groups> {
    Groups::with_levels(&column(rows, |row| row.arm), &ARMS)
}

fn column<T>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Survival by arm.
fn survival(rows: &[Row]) -> riskset::Result<Drawing> {
    let (data, arms) = (observed(rows)?, arms(rows)?);
    CurvePlot::survival(&KaplanMeier::new().fit_by(&data, &arms)?)
        .title("Overall survival")
        .time_label("Years since registration")
        .tick_step(1.0)
        .test(LogRank::new().fit(&data, &arms)?.test())
        .caption("Shaded: pointwise 95% confidence limits. Ticks: censorings.")
        .draw()
}

/// The same for print in grey, with median lines.
fn print(rows: &[Row]) -> riskset::Result<Drawing> {
    let (data, arms) = (observed(rows)?, arms(rows)?);
    CurvePlot::survival(&KaplanMeier::new().fit_by(&data, &arms)?)
        .time_label("Years since registration")
        .percent(true)
        .dashes(true)
        .bands(false)
        .censor_ticks(false)
        .median_lines(true)
        .legend(Legend::Right)
        .draw()
}

/// Deaths from 0 upwards, small, with events and censorings below.
fn events(rows: &[Row]) -> riskset::Result<Drawing> {
    let curves = KaplanMeier::new().fit_by(&observed(rows)?, &arms(rows)?)?;
    CurvePlot::events(&curves)
        .value_label("Cumulative probability of death")
        .value_limit(0.8)
        .time_label("Years")
        .time_limit(8.0)
        .tick_step(2.0)
        .table(&[Count::AtRisk, Count::Events, Count::Censorings])
        .width(360.0)
        .font_size(8.0)
        .draw()
}

/// Recurrence, and death without it, of all patients.
fn causes(recurrence: &[Row], death: &[Row]) -> riskset::Result<Drawing> {
    let years = column(recurrence, |row| row.years);
    let died = |row: &Row| death.iter().any(|death| death.id == row.id && death.event);
    let cause = column(recurrence, |row| match (row.event, died(row)) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    });
    let names = [(1, "recurrence"), (2, "death without recurrence")];
    let fit = AalenJohansen::new().fit(&CompetingRisks::from_codes(&years, &cause, &names)?)?;
    CurvePlot::incidence("all patients", &fit)?
        .time_label("Years since registration")
        .tick_step(1.0)
        .draw()
}

/// The effect of the treatment within subgroups.
fn subgroups(rows: &[Row]) -> riskset::Result<Drawing> {
    let forest = Subgroups::new(&arms(rows)?, ARMS[2], ARMS[0])
        .variable("Sex", &Groups::new(&column(rows, |row| row.sex))?)
        .variable("Age 65 or above", &Groups::new(&column(rows, |row| row.age >= 65.0))?)
        .variable("Obstruction", &Groups::new(&column(rows, |row| row.obstruction))?)
        .variable("Perforation", &Groups::new(&column(rows, |row| row.perforation))?)
        .variable("Surgery to registration", &Groups::new(&column(rows, |row| row.surgery))?)
        .fit(&observed(rows)?)?;
    ForestPlot::of(&forest)
        .label_heading("Subgroup")
        .directions("favours chemotherapy", "favours observation")
        .draw()
}

/// A Cox model with every reference.
fn cox(rows: &[Row]) -> riskset::Result<Drawing> {
    let spread = ["submucosa", "muscle", "serosa", "contiguous structures"];
    let design = Design::builder()
        .factor_with_levels("arm", &column(rows, |row| row.arm), &ARMS, ARMS[0])
        .numeric("age, per 10 years", &column(rows, |row| row.age / 10.0))
        .factor("obstruction", &column(rows, |row| row.obstruction), "no")
        .factor_with_levels("local spread", &column(rows, |row| row.spread), &spread, "serosa")
        .build()?;
    let data = observed(rows)?;
    let fit = CoxPh::new().fit(&data, &design)?;
    ForestPlot::of(&ForestData::of_fit(&fit, &data, &design, 0.95)?).draw()
}
