//! Reads the files of a user, which have the columns of the simulated ones. Every fault is collected.

use jiff::civil::Date;
use std::collections::HashMap;
use std::path::Path;

use super::cohort::Cohort;
use super::faults::Fault;
use super::levels::Kras;
use super::patients::{self, Ending, Patient};
use super::table::{self, Table};
use super::tumours::{self, Tumour};

impl Cohort {
    /// From `patients.csv`, and `tumours.csv` where there is one: without it local progression is
    /// analysed by patient.
    pub(crate) fn read(patients: &Path, tumours: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let patients = Table::open(patients, &patients::COLUMNS);
        let tumours = tumours.map(|path| Table::open(path, &tumours::COLUMNS));
        Self::of(patients, tumours)
    }

    /// From tables that have been opened.
    pub(crate) fn of(mut patients: Table, tumours: Option<Table>) -> Result<Self, Vec<Fault>> {
        let of_patients = all_patients(&mut patients);
        let mut faults = std::mem::take(&mut patients.faults);
        let of_tumours = tumours.map(|mut tumours| {
            let rows = all_tumours(&mut tumours);
            match_tumours(&mut patients, &of_patients, &mut tumours, &rows);
            faults.append(&mut patients.faults);
            faults.append(&mut tumours.faults);
            rows
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let rows = |(_, row)| row;
        Ok(Self {
            patients: of_patients.into_iter().map(|(_, row)| row).collect(),
            tumours: of_tumours.map(|tumours| tumours.into_iter().map(rows).collect()),
        })
    }
}

/// The patients whose rows can be read at all, each with its row in the table.
fn all_patients(table: &mut Table) -> Vec<(usize, Patient)> {
    let mut lines: HashMap<String, u64> = HashMap::new();
    let mut found = Vec::new();
    for row in 0..table.n_rows() {
        let Some(patient) = patient(table, row) else { continue };
        let line = table.line(row);
        if let Some(first) = lines.get(&patient.id) {
            table.fault_at(
                row,
                "patient_id",
                format!("`{}` stands in line {first} already", patient.id),
            );
        } else {
            lines.insert(patient.id.clone(), line);
        }
        for (column, problem) in patient.contradictions() {
            table.fault_at(row, column, problem);
        }
        found.push((row, patient));
    }
    found
}

/// One row; `None`, with its faults noted, where a value without which there is no patient is missing.
fn patient(table: &mut Table, row: usize) -> Option<Patient> {
    let id = table.required(row, "patient_id", table::name);
    let group = table.required(row, "group", table::level);
    let ltp = ending(table, row, "ltp", 2);
    let pfs = ending(table, row, "pfs", 1);
    let pfs_type = table.required(row, "pfs_type", |text| table::one_of(text, 3));
    let os = ending(table, row, "os", 1);
    let centre = table.optional(row, "centre", table::name);
    let entry = table.optional(row, "entry_date", date);
    let age = table.optional(row, "age", table::count);
    let sex = table.optional(row, "sex", table::level);
    let site = table.optional(row, "primary_site", table::level);
    let nodes = table.optional(row, "n_stage", table::level);
    let kras = table.optional(row, "kras", table::level).unwrap_or(Kras::Unknown);
    let cea = table.optional(row, "cea", table::amount);
    let ca199 = table.optional(row, "ca199", table::amount);
    let number = table.optional(row, "tumour_number", table::count);
    let largest_mm = table.optional(row, "largest_mm", table::count);
    let bilateral = table.optional(row, "bilateral", table::flag);
    let timing = table.optional(row, "metastasis_timing", table::level);
    let dfi_months = table.optional(row, "dfi_months", table::amount);
    let extrapulmonary = table.optional(row, "extrapulmonary", table::level);
    let mediastinal = table.optional(row, "mediastinal_ln", table::flag);
    let peridiaphragmatic = table.optional(row, "peridiaphragmatic", table::flag);
    let modality = table.optional(row, "modality", table::level);
    Some(Patient {
        id: id?,
        centre,
        entry,
        group: group?,
        age,
        sex,
        site,
        nodes,
        kras,
        cea,
        ca199,
        number,
        largest_mm,
        bilateral,
        timing,
        dfi_months,
        extrapulmonary,
        mediastinal,
        peridiaphragmatic,
        modality,
        ltp: ltp?,
        pfs: pfs?,
        pfs_type: pfs_type?,
        os: os?,
    })
}

fn ending(table: &mut Table, row: usize, endpoint: &str, last: u8) -> Option<Ending> {
    let months = table.required(row, &format!("{endpoint}_months"), table::time);
    let status =
        table.required(row, &format!("{endpoint}_status"), |text| table::one_of(text, last));
    Some(Ending { months: months?, status: status? })
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "must be a date such as 2014-03-01".to_owned())
}

fn all_tumours(table: &mut Table) -> Vec<(usize, Tumour)> {
    let mut lines: HashMap<(String, u32), u64> = HashMap::new();
    let mut found = Vec::new();
    for row in 0..table.n_rows() {
        let Some(tumour) = tumour(table, row) else { continue };
        let key = (tumour.patient_id.clone(), tumour.tumour);
        let line = table.line(row);
        if let Some(first) = lines.get(&key) {
            let problem = format!("{} of `{}` stands in line {first} already", key.1, key.0);
            table.fault_at(row, "tumour", problem);
        } else {
            lines.insert(key, line);
        }
        found.push((row, tumour));
    }
    found
}

fn tumour(table: &mut Table, row: usize) -> Option<Tumour> {
    let patient_id = table.required(row, "patient_id", table::name);
    let tumour = table.required(row, "tumour", table::count);
    let size_mm = table.optional(row, "size_mm", table::count);
    let peridiaphragmatic = table.optional(row, "peridiaphragmatic", table::flag);
    let subpleural = table.optional(row, "subpleural", table::flag);
    let near_vessel = table.optional(row, "near_vessel", table::flag);
    let ltp = ending(table, row, "ltp", 2);
    let (patient_id, tumour, ltp) = (patient_id?, tumour?, ltp?);
    Some(Tumour { patient_id, tumour, size_mm, peridiaphragmatic, subpleural, near_vessel, ltp })
}

/// Holds the tumours against their patients.
fn match_tumours(
    patients: &mut Table,
    of_patients: &[(usize, Patient)],
    tumours: &mut Table,
    of_tumours: &[(usize, Tumour)],
) {
    let by_id: HashMap<&str, &Patient> =
        of_patients.iter().map(|(_, patient)| (patient.id.as_str(), patient)).collect();
    let mut first: HashMap<&str, Ending> = HashMap::new();
    for (row, Tumour { patient_id, ltp, .. }) in of_tumours {
        let Some(patient) = by_id.get(patient_id.as_str()) else {
            tumours.fault_at(
                *row,
                "patient_id",
                format!("`{patient_id}` is no patient with a valid row"),
            );
            continue;
        };
        if ltp.months > patient.os.months {
            let end = patient.os.months;
            tumours.fault_at(
                *row,
                "ltp_months",
                format!("{} is after the end of follow-up at {end}", ltp.months),
            );
        }
        if ltp.status == 2 && *ltp != (Ending { status: 2, ..patient.os }) {
            tumours.fault_at(*row, "ltp_status", "2 is not the death of the patient".to_owned());
        }
        if ltp.status == 2 && patient.os.status == 0 {
            tumours.fault_at(*row, "ltp_status", "2 for a patient who did not die".to_owned());
        }
        let earliest = first.entry(patient_id.as_str()).or_insert(*ltp);
        if ltp.months < earliest.months || (ltp.months == earliest.months && ltp.status == 1) {
            *earliest = *ltp;
        }
    }
    for (row, patient) in of_patients {
        match first.get(patient.id.as_str()) {
            None => patients.fault_at(
                *row,
                "patient_id",
                "has no valid row among the tumours".to_owned(),
            ),
            Some(earliest) if *earliest != patient.ltp => {
                let Ending { months, status } = *earliest;
                let problem =
                    format!("the first of the tumours ends at {months} with status {status}");
                patients.fault_at(*row, "ltp_months", problem);
            }
            Some(_) => {}
        }
    }
}
