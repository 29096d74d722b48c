//! What is wrong with a user's files is said all at once, each fault with its place.

use super::cohort::Cohort;
use super::faults::Fault;
use super::levels::Kras;
use super::table::Table;
use super::{patients, tumours};

/// The files of a cohort of twelve as lines of cells.
fn files() -> [Vec<Vec<String>>; 2] {
    let cohort = Cohort::simulate(1, 12);
    [cohort.patients_csv().unwrap(), cohort.tumours_csv().unwrap()].map(|bytes| {
        let text = String::from_utf8(bytes).unwrap();
        let cells = |line: &str| line.split(',').map(str::to_owned).collect();
        text.lines().map(cells).collect()
    })
}

fn set(file: &mut [Vec<String>], line: usize, column: &str, value: &str) {
    let place = file[0].iter().position(|name| name == column).unwrap();
    value.clone_into(&mut file[line - 1][place]);
}

fn get(file: &[Vec<String>], line: usize, column: &str) -> String {
    file[line - 1][file[0].iter().position(|name| name == column).unwrap()].clone()
}

fn table(name: &str, file: &[Vec<String>], columns: &[&str]) -> Table {
    let lines: Vec<String> = file.iter().map(|line| line.join(",")).collect();
    Table::read(name, lines.join("\n").as_bytes(), columns)
}

fn read(patients: &[Vec<String>], tumours: Option<&[Vec<String>]>) -> Result<Cohort, Vec<Fault>> {
    let patients = table("p.csv", patients, &patients::COLUMNS);
    Cohort::of(patients, tumours.map(|file| table("t.csv", file, &tumours::COLUMNS)))
}

#[track_caller]
fn refused(patients: &[Vec<String>], expected: &[&str]) {
    let found: Vec<String> =
        read(patients, None).unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_fault_is_listed() {
    let [mut file, _] = files();
    set(&mut file, 2, "group", "later");
    set(&mut file, 3, "os_months", "0");
    set(&mut file, 4, "pfs_months", "-1");
    set(&mut file, 5, "pfs_status", "2");
    set(&mut file, 6, "ltp_months", "");
    let id = get(&file, 7, "patient_id");
    set(&mut file, 8, "patient_id", &id);
    set(&mut file, 9, "age", "old");
    set(&mut file, 10, "n_stage", "N3");
    set(&mut file, 11, "entry_date", "2014-02-30");
    set(&mut file, 12, "os_months", "NaN");
    file[12].pop();
    let expected = [
        "p.csv:13: 26 fields, where the header has 27".to_owned(),
        "p.csv:2: group: `later` is no level: there are sync, upfront, delayed, none".to_owned(),
        "p.csv:3: os_months: `0` must be a number above 0".to_owned(),
        "p.csv:4: pfs_months: `-1` must be a number above 0".to_owned(),
        "p.csv:5: pfs_status: `2` must be one of 0, 1".to_owned(),
        "p.csv:6: ltp_months: is empty, and may not be".to_owned(),
        format!("p.csv:8: patient_id: `{id}` stands in line 7 already"),
        "p.csv:9: age: `old` must be a whole number from 1".to_owned(),
        "p.csv:10: n_stage: `N3` is no level: there are N0, N1, N2".to_owned(),
        "p.csv:11: entry_date: `2014-02-30` must be a date such as 2014-03-01".to_owned(),
        "p.csv:12: os_months: `NaN` must be a number above 0".to_owned(),
    ];
    refused(&file, &expected.each_ref().map(String::as_str));
}

#[test]
fn columns_that_are_missing_or_stand_twice() {
    let [mut file, _] = files();
    let place = file[0].iter().position(|name| name == "os_status").unwrap();
    "pfs_status".clone_into(&mut file[0][place]);
    refused(
        &file,
        &[
            "p.csv:1: pfs_status: the column stands twice",
            "p.csv:1: os_status: there is no such column",
        ],
    );
    let [file, _] = files();
    refused(&file[..1], &["p.csv: there are no rows"]);
    assert_eq!(read(&file[..0], None).unwrap_err().len(), patients::COLUMNS.len());
}

#[test]
fn rows_that_contradict_themselves() {
    let contradiction = |changes: &[(&str, &str)]| {
        let [mut file, _] = files();
        let base = [
            ("ltp_months", "5.00"),
            ("ltp_status", "0"),
            ("pfs_months", "5.00"),
            ("pfs_status", "0"),
            ("pfs_type", "0"),
            ("os_months", "5.00"),
            ("os_status", "0"),
        ];
        base.iter().chain(changes).for_each(|(column, value)| set(&mut file, 3, column, value));
        match read(&file, None) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(ToString::to_string).collect(),
        }
    };
    assert!(contradiction(&[]).is_empty());
    let cases: [(&[(&str, &str)], &str); 8] = [
        (
            &[("os_months", "4.00"), ("ltp_months", "4.00")],
            "pfs_months: progression at 5 after the end of follow-up at 4",
        ),
        (
            &[("ltp_months", "6.00")],
            "ltp_months: local progression at 6 after the end of follow-up at 5",
        ),
        (&[("os_status", "1")], "pfs_status: 0 for a patient who died"),
        (&[("ltp_status", "1")], "pfs_status: 0 after a local progression"),
        (&[("ltp_status", "2")], "ltp_status: 2 for a patient who did not die"),
        (&[("pfs_type", "3")], "pfs_type: 3 with pfs_status 0"),
        (
            &[("metastasis_timing", "synchronous"), ("dfi_months", "7.0")],
            "dfi_months: 7 with synchronous metastases",
        ),
        (&[("tumour_number", "1"), ("bilateral", "1")], "bilateral: 1 for a single tumour"),
    ];
    for (changes, expected) in cases {
        let found = contradiction(changes);
        assert!(found.contains(&format!("p.csv:3: {expected}")), "{found:?}");
    }
}

