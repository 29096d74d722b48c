//! Section 0: who is in the study, for how long, and what is missing.

use riskset::study::{Cell, SurvivalSummary, Table};
use std::collections::{BTreeMap, BTreeSet};

use super::super::cohort::Cohort;
use super::super::covariates::{COVARIATES, Values};
use super::super::levels::{Kras, Level, Therapy};
use super::super::model::{Endpoint, groups};
use super::super::patients::{COLUMNS, Ending, Patient};
use super::super::report::Section;
use super::cells::{add_table, count, number, patients};

/// How follow-up for an endpoint ended.
type OfPatient = fn(&Patient) -> Ending;

/// The endpoints of a patient.
const ENDPOINTS: [(&str, OfPatient); 3] =
    [("PFS", |patient| patient.pfs), ("OS", |patient| patient.os), ("LTP", |patient| patient.ltp)];

pub(crate) fn section(cohort: &Cohort) -> riskset::Result<Section> {
    let patients = patients(cohort);
    let read = match &cohort.tumours {
        Some(tumours) => {
            let progressed = tumours.iter().filter(|tumour| tumour.ltp.status == 1).count();
            format!("{} tumours, {progressed} with local progression.", tumours.len())
        }
        None => "no tumours: local progression is taken by patient.".to_owned(),
    };
    let mut section = Section::new("0. Patients, follow-up, missing values")
        .words(format!("{} patients read; {read}", patients.len()));
    let entries: Vec<_> = patients.iter().filter_map(|patient| patient.entry).collect();
    if let (Some(first), Some(last)) = (entries.iter().min(), entries.iter().max()) {
        section = section
            .words(format!("Entered from {first} to {last}; time zero is the first ablation."));
    }
    let section = add_table(section, "groups", "Patients by group", by_group(&patients));
    let section =
        section.table("centres", by_centre(&patients)).table("endpoints", ties(&patients));
    Ok(section.table("missing", missing(&patients)).table("covariates", coding()))
}

/// Rows that end with the event, 1.
fn events(patients: &[&Patient], ending: OfPatient) -> usize {
    patients.iter().filter(|patient| ending(patient).status == 1).count()
}

fn by_group(patients: &[&Patient]) -> riskset::Result<Table> {
    let data = Endpoint::Os.data(patients)?;
    let survival = SurvivalSummary::new().by(&data, &groups(patients)?)?;
    let header = [
        "Group",
        "Patients",
        "Person-months",
        "PFS events",
        "Deaths",
        "Patients with LTP",
        "Median follow-up, months (95% CI)",
    ];
    let mut table = Table::new("Patients by group", &header).footnote(
        "Follow-up by reverse Kaplan-Meier, in which a death is a censoring; NR: not reached.",
    );
    for group in survival.groups.iter().chain([&survival.overall]) {
        let inside = |patient: &&&Patient| {
            group.name == survival.overall.name || patient.group.name() == group.name
        };
        let members: Vec<&Patient> = patients.iter().filter(inside).copied().collect();
        let person_months = group.person_time.map_or(Cell::Empty, |time| number(time, 1));
        let mut cells = vec![Cell::Count(group.n), person_months];
        cells.extend(ENDPOINTS.map(|(_, ending)| count(events(&members, ending))));
        cells.push(Cell::Time { value: group.follow_up, interval: group.follow_up_interval });
        table = table.row(&group.name, cells);
    }
    Ok(table)
}

fn by_centre(patients: &[&Patient]) -> Table {
    let mut header = vec!["Centre"];
    header.extend(Therapy::ALL.iter().map(|group| group.name()));
    header.extend(["All", "PFS events", "Deaths"]);
    let mut centres: BTreeMap<&str, Vec<&Patient>> = BTreeMap::new();
    for &patient in patients {
        centres.entry(patient.centre.as_deref().unwrap_or("missing")).or_default().push(patient);
    }
    centres.into_iter().fold(
        Table::new("Patients by centre and group", &header),
        |table, (centre, members)| {
            let of =
                |group: &Therapy| members.iter().filter(|patient| patient.group == *group).count();
            let mut cells: Vec<Cell> = Therapy::ALL.iter().map(|group| count(of(group))).collect();
            cells.push(count(members.len()));
            cells.extend(
                Endpoint::ALL.map(|e| count(members.iter().filter(|p| e.has_event(p)).count())),
            );
            table.row(centre, cells)
        },
    )
}

fn ties(patients: &[&Patient]) -> Table {
    let header = ["Endpoint", "Events", "Distinct times"];
    ENDPOINTS.iter().fold(Table::new("Events and ties", &header), |table, (name, ending)| {
        let times: BTreeSet<u64> = (patients.iter().map(|patient| ending(patient)))
            .filter(|ending| ending.status == 1)
            .map(|ending| ending.months.to_bits())
            .collect();
        table.row(name, vec![count(events(patients, *ending)), count(times.len())])
    })
}

/// Missing values by column; those of a level `unknown` too.
fn missing(patients: &[&Patient]) -> Table {
    let mut counts = [0; COLUMNS.len()];
    for patient in patients {
        let unknown = Kras::Unknown.name();
        for (count, cell) in counts.iter_mut().zip(patient.record()) {
            *count += usize::from(cell.is_empty() || cell == unknown);
        }
    }
    let n = patients.len() as f64;
    let share = |count: usize| Cell::CountShare {
        count: count as f64,
        share: Some(count as f64 / n).filter(|share| share.is_finite()),
    };
    let table = Table::new("Missing or unknown values", &["Column", "Patients"]);
    let table = (COLUMNS.iter().zip(counts))
        .filter(|(_, count)| *count > 0)
        .fold(table, |table, (column, count)| table.row(column, vec![share(count)]));
    table.footnote("Columns that are not listed are complete.")
}

/// The covariates with their levels.
fn coding() -> Table {
    let table = Table::new("Covariates of the models", &["Covariate", "Reference", "Other levels"]);
    COVARIATES.iter().fold(table, |table, covariate| {
        let cells = match covariate.values {
            Values::Levels([reference, others @ ..], _) => {
                [(*reference).to_owned(), others.join(", ")]
            }
            _ => [String::new(), "a number".to_owned()],
        };
        table.row(covariate.name, cells.map(Cell::Text).to_vec())
    })
}
