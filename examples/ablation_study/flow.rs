//! Who is in the study: patients, follow-up and events by group and centre, and what is missing.

use riskset::{KaplanMeier, RightCensored};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::cohort::Cohort;
use super::levels::{Kras, Level, Therapy};
use super::patients::{COLUMNS, Ending, Patient};

/// What a patient is followed for.
type Endpoint = fn(&Patient) -> Ending;

/// The endpoints of a patient.
const ENDPOINTS: [(&str, Endpoint); 3] =
    [("PFS", |patient| patient.pfs), ("OS", |patient| patient.os), ("LTP", |patient| patient.ltp)];

/// Section 0 of the analysis as text.
pub(crate) fn describe(cohort: &Cohort) -> Result<String, riskset::Error> {
    let patients = &cohort.patients;
    let mut text = format!("Patients: {}", patients.len());
    match &cohort.tumours {
        Some(tumours) => {
            let n = tumours.iter().filter(|tumour| tumour.ltp.status == 1).count();
            let _ = writeln!(text, "; tumours: {}, {n} with local progression", tumours.len());
        }
        None => text += "; no tumours: local progression is taken by patient\n",
    }
    text += &groups(patients);
    text += &endpoints(patients);
    text += &missing(patients);
    let entries: Vec<_> = patients.iter().filter_map(|patient| patient.entry).collect();
    if let (Some(first), Some(last)) = (entries.iter().min(), entries.iter().max()) {
        let _ = writeln!(text, "Entered from {first} to {last}");
    }
    let follow_up = follow_up(patients)?;
    let follow_up =
        follow_up.map_or_else(|| "not reached".to_owned(), |months| format!("{months:.2}"));
    let _ = writeln!(text, "Median follow-up (reverse Kaplan-Meier): {follow_up} months");
    Ok(text)
}

/// The median time under observation, deaths being the censorings.
pub(crate) fn follow_up(patients: &[Patient]) -> Result<Option<f64>, riskset::Error> {
    let months: Vec<f64> = patients.iter().map(|patient| patient.os.months).collect();
    let dead: Vec<bool> = patients.iter().map(|patient| patient.os.status == 1).collect();
    let data = RightCensored::new(&months, &dead)?;
    Ok(KaplanMeier::new().reverse().fit(&data)?.curve().median().time)
}

/// Rows that end with the event, 1.
pub(crate) fn events(patients: &[Patient], endpoint: Endpoint) -> usize {
    patients.iter().filter(|patient| endpoint(patient).status == 1).count()
}

fn groups(patients: &[Patient]) -> String {
    let mut text =
        "Group      patients  person-months  PFS events  deaths  patients with LTP\n".to_owned();
    for &group in Therapy::ALL {
        let members: Vec<Patient> =
            patients.iter().filter(|patient| patient.group == group).cloned().collect();
        let months: f64 = members.iter().map(|patient| patient.os.months).sum();
        let [pfs, os, ltp] = ENDPOINTS.map(|(_, endpoint)| events(&members, endpoint));
        let (name, n) = (group.name(), members.len());
        let _ = writeln!(text, "{name:<9} {n:>9} {months:>14.1} {pfs:>11} {os:>7} {ltp:>18}");
    }
    let mut centres: BTreeMap<&str, usize> = BTreeMap::new();
    for centre in patients.iter().filter_map(|patient| patient.centre.as_deref()) {
        *centres.entry(centre).or_default() += 1;
    }
    let centres: Vec<String> = centres.iter().map(|(centre, n)| format!("{centre} {n}")).collect();
    let _ = writeln!(text, "Centres: {}", centres.join(", "));
    text
}

fn endpoints(patients: &[Patient]) -> String {
    let mut text = String::new();
    for (name, endpoint) in ENDPOINTS {
        let times: Vec<u64> = (patients.iter().map(endpoint))
            .filter(|ending| ending.status == 1)
            .map(|ending| ending.months.to_bits())
            .collect();
        let distinct = times.iter().collect::<BTreeSet<_>>().len();
        let n = times.len();
        let _ = writeln!(text, "{name}: {n} events at {distinct} distinct times");
    }
    text
}

/// Missing values by column; those of a level `unknown` too.
fn missing(patients: &[Patient]) -> String {
    let mut counts = [0; COLUMNS.len()];
    for patient in patients {
        let unknown = Kras::Unknown.name();
        for (count, cell) in counts.iter_mut().zip(patient.record()) {
            *count += usize::from(cell.is_empty() || cell == unknown);
        }
    }
    let named: Vec<String> = (COLUMNS.iter().zip(counts))
        .filter(|(_, count)| *count > 0)
        .map(|(column, count)| format!("{column} {count}"))
        .collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    format!("Missing or unknown: {named}\n")
}
