//! Section 2: survival by group.

use riskset::LogRank;
use riskset::nonparametric::KaplanMeier;
use riskset::plot::{CurvePlot, Drawing};
use riskset::statistic::IntervalTransform;
use riskset::study::{Cell, GroupSurvival, SurvivalSummary, SurvivalTable, Table, TableRow};

use super::super::cohort::Cohort;
use super::super::model::{Endpoint, groups};
use super::super::options::Options;
use super::super::patients::Patient;
use super::super::report::Section;
use super::cells::{add_figure, number, patients};

/// Months at which survival is printed.
const TIMES: [f64; 3] = [12.0, 36.0, 60.0];

/// Up to where the mean is restricted, in months.
pub(super) const TAU: f64 = 60.0;

pub(crate) fn section(cohort: &Cohort, options: &Options) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let mut section = Section::new("2. Survival by group");
    for endpoint in Endpoint::ALL {
        let (name, key) = (endpoint.name(), endpoint.key());
        let figure = figure(endpoint, &patients, options);
        section = add_figure(section, &format!("survival-{key}"), name, figure);
        match summary(endpoint, &patients, options) {
            Ok(summary) => {
                section = section
                    .table(&format!("survival-{key}"), medians(name, &summary))
                    .table(&format!("rates-{key}"), rates(name, &summary))
                    .table(&format!("restricted-means-{key}"), means(name, &summary));
            }
            Err(error) => section = section.words(format!("{name}: not possible, since {error}.")),
        }
    }
    Ok(section)
}

pub(super) fn summary(
    endpoint: Endpoint,
    patients: &[&Patient],
    options: &Options,
) -> riskset::Result<SurvivalTable> {
    let summary =
        SurvivalSummary::new().times(&TIMES).transform(options.limits).restricted_mean(TAU);
    summary.by(&endpoint.data(patients)?, &groups(patients)?)
}

fn all(summary: &SurvivalTable) -> impl Iterator<Item = &GroupSurvival> {
    summary.groups.iter().chain([&summary.overall])
}

/// Numbers, events and medians; follow-up, which is that until death, is in section 0.
fn medians(endpoint: &str, summary: &SurvivalTable) -> Table {
    let header = ["Group", "Patients", "Events", "Person-months", "Median, months (95% CI)"];
    let table = Table::new(&format!("{endpoint} by group"), &header);
    let table = all(summary).fold(table, |table, group| {
        let cells = vec![
            Cell::Count(group.n),
            Cell::Count(group.n_events),
            group.person_time.map_or(Cell::Empty, |time| number(time, 1)),
            Cell::Time { value: group.median.time, interval: Some(group.median.interval) },
        ];
        table.row(&group.name, cells)
    });
    let scale = match summary.transform {
        IntervalTransform::Plain => "plain",
        IntervalTransform::Log => "log",
        _ => "log-log",
    };
    table.footnote(&format!("Kaplan-Meier with {scale} limits; NR: not reached."))
}

/// Survival at chosen times with Greenwood's error.
fn rates(endpoint: &str, summary: &SurvivalTable) -> Table {
    let header = ["Group", "At risk", "Survival, % (95% CI)", "SE (Greenwood)"];
    let mut table = Table::new(&format!("{endpoint} at 12, 36 and 60 months"), &header);
    for group in all(summary) {
        table.rows.push(TableRow::new(&group.name, &group.name, Vec::new()));
        for (at, few) in group.at.iter().zip(group.few_at_risk()) {
            let cells = vec![
                Cell::Count(at.n_risk),
                Cell::Probability { value: at.survival, interval: at.interval, marked: few },
                at.std_error.map_or(Cell::Empty, |std_error| number(std_error, 4)),
            ];
            table.rows.push(TableRow::new(&group.name, &format!("{} months", at.time), cells));
        }
    }
    if all(summary).any(|group| group.few_at_risk().contains(&true)) {
        table = table.footnote(&format!("† fewer than {} at risk.", GroupSurvival::FEW_AT_RISK));
    }
    table
}

/// Mean time free of the event within the first five years.
fn means(endpoint: &str, summary: &SurvivalTable) -> Table {
    let header = ["Group", "Mean, months (95% CI)", "SE"];
    let table = Table::new(&format!("{endpoint}: mean of the first {TAU} months"), &header);
    all(summary).fold(table, |table, group| {
        let cells = match group.restricted_mean {
            Some(mean) => vec![
                Cell::Time { value: Some(mean.mean), interval: Some(mean.interval) },
                number(mean.std_error, 3),
            ],
            None => vec![Cell::Text("follow-up too short".to_owned()), Cell::Empty],
        };
        table.row(&group.name, cells)
    })
}

/// Curves with the numbers at risk; a single group has no test.
fn figure(
    endpoint: Endpoint,
    patients: &[&Patient],
    options: &Options,
) -> riskset::Result<Drawing> {
    let (data, groups) = (endpoint.data(patients)?, groups(patients)?);
    let curves = KaplanMeier::new().transform(options.limits).fit_by(&data, &groups)?;
    let plot = CurvePlot::survival(&curves)
        .title(endpoint.name())
        .time_label("Months since the first ablation")
        .tick_step(12.0)
        .caption(&options.source.mark());
    match LogRank::new().fit(&data, &groups) {
        Ok(log_rank) => plot.test(log_rank.test()).draw(),
        Err(_) => plot.draw(),
    }
}