#[test]
fn missing_values_and_other_columns_are_allowed() {
    let [mut file, _] = files();
    for column in ["kras", "cea", "ca199", "age", "centre", "entry_date"] {
        set(&mut file, 2, column, "NA");
        set(&mut file, 3, column, "");
    }
    file[0].push("surgeon".to_owned());
    file[1..].iter_mut().for_each(|line| line.push("X".to_owned()));
    let cohort = read(&file, None).unwrap();
    let first = &cohort.patients[0];
    assert_eq!((first.kras, first.cea, first.ca199), (Kras::Unknown, None, None));
    assert_eq!((first.age, first.centre.as_deref(), first.entry), (None, None, None));
    assert_eq!(cohort.tumours, None);
    #[cfg(feature = "plot")]
    {
        let section = super::sections::describe::section(&cohort).unwrap();
        let blocks = format!("{:?}", section.blocks);
        assert!(blocks.contains("12 patients read; no tumours"), "{blocks}");
    }
}

#[test]
fn tumours_belong_to_patients() {
    let [patients, mut tumours] = files();
    assert!(read(&patients, Some(&tumours)).is_ok());
    set(&mut tumours, 2, "patient_id", "P999");
    let again = tumours[3].clone();
    tumours.push(again);
    let faults = read(&patients, Some(&tumours)).unwrap_err();
    let found: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let stands = |part: &str| found.iter().any(|fault| fault.contains(part));
    assert!(stands("t.csv:2: patient_id: `P999` is no patient with a valid row"), "{found:?}");
    assert!(stands("stands in line 4 already"), "{found:?}");
    let [patients, mut tumours] = files();
    set(&mut tumours, 3, "ltp_months", "9999");
    let faults = read(&patients, Some(&tumours)).unwrap_err();
    assert!(faults[0].to_string().contains("is after the end of follow-up at") || faults.len() > 1);
}

#[test]
fn a_file_that_is_not_there() {
    let faults = Cohort::read("/no/such/patients.csv".as_ref(), None).unwrap_err();
    assert!(faults[0].to_string().starts_with("/no/such/patients.csv: "), "{}", faults[0]);
}
